"""Aktivitetsplaner: what resident and clinician have agreed that the resident does, and when (domain.md §4).

The clinician makes a plan; the resident marks each activity *utförd* or *ej utförd*, day by day
(`store.care.activity_marks`). A follow-up date raises a flag when it comes (`store.care.day_rules`). Nothing is
deleted: what is taken out of a plan keeps its marks.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.care.drafts import WRITERS
from store.care.flags import close_flags
from store.care.moments import MOMENT_COLUMNS, WHILE_RUNNING, MomentSubject, moment_subject
from store.care.plan_rules import (
    NOTE_LIMIT,
    NewActivity,
    NewPlan,
    PlanChange,
    checked_activities,
    checked_follow_up,
    checked_next_follow_up,
    checked_number,
    checked_plan,
    checked_title,
    plan_from_template,
)
from store.foundation.access import Action, DataCategory
from store.foundation.errors import NeedsConfirmation, Refused
from store.foundation.events import EventKind
from store.foundation.flag_kinds import FlagKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import FreeText, of_moment
from store.foundation.text import clean
from store.foundation.work import Work

__all__ = ["NewActivity", "NewPlan", "PlanChange", "plan_from_template"]


class ActivityPlan(SQLModel, table=True):
    """A plan. `follow_up_on` is an ISO day, empty where none is set."""

    __table_args__ = (
        Index("activityplan_moment", "resident_id", "moment_id"),
        Index("activityplan_follow_up", "follow_up_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id")
    moment_id: int = Field(foreign_key="moment.id")
    title: str = Field(sa_type=FreeText)
    follow_up_on: str = ""
    made_at: int = Field(sa_type=BigInteger)
    made_by: str
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    unit_id: int = of_moment()


class Activity(SQLModel, table=True):
    """An activity of a plan. Days are ISO; `at` is `HH:MM` or empty."""

    __table_args__ = (Index("activity_moment", "resident_id", "moment_id", "plan_id"),)

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int
    moment_id: int
    plan_id: int = Field(foreign_key="activityplan.id")
    description: str = Field(sa_type=FreeText)
    starts_on: str
    at: str = ""
    repeats: str = ""
    """iCalendar text, see `store.care.recurrence`."""
    removed_on: str = ""
    """The first day on which it falls no more; empty while it is in the plan."""
    unit_id: int = of_moment()


@dataclass(frozen=True)
class PlanSubject(MomentSubject):
    """A plan with its moment."""

    plan_id: int = 0
    title: str = ""
    follow_up_on: str = ""
    is_ended: bool = False


def plan_subject(work: ReadTransaction, plan: int) -> PlanSubject | None:
    """Return a plan with its moment, both locked where the transaction writes; None where there is no such plan."""
    return work.db.one(
        PlanSubject,
        f"SELECT {MOMENT_COLUMNS}, p.id AS plan_id, p.title, p.follow_up_on, p.ended_at IS NOT NULL AS is_ended"
        " FROM activityplan p JOIN moment m ON m.id = p.moment_id JOIN resident r ON r.id = m.resident_id"
        f" WHERE p.id = :id{work.for_update('m, p')}",
        id=plan,
    )


@operation(
    "Göra en aktivitetsplan",
    may=WRITERS,
    action=Action.CHANGED,
    category=DataCategory.PLANS,
    event=True,
    on=moment_subject,
    statuses=WHILE_RUNNING,
)
def make_plan(work: Work, moment: MomentSubject, plan: NewPlan) -> int:
    """Make a plan; returns its id.

    Raises:
        Refused: the moment is not running, or see `checked_plan`.
    """
    plan = checked_plan(plan, work.today)
    made = work.add(
        ActivityPlan(
            resident_id=moment.resident_id,
            moment_id=moment.moment_id,
            title=plan.title,
            follow_up_on=_iso(plan.follow_up_on),
            made_at=work.now,
            made_by=work.actor.name,
        )
    )
    _add_activities(work, moment, made, plan.activities)
    work.event(moment, EventKind.PLAN_MADE, plan=made, title=plan.title)
    return made


@operation(
    "Ändra en aktivitetsplan",
    may=WRITERS,
    action=Action.CHANGED,
    category=DataCategory.PLANS,
    event=True,
    on=plan_subject,
    statuses=WHILE_RUNNING,
)
def change_plan(work: Work, plan: PlanSubject, change: PlanChange, *, confirmed: bool = False) -> None:
    """Change a plan; an activity that is taken out keeps its marks, and falls from today on no more.

    Args:
        work: the transaction.
        plan: the plan's id.
        change: what is to be changed, and from what.
        confirmed: whether it has been confirmed that another's change of the same is written over.

    Raises:
        NeedsConfirmation: another has changed the same since the plan was read.
        Refused: nothing is changed, no activity would be left, an activity is not in the plan, the plan or the moment
            is not running, or see `checked_plan`.
    """
    _check_open(plan)
    if change.is_nothing:
        raise Refused("Det finns inget att ändra.", helps=("change_plan",))
    title = plan.title if change.title is None else checked_title(change.title)
    follow_up_on = _changed_follow_up(work, plan, change)
    if not confirmed and (others := _changed_by_another(plan, change, title, follow_up_on)):
        raise NeedsConfirmation(others, helps=("change_plan",))
    added = checked_activities(change.add, work.today)
    _remove_activities(work, plan, change.remove)
    _add_activities(work, plan, plan.plan_id, added)
    checked_number(left := len(_in_plan(work, plan)))
    if not left:
        raise Refused(
            "Planen behöver minst en aktivitet. Avsluta den om den inte gäller längre.",
            field="aktivitet",
            helps=("end_plan",),
        )
    _write(work, plan, title, follow_up_on)
    if follow_up_on != plan.follow_up_on:
        close_flags(work, plan, FlagKind.FOLLOW_UP, about=str(plan.plan_id), why="Uppföljningsdagen är ändrad.")
    work.event(plan, EventKind.PLAN_CHANGED, plan=plan.plan_id, title=title)


@operation(
    "Avsluta en aktivitetsplan",
    may=WRITERS,
    action=Action.CHANGED,
    category=DataCategory.PLANS,
    event=True,
    on=plan_subject,
    statuses=WHILE_RUNNING,
)
def end_plan(work: Work, plan: PlanSubject) -> None:
    """End a plan: it can be read, and falls on no day any more.

    Raises:
        Refused: it is ended, or the moment is not running.
    """
    _check_open(plan)
    work.db.run("UPDATE activityplan SET ended_at = :now WHERE id = :id", now=work.now, id=plan.plan_id)
    close_flags(work, plan, FlagKind.FOLLOW_UP, about=str(plan.plan_id), why="Planen är avslutad.")
    work.event(plan, EventKind.PLAN_ENDED, plan=plan.plan_id, title=plan.title)


@operation(
    "Följa upp en aktivitetsplan",
    may=WRITERS,
    action=Action.CHANGED,
    category=DataCategory.PLANS,
    event=True,
    on=plan_subject,
    statuses=WHILE_RUNNING,
)
def follow_up_plan(work: Work, plan: PlanSubject, note: str, next_on: date | None = None) -> None:
    """Note that a plan is followed up: its flag closes with the note.

    Args:
        plan: the plan's id.
        note: what came of it.
        next_on: when it is followed up next; None for not.

    Raises:
        Refused: the note is empty, the next day is not to come, the plan is ended, or the moment is not running.
    """
    _check_open(plan)
    note = clean(note, multiline=True, limit=NOTE_LIMIT, field="anteckning").strip()
    if not note:
        raise Refused("Skriv vad uppföljningen gav. Utan anteckning följs ingen plan upp.", field="anteckning")
    _write(work, plan, plan.title, _iso(checked_next_follow_up(next_on, work.today)))
    close_flags(work, plan, FlagKind.FOLLOW_UP, about=str(plan.plan_id), why=note)
    work.event(plan, EventKind.PLAN_FOLLOWED_UP, plan=plan.plan_id, title=plan.title, note=note)


def _check_open(plan: PlanSubject) -> None:
    if plan.is_ended:
        raise Refused("Planen är avslutad. Gör en ny om den behövs.", helps=("make_plan",))


def _changed_follow_up(work: ReadTransaction, plan: PlanSubject, change: PlanChange) -> str:
    """Return the new day; one that stays as it is may have passed."""
    if change.drop_follow_up:
        return ""
    if change.follow_up_on is None or change.follow_up_on.isoformat() == plan.follow_up_on:
        return plan.follow_up_on
    return _iso(checked_follow_up(change.follow_up_on, work.today))


def _changed_by_another(plan: PlanSubject, change: PlanChange, title: str, follow_up_on: str) -> list[str]:
    """Return a sentence for each thing that is changed here, and was by another since the plan was read."""
    seen = change.seen
    if seen is None:
        return []
    others = []
    if change.title is not None and plan.title not in (seen.title, title):
        others.append(f"Titeln har ändrats till ”{plan.title}” sedan du öppnade planen. Sparar du gäller din.")
    if plan.follow_up_on not in (_iso(seen.follow_up_on), follow_up_on) and (
        change.drop_follow_up or change.follow_up_on is not None
    ):
        day = plan.follow_up_on or "ingen"
        others.append(f"Uppföljningsdagen har ändrats till {day} sedan du öppnade planen. Sparar du gäller din.")
    return others


def _write(work: Work, plan: PlanSubject, title: str, follow_up_on: str) -> None:
    row = {"id": plan.plan_id, "resident_id": plan.resident_id, "title": title}
    work.db.run(
        "UPDATE activityplan SET title = :title, follow_up_on = :day WHERE id = :id",
        **work.db.sealed("activityplan", row),
        day=follow_up_on,
    )


def _add_activities(work: Work, moment: MomentSubject, plan: int, activities: tuple[NewActivity, ...]) -> None:
    for one in activities:
        starts_on = one.starts_on or work.today
        work.add(
            Activity(
                resident_id=moment.resident_id,
                moment_id=moment.moment_id,
                plan_id=plan,
                description=one.description,
                starts_on=starts_on.isoformat(),
                at=one.at,
                repeats=one.recurrence.as_text(starts_on),
            )
        )


def _remove_activities(work: Work, plan: PlanSubject, activities: tuple[int, ...]) -> None:
    there = _in_plan(work, plan)
    for one in activities:
        if one not in there:
            raise Refused("Aktiviteten finns inte i planen, eller är redan borttagen.", field="ta-bort")
        work.db.run("UPDATE activity SET removed_on = :day WHERE id = :id", day=work.today.isoformat(), id=one)


def _in_plan(work: ReadTransaction, plan: PlanSubject) -> set[int]:
    activities = work.db.values(
        "SELECT id FROM activity WHERE resident_id = :resident AND moment_id = :moment AND plan_id = :plan"
        " AND removed_on = ''",
        resident=plan.resident_id,
        moment=plan.moment_id,
        plan=plan.plan_id,
    )
    return set(activities)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
