"""Attempts to reach a resident about a flag, which leave it open: who tried, when, and when it is tried again.

The newest one's next time stands on the flag too (`Flag.next_attempt_at`), for the queue.
"""

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.care.moments import MomentSubject
from store.foundation.clock import Instant, local
from store.foundation.errors import Refused
from store.foundation.events import EventKind
from store.foundation.tables import FreeText, of_moment
from store.foundation.work import Work


class FlagAttempt(SQLModel, table=True):
    """An attempt that did not reach the resident (*nådde inte*, domain.md §4)."""

    __table_args__ = (Index("flagattempt_moment", "resident_id", "moment_id", "flag_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id")
    moment_id: int = Field(foreign_key="moment.id")
    flag_id: int = Field(foreign_key="flag.id")
    at: int = Field(sa_type=BigInteger)
    made_by: str
    """The name of the one who tried, as it was then."""
    note: str = Field(sa_type=FreeText)
    """What was tried."""
    next_at: int | None = Field(default=None, sa_type=BigInteger)
    """When it is tried again; None where that was not said."""
    unit_id: int = of_moment()


def note_attempt(work: Work, moment: MomentSubject, flag: int, note: str, next_at: Instant | None) -> None:
    """Write down an attempt, with its event; part of operations.

    The event's facts: `flag`, `number` (1 for the first), and where it was said `next` (in Stockholm,
    `2026-11-29 23.45`).

    Raises:
        Refused: the next time is not later than now.
    """
    if next_at is not None and next_at <= work.now:
        raise Refused("Nästa försök måste vara senare än nu.", field="nasta")
    work.add(
        FlagAttempt(
            resident_id=moment.resident_id,
            moment_id=moment.moment_id,
            flag_id=flag,
            at=work.now,
            made_by=work.actor.name,
            note=note,
            next_at=next_at,
        )
    )
    number = 1 + int(work.db.value("SELECT attempts FROM flag WHERE id = :flag", flag=flag))
    work.db.run(
        "UPDATE flag SET attempts = :number, next_attempt_at = :next WHERE id = :flag",
        number=number,
        next=next_at,
        flag=flag,
    )
    said = {} if next_at is None else {"next": f"{local(next_at):%Y-%m-%d %H.%M}"}
    work.event(moment, EventKind.FLAG_ATTEMPTED, flag=flag, number=number, **said)
