"""Minutes spent on a resident's page, week by week (ours; Titov 2018: therapists have 10–20 a resident and week)."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from store.care.drafts import WRITERS
from store.care.moments import ALWAYS, UNTIL_ENDED, MomentSubject, moment_subject
from store.foundation.access import Action, DataCategory
from store.foundation.errors import Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import of_moment
from store.foundation.text import shortened
from store.foundation.upsert import upsert
from store.foundation.work import Work
from store.people.sign_in import StaffActor, as_staff

MOST_MINUTES = 40 * 60
"""In one week, when they are put right by hand."""

USUAL_MINUTES = (10, 20)
"""A resident and week."""

_WEEK = re.compile(r"(\d{4})-?[vVwW]?(\d{1,2})")


class TimeSpent(SQLModel, table=True):
    """Seconds of one person on one moment in one ISO week (`2026-W48`)."""

    __table_args__ = (Index("timespent_staff", "staff_id", "week"), {"sqlite_with_rowid": False})

    resident_id: int = Field(primary_key=True)
    moment_id: int = Field(primary_key=True)
    staff_id: int = Field(primary_key=True)
    week: str = Field(primary_key=True)
    seconds: int
    unit_id: int = of_moment()


@dataclass(frozen=True)
class WeekTime:
    """Minutes in a week, of all who worked with the resident; `own` are those of the one who looks."""

    week: str
    minutes: int
    own: int


COUNTED = replace(ALWAYS, proposed_in=UNTIL_ENDED.among)
"""What was counted before the end can be saved after it, and put right."""


@operation(
    "Räkna tid i ett moment",
    may=WRITERS,
    action=None,
    category=DataCategory.RECORD,
    on=moment_subject,
    statuses=COUNTED,
)
def add_time(work: Work, moment: MomentSubject, seconds: int) -> None:
    """Add time to this week; nobody else's business, so nothing is logged or shown to others by itself."""
    spend(work, moment, seconds, work.today)


def spend(work: Work, moment: MomentSubject, seconds: int, day: date) -> None:
    """Add seconds to the own time of a day's week; part of operations."""
    work.db.run(
        upsert("timespent", _KEY, added=["seconds"]),
        **_place(work, moment, week_name(day)),
        seconds=seconds,
    )


@operation(
    "Rätta tid i ett moment",
    may=WRITERS,
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    on=moment_subject,
    statuses=COUNTED,
)
def correct_time(work: Work, moment: MomentSubject, week: str, minutes: int) -> None:
    """Say how many minutes the own time of a week was.

    Args:
        moment: the moment's id.
        week: an ISO week: `2026-W48`, `2026-v48`.
        minutes: 0 to `MOST_MINUTES`.

    Raises:
        Refused: it is no week, or one ahead, or not so many minutes.
    """
    name = parse_week(week)
    if name > week_name(work.today):
        raise Refused("Veckan har inte varit än.", field="vecka")
    if not 0 <= minutes <= MOST_MINUTES:
        raise Refused(f"Ange 0 till {MOST_MINUTES} minuter.", field="minuter")
    work.db.run(
        upsert("timespent", _KEY, replaced=["seconds"]),
        **_place(work, moment, name),
        seconds=minutes * 60,
    )


def time_of(work: ReadTransaction, moment: MomentSubject) -> tuple[WeekTime, ...]:
    """Return the weeks in which time was spent, the latest first; part of operations."""
    actor = work.actor
    rows = work.db.all(
        _Week,
        "SELECT week, sum(seconds) AS all_seconds,"
        " sum(CASE WHEN staff_id = :staff THEN seconds ELSE 0 END) AS own_seconds FROM timespent"
        " WHERE resident_id = :resident AND moment_id = :moment GROUP BY week ORDER BY week DESC",
        staff=actor.staff_id if isinstance(actor, StaffActor) else 0,
        resident=moment.resident_id,
        moment=moment.moment_id,
    )
    return tuple(WeekTime(row.week, round(int(row.all_seconds) / 60), round(int(row.own_seconds) / 60)) for row in rows)


class _Week(NamedTuple):
    week: str
    all_seconds: int
    own_seconds: int


def week_name(day: date) -> str:
    """Return a day's ISO week: `2026-W48`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def parse_week(text: str) -> str:
    """Return an ISO week as it is stored.

    Raises:
        Refused: it is none.
    """
    fault = Refused(f"{shortened(text)} är ingen vecka. Skriv år och vecka så här: 2026-v48.", field="vecka")
    found = _WEEK.fullmatch(text.strip())
    if found is None:
        raise fault
    try:
        return week_name(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        raise fault from None


_KEY = ("resident_id", "moment_id", "staff_id", "week")


def _place(work: ReadTransaction, moment: MomentSubject, week: str) -> dict[str, object]:
    return {
        "resident_id": moment.resident_id,
        "moment_id": moment.moment_id,
        "staff_id": as_staff(work.actor).staff_id,
        "week": week,
    }
