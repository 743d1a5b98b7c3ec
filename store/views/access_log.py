"""The access log as it is read: by who reviews it, and by the resident whom its rows are about (domain.md §8, §11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from store.foundation.access import Action, DataCategory, Role, Standing, Subject, Who
from store.foundation.clock import Instant, start_of
from store.foundation.errors import Refused
from store.foundation.hsa_id import HsaId, same_hsa_id
from store.foundation.identity import PersonalNumber
from store.foundation.log import DENIED
from store.foundation.log_reading import Condition, LogRow, log_rows, of_number
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import clean

DAYS = 30
"""As far back as the log is shown where no day is named."""
REASON_LIMIT = 200
PLACE = "loggen"
_MAY: frozenset[Who] = frozenset({Role.LOG_REVIEWER, Standing.OPERATOR})


@dataclass(frozen=True)
class Wanted:
    """Which rows of the log somebody wants to see, and why."""

    reason: str
    first: date | None = None
    """Thirty days back where it is None."""
    last: date | None = None
    """The day itself is in; today where it is None."""
    staff: str | None = None
    """An HSA-id."""
    resident: str | None = None
    """A personnummer, as it is typed."""
    reveal: bool = False
    """Whether those with protected personal data are shown."""


@dataclass(frozen=True)
class ShownRow:
    """A row of the log. `personnummer` and `name` are None where it is on nobody, or on somebody who is protected."""

    id: int
    at: Instant
    unit: str
    actor_hsa_id: str | None
    actor_name: str
    action: str
    operation: str
    personnummer: str | None
    name: str | None
    moment: int | None
    category: str
    outcome: str
    reason: str
    is_masked: bool


@operation("Läsa loggen", may=_MAY, action=Action.LISTED, category=DataCategory.LOG)
def show_log(work: ReadTransaction, wanted: Wanted) -> list[ShownRow]:
    """Return rows of the log, oldest first: the unit's to who reviews it there, all to the operator.

    The look itself is logged with its reason, and so is each resident who stands in a row.

    Raises:
        Refused: no reason is given, a day or a number will not do.
    """
    reason = clean(wanted.reason, multiline=False).strip()
    if not reason:
        raise Refused("Ange varför loggen läses: skälet står i loggen.", field="skal")
    if len(reason) > REASON_LIMIT:
        raise Refused(f"Skälet är för långt. Ange högst {REASON_LIMIT} tecken.", field="skal")
    last = wanted.last or work.today
    first = wanted.first or min(last, work.today) - timedelta(days=DAYS)
    if first > last:
        raise Refused("Den första dagen är senare än den sista.", field="fran")
    number = None if wanted.resident is None else PersonalNumber.parse(wanted.resident, work.today).value
    staff = None if wanted.staff is None else HsaId.parse(wanted.staff, field="personal")
    rows = log_rows(work.db, work.keys, _condition(work, first, last, staff, number))
    protected = set() if wanted.reveal else _protected(work, rows)
    shown = [_shown(row, is_masked=row.personnummer in protected) for row in rows]
    work.open_visit(PLACE)
    work.serve(PLACE, (Subject(0, row.personnummer, row.name or "") for row in shown if row.personnummer))
    said = [f"{first} – {last}", f"personal {staff.value}" if staff else "", "skyddade visade" if wanted.reveal else ""]
    about = None if number is None else Subject(0, number, _name_in(rows))
    work.log(Action.LISTED, about, f"loggen {', '.join(filter(None, said))}. Skäl: {reason}")
    return shown


def _condition(work: ReadTransaction, first: date, last: date, staff: HsaId | None, number: str | None) -> Condition:
    parts = [Condition("at >= :first AND at < :after", (("first", start_of(first)), ("after", _after(last))))]
    if work.actor.unit_id is not None:
        parts.append(Condition("unit_id = :unit", (("unit", work.actor.unit_id),)))
    if staff is not None:
        parts.append(Condition(same_hsa_id("actor_hsa_id", "staff"), (("staff", staff.value),)))
    if number is not None:
        parts.append(of_number(work.db, work.keys, number))
    return Condition(
        " AND ".join(f"({one.sql})" for one in parts), tuple(value for one in parts for value in one.values)
    )


def _after(day: date) -> Instant:
    return start_of(day + timedelta(days=1))


def _protected(work: ReadTransaction, rows: Iterable[LogRow]) -> set[str | None]:
    """Return the numbers of those in the rows who have protected personal data."""
    numbers = sorted({row.personnummer for row in rows if row.personnummer})
    if not numbers:
        return set()
    work.past_fence("sob_look_up", numbers)
    return set(work.db.values("SELECT personnummer FROM resident WHERE protection <> ''")) & set(numbers)


def _shown(row: LogRow, *, is_masked: bool) -> ShownRow:
    return ShownRow(
        row.id,
        row.at,
        row.unit_hsa_id,
        row.actor_hsa_id,
        row.actor_name,
        row.action,
        row.operation,
        None if is_masked else row.personnummer,
        None if is_masked else row.resident_name,
        row.moment_id,
        row.category,
        row.outcome,
        row.reason,
        is_masked,
    )


def _name_in(rows: Iterable[LogRow]) -> str:
    return next((row.resident_name for row in rows if row.resident_name), "")


# Loggutdrag


class ExtractRow(NamedTuple):
    """What was done with a resident's data, as the resident is told: nobody else stands in it, of the staff neither."""

    at: Instant
    unit: str
    """Its name, else its HSA-id; empty where it was done from no unit."""
    role: str
    what: str


@dataclass(frozen=True)
class Extract:
    """A loggutdrag (PDL 8 kap. 5 §)."""

    personnummer: str
    display: str
    name: str
    rows: tuple[ExtractRow, ...]
    unreadable: int
    """Rows of the log that were sealed with a key which is gone; nobody knows whom they are about."""


@operation("Göra ett loggutdrag till en invånare", may=_MAY, action=Action.PRINTED, category=DataCategory.LOG)
def extract_log(work: ReadTransaction, identity: str) -> Extract:
    """Return who has had to do with a resident's data: from which unit, when, in which role, and what.

    Who reviews a unit's log gives out the unit's rows, the operator all.

    Raises:
        Refused: the number can't be used.
    """
    number = PersonalNumber.parse(identity, work.today)
    condition = of_number(work.db, work.keys, number.value)
    if work.actor.unit_id is not None:
        condition = Condition(
            f"({condition.sql}) AND unit_id = :unit", (*condition.values, ("unit", work.actor.unit_id))
        )
    rows = log_rows(work.db, work.keys, condition)
    units = dict(work.db.pairs("SELECT hsa_id, name FROM unit"))
    name = _name_in(reversed(rows))
    work.log(Action.PRINTED, Subject(0, number.value, name), f"loggutdrag: {len(rows)} rader")
    told = tuple(
        ExtractRow(row.at, units.get(row.unit_hsa_id, row.unit_hsa_id), role_of(row), what_of(row)) for row in rows
    )
    lost = "SELECT count(*) FROM log WHERE sealed <> '' AND key_id <> :key"
    unreadable = int(work.db.value(lost, key=work.keys.log_id)) if work.keys is not None else 0
    return Extract(number.value, number.display(work.today), name, told, unreadable)


_WHOSE = {"invånare": "Du själv", "ombud": "Ombud", "drift": "Driften", "system": "Programmet självt"}
_DONE = {
    Action.READ: "Tog del av",
    Action.CHANGED: "Ändrade",
    Action.SENT: "Skickade ut ur",
    Action.COPIED: "Kopierade",
    Action.PRINTED: "Skrev ut",
    Action.EXPORTED: "Lämnade ut",
    Action.IMPORTED: "Läste in",
    Action.PURGED: "Gallrade",
}
_DATA = {
    DataCategory.RECORD: "uppgifter om dig och din behandling",
    DataCategory.FORMS: "dina formulär",
    DataCategory.MESSAGES: "dina meddelanden",
    DataCategory.PLANS: "dina planer",
    DataCategory.MODULES: "dina moduler",
    DataCategory.FLAGS: "flaggor i din behandling",
    DataCategory.TIMELINE: "din tidslinje",
    DataCategory.LOG: "loggen om dig",
    DataCategory.STAFF: "vem som behandlar dig",
}


def role_of(row: LogRow) -> str:
    """Return in which role somebody acted, as a resident reads it; no name, and of an ombud no more than that."""
    return _WHOSE.get(row.actor_kind) or row.acted_as.capitalize() or "Okänd"


def what_of(row: LogRow) -> str:
    """Return what was done, as a resident reads it: in words of ours alone, so that nobody else can stand in it."""
    what = "Såg dig i en lista"
    if row.action != Action.LISTED:
        data = DataCategory(row.category) if row.category in set(DataCategory) else DataCategory.RECORD
        what = f"{_DONE[Action(row.action)]} {_DATA[data]}"
    return f"Försökte, och nekades: {what[0].lower()}{what[1:]}" if row.outcome == DENIED else what
