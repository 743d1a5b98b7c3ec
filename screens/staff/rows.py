"""Where *Personal* gets its rows, their columns, and what is said of the cursor's person."""

from collections.abc import Hashable, Iterator, Mapping, Sequence

from textual.content import Content

from screens.store_client import StoreClient
from screens.widgets.cells import Cell, Ink, clean
from screens.widgets.columns import Column
from screens.widgets.outline import SectionInfo
from screens.widgets.paging import Key, Place
from screens.wording import clock_time, counted, short_day
from store.foundation.clock import Instant
from store.foundation.errors import NotPermitted
from store.people.personnel import (
    HeldRole,
    Personnel,
    StaffChange,
    StaffLine,
    personnel,
    staff_line,
    staff_offset,
    staff_page,
    staff_page_at,
)
from store.people.substitutions import StandIn
from store.views.choices import open_programs

ACTIVE, INACTIVE = "Aktiva", "Inaktiva"
SHIELD = "⛨"
NO_ROLES = "Inga roller"
NO_CHANGES = "Inget har ändrats sedan personen lades in."


class StaffSource:
    """The active persons, or the inactive. Called in a thread."""

    def __init__(self, client: StoreClient, *, active: bool) -> None:
        self._client = client
        self.active = active
        self.overview = Personnel(0, 0, ())
        """What stands over the rows, as it was read last."""
        self.programs: dict[str, str] = {}
        """The unit's programs, id to title."""
        self._hsa_ids: dict[Hashable, str] = {}

    def expect(self, line: StaffLine) -> None:
        """Know of a person that no page has shown yet."""
        self._kept([line])

    def sections(self) -> Sequence[SectionInfo]:
        """Read how many there are, with the advice."""
        self.overview = self._client.read_here(personnel)
        self.programs = dict(self._client.read_here(open_programs))
        number = self.overview.active if self.active else self.overview.inactive
        label = counted(ACTIVE if self.active else INACTIVE, number)
        return [SectionInfo(self.active, number, subheading=label)] if number else []

    def page(
        self,
        section: Hashable,  # noqa: ARG002
        after: Key | None,
        limit: int,
        *,
        backwards: bool = False,
    ) -> Sequence[StaffLine]:
        """Return the persons next after a key, or next before it."""
        place = (after[0], after[1]) if after else None
        return self._kept(
            self._client.read_here(staff_page, active=self.active, after=place, limit=limit, back=backwards)
        )

    def page_at(self, section: Hashable, offset: int, limit: int) -> Sequence[StaffLine]:  # noqa: ARG002
        """Return the persons from a place on."""
        return self._kept(self._client.read_here(staff_page_at, active=self.active, skip=offset, limit=limit))

    def locate(self, row_id: Hashable) -> Place | None:
        """Return where a person stands now, None where that is not among these."""
        if row_id not in self._hsa_ids:
            return None
        try:
            line = self._client.read_here(staff_line, self._hsa_ids[row_id])
        except NotPermitted:
            return None
        return Place(self.active, self.offset_of(None, line.key)) if line.is_active == self.active else None

    def offset_of(self, section: Hashable, key: Key) -> int:  # noqa: ARG002
        """Return how many persons come before a key."""
        return self._client.read_here(staff_offset, active=self.active, key=(key[0], key[1]))

    def _kept(self, lines: Sequence[StaffLine]) -> Sequence[StaffLine]:
        self._hsa_ids |= {line.id: line.hsa_id for line in lines}
        return lines


def columns_for() -> Sequence[Column[StaffLine]]:
    """Return the columns. Where there is little room a long HSA-id is cut first, its beginning is the unit's own."""
    return (
        Column(title="Namn", cell=_name, width=18, least=12, most=34),
        Column(title="HSA-id", cell=lambda line: line.hsa_id, width=28, least=17, give=1),
        Column(title="Roller", cell=_roles, width=40, least=12, most=70, flex=1, give=2),
        Column(title="Utbildn.", cell=lambda line: str(len(line.trainings)), width=8, right=True),
        Column(title="Moment", cell=lambda line: str(line.moments), width=6, right=True),
    )


def full_name(line: StaffLine) -> str:
    """Return `Förnamn Efternamn`, as sentences have it."""
    return clean(f"{line.given_name} {line.family_name}")


def role_words(role: HeldRole) -> str:
    """Return a role with its end, and whether that has come."""
    if role.is_kept:
        return f"{role.role} (skulle ha gått ut {role.until}, gäller än)"
    if not role.is_held:
        return f"{role.role} (gick ut {role.until})"
    return f"{role.role} (till och med {role.until})" if role.until else str(role.role)


def told(line: StaffLine) -> Content:
    """Return a person's roles with their ends, who gave them and why, a line each: where there is no room for more."""
    stand_ins = [Content(clean(f"Ställföreträdare: {_stand_in(one)}")) for one in line.substitutes]
    if not line.roles:
        return Content("\n").join([Content(f"{full_name(line)}: {NO_ROLES}"), *stand_ins])
    return Content("\n").join([*(_role_line(role) for role in line.roles), *stand_ins])


def changes_told(changes: Sequence[StaffChange]) -> str:
    """Return what was done with a person as a text, a paragraph each."""
    said = ((f"{short_day(Instant(one.at))} {clock_time(Instant(one.at))} {one.by}", one.what) for one in changes)
    return "\n\n".join(f"{clean(head)}\n{clean(what)}" for head, what in said) or NO_CHANGES


def described(line: StaffLine, programs: Mapping[str, str]) -> Content:
    """Return all there is to know of a person: roles with who gave them and why, and trainings."""
    return Content("\n").join(_description(line, programs))


def _name(line: StaffLine) -> Cell:
    return (Ink(f"{SHIELD} ", "waiting"), Ink(line.name)) if line.protection else line.name


def _roles(line: StaffLine) -> Cell:
    if not line.roles:
        return Ink(NO_ROLES, "muted")
    last = len(line.roles) - 1
    return tuple(_role(role, ", " if place < last else "") for place, role in enumerate(line.roles))


def _role(role: HeldRole, comma: str) -> Ink:
    """A role in the list: with its end, in as many words as there is room for."""
    if role.is_kept:
        return Ink(f"{role_words(role)}{comma}", "waiting")
    end = f" t.o.m. {role.until}" if role.until and role.is_held else ""
    return Ink(f"{role.role}{end}{comma}" if role.is_held else f"{role_words(role)}{comma}")


def _description(line: StaffLine, programs: Mapping[str, str]) -> Iterator[Content]:
    yield Content.styled(clean(line.name), "bold")
    yield from (Content(clean(words)) for words in (line.hsa_id, line.email) if words)
    if line.protection:
        yield Content.styled(f"{SHIELD} Skyddade personuppgifter: namnet visas inte för invånare.", "$text-warning")
    yield from (Content(""), Content.styled("ROLLER", "bold"))
    if not line.roles:
        yield Content.styled(NO_ROLES, "$text-muted")
    for role in line.roles:
        yield Content.styled(role_words(role), "$text-warning" if role.is_kept else "")
        if given := _given(role):
            yield Content.styled(f"  {given}", "$text-muted")
    yield from (Content(""), Content.styled("UTBILDNINGAR", "bold"))
    for subject in line.trainings:
        due = line.renewals.get(subject)
        yield Content(clean(programs.get(subject, subject)) + (f", förnyas {due}" if due else ""))
    if not line.trainings:
        yield Content.styled("Inga registrerade", "$text-muted")
    if line.substitutes:
        yield from (Content(""), Content.styled("STÄLLFÖRETRÄDARE", "bold"))
    for one in line.substitutes:
        yield Content(clean(_stand_in(one)))


def _stand_in(one: StandIn) -> str:
    """Return who stands in and when, and why it has fallen away."""
    return f"{one.by_name}, {one.days}{f': {one.fell_away}' if one.fell_away else ''}"


def _role_line(role: HeldRole) -> Content:
    given = f" · {said}" if (said := _given(role)) else ""
    return Content.styled(f"{role_words(role)}{given}", "$text-warning" if role.is_kept else "")


def _given(role: HeldRole) -> str:
    """Return who gave a role, when and why; nothing for one that came with the store."""
    when = f"given {short_day(Instant(role.given_at))}" if role.given_at else ""
    by = f"av {role.given_by}" if role.given_by else ""
    said = " ".join(filter(None, (when, by)))
    return clean(": ".join(filter(None, (said, role.reason))))
