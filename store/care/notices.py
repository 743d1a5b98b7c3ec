"""Aviseringar: what waits to be sent to a resident (domain.md §8: no health data, no program name)."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.foundation.access import Subject
from store.foundation.clock import Instant
from store.foundation.work import Work


class NoticeKind(StrEnum):
    """Why a notice goes out."""

    PROGRAM_STARTED = "program-startat"
    REMINDER = "paminnelse"


class NoticeState(StrEnum):
    """Where a notice is on its way."""

    WAITING = "vantar"
    CANCELLED = "aterkallad"


class Notice(SQLModel, table=True):
    """A notice in the outbox. The resident's channel and address are read when it is sent."""

    __table_args__ = (Index("notice_due", "state", "due_at"), Index("notice_moment", "resident_id", "moment_id"))

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id")
    moment_id: int
    unit_id: int
    kind: str
    state: str = NoticeState.WAITING.value
    due_at: int = Field(sa_type=BigInteger)


def add_notice(work: Work, subject: Subject, kind: NoticeKind, due_at: Instant) -> None:
    """Put a notice in the outbox, in the transaction of what it tells of."""
    assert subject.moment_id is not None
    assert subject.unit_id is not None
    work.add(
        Notice(
            resident_id=subject.resident_id,
            moment_id=subject.moment_id,
            unit_id=subject.unit_id,
            kind=kind.value,
            due_at=due_at,
        )
    )


def cancel_notices(work: Work, subject: Subject) -> None:
    """Take back what has not been sent of a moment."""
    work.db.run(
        "UPDATE notice SET state = :cancelled"
        " WHERE resident_id = :resident AND moment_id = :moment AND state = :waiting",
        cancelled=NoticeState.CANCELLED.value,
        resident=subject.resident_id,
        moment=subject.moment_id,
        waiting=NoticeState.WAITING.value,
    )
