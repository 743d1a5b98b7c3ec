"""*Personal*: somebody is added to the unit, comes back, or leaves it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Static

from screens.dialogs.controls import Button, CheckBox, Field, Lines, Select, TextInput
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.shown_keys import keyed
from screens.widgets.cells import clean
from store.foundation.access import Role
from store.foundation.errors import DomainError, StoreUnreachable
from store.people.assignments import AlreadyThere
from store.people.newcomers import Newcomer
from store.people.staff import Colleague

INACTIVE = "Personen är inaktiv på enheten. Aktivera ({staff.activate}) ger tillbaka rollerna som personen hade."
LOOK_FIRST = "Kontrollera att det är rätt person. Tryck sedan {dialog.submit} en gång till."
NOBODY_ELSE = "Det finns ingen annan aktiv behandlare på enheten. Lägg till en, eller ge någon rollen, först."
MOST_APART = 40
"""Running moments that can be given away one by one in the dialog."""


@dataclass(frozen=True)
class NewStaff:
    """Who is added; without names while the HSA-id may be known. `activate` where somebody inactive comes back."""

    hsa_id: str
    family_name: str | None = None
    given_name: str | None = None
    email: str | None = None
    activate: bool = False
    roles: tuple[Role, ...] = ()
    reason: str = ""
    trainings: tuple[str, ...] = ()
    """Roles' words and programs' ids."""


LookUp = Callable[[str], Awaitable[Newcomer | None]]
"""Says who has a typed HSA-id; None where it is new to the store."""


class AddStaffDialog(Dialog[NewStaff, NewStaff]):
    """Add somebody by HSA-id, with roles and trainings.

    Who is known from another unit is shown by name before it is done; names are asked for where the store knows none.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        submits("Lägg till"),
        Binding(
            "ctrl+o",
            "activate",
            "Aktivera",
            id="staff.activate",
            tooltip="Aktivera personen, som redan finns på enheten men är inaktiv.",
        ),
    ]
    DEFAULT_CSS = """
    AddStaffDialog #names { height: auto; margin: 1 0 0 0; display: none; }
    AddStaffDialog .analysis { color: $text-muted; padding: 0 0 0 5; }
    AddStaffDialog .part { color: $text-muted; margin: 1 0 0 0; }
    """
    main_label = "Lägg till"

    def __init__(
        self,
        perform: Perform[NewStaff, NewStaff],
        look_up: LookUp,
        *,
        roles: Sequence[Role],
        programs: Sequence[tuple[str, str]],
        analyses: Mapping[Role, str] | None = None,
    ) -> None:
        """Offer the roles and the trainings that a person who is added can have.

        Args:
            perform: adds, or activates.
            look_up: says who has an HSA-id.
            roles: those that can be given.
            programs: ids and titles of those that there are trainings for.
            analyses: what is said of each role's behovs- och riskanalys when it is chosen.
        """
        super().__init__("Lägg till personal", perform, whom=None)
        self._analyses = analyses or {}
        self._look_up = look_up
        self._roles = tuple(roles)
        self._subjects = [(role.value, f"Rollen {role}") for role in roles] + list(programs)
        self._seen = ""
        """The HSA-id of which it stands there who has it."""
        self._can_activate = False
        self._activates = False

    def body(self) -> Iterable[Widget]:
        """Return the HSA-id, and what is asked of somebody new."""
        yield Field("hsaid", "HSA-id", TextInput(id="hsa-id", placeholder="SE2321000040-XXXX"))
        yield Vertical(
            Field("efternamn", "Efternamn", TextInput(id="family-name")),
            Field("fornamn", "Förnamn", TextInput(id="given-name")),
            Field("epost", "E-post", TextInput(id="email", placeholder="Får vara tom")),
            id="names",
        )
        yield Static(Content("Roller. Fler, och slutdatum, ges sedan under Roller."), classes="part")
        for place, role in enumerate(self._roles):
            yield CheckBox(role.value.capitalize(), id=f"role-{place}")
            yield Lines(id=f"analysis-{place}", classes="analysis")
        yield Field("skal", "Skäl", TextInput(id="reason", placeholder="Varför rollerna ges"))
        yield Static(Content("Utbildningar som personen har gått"), classes="part")
        for place, (_, label) in enumerate(self._subjects):
            yield CheckBox(label, id=f"subject-{place}")

    @on(Checkbox.Changed)
    def _chosen(self) -> None:
        """Say what a role that is chosen rests on, under it."""
        chosen = self._ticked_roles()
        for place, role in enumerate(self._roles):
            said = self._analyses.get(role, "") if role in chosen else ""
            self.query_one(f"#analysis-{place}", Lines).show([("", Content(clean(said)))] if said else ())

    @on(Input.Blurred, "#hsa-id")
    @work(exclusive=True, group="look-up")
    async def _left(self) -> None:
        """Say who has the HSA-id, once its field is left."""
        if self._hsa_id() and self.is_current:
            try:
                await self._see()
            except StoreUnreachable:
                return  # said where it is tried
            except DomainError as refusal:
                self.show_fault(refusal, focus=False)

    @on(Input.Changed, "#hsa-id")
    def _other(self) -> None:
        """Clear the name that was found for an HSA-id which has been changed since."""
        if self._hsa_id() != self._seen:
            self._seen = ""
            self.query_one("#field-hsaid", Field).show_note(())
            self.query_one("#names").display = False

    async def is_ready(self) -> bool:
        """Return whether the person has seen who has the HSA-id; if not, it is shown now."""
        if self._activates or not self._hsa_id() or self._seen == self._hsa_id():
            return True
        known = await self._see(asks_names=False)  # with the refusal, which gives them the focus at once
        if known:
            self.show_warnings((), keyed(LOOK_FIRST))
        return not known

    async def _see(self, *, asks_names: bool = True) -> bool:
        """Show who has the HSA-id that stands there, or ask for names; returns whether somebody has."""
        typed = self._hsa_id()
        found = await self._look_up(typed)
        if typed != self._hsa_id():
            return False
        self._seen = typed if found else ""
        self.query_one("#field-hsaid", Field).show_note(_described(found) if found else ())
        if found is None and asks_names:
            self.query_one("#names").display = True
        return found is not None

    def _hsa_id(self) -> str:
        return self.query_one("#hsa-id", TextInput).value.strip()

    def buttons(self) -> Iterable[Widget]:
        """Return the last line; who is inactive can be activated from there."""
        cancel, main = super().buttons()
        activate = Button("Aktivera", id="activate")
        activate.display = False
        yield from (cancel, activate, main)

    def value(self) -> NewStaff:
        """Return what was typed; whether it will do, the store says."""
        activates, self._activates = self._activates, False
        new = NewStaff(self.query_one("#hsa-id", TextInput).value, activate=activates)
        if activates:
            return new
        reason = self.query_one("#reason", TextInput).value
        new = replace(new, roles=self._ticked_roles(), reason=reason, trainings=self._ticked_subjects())
        if not self.query_one("#names").display:
            return new
        family, given, email = (
            self.query_one(f"#{name}", TextInput).value for name in ("family-name", "given-name", "email")
        )
        if not (family.strip() or given.strip()):  # the store says what is asked for
            return new
        return replace(new, family_name=family, given_name=given, email=email)

    def _ticked_roles(self) -> tuple[Role, ...]:
        return tuple(role for at, role in enumerate(self._roles) if self.query_one(f"#role-{at}", CheckBox).value)

    def _ticked_subjects(self) -> tuple[str, ...]:
        named = enumerate(self._subjects)
        return tuple(subject for at, (subject, _) in named if self.query_one(f"#subject-{at}", CheckBox).value)

    def show_fault(self, refusal: DomainError, *, focus: bool = True) -> None:
        """Ask for the names where they are missing; offer *Aktivera* where the person is inactive."""
        if refusal.field in ("efternamn", "fornamn"):
            self.query_one("#names").display = True  # at once: the field is looked for now
        super().show_fault(refusal, focus=focus)
        if isinstance(refusal, AlreadyThere) and refusal.is_inactive:
            self._offer(True)
            self.show_warnings([keyed(INACTIVE)])

    def unwarn(self) -> None:
        """Take the offer back: it was about another HSA-id."""
        self._offer(False)
        super().unwarn()

    def _offer(self, can_activate: bool) -> None:
        self._can_activate = can_activate
        self.query_one("#activate").display = can_activate
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to activate only who is inactive."""
        return self._can_activate if action == "activate" else super().check_action(action, parameters)

    @on(Button.Pressed, "#activate")
    def action_activate(self) -> None:
        """Activate the person whose HSA-id is there already, instead of adding one."""
        if self._can_activate and not self._is_working:
            self._activates = True
            self.action_submit()


@dataclass(frozen=True)
class TakeOver:
    """Who takes the running moments: one for all, and others for some of them, HSA-ids."""

    to: str | None = None
    each: Mapping[int, str] = field(default_factory=dict)


class InactivateDialog(Dialog[TakeOver, int]):
    """Inactivate somebody, whose running moments go to others first; done, it gives how many."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Inaktivera")]
    DEFAULT_CSS = """
    InactivateDialog #what { margin: 0 0 1 0; }
    InactivateDialog CheckBox, InactivateDialog CheckBox:focus { margin: 1 0 0 0; }
    InactivateDialog #aside { color: $text-muted; margin: 1 0 0 0; }
    InactivateDialog #each { height: auto; display: none; margin: 1 0 0 0; }
    InactivateDialog #each .name { width: 44; }
    """
    main_label = "Inaktivera"
    main_variant = "error"

    def __init__(
        self,
        name: str,
        moments: Sequence[tuple[int, str]],
        colleagues: Sequence[Colleague],
        perform: Perform[TakeOver, int],
        *,
        urgent: Sequence[str] = (),
    ) -> None:
        """Ask who takes over.

        Args:
            name: the leaver's.
            moments: the leaver's running ones, id and words for it.
            colleagues: they may take them over.
            perform: does it.
            urgent: which moments carry an unhandled prioriterad flagga, a sentence each.
        """
        super().__init__("Inaktivera", perform, whom=None, undone=urgent)
        self._name_of_leaver = name
        self._moments = moments
        self._takers = [(who.name, who.hsa_id) for who in colleagues]

    def body(self) -> Iterable[Widget]:
        """Return what it means, and who takes over."""
        yield Static(Content(self._means()), id="what")
        if not self._moments:
            return
        chosen = Select(self._takers, prompt="Välj behandlare", id="to")
        yield Field("behandlare", "Ny behandlare", chosen)
        if not self._takers:
            yield Static(Content(NOBODY_ELSE), id="aside")
        elif 1 < len(self._moments) <= MOST_APART:
            yield CheckBox("Välj behandlare för vart och ett av momenten", id="apart")
            yield Vertical(id="each")
        elif len(self._moments) > MOST_APART:
            words = "Så här många moment lämnas alla till samma behandlare. Dela upp dem efteråt med Byt behandlare."
            yield Static(Content(words), id="aside")

    def _means(self) -> str:
        number = len(self._moments)
        words = f"{self._name_of_leaver} kan inte längre arbeta på enheten, men kan aktiveras igen med sina roller."
        if not number:
            return words
        moments = "ett pågående moment" if number == 1 else f"{number} pågående moment"
        return f"{words} {moments.capitalize()} lämnas över till någon annan."

    def value(self) -> TakeOver:
        """Return who takes what; whether that is enough, the store says."""
        if not self._moments:
            return TakeOver()
        to = self.query_one("#to", Select).selection
        if not self.query("#apart") or not self.query_one("#apart", CheckBox).value:
            return TakeOver(str(to) if to is not None else None)
        apart = {moment: self.query_one(f"#to-{moment}", Select).selection for moment, _ in self._moments}
        each = {moment: str(taker) for moment, taker in apart.items() if taker is not None}
        return TakeOver(str(to) if to is not None else None, each)

    @on(Checkbox.Changed, "#apart")
    async def _apart(self, event: Checkbox.Changed) -> None:
        """Show a choice for each moment; those left open go to the one for all."""
        each = self.query_one("#each", Vertical)
        if event.value and not each.children:
            await each.mount(*(self._choice(moment, words) for moment, words in self._moments))
        each.display = event.value

    def _choice(self, moment: int, words: str) -> Field:
        return Field(f"moment-{moment}", words, Select(self._takers, prompt="Samma som ovan", id=f"to-{moment}"))


class ActivateDialog(Dialog[bool, None]):
    """Activate somebody again, once it has been said with which roles."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Aktivera")]
    main_label = "Aktivera"

    def __init__(self, name: str, roles: Sequence[str], perform: Perform[bool, None]) -> None:
        """`roles` are those that somebody comes back to, in words."""
        super().__init__("Aktivera", perform, whom=None)
        self._name_of_comer = name
        self._roles = roles

    def body(self) -> Iterable[Widget]:
        """Return what it means."""
        roles = f"med de roller som fanns: {', '.join(self._roles)}" if self._roles else "utan roller"
        ended = " En roll som har gått ut följer inte med." if self._roles else ""
        yield Static(Content(f"{self._name_of_comer} blir aktiv på enheten igen, {roles}.{ended}"), id="what")

    def value(self) -> bool:
        """Return that it is to be done: there is nothing to fill in."""
        return True


def _described(known: Newcomer) -> list[tuple[str, Content]]:
    """Return who it is, and on which units."""
    where = f"Finns på {', '.join(known.units)}" if known.units else "Finns i databasen, på ingen enhet just nu"
    name = Content.styled(clean(f"{known.family_name}, {known.given_name}"), "bold")
    return [("", name), ("", Content(clean(where)))]
