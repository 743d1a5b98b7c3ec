"""How activity plans are printed, to the clinician and at the resident's side."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sob_tui.commands.words import NOTHING, counted, day
from sob_tui.printing import put
from store.foundation.clock import Instant, iso_local

if TYPE_CHECKING:
    from store.care.program_shape import PlanTemplate
    from store.views.plans import ActivityRow, MarkRow, PlannedActivity, PlanRow, WeekOfPlans


def plans_json(plans: Iterable["PlanRow"]) -> list[dict[str, Any]]:
    """Return plans with their activities and marks."""
    return [_plan_json(plan) for plan in plans]


def _plan_json(plan: "PlanRow") -> dict[str, Any]:
    return {
        "id": str(plan.id),
        "title": plan.title,
        "follow_up": plan.follow_up_on.isoformat() if plan.follow_up_on else None,
        "made": iso_local(Instant(plan.made_at)),
        "ended": iso_local(Instant(plan.ended_at)) if plan.ended_at else None,
        "activities": [_activity_json(activity) for activity in plan.activities],
    }


def _activity_json(activity: "ActivityRow") -> dict[str, Any]:
    return {
        "id": str(activity.id),
        "description": activity.description,
        "at": activity.at or None,
        "repeats": activity.when,
        "removed": activity.removed_on.isoformat() if activity.removed_on else None,
        "marks": [{"day": mark.day.isoformat(), "done": mark.is_done, "note": mark.note} for mark in activity.marks],
    }


def put_plans(plans: Iterable["PlanRow"]) -> None:
    """Print plans for a person."""
    is_empty = True
    for plan in plans:
        is_empty = False
        put(f"{plan.title} (plan {plan.id}){_state(plan)}")
        put(f"  Gjord {day(plan.made_at)} av {plan.made_by} · Följs upp: {plan.follow_up_on or NOTHING}")
        for line in _activity_lines(plan.activities):
            put(f"  {line}")
        for one in plan.follow_ups:
            put(f"  Uppföljd {day(one.at)} av {one.by}: {one.note}")
        put()
    if is_empty:
        put("Inga aktivitetsplaner än.")


def _state(plan: "PlanRow") -> str:
    return f" · avslutad {day(plan.ended_at)}" if plan.ended_at else ""


def _activity_lines(activities: Iterable["ActivityRow"]) -> Iterator[str]:
    for activity in activities:
        removed = f" · borttagen {activity.removed_on}" if activity.removed_on else ""
        yield f"{activity.description} (aktivitet {activity.id}) · {_when(activity)}{removed}"
        yield from (f"  {_mark(mark)}" for mark in activity.marks)


def _mark(mark: "MarkRow") -> str:
    return f"{mark.day} {_done(mark.is_done)}{f': {mark.note}' if mark.note else ''}"


def _planned(activity: "PlannedActivity") -> str:
    at = f"{activity.at} " if activity.at else ""
    note = f": {activity.note}" if activity.note else ""
    return f"{at}{activity.description}, {_done(activity.is_done)}{note}"


def put_template(plan: "PlanTemplate") -> None:
    """Print a plan that a program proposes."""
    from store.care.recurrence import weeks_in_words

    follow_up = f", följs upp efter {counted(plan.follow_up_days, 'dag', 'dagar')}" if plan.follow_up_days else ""
    put(f"Förslag till aktivitetsplan: {plan.title}{follow_up}")
    for one in plan.activities:
        lasts = f"i {counted(one.weeks, 'vecka', 'veckor')}" if one.weeks else ""
        words = (weeks_in_words(one.weekdays, one.every_weeks), one.at, lasts)
        put(f"  {one.description} · {' '.join(filter(None, words))}")


def week_json(week: "WeekOfPlans") -> list[dict[str, Any]]:
    """Return the days of a week; `done` is null where nothing is marked."""
    return [
        {
            "day": one.day.isoformat(),
            "activities": [
                {
                    "id": str(activity.activity),
                    "plan": str(activity.plan),
                    "description": activity.description,
                    "at": activity.at or None,
                    "done": activity.is_done,
                    "note": activity.note,
                }
                for activity in one.activities
            ],
        }
        for one in week.days
    ]


def put_week(week: "WeekOfPlans") -> None:
    """Print the days of a week on which something falls."""
    from store.care.recurrence import WEEKDAYS

    first = week.days[0].day
    put(f"Vecka {first.isocalendar().week}, {first} – {week.days[-1].day}: {week.done} av {week.planned} utförda")
    for one in week.days:
        if one.activities:
            put(f"{WEEKDAYS[one.day.weekday()]} {one.day}")
        for activity in one.activities:
            put(f"  {_planned(activity)}")


def _done(is_done: bool | None) -> str:
    return {None: "inte markerad", True: "utförd", False: "ej utförd"}[is_done]


def _when(activity: "ActivityRow") -> str:
    return " ".join(filter(None, (activity.when, activity.at)))
