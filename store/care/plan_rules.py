"""What an activity plan must be like: as it is written, and what is refused with which sentence (domain.md §4)."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from store.care.program_shape import PlanTemplate
from store.care.recurrence import EVERY_DAY, MOST_WEEKS, Recurrence, first_on
from store.foundation.clock import years_after
from store.foundation.errors import Refused
from store.foundation.text import clean

TITLE_LIMIT = 200
DESCRIPTION_LIMIT = 200
NOTE_LIMIT = 2_000
MOST_ACTIVITIES = 50
"""In a plan at a time."""
MOST_YEARS = 2
"""How far ahead a plan can reach: no moment is kept longer (FAQ)."""


DAILY = Recurrence(EVERY_DAY)


@dataclass(frozen=True)
class NewActivity:
    """An activity as it is written. `at` is `HH:MM` or empty; `starts_on` None for the day the plan is made."""

    description: str
    recurrence: Recurrence = DAILY
    at: str = ""
    starts_on: date | None = None


@dataclass(frozen=True)
class NewPlan:
    """A plan as it is written."""

    title: str
    activities: tuple[NewActivity, ...]
    follow_up_on: date | None = None


@dataclass(frozen=True)
class SeenPlan:
    """A plan's title and day for following up as they were read by somebody who changes them."""

    title: str
    follow_up_on: date | None


@dataclass(frozen=True)
class PlanChange:
    """What is to be changed in a plan; what is not named stays. `remove` holds ids of activities."""

    title: str | None = None
    follow_up_on: date | None = None
    drop_follow_up: bool = False
    add: tuple[NewActivity, ...] = ()
    remove: tuple[int, ...] = ()
    seen: SeenPlan | None = None
    """What the change was made from; None where nobody looked."""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is to be changed."""
        return self == PlanChange(seen=self.seen)


def checked_plan(plan: NewPlan, today: date) -> NewPlan:
    """Return the plan cleaned, every activity with its first day.

    Raises:
        Refused: it has no title or no activity, or something in it is wrong; `field` says where: `titel`,
            `aktivitet`, `folj-upp`.
    """
    title = checked_title(plan.title)
    if not plan.activities:
        raise Refused("Planen behöver minst en aktivitet.", field="aktivitet")
    return NewPlan(title, checked_activities(plan.activities, today), checked_follow_up(plan.follow_up_on, today))


def checked_title(title: str) -> str:
    """Return the title on one line.

    Raises:
        Refused: it is empty or too long.
    """
    title = clean(title, multiline=False, limit=TITLE_LIMIT, field="titel").strip()
    if not title:
        raise Refused("Planen behöver en titel.", field="titel")
    return title


def checked_follow_up(day: date | None, today: date) -> date | None:
    """Return the day on which a plan is to be followed up.

    Raises:
        Refused: it has passed, or is too far away.
    """
    if day is not None and day < today:
        raise Refused("Uppföljningsdagen har redan varit. Ange i dag eller en senare dag.", field="folj-upp")
    if day is not None and day > _furthest(today):
        raise Refused(f"Uppföljningsdagen får ligga högst {MOST_YEARS} år fram.", field="folj-upp")
    return day


def checked_next_follow_up(day: date | None, today: date) -> date | None:
    """Return the day on which a plan that is followed up today is followed up next.

    Raises:
        Refused: it is today, has passed, or is too far away.
    """
    if day == today:
        raise Refused("Planen följs upp i dag. Ange en senare dag för nästa uppföljning.", field="folj-upp")
    return checked_follow_up(day, today)


def checked_activities(activities: tuple[NewActivity, ...], today: date) -> tuple[NewActivity, ...]:
    """Return the activities cleaned, each with its first day; see `checked_plan`."""
    checked_number(len(activities))
    return tuple(_checked(activity, today) for activity in activities)


def checked_number(number: int) -> None:
    """Refuse more activities than a plan can hold."""
    if number > MOST_ACTIVITIES:
        raise _wrong(f"En plan kan ha högst {MOST_ACTIVITIES} aktiviteter.")


def is_time(text: str) -> bool:
    """Whether it is a time of day, `HH:MM`."""
    return re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text) is not None


def plan_from_template(template: PlanTemplate, today: date) -> NewPlan:
    """Return the plan that a program proposes, as if it were written today."""
    activities = tuple(
        NewActivity(
            one.description,
            Recurrence(
                weekdays=one.weekdays or EVERY_DAY,
                every_weeks=one.every_weeks,
                until=today + timedelta(weeks=one.weeks, days=-1) if one.weeks else None,
            ),
            one.at,
        )
        for one in template.activities
    )
    days = template.follow_up_days
    return NewPlan(template.title, activities, None if days is None else today + timedelta(days))


def _checked(activity: NewActivity, today: date) -> NewActivity:
    description = clean(activity.description, multiline=False, limit=DESCRIPTION_LIMIT, field="aktivitet").strip()
    if not description:
        raise _wrong("Aktiviteten behöver en beskrivning.")
    if activity.at and not is_time(activity.at):
        raise _wrong(f"{activity.at} är inget klockslag. Skriv timmar och minuter så här: 09:00.")
    recurrence = activity.recurrence
    _check_recurrence(recurrence)
    starts_on = min(recurrence.dates, default=activity.starts_on or today)
    _check_limits(recurrence, starts_on, today)
    # Weeks are counted from the first that it falls in, so that *varannan vecka* never begins with a week off.
    starts_on = first_on(recurrence.weekdays, starts_on)
    if recurrence.until and recurrence.until < starts_on:
        raise _wrong("Aktiviteten infaller ingen dag. Ändra veckodagar eller slutdag.")
    return replace(activity, description=description, starts_on=starts_on)


def _check_recurrence(recurrence: Recurrence) -> None:
    if recurrence.dates and (recurrence.weekdays or recurrence.until or recurrence.every_weeks != 1):
        raise _wrong("Ange antingen datum för aktiviteten, eller veckodagar och hur de upprepas.")
    if not set(recurrence.weekdays) <= set(EVERY_DAY):
        raise _wrong("Veckodagen finns inte. Välj bland mån, tis, ons, tors, fre, lör och sön.")
    if not 1 <= recurrence.every_weeks <= MOST_WEEKS:
        raise _wrong(f"Aktiviteten kan upprepas var 1:a till var {MOST_WEEKS}:a vecka.")


def _check_limits(recurrence: Recurrence, starts_on: date, today: date) -> None:
    furthest = _furthest(today)
    if starts_on < today:
        raise _wrong("Aktiviteten börjar på en dag som redan har varit. Ange i dag eller en senare dag.")
    if max(starts_on, *recurrence.dates, recurrence.until or starts_on) > furthest:
        raise _wrong(f"Aktiviteten får ligga högst {MOST_YEARS} år fram.")


def _furthest(today: date) -> date:
    return years_after(today, MOST_YEARS)


def _wrong(sentence: str) -> Refused:
    return Refused(sentence, field="aktivitet")
