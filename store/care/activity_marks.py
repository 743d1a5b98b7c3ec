"""What the resident marks of an activity plan: each activity, day by day, as done or not done (domain.md §4)."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.care.activity import mark_active
from store.care.moments import WHILE_RUNNING, MomentSubject, moment_subject
from store.care.plan_rules import NOTE_LIMIT
from store.care.recurrence import days_of
from store.foundation.access import Action, DataCategory, Standing
from store.foundation.errors import NotPermitted, Refused
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import FreeText, of_moment
from store.foundation.text import clean
from store.foundation.upsert import upsert
from store.foundation.work import Work


class ActivityMark(SQLModel, table=True):
    """That the resident did an activity on a day, or didn't."""

    __table_args__ = {"sqlite_with_rowid": False}

    resident_id: int = Field(primary_key=True)
    moment_id: int = Field(primary_key=True)
    activity_id: int = Field(primary_key=True)
    day: str = Field(primary_key=True)
    done: int
    note: str = Field(default="", sa_type=FreeText)
    marked_at: int = Field(sa_type=BigInteger)
    unit_id: int = of_moment()


@operation(
    "Markera en aktivitet som invånare",
    may={Standing.RESIDENT, Standing.PROXY},
    action=Action.CHANGED,
    category=DataCategory.PLANS,
    event=True,
    on=moment_subject,
    statuses=WHILE_RUNNING,
)
def mark_activity(work: Work, moment: MomentSubject, activity: int, day: date, *, done: bool, note: str = "") -> None:
    """Mark an activity as done, or not done, on a day; marking it again changes the mark.

    Raises:
        Refused: the day is to come, or the activity doesn't fall on it; it is taken out of the plan, the plan is
            ended, or the moment is not running.
        NotPermitted: there is no such activity in the moment.
    """
    description = _markable(work, moment, activity, day)
    note = clean(note, multiline=True, limit=NOTE_LIMIT, field="anteckning").strip()
    work.db.run(
        upsert(
            "activitymark",
            ["resident_id", "moment_id", "activity_id", "day"],
            replaced=["done", "note", "marked_at"],
        ),
        **work.db.sealed(
            "activitymark",
            {
                "resident_id": moment.resident_id,
                "moment_id": moment.moment_id,
                "activity_id": activity,
                "day": day.isoformat(),
                "done": int(done),
                "note": note,
                "marked_at": work.now,
            },
        ),
    )
    mark_active(work, moment)
    work.event(moment, EventKind.ACTIVITY_MARKED, activity=description, day=day.isoformat(), done=done)


def _markable(work: ReadTransaction, moment: MomentSubject, activity: int, day: date) -> str:
    """Return what the activity is, where it can be marked on the day."""
    row = work.db.one(
        _Planned,
        "SELECT a.description, a.starts_on, a.repeats, a.removed_on, p.ended_at FROM activity a"
        " JOIN activityplan p ON p.id = a.plan_id"
        " WHERE a.resident_id = :resident AND a.moment_id = :moment AND a.id = :activity",
        resident=moment.resident_id,
        moment=moment.moment_id,
        activity=activity,
    )
    if row is None:
        raise NotPermitted
    if row.ended_at is not None:
        raise Refused("Planen är avslutad, så aktiviteten kan inte markeras.")
    if row.removed_on:
        raise Refused("Aktiviteten är borttagen ur planen och kan inte markeras.", field="aktivitet")
    if day > work.today:
        raise Refused("Dagen har inte kommit än. Aktiviteten kan markeras tidigast samma dag.", field="dag")
    if not days_of(date.fromisoformat(row.starts_on), row.repeats, day, day):
        raise Refused("Aktiviteten är inte planerad den dagen.", field="dag")
    return row.description


class _Planned(NamedTuple):
    description: str
    starts_on: str
    repeats: str
    removed_on: str
    ended_at: int | None
