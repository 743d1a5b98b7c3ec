"""Moments: one resident's started program each, with the counters that lists show (domain.md §3)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, update
from sqlmodel import Field, SQLModel, col

from store.foundation.access import Subject
from store.foundation.errors import Refused
from store.foundation.tables import BYTEWISE
from store.foundation.work import ReadTransaction, Work

PURGE_AFTER_YEARS = 2
"""Personal data must be erased within two years from the start (FAQ)."""

NO_FLAG = 3
"""The severity rank of a moment without open flags; 0 is a prioriterad flagga."""


class MomentStatus(StrEnum):
    """Where in its life a moment is."""

    RUNNING = "pagaende"
    MAINTENANCE = "vidmakthallande"
    ENDED = "avslutat"


class Moment(SQLModel, table=True):
    """A moment. The counters are written by the noun that owns them, in the transaction that changes it."""

    __table_args__ = (
        Index("moment_resident", "resident_id", "unit_id", "program", "status"),
        Index("moment_unit", "unit_id", "program", "status", "severity_rank", "sort_name", "id"),
        Index("moment_offered", "offered_to"),
        Index("moment_watched", "unit_id", "severity_rank"),
        Index("moment_version", "unit_id", "version_id", "id"),
        Index("moment_mine", "unit_id", "responsible_id", "program", "status", "severity_rank", "sort_name", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id")
    unit_id: int = Field(foreign_key="unit.id")
    program: str
    version_id: int = Field(foreign_key="programversion.id")
    responsible_id: int = Field(foreign_key="staff.id")
    status: str
    started_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    end_reason: str = ""
    last_active_at: int | None = Field(default=None, sa_type=BigInteger)
    """The resident's or ombud's last act."""
    unread_forms: int = 0
    unread_messages: int = 0
    drafts: int = 0
    oldest_unanswered_at: int | None = Field(default=None, sa_type=BigInteger)
    open_flags: int = 0
    priority_flags: int = 0
    severity_rank: int = NO_FLAG
    purge_by: str
    """ISO date."""
    forms_look_at: int | None = Field(default=None, sa_type=BigInteger)
    """When the day's run looks for missing forms next; None where none will be due."""
    offered_to: int | None = None
    """The unit that it is offered to (överlämning)."""
    sort_name: str = Field(sa_type=BYTEWISE)
    """The resident's, kept here so that a list is one index range."""


class MomentCount(SQLModel, table=True):
    """How many moments a clinician has by unit, program and status: headings never count rows."""

    __table_args__ = {"sqlite_with_rowid": False}

    unit_id: int = Field(primary_key=True)
    responsible_id: int = Field(primary_key=True)
    program: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    number: int


@dataclass(frozen=True)
class MomentSubject(Subject):
    """A moment as operations see it; locked in a writing transaction."""

    program: str = ""
    version_id: int = 0
    offered_to: int | None = None
    status: MomentStatus = MomentStatus.RUNNING
    unread_forms: int = 0
    unread_messages: int = 0
    drafts: int = 0
    open_flags: int = 0
    priority_flags: int = 0


_MOMENT = (
    "SELECT r.id, r.personnummer, r.family_name, r.given_name, m.id, m.unit_id, m.responsible_id, m.program,"
    " m.version_id, m.offered_to, m.status, m.unread_forms, m.unread_messages, m.drafts, m.open_flags, m.priority_flags"
    " FROM moment m JOIN resident r ON r.id = m.resident_id"
)


def moment_subject(work: ReadTransaction, moment_id: int) -> MomentSubject | None:
    """Return the moment with that id, or None (the `on` of every operation on a moment)."""
    row = work.db.row(f"{_MOMENT} WHERE m.id = :id{work.for_update('m')}", id=moment_id)
    return _moment(row) if row else None


def running_moments(work: ReadTransaction, unit_id: int, staff_id: int) -> list[MomentSubject]:
    """Return the moments that a clinician has on a unit and that have not ended; part of operations."""
    rows = work.db.rows(
        f"{_MOMENT} WHERE m.unit_id = :unit AND m.responsible_id = :staff AND m.status <> :ended ORDER BY m.id"
        + work.for_update("m"),
        unit=unit_id,
        staff=staff_id,
        ended=MomentStatus.ENDED.value,
    )
    return [_moment(row) for row in rows]


def _moment(row: Sequence[Any]) -> MomentSubject:
    resident_id, personnummer, family, given, moment, unit_id, responsible_id, *facts = row
    facts[3] = MomentStatus(facts[3])
    is_watched = facts[-1] > 0
    return MomentSubject(
        resident_id, personnummer, f"{family}, {given}", moment, unit_id, responsible_id, is_watched, *facts
    )


def load_moment(work: ReadTransaction, moment_id: int) -> MomentSubject:
    """Return a moment that the access table has let through."""
    found = moment_subject(work, moment_id)
    assert found is not None
    return found


def require(moment: MomentSubject, *statuses: MomentStatus) -> None:
    """Refuse unless the moment has one of the statuses."""
    if moment.status in statuses:
        return
    if moment.status is MomentStatus.ENDED:
        raise Refused("Momentet är avslutat. Ett avslutat moment kan inte återöppnas; starta ett nytt om det behövs.")
    if moment.status is MomentStatus.MAINTENANCE:
        raise Refused("Momentet är i vidmakthållande läge. Återuppta det först.")
    raise Refused("Momentet är pågående och kan inte återupptas.")


def require_not_offered(moment: MomentSubject) -> None:
    """Refuse while another unit is being asked to take the moment over."""
    if moment.offered_to is not None:
        raise Refused(OFFERED)


OFFERED = "Momentet är erbjudet till en annan enhet. Dra tillbaka erbjudandet först, eller vänta på svaret."


def count_moments(work: Work, moment: MomentSubject | Moment, change: int) -> None:
    """Move the kept count of the heading under which the moment stands, when the transaction ends."""
    _count(work, moment.unit_id or 0, moment.responsible_id or 0, moment.program, str(moment.status), change)


def assign_moments(work: Work, moments: Sequence[tuple[MomentSubject, int]]) -> None:
    """Give moments other clinicians, each the staff member with that id. By the hundred, so plain SQL (budget)."""
    work.db.run_many(
        "UPDATE moment SET responsible_id = :staff WHERE id = :moment",
        [{"staff": staff_id, "moment": moment.moment_id} for moment, staff_id in moments],
    )
    moved: Counter[tuple[int, int, str, str]] = Counter()
    for moment, staff_id in moments:
        moved[moment.unit_id or 0, moment.responsible_id or 0, moment.program, str(moment.status)] -= 1
        moved[moment.unit_id or 0, staff_id, moment.program, str(moment.status)] += 1
    for heading, change in moved.items():
        _count(work, *heading, change)


def _count(work: Work, unit_id: int, responsible_id: int, program: str, status: str, change: int) -> None:
    work.at_end(
        "INSERT INTO momentcount (unit_id, responsible_id, program, status, number)"
        " VALUES (:unit_id, :responsible_id, :program, :status, :change)"
        " ON CONFLICT (unit_id, responsible_id, program, status)"
        " DO UPDATE SET number = momentcount.number + excluded.number",
        unit_id=unit_id,
        responsible_id=responsible_id,
        program=program,
        status=status,
        change=change,
    )


def change_moment(work: Work, moment: MomentSubject, **columns: object) -> None:
    """Update the moment's row and the counts of the headings that it leaves and comes under."""
    work.execute(update(Moment).where(col(Moment.id) == moment.moment_id).values(columns))
    if columns.keys() & {"status", "responsible_id", "unit_id"}:
        count_moments(work, moment, -1)
        count_moments(work, load_moment(work, moment.moment_id or 0), +1)
