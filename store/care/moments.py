"""Moments: one resident's started program each, with the counters that lists show (domain.md §3)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.foundation.access import Subject, Who
from store.foundation.errors import InvariantBroken, Refused
from store.foundation.flag_kinds import NO_FLAG
from store.foundation.operation import declaration_of, is_permitted
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import BYTEWISE
from store.foundation.upsert import upsert
from store.foundation.work import Work

PURGE_AFTER_YEARS = 2
"""Personal data must be erased within two years from the start (FAQ)."""


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
        Index("moment_purge", "unit_id", "purge_by"),
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

    moment_id: int = 0
    unit_id: int = 0
    responsible_id: int = 0
    program: str = ""
    version_id: int = 0
    offered_to: int | None = None
    status: MomentStatus = MomentStatus.RUNNING
    unread_forms: int = 0
    unread_messages: int = 0
    drafts: int = 0
    open_flags: int = 0
    priority_flags: int = 0

    @property
    def is_offered(self) -> bool:
        """Whether another unit is being asked to take it over."""
        return self.offered_to is not None


_ELSEWHERE = {
    "resident_id": "r.id",
    "personnummer": "r.personnummer",
    "name": "r.family_name || ', ' || r.given_name",
    "moment_id": "m.id",
    "is_watched": "m.priority_flags > 0",
}
"""The fields of a `MomentSubject` that are no column of the moment by that name."""
MOMENT_COLUMNS = ", ".join(
    f"{_ELSEWHERE.get(one.name, f'm.{one.name}')} AS {one.name}" for one in fields(MomentSubject)
)
"""What a query selects for a `MomentSubject`, of a moment `m` and its resident `r`; a subject's own columns follow."""

_MOMENT = f"SELECT {MOMENT_COLUMNS} FROM moment m JOIN resident r ON r.id = m.resident_id"


def moment_subject(work: ReadTransaction, moment_id: int) -> MomentSubject | None:
    """Return the moment with that id, or None (the `on` of every operation on a moment)."""
    return work.db.one(MomentSubject, f"{_MOMENT} WHERE m.id = :id{work.for_update('m')}", id=moment_id)


def running_moments(work: ReadTransaction, unit_id: int, staff_id: int) -> list[MomentSubject]:
    """Return the moments that a clinician has on a unit and that have not ended; part of operations."""
    return work.db.all(
        MomentSubject,
        f"{_MOMENT} WHERE m.unit_id = :unit AND m.responsible_id = :staff AND m.status <> :ended ORDER BY m.id"
        + work.for_update("m"),
        unit=unit_id,
        staff=staff_id,
        ended=MomentStatus.ENDED.value,
    )


def load_moment(work: ReadTransaction, moment_id: int) -> MomentSubject:
    """Return a moment that is there, as it is now; part of operations."""
    found = moment_subject(work, moment_id)
    if found is None:
        raise InvariantBroken(f"moment {moment_id} is not there")
    return found


WRONG_STATUS = {
    MomentStatus.RUNNING: "Momentet är pågående och kan inte återupptas.",
    MomentStatus.MAINTENANCE: "Momentet är i vidmakthållande läge. Återuppta det först.",
    MomentStatus.ENDED: "Momentet är avslutat. Ett avslutat moment kan inte återöppnas; starta ett nytt om det behövs.",
}
"""Why an operation can't be done in a status, unless it has its own words for it."""
OFFERED = "Momentet är erbjudet till en annan enhet. Dra tillbaka erbjudandet först, eller vänta på svaret."

_WAYS_OUT = {
    WRONG_STATUS[MomentStatus.MAINTENANCE]: ("resume_moment",),
    WRONG_STATUS[MomentStatus.ENDED]: ("start_moment",),
    OFFERED: ("withdraw_handover",),
}


@dataclass(frozen=True)
class MomentStatuses:
    """The statuses in which an operation on a moment can be done, and what is said in the others."""

    among: frozenset[MomentStatus]
    when_offered: bool | None = None
    """Whether the moment must be offered to another unit, or must not be; None where that is nothing to it."""
    wrong_status: Mapping[MomentStatus, str] = field(default_factory=lambda: WRONG_STATUS)
    wrong_offer: str = OFFERED
    proposed_in: frozenset[MomentStatus] = frozenset(MomentStatus)
    """The statuses in which a page proposes it, where it can be done."""

    @property
    def unless_offered(self) -> "MomentStatuses":
        """These statuses, but not while the moment is offered to another unit."""
        return replace(self, when_offered=False)

    def why_not(self, status: MomentStatus, *, is_offered: bool) -> str:
        """Return why it can't be done; empty where it can."""
        if status not in self.among:
            return self.wrong_status[status]
        return self.wrong_offer if self.when_offered not in (None, is_offered) else ""

    def __call__(self, moment: MomentSubject, /) -> None:
        """Raise `Refused` where it can't be done with the moment as it is."""
        if reason := self.why_not(moment.status, is_offered=moment.is_offered):
            raise Refused(reason, helps=_WAYS_OUT.get(reason, ()))


WHILE_RUNNING = MomentStatuses(frozenset({MomentStatus.RUNNING}))
IN_MAINTENANCE = MomentStatuses(frozenset({MomentStatus.MAINTENANCE}))
UNTIL_ENDED = MomentStatuses(frozenset({MomentStatus.RUNNING, MomentStatus.MAINTENANCE}))
ALWAYS = MomentStatuses(frozenset(MomentStatus))


def is_proposed(
    function: Callable[..., object], standing: frozenset[Who], status: MomentStatus, *, is_offered: bool
) -> bool:
    """Whether a page shows an operation to somebody of a standing, while its moment has a status."""
    statuses = declaration_of(function).statuses
    if not is_permitted(function, standing):
        return False
    if not isinstance(statuses, MomentStatuses):
        return True
    return status in statuses.proposed_in and not statuses.why_not(status, is_offered=is_offered)


def count_moments(work: Work, moment: MomentSubject | Moment, change: int) -> None:
    """Move the kept count of the heading under which the moment stands, when the transaction ends."""
    _count(work, moment.unit_id, moment.responsible_id, moment.program, str(moment.status), change)


def assign_moments(work: Work, moments: Sequence[tuple[MomentSubject, int]]) -> None:
    """Give moments other clinicians, each the staff member with that id. By the hundred, so plain SQL (budget)."""
    work.db.run_many(
        "UPDATE moment SET responsible_id = :staff WHERE id = :moment",
        [{"staff": staff_id, "moment": moment.moment_id} for moment, staff_id in moments],
    )
    moved: Counter[tuple[int, int, str, str]] = Counter()
    for moment, staff_id in moments:
        moved[moment.unit_id, moment.responsible_id, moment.program, str(moment.status)] -= 1
        moved[moment.unit_id, staff_id, moment.program, str(moment.status)] += 1
    for heading, change in moved.items():
        _count(work, *heading, change)


def _count(work: Work, unit_id: int, responsible_id: int, program: str, status: str, change: int) -> None:
    work.at_end(
        upsert("momentcount", ["unit_id", "responsible_id", "program", "status"], added=["number"]),
        unit_id=unit_id,
        responsible_id=responsible_id,
        program=program,
        status=status,
        number=change,
    )


def change_moment(work: Work, moment: MomentSubject, **columns: Any) -> None:
    """Update the moment's row and the counts of the headings that it leaves and comes under."""
    given = ", ".join(f"{name} = :{name}" for name in columns)
    work.db.run(f"UPDATE moment SET {given} WHERE id = :id", **columns, id=moment.moment_id)
    if heading := {name: columns[name] for name in ("status", "responsible_id", "unit_id") if name in columns}:
        count_moments(work, moment, -1)
        count_moments(work, replace(moment, **heading), +1)
