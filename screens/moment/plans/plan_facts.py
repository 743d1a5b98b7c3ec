"""What the tab says of a moment's plans, worked out where they are read: next day, and what came of the last week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from store.care.program_shape import PlanTemplate
from store.foundation.read_transaction import ReadTransaction
from store.views.plans import ActivityRow, PlannedActivity, PlanRow, PlansPage, open_plans, plans_page, week_of_plans

LAST_DAYS = 7
"""The days that are counted, today among them."""

_SOON, _LATER = timedelta(21), timedelta(3 * 366)


@dataclass(frozen=True)
class Tally:
    """What came of an activity in the last days. What is planned for today is not unmarked yet."""

    done: int = 0
    not_done: int = 0
    unmarked: int = 0


@dataclass(frozen=True)
class ActivityFact:
    """An activity that is in a plan."""

    activity: ActivityRow
    next_day: date | None
    tally: Tally


@dataclass(frozen=True)
class PlanFact:
    """A plan with its activities."""

    plan: PlanRow
    activities: tuple[ActivityFact, ...]


@dataclass(frozen=True)
class PlanFacts:
    """All plans, those that go on first; and what the program proposes."""

    plans: tuple[PlanFact, ...]
    templates: tuple[PlanTemplate, ...]


def open_plan_facts(work: ReadTransaction, moment: int) -> PlanFacts:
    """Read a moment's plans; opening them is logged."""
    return _facts(work, moment, open_plans(work, moment))


def plan_facts(work: ReadTransaction, moment: int) -> PlanFacts:
    """Read a moment's plans again; that is not logged."""
    return _facts(work, moment, plans_page(work, moment))


def _facts(work: ReadTransaction, moment: int, page: PlansPage) -> PlanFacts:
    today = work.today
    tallies = _tallies(work, moment) if page.plans else {}
    plans = tuple(
        PlanFact(
            plan,
            tuple(
                ActivityFact(one, None if plan.ended_at else next_day(one, today), tallies.get(one.id, Tally()))
                for one in plan.current
            ),
        )
        for plan in page.plans
    )
    return PlanFacts(plans, page.templates)


def next_day(activity: ActivityRow, today: date) -> date | None:
    """Return the first day, from today on, on which an activity falls."""
    for ahead in (_SOON, _LATER):
        if found := activity.days(today, today + ahead):
            return found[0]
    return None


def _tallies(work: ReadTransaction, moment: int) -> dict[int, Tally]:
    """Return what came of each activity, by its id."""
    today, first = work.today, work.today - timedelta(LAST_DAYS - 1)
    weeks = [week_of_plans(work, moment, day) for day in (first, today)]
    days = {day.day: day.activities for week in weeks for day in week.days if first <= day.day <= today}
    marks: dict[int, Counter[bool | None]] = {}
    for day, activities in days.items():
        for one in activities:
            if not _is_to_come(one, day, today):
                marks.setdefault(one.activity, Counter())[one.is_done] += 1
    return {activity: Tally(count[True], count[False], count[None]) for activity, count in marks.items()}


def _is_to_come(one: PlannedActivity, day: date, today: date) -> bool:
    return one.is_done is None and day == today
