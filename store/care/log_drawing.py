"""Drawing a sample of a unit's log, with what rules point out beside it (domain.md §8): nothing of it is kept here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from store.care.log_draw import MOST, PERCENT, RESIDENTS, STAFF, DrawKind, Period, drawn, percent_of
from store.care.log_rules import Colleague, Group, Surroundings, groups_of, hurried_rows, pointed_out
from store.foundation.access import Action, DataCategory, Role, Subject
from store.foundation.errors import Refused
from store.foundation.identity import PersonalNumber
from store.foundation.log_reading import Condition, LogRow, log_rows
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import clean, shortened
from store.people.staff import colleague_on

MAY = {Role.LOG_REVIEWER}
SEED_LIMIT = 100
REASON_LIMIT = 1_000
DRAWN = "draget"
"""Why a row is in a review that no rule points at."""
AT_ONCE = 500
"""Ids in a query."""


@dataclass(frozen=True)
class DrawChoice:
    """What is to be drawn."""

    period: Period
    kind: DrawKind
    seed: str = ""
    staff: int = STAFF
    residents: int = RESIDENTS
    percent: int = PERCENT
    person: str = ""
    """HSA-id of one of the staff, or a resident's personnummer, of a riktad kontroll."""
    reason: str = ""
    """Why that is made."""


class DrawnRow(NamedTuple):
    """A row that a review is to have; see `LogReviewRow`."""

    log_ids: tuple[int, ...]
    actor_hsa_id: str
    day: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Draw:
    """What was drawn, with nothing of any resident in it."""

    choice: DrawChoice
    asked: str
    drawn: tuple[str, ...]
    listed: int
    rows: tuple[DrawnRow, ...]


@operation("Dra ett stickprov ur loggen", may=MAY, action=Action.LISTED, category=DataCategory.LOG)
def draw_from_log(work: ReadTransaction, choice: DrawChoice) -> Draw:
    """Draw a sample, or take all of one person on suspicion; nothing of whom it is about is handed out.

    Raises:
        Refused: the period is not over, a number is out of range, or there is nothing to draw from.
    """
    asked = _check(work, choice)
    choice = replace(
        choice, seed=clean(choice.seed, multiline=False), reason=clean(choice.reason, multiline=True).strip()
    )
    groups = groups_of(_rows_of(work, choice.period))
    if not groups:
        raise Refused(
            f"Ingenting att granska: loggen har inga rader om invånare på enheten från {choice.period}.",
            field="period",
        )
    people, chosen = _chosen(work, choice, groups)
    is_listed = [group for group in chosen if group.is_listed_only]
    kept = chosen if choice.kind is DrawKind.TARGETED else [one for one in chosen if not one.is_listed_only]
    around = _surroundings(work, groups)
    rows = list(_drawn_rows(groups, kept, around, beside=choice.kind is not DrawKind.TARGETED))
    if not rows:
        raise Refused(f"Ingenting att granska: {_nobody(choice)} i loggen från {choice.period}.", field="period")
    said = f"misstanke: {choice.reason}" if choice.kind is DrawKind.TARGETED else f"frö {choice.seed}, {asked}"
    work.log(Action.LISTED, _target(work, choice), f"dragning {choice.kind} {choice.period}, {said}")
    return Draw(choice, asked, tuple(people), len(is_listed) if kept is not chosen else 0, tuple(rows))


def person_given(typed: str) -> str:
    """Return whom a riktad kontroll is about, as typed; raises `Refused` where nobody is named."""
    if not typed.strip():
        raise Refused("Ange vem kontrollen gäller: ett HSA-id eller ett personnummer.", field="person")
    return typed.strip()


def reason_given(typed: str) -> str:
    """Return why a riktad kontroll is made; raises `Refused` where that is not said, or at too great a length."""
    reason = clean(typed, multiline=True, limit=REASON_LIMIT, field="skal").strip()
    if not reason:
        raise Refused("Ange skälet: vad misstanken gäller.", field="skal")
    return reason


def _check(work: ReadTransaction, choice: DrawChoice) -> str:
    """Return in words how much is drawn; raises `Refused` for what can't be."""
    if choice.kind is DrawKind.TARGETED:
        person_given(choice.person)
        reason_given(choice.reason)
        if choice.period.first > work.today:
            raise Refused(f"{choice.period} har inte börjat.", field="period")
        return "riktad kontroll"
    if choice.period.after > work.today:
        raise Refused(
            f"{choice.period} är inte slut. Bara månader som har gått granskas, senast {Period.before(work.today)}.",
            field="period",
        )
    if not clean(choice.seed, multiline=False, limit=SEED_LIMIT, field="fro").strip():
        raise Refused("Ange ett frö: det som stickprovet dras med.", field="fro")
    numbers = {"personal": choice.staff, "invanare": choice.residents, "procent": choice.percent}
    least = {"personal": 0, "invanare": 0, "procent": 1}
    for name, number in numbers.items():
        if not least[name] <= number <= MOST:
            raise Refused(f"Ange {_COUNTED[name]} som ett heltal från {least[name]} till {MOST}.", field=name)
    if choice.kind is DrawKind.NUMBER:
        if choice.staff + choice.residents == 0:
            raise Refused("Ange minst en anställd eller en invånare att dra.", field="personal")
        return f"{choice.staff} i personalen och {choice.residents} invånare"
    return "en dag" if choice.kind is DrawKind.DAY else f"{choice.percent} procent av personalen"


_COUNTED = {"personal": "antalet i personalen", "invanare": "antalet invånare", "procent": "andelen i procent"}


def _chosen(work: ReadTransaction, choice: DrawChoice, groups: Sequence[Group]) -> tuple[list[str], list[Group]]:
    """Return what was drawn, of residents only how many, and the groups of it."""
    staff = [group.actor for group in groups]
    if choice.kind is DrawKind.DAY:
        days = drawn(choice.seed, choice.period, (group.day for group in groups if not group.is_listed_only), 1)
        return days, [group for group in groups if group.day in days]
    if choice.kind is DrawKind.TARGETED:
        wanted = _wanted(work, choice.person)
        return ["1"], [group for group in groups if wanted in (group.actor, group.number)]
    if choice.kind is DrawKind.PERCENT:
        people = drawn(choice.seed, choice.period, staff, percent_of(choice.percent, len(set(staff))))
        return people, [group for group in groups if group.actor in people]
    people = drawn(choice.seed, choice.period, staff, choice.staff)
    residents = drawn(choice.seed, choice.period, filter(is_number, (one.number for one in groups)), choice.residents)
    said = [*people, f"+{len(residents)}"]
    return said, [group for group in groups if group.actor in people or group.number in residents]


def _wanted(work: ReadTransaction, typed: str) -> str:
    """Return whom a riktad kontroll is about: an HSA-id in capital letters, or a personnummer of twelve digits."""
    person = colleague_on(work.db, work.actor.unit_id or 0, typed.strip())
    if person is not None:
        return person.hsa_id.upper()
    try:
        return PersonalNumber.parse(typed, work.today).value
    except Refused:
        raise Refused(
            f"{shortened(typed)} är varken någon i enhetens personal eller ett personnummer. Ange ett HSA-id, eller "
            "invånarens personnummer.",
            field="person",
        ) from None


def _target(work: ReadTransaction, choice: DrawChoice) -> Subject | None:
    """Return the resident whom a riktad kontroll is about, for the log."""
    if choice.kind is not DrawKind.TARGETED or not is_number(wanted := _wanted(work, choice.person)):
        return None
    return Subject(0, wanted, "", None, work.actor.unit_id)


def is_number(text: str) -> bool:
    """Whether a text is shaped as a personnummer of twelve digits."""
    return len(text) == 12 and text.isascii() and text.isdigit()


def _nobody(choice: DrawChoice) -> str:
    return "personen finns inte" if choice.kind is DrawKind.TARGETED else "det som drogs har inga rader att bedöma"


def _drawn_rows(
    groups: Iterable[Group], chosen: Iterable[Group], around: Surroundings, *, beside: bool
) -> Iterable[DrawnRow]:
    """Yield what was drawn, and what rules point out beside it, each group once."""
    drawn_here = {group[:3] for group in chosen}
    for group in groups:
        rules = pointed_out(group, around)
        is_drawn = group[:3] in drawn_here
        if is_drawn or (beside and rules):
            why = (*((DRAWN,) if is_drawn else ()), *rules)
            yield DrawnRow(tuple(row.id for row in group.rows), group.actor, group.day, why)


def _rows_of(work: ReadTransaction, period: Period) -> list[LogRow]:
    """Return what the unit's staff did with residents in a period."""
    return log_rows(
        work.db,
        work.keys,
        Condition(
            "unit_id = :unit AND at >= :first AND at < :beyond AND actor_kind = 'personal'",
            (("unit", work.actor.unit_id), ("first", period.begins), ("beyond", period.ends)),
        ),
    )


def _surroundings(work: ReadTransaction, groups: Sequence[Group]) -> Surroundings:
    people = work.db.all(
        Colleague,
        "SELECT s.hsa_id, s.family_name, s.given_name FROM staff s JOIN assignment a ON a.staff_id = s.id"
        " WHERE a.unit_id = :unit",
        unit=work.actor.unit_id,
    )
    ended = work.db.pairs(
        "SELECT id, ended_at FROM moment WHERE unit_id = :unit AND ended_at IS NOT NULL", unit=work.actor.unit_id
    )
    return Surroundings(
        {one.hsa_id.upper(): one for one in people},
        protected_among(work, {group.number for group in groups}),
        dict(ended),
        hurried_rows(row for group in groups for row in group.rows),
    )


def protected_among(work: ReadTransaction, numbers: set[str]) -> frozenset[str]:
    """Return which of the residents have skyddade personuppgifter."""
    found: set[str] = set()
    wanted = sorted(filter(is_number, numbers))
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        work.past_fence("sob_look_up", some)
        among = ", ".join(f"'{number}'" for number in some)  # digits alone
        found.update(
            work.db.values(f"SELECT personnummer FROM resident WHERE personnummer IN ({among}) AND protection <> ''")
        )
    return frozenset(found)
