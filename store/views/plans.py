"""The tab *Flaggor och aktivitetsplaner*: a moment's plans, and week by week what falls on each day (domain.md §4)."""

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from store.care.moments import MomentStatus, MomentSubject, moment_subject
from store.care.program_shape import PlanTemplate
from store.care.programs import program_of
from store.care.recurrence import days_of, in_words
from store.foundation.access import Action, DataCategory, Standing
from store.foundation.clock import Instant, local_day
from store.foundation.connection import columns
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.views.moment import SEES
from store.views.timeline import week_of


@dataclass(frozen=True)
class MarkRow:
    """What the resident has marked. `marked_at` is in UTC milliseconds."""

    day: date
    is_done: bool
    note: str
    marked_at: int


@dataclass(frozen=True)
class ActivityRow:
    """An activity of a plan, with its marks, the oldest day first."""

    id: int
    description: str
    starts_on: date
    at: str
    """`HH:MM`, or empty."""
    repeats: str
    """iCalendar text, see `store.care.recurrence`."""
    removed_on: date | None
    """The first day on which it falls no more."""
    marks: tuple[MarkRow, ...]

    @property
    def when(self) -> str:
        """When it falls, in Swedish, without the time of day."""
        return in_words(self.starts_on, self.repeats)

    def days(self, first: date, last: date) -> list[date]:
        """Return the days from `first` to `last` on which it falls."""
        if self.removed_on is not None:
            last = min(last, self.removed_on - timedelta(1))
        return days_of(self.starts_on, self.repeats, first, last)


@dataclass(frozen=True)
class FollowUp:
    """A follow-up that was done."""

    at: int
    by: str
    note: str


@dataclass(frozen=True)
class PlanRow:
    """A plan. Instants are UTC milliseconds."""

    id: int
    title: str
    follow_up_on: date | None
    made_at: int
    made_by: str
    ended_at: int | None
    activities: tuple[ActivityRow, ...]
    """In the order in which they were added, those that were taken out too."""
    follow_ups: tuple[FollowUp, ...]
    """The latest first."""

    @property
    def current(self) -> tuple[ActivityRow, ...]:
        """The activities that are in the plan."""
        return tuple(activity for activity in self.activities if activity.removed_on is None)


@dataclass(frozen=True)
class PlansPage:
    """A moment's plans: those that go on first, the newest first of them; and what the program proposes."""

    plans: tuple[PlanRow, ...]
    templates: tuple[PlanTemplate, ...]


@dataclass(frozen=True)
class PlannedActivity:
    """An activity on a day of a week. `is_done` is None where it is not marked."""

    plan: int
    plan_title: str
    activity: int
    description: str
    at: str
    is_done: bool | None
    note: str


@dataclass(frozen=True)
class DayOfPlans:
    """A day with what falls on it, or was marked on it, by time of day; what has no time comes first."""

    day: date
    activities: tuple[PlannedActivity, ...]


@dataclass(frozen=True)
class WeekOfPlans:
    """An ISO week, Monday to Sunday."""

    days: tuple[DayOfPlans, ...]

    @property
    def done(self) -> int:
        """How many are marked as done."""
        return sum(one.is_done is True for day in self.days for one in day.activities)

    @property
    def planned(self) -> int:
        """How many there are."""
        return sum(len(day.activities) for day in self.days)


@dataclass(frozen=True)
class OwnActivities:
    """What the resident's side sees: the plans that go on, without the clinicians' notes, and a week of them."""

    plans: tuple[PlanRow, ...]
    week: WeekOfPlans


@operation("Öppna aktivitetsplaner", may=SEES, action=Action.READ, category=DataCategory.PLANS, on=moment_subject)
def open_plans(work: ReadTransaction, moment: MomentSubject) -> PlansPage:
    """Return a moment's plans; opening them is logged."""
    return _page(work, moment)


@operation("Läsa om öppna aktivitetsplaner", may=SEES, action=None, category=DataCategory.PLANS, on=moment_subject)
def plans_page(work: ReadTransaction, moment: MomentSubject) -> PlansPage:
    """Return a moment's plans again, as a refresh does; opening them was logged."""
    return _page(work, moment)


@operation(
    "Bläddra mellan veckor i öppna aktivitetsplaner",
    may=SEES,
    action=None,
    category=DataCategory.PLANS,
    on=moment_subject,
)
def week_of_plans(work: ReadTransaction, moment: MomentSubject, day: date) -> WeekOfPlans:
    """Return the week in which a day lies: what falls on each day, and what came of it."""
    return _week(plans_of(work, moment), _still_from(work, moment), day)


@operation(
    "Se sina egna aktiviteter",
    may={Standing.RESIDENT, Standing.PROXY},
    action=Action.READ,
    category=DataCategory.PLANS,
    on=moment_subject,
)
def own_activities(work: ReadTransaction, moment: MomentSubject, day: date | None = None) -> OwnActivities:
    """Return what the resident is to do, with the week in which a day lies; None for this week."""
    return plans_of_resident(work, moment, day)


@operation(
    "Läsa aktiviteter på invånarens sida",
    may=SEES | {Standing.RESIDENT, Standing.PROXY},
    action=None,
    category=DataCategory.PLANS,
    on=moment_subject,
)
def residents_activities(work: ReadTransaction, moment: MomentSubject, day: date | None = None) -> OwnActivities:
    """Return what the resident sees of the activities again, or for who looks at the resident's side."""
    return plans_of_resident(work, moment, day)


def plans_of_resident(work: ReadTransaction, moment: MomentSubject, day: date | None = None) -> OwnActivities:
    """Return what the resident sees of the activities, with the week in which a day lies; part of operations."""
    plans = tuple(
        replace(plan, activities=plan.current, follow_ups=())
        for plan in plans_of(work, moment)
        if plan.ended_at is None
    )
    return OwnActivities(plans, _week(plans, _still_from(work, moment), day or work.today))


def _page(work: ReadTransaction, moment: MomentSubject) -> PlansPage:
    return PlansPage(plans_of(work, moment), program_of(work.db, moment.version_id).activity_plans)


def plans_of(work: ReadTransaction, moment: MomentSubject) -> tuple[PlanRow, ...]:
    """Return a moment's plans, those that go on first; part of operations."""
    activities, follow_ups = _activities(work, moment), _follow_ups(work, moment)
    rows = work.db.all(
        _Plan,
        f"SELECT {columns(_Plan)} FROM activityplan{_HERE}"
        " ORDER BY ended_at IS NOT NULL, coalesce(ended_at, made_at) DESC, id DESC",
        **_place(moment),
    )
    return tuple(
        PlanRow(
            id=row.id,
            title=row.title,
            follow_up_on=_day(row.follow_up_on),
            made_at=row.made_at,
            made_by=row.made_by,
            ended_at=row.ended_at,
            activities=tuple(activities[row.id]),
            follow_ups=tuple(follow_ups[row.id]),
        )
        for row in rows
    )


class _Plan(NamedTuple):
    id: int
    title: str
    follow_up_on: str
    made_at: int
    made_by: str
    ended_at: int | None


class _Mark(NamedTuple):
    activity_id: int
    day: str
    done: bool
    note: str
    marked_at: int


class _Activity(NamedTuple):
    plan_id: int
    id: int
    description: str
    starts_on: str
    at: str
    repeats: str
    removed_on: str


class _FollowedUp(NamedTuple):
    at: int
    actor_name: str
    facts: str


def _activities(work: ReadTransaction, moment: MomentSubject) -> defaultdict[int, list[ActivityRow]]:
    marks: defaultdict[int, list[MarkRow]] = defaultdict(list)
    for mark in work.db.all(
        _Mark, f"SELECT {columns(_Mark)} FROM activitymark{_HERE} ORDER BY activity_id, day", **_place(moment)
    ):
        made = MarkRow(date.fromisoformat(mark.day), mark.done, mark.note, mark.marked_at)
        marks[mark.activity_id].append(made)
    found: defaultdict[int, list[ActivityRow]] = defaultdict(list)
    for row in work.db.all(
        _Activity, f"SELECT {columns(_Activity)} FROM activity{_HERE} ORDER BY id", **_place(moment)
    ):
        activity = ActivityRow(
            id=row.id,
            description=row.description,
            starts_on=date.fromisoformat(row.starts_on),
            at=row.at,
            repeats=row.repeats,
            removed_on=_day(row.removed_on),
            marks=tuple(marks[row.id]),
        )
        found[row.plan_id].append(activity)
    return found


def _follow_ups(work: ReadTransaction, moment: MomentSubject) -> defaultdict[int, list[FollowUp]]:
    """Return what stands of them on the timeline, which keeps them."""
    found: defaultdict[int, list[FollowUp]] = defaultdict(list)
    for row in work.db.all(
        _FollowedUp,
        f"SELECT {columns(_FollowedUp)} FROM event{_HERE} AND kind = :kind ORDER BY at DESC, seq DESC",
        **_place(moment),
        kind=EventKind.PLAN_FOLLOWED_UP.value,
    ):
        said = json.loads(row.facts)
        found[said["plan"]].append(FollowUp(row.at, row.actor_name, said["note"]))
    return found


def _week(plans: tuple[PlanRow, ...], still_from: date | None, day: date) -> WeekOfPlans:
    monday, sunday = week_of(day)
    found: defaultdict[date, list[PlannedActivity]] = defaultdict(list)
    for plan in plans:
        stops = [stop for stop in (still_from, plan.ended_at and local_day(Instant(plan.ended_at))) if stop]
        last = min([sunday, *(stop - timedelta(1) for stop in stops)])
        for activity in plan.activities:
            for when, mark in _in_week(activity, monday, sunday, last).items():
                found[when].append(_planned(plan, activity, mark))
    days = (monday + timedelta(number) for number in range(7))
    return WeekOfPlans(tuple(DayOfPlans(one, tuple(sorted(found[one], key=_by_time))) for one in days))


def _in_week(activity: ActivityRow, monday: date, sunday: date, last: date) -> dict[date, MarkRow | None]:
    """Return the days on which it falls until the last, and those with a mark, each with its mark."""
    found: dict[date, MarkRow | None] = dict.fromkeys(activity.days(monday, last))
    return found | {mark.day: mark for mark in activity.marks if monday <= mark.day <= sunday}


def _planned(plan: PlanRow, activity: ActivityRow, mark: MarkRow | None) -> PlannedActivity:
    return PlannedActivity(
        plan.id,
        plan.title,
        activity.id,
        activity.description,
        activity.at,
        mark.is_done if mark else None,
        mark.note if mark else "",
    )


def _by_time(one: PlannedActivity) -> tuple[str, int]:
    return one.at, one.activity


def _still_from(work: ReadTransaction, moment: MomentSubject) -> date | None:
    """Return the day on which the moment went to maintenance, or ended, and nothing falls any more."""
    if moment.status is MomentStatus.RUNNING:
        return None
    rows = work.db.pairs(
        f"SELECT kind, at FROM event{_HERE} AND kind IN (:maintained, :resumed, :ended) ORDER BY at, seq",
        **_place(moment),
        maintained=EventKind.MAINTAINED.value,
        resumed=EventKind.RESUMED.value,
        ended=EventKind.ENDED.value,
    )
    still_at: int | None = None
    for kind, at in rows:
        still_at = None if kind == EventKind.RESUMED else still_at or at
    return local_day(Instant(still_at)) if still_at else None


_HERE = " WHERE resident_id = :resident AND moment_id = :moment"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _place(moment: MomentSubject) -> dict[str, Any]:
    return {"resident": moment.resident_id, "moment": moment.moment_id}
