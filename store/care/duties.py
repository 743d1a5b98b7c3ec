"""Uppgifter: what a unit must do again and again, how often, by whom, and when it was done (domain.md §7).

The verksamhetschef decides how often and delegates; a behörighetsadministratör records that. When a duty is due follows
from the day on which it was done last; until it has been done once, from the day on which it was decided.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlmodel import Field, SQLModel

from store.care.purge_stops import IS_STOPPED
from store.foundation.access import Action, Role
from store.foundation.connection import Connection
from store.foundation.errors import Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import clean, shortened
from store.foundation.upsert import upsert
from store.foundation.work import Work
from store.people.sign_in import as_staff
from store.people.staff import Colleague, colleague_on

LINE_LIMIT = 200
"""Characters of the name of who decided."""
NOTE_LIMIT = 1_000
MOST_MONTHS = 60
FIRST_DAYS = 14
"""Days from the decision until a duty that has never been done is due; ours."""
NOTICE_DAYS = 14
"""For how many days before it is due a duty stands in *Att göra*; ours."""

DUTY_ROLES = frozenset(Role) - {Role.PROVIDER_ADMIN}
"""Who sees the unit's duties, and may be delegated one."""


class DutyKind(StrEnum):
    """A duty; the value is stored, and the word of the command line."""

    PURGE = "gallring"
    LOG_REVIEW = "logguppfoljning"
    JOURNAL = "journalrutin"
    ANALYSIS = "riskanalys"
    DRILL = "aterstallningsprov"

    @property
    def facts(self) -> "DutyFacts":
        """What is to be known of the kind."""
        return _DUTIES[self]


class DutyFacts(NamedTuple):
    """What a kind of duty is called, what it is, and how often it is done unless the unit has decided."""

    title: str
    about: str
    months: int
    """Ours, but for the purge (FAQ: every other month) and the log review (FAQ: once a month is commonest)."""


_DUTIES = {
    DutyKind.PURGE: DutyFacts("Gallring", "Gallra moment som har nått Gallras senast.", 2),
    DutyKind.LOG_REVIEW: DutyFacts(
        "Logguppföljning", "Dra ett stickprov ur loggen för förra månaden, bedöm raderna och signera.", 1
    ),
    DutyKind.JOURNAL: DutyFacts(
        "Rutin för journalföring", "Se över rutinen för hur det som görs här förs till journalen.", 12
    ),
    DutyKind.ANALYSIS: DutyFacts(
        "Behovs- och riskanalys", "Se över analysen för varje roll: vilka behov och vilka risker den vilar på.", 12
    ),
    DutyKind.DRILL: DutyFacts(
        "Återställningsprov", "Driften prövar att en säkerhetskopia går att återställa: sob aterstallningsprov.", 6
    ),
}


class Duty(SQLModel, table=True):
    """What a unit has decided of a duty."""

    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    kind: str = Field(primary_key=True)
    months: int
    """How often, in months."""
    delegate_id: int = Field(foreign_key="staff.id")
    decided_by: str
    """The verksamhetschef."""
    decided_on: str
    """ISO day."""
    begins_on: str
    """ISO day on which it was recorded first."""


class DutyDone(SQLModel, table=True):
    """That a duty was done; `unit_id` is None where it was done for all units at once."""

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    kind: str
    done_on: str
    """ISO day."""
    done_by: str
    hsa_id: str = ""
    """Empty where it was the operator."""
    note: str = ""


@dataclass(frozen=True)
class Done:
    """When a duty was done (ISO day), by whom and with what note."""

    on: str
    by: str
    note: str


@dataclass(frozen=True)
class UnitDuty:
    """A duty as the unit sees it. Days are ISO, empty where there is none."""

    kind: DutyKind
    months: int
    """How often; what is usual where nobody has decided."""
    delegate: str
    """HSA-id; empty where nobody has been decided."""
    delegate_name: str
    is_delegate_active: bool
    decided_by: str
    decided_on: str
    done: tuple[Done, ...]
    """The newest first."""
    due_on: str
    """Empty where nobody has been decided."""
    is_overdue: bool
    is_near: bool
    """Whether it is due within `NOTICE_DAYS`, or overdue."""
    is_own: bool
    """Whether it is delegated to the one who asks."""

    @property
    def title(self) -> str:
        """What it is called."""
        return self.kind.facts.title

    @property
    def said(self) -> str:
        """When it is due, in a sentence without a full stop."""
        if not self.due_on:
            return "inte bestämt"
        return f"skulle ha gjorts senast {self.due_on}" if self.is_overdue else f"ska göras senast {self.due_on}"


@operation("Se enhetens uppgifter", may=DUTY_ROLES, action=None)
def unit_duties(work: ReadTransaction) -> list[UnitDuty]:
    """Return what the unit must do again and again, those that are overdue first; concerns no resident."""
    found = duties_of(work)
    return sorted(found, key=lambda one: (not one.is_overdue, one.due_on or "9999"))


@operation("Bestämma hur ofta en uppgift görs och av vem", may={Role.ACCESS_ADMIN}, action=Action.CHANGED)
def decide_duty(work: Work, kind: DutyKind, months: int, delegate: str, decided_by: str, decided_on: date) -> None:
    """Record what the verksamhetschef has decided of a duty.

    Args:
        work: the transaction.
        kind: which.
        months: how often, 1 to `MOST_MONTHS`.
        delegate: HSA-id of somebody active on the unit.
        decided_by: the verksamhetschef's name.
        decided_on: the decision's day.

    Raises:
        Refused: a number is out of range, the day is to come, the person is not active here or has no role, or no name
            is given.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise Refused(f"Ange hur ofta som ett helt antal månader från 1 till {MOST_MONTHS}.", field="manader")
    check_decided_on(decided_on, work.today)
    chief = clean(decided_by, multiline=False, limit=LINE_LIMIT, field="beslutat-av").strip()
    if not chief:
        raise Refused("Ange verksamhetschefen som har beslutat.", field="beslutat-av")
    unit = work.actor.unit_id or 0
    person = colleague_on(work.db, unit, delegate.strip())
    if person is None or not _may_have(work, unit, person.staff_id):
        raise Refused(
            f"{shortened(delegate) or 'Ingen'} är inte aktiv på enheten med en roll. Välj någon annan.", field="person"
        )
    work.db.run(
        upsert(
            "duty",
            ["unit_id", "kind"],
            replaced=["months", "delegate_id", "decided_by", "decided_on"],
            kept=["begins_on"],
        ),
        unit_id=unit,
        kind=kind.value,
        months=months,
        delegate_id=person.staff_id,
        decided_by=chief,
        decided_on=decided_on.isoformat(),
        begins_on=work.today.isoformat(),
    )
    said = f"uppgiften {kind.value}: {often(months)}, delegerad till {person.hsa_id}"
    work.log(Action.CHANGED, details=f"{said}, beslutat {decided_on.isoformat()} av {chief}")


def check_decided_on(decided_on: date, today: date) -> None:
    """Raise `Refused` for a decision of a day to come."""
    if decided_on > today:
        raise Refused(f"Beslutets dag {decided_on} har inte varit än.", field="beslutat")


@operation("Se vem som kan göra enhetens uppgifter", may={Role.ACCESS_ADMIN}, action=None)
def duty_people(work: ReadTransaction) -> list[Colleague]:
    """Return who is active on the unit with a role, in Swedish order; concerns no resident."""
    return work.db.all(
        Colleague,
        "SELECT s.id AS staff_id, s.hsa_id, s.given_name, s.family_name FROM staff s JOIN assignment a"
        f" ON a.staff_id = s.id WHERE {_HAS_A_ROLE} ORDER BY s.sort_name, s.id",
        unit=work.actor.unit_id or 0,
    )


@operation("Anteckna att en uppgift är gjord", may=DUTY_ROLES, action=Action.CHANGED)
def finish_duty(work: Work, kind: DutyKind, note: str) -> None:
    """Record that a duty was done today by the one who acts: who it is delegated to, or a colleague for that one.

    Raises:
        Refused: nobody has decided of it yet, or there is no note.
    """
    decided = "SELECT 1 FROM duty WHERE unit_id = :unit AND kind = :kind"
    if work.db.value(decided, unit=work.actor.unit_id, kind=kind.value) is None:
        raise Refused(f"Det är inte bestämt vem som gör {kind.facts.title}. Bestäm det först.", helps=("decide_duty",))
    said = clean(note, multiline=True, limit=NOTE_LIMIT, field="anteckning").strip()
    if not said:
        raise Refused("Skriv en anteckning om vad som har gjorts.", field="anteckning")
    note_done(work, kind, said)
    work.log(Action.CHANGED, details=f"uppgiften {kind.value} gjord: {said}")


def note_done(work: Work, kind: DutyKind, note: str, *, for_all: bool = False) -> None:
    """Note that a duty was done today by the one who acts; part of operations.

    Args:
        work: the transaction.
        kind: which.
        note: what was done.
        for_all: whether for all units of the store at once.
    """
    actor = work.actor
    work.add(
        DutyDone(
            unit_id=None if for_all else actor.unit_id,
            kind=kind.value,
            done_on=work.today.isoformat(),
            done_by=actor.logged_name,
            hsa_id=actor.hsa_id or "",
            note=note,
        )
    )


def own_duties(work: ReadTransaction) -> list[UnitDuty]:
    """Return the duties delegated to the one who acts that are due soon or overdue; part of operations."""
    staff = as_staff(work.actor).staff_id
    mine = work.db.values(
        "SELECT kind FROM duty WHERE unit_id = :unit AND delegate_id = :staff", unit=work.actor.unit_id, staff=staff
    )
    return [one for one in duties_of(work, mine) if one.is_near] if mine else []


def duties_of(work: ReadTransaction, kinds: Sequence[str] | None = None) -> list[UnitDuty]:
    """Return the unit's duties in the order of `DutyKind`, all or some; part of operations."""
    unit = work.actor.unit_id or 0
    decided = {row.kind: row for row in work.db.all(_Decided, _DECIDED, unit=unit)}
    done: dict[str, list[Done]] = {}
    for one in work.db.all(_DoneRow, _DONE, unit=unit):
        done.setdefault(one.kind, []).append(Done(one.done_on, one.done_by, one.note))
    staff = getattr(work.actor, "staff_id", 0)
    return [
        _duty(work, kind, decided.get(kind), tuple(done.get(kind, ())), staff)
        for kind in DutyKind
        if kinds is None or kind.value in kinds
    ]


_ROLES = ", ".join(f"'{role}'" for role in sorted(DUTY_ROLES))
_HAS_A_ROLE = (
    "a.unit_id = :unit AND a.active = 1 AND EXISTS (SELECT 1 FROM assignmentrole r"
    f" WHERE r.unit_id = a.unit_id AND r.staff_id = a.staff_id AND r.role IN ({_ROLES}))"
)


class _Decided(NamedTuple):
    kind: str
    months: int
    delegate_id: int
    hsa_id: str
    name: str
    is_active: bool
    decided_by: str
    decided_on: str
    begins_on: str


class _DoneRow(NamedTuple):
    kind: str
    done_on: str
    done_by: str
    note: str


_DECIDED = (
    "SELECT d.kind, d.months, d.delegate_id, s.hsa_id, s.given_name || ' ' || s.family_name AS name,"
    " coalesce(a.active, 0) AS is_active, d.decided_by, d.decided_on, d.begins_on FROM duty d"
    " JOIN staff s ON s.id = d.delegate_id"
    " LEFT JOIN assignment a ON a.staff_id = d.delegate_id AND a.unit_id = d.unit_id WHERE d.unit_id = :unit"
)
_DONE = (
    "SELECT kind, done_on, done_by, note FROM dutydone WHERE unit_id = :unit OR unit_id IS NULL"
    " ORDER BY done_on DESC, id DESC"
)


def _duty(
    work: ReadTransaction, kind: DutyKind, decided: _Decided | None, done: tuple[Done, ...], staff: int
) -> UnitDuty:
    if decided is None:
        return UnitDuty(kind, kind.facts.months, "", "", False, "", "", done, "", False, False, False)
    due = due_day(decided.begins_on, decided.months, done[0].on if done else "")
    if kind is DutyKind.PURGE:
        due = min(due, _first_purge(work.db, work.actor.unit_id or 0, work.today, due))
    return UnitDuty(
        kind,
        decided.months,
        decided.hsa_id,
        decided.name,
        bool(decided.is_active),
        decided.decided_by,
        decided.decided_on,
        done,
        due.isoformat(),
        is_overdue=due < work.today,
        is_near=due <= work.today + timedelta(NOTICE_DAYS),
        is_own=decided.delegate_id == staff,
    )


def due_day(begins_on: str, months: int, done_on: str = "") -> date:
    """Return the last day on which a duty is done in time.

    Args:
        begins_on: the ISO day on which it was decided first.
        months: how often.
        done_on: the ISO day on which it was done last; empty for never.
    """
    if not done_on:
        return date.fromisoformat(begins_on) + timedelta(FIRST_DAYS)
    return months_after(date.fromisoformat(done_on), months)


def months_after(day: date, months: int) -> date:
    """Return the same day of the month some months later, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _first_purge(db: Connection, unit: int, today: date, otherwise: date) -> date:
    """Return the first *Gallras senast* of a moment of the unit without a gallringsstopp."""
    first = db.value(
        f"SELECT min(m.purge_by) FROM moment m WHERE m.unit_id = :unit AND NOT {IS_STOPPED}",
        unit=unit,
        today=today.isoformat(),
    )
    return date.fromisoformat(first) if first else otherwise


def _may_have(work: ReadTransaction, unit: int, staff: int) -> bool:
    """Whether somebody is active on the unit with a role."""
    return bool(
        work.db.values(
            f"SELECT a.staff_id FROM assignment a WHERE {_HAS_A_ROLE} AND a.staff_id = :staff", unit=unit, staff=staff
        )
    )


def often(months: int) -> str:
    """Return how often in words: `varje månad`, `var 3:e månad`."""
    if months == 1:
        return "varje månad"
    if months == 12:
        return "varje år"
    if months % 12 == 0:
        return f"vart {_ordinal(months // 12)} år"
    return "varannan månad" if months == 2 else f"var {_ordinal(months)} månad"


def _ordinal(number: int) -> str:
    return f"{number}:{'a' if number % 10 in (1, 2) and number % 100 not in (11, 12) else 'e'}"
