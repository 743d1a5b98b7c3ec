"""A moment's plans as rows: activities, when, the next day, what the resident has marked, follow-ups (domain.md §4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from screens.moment.messages.conversation_rows import when
from screens.moment.plans.plan_facts import ActivityFact, PlanFact, Tally
from screens.shown_keys import keyed
from screens.widgets.cells import Ink
from screens.widgets.row import Row
from screens.widgets.wrapped_list import long_row, more
from screens.wording import counted, day_and_month
from store.care.recurrence import WEEKDAYS
from store.foundation.clock import Instant, local_day
from store.views.plans import ActivityRow

HEADING = "Aktivitetsplaner"
NO_PLANS = "Inga aktivitetsplaner än."
HOW = "Tryck {plans.new} för att göra en tillsammans med invånaren."
RESTS = "Planerna vilar så länge momentet inte är pågående."


@dataclass(frozen=True)
class PlanLine(Row):
    """The first row of a plan."""

    fact: PlanFact | None = None


def plan_rows(
    plans: Sequence[PlanFact], now: Instant, width: int, *, may_make: bool, is_running: bool
) -> tuple[Row, ...]:
    """Return the rows: the plans that go on, then those that are ended."""
    going = [fact for fact in plans if fact.plan.ended_at is None]
    ended = [fact for fact in plans if fact.plan.ended_at is not None]
    rows: list[Row] = [Row("", counted(HEADING, len(going)), is_heading=True)]
    if not going:
        rows += more(f"{NO_PLANS} {keyed(HOW)}" if may_make else NO_PLANS, width, depth=0)
    elif not is_running:
        rows += more(RESTS, width, "waiting", depth=0)
    for place, fact in enumerate(going):
        rows += [Row("", "")] if place else []
        rows += _going(fact, now, width, is_running=is_running)
    if ended:
        rows += [Row("", ""), Row("", counted("Avslutade planer", len(ended)), is_heading=True)]
        rows += [row for fact in ended for row in _ended(fact, now, width)]
    return tuple(rows)


def day_words(day: date, today: date) -> str:
    """Return `i dag`, `i morgon`, `ons 25 nov`."""
    ahead = (day - today).days
    return {0: "i dag", 1: "i morgon"}.get(ahead, f"{WEEKDAYS[day.weekday()]} {day_and_month(day)}")


def when_words(activity: ActivityRow) -> str:
    """Return when an activity falls: `mån, ons 09:00`."""
    return f"{activity.when} {activity.at}".strip()


def is_due(fact: PlanFact, today: date) -> bool:
    """Whether a plan is to be followed up by now."""
    plan = fact.plan
    return plan.ended_at is None and plan.follow_up_on is not None and plan.follow_up_on <= today


def _going(fact: PlanFact, now: Instant, width: int, *, is_running: bool) -> Iterator[Row]:
    today = local_day(now)
    state = _follow_up(fact, today)
    yield from long_row(PlanLine(f"plan {fact.plan.id}", fact.plan.title, state=state, fact=fact), width)
    for one in fact.activities:
        yield from _activity(one, today, width, is_running=is_running)
    yield from _followed_up(fact, now, width)


def _ended(fact: PlanFact, now: Instant, width: int) -> Iterator[Row]:
    state = (Ink(f"avslutad {when(fact.plan.ended_at or 0, now)[0]}", "muted"),)
    yield from long_row(
        PlanLine(f"plan {fact.plan.id}", fact.plan.title, tone="muted", state=state, fact=fact),
        width,
    )
    yield from _followed_up(fact, now, width)


def _follow_up(fact: PlanFact, today: date) -> tuple[Ink, ...]:
    day = fact.plan.follow_up_on
    if day is None:
        return ()
    if is_due(fact, today):
        return (Ink(f"! följ upp sedan {day_and_month(day)}" if day < today else "! följ upp i dag", "waiting"),)
    return (Ink(f"följs upp {day_words(day, today)}", "muted"),)


def _activity(fact: ActivityFact, today: date, width: int, *, is_running: bool) -> Iterator[Row]:
    activity = fact.activity
    text = f"{activity.description} · {when_words(activity)}"
    yield from more(text, width, tone="", depth=1)
    following = f"nästa {day_words(fact.next_day, today)}" if fact.next_day and is_running else "ingen dag framöver"
    yield Row("", following, depth=2, tone="muted", state=_marks(fact.tally), is_more=True)


def _marks(tally: Tally) -> tuple[Ink, ...]:
    """Say what came of the last seven days, what is done first."""
    said = []
    if tally.done:
        said.append(Ink(f"✓ {tally.done} {'utförda' if tally.done > 1 else 'utförd'}", "done"))
    if tally.not_done:
        said.append(Ink(f"✗ {tally.not_done} ej {'utförda' if tally.not_done > 1 else 'utförd'}", "waiting"))
    if tally.unmarked:
        said.append(Ink(f"– {tally.unmarked} utan svar", "muted"))
    if not said:
        return ()
    spaced = [piece for one in said for piece in (Ink("  "), one)]
    return (Ink("senaste 7 dagarna:", "muted"), *spaced)


def _followed_up(fact: PlanFact, now: Instant, width: int) -> Iterator[Row]:
    for one in fact.plan.follow_ups:
        yield from more(f"Uppföljd {''.join(when(one.at, now))} av {one.by}: {one.note}", width)
