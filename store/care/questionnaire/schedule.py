"""When a form is to be answered, and whether it was: due, answered, missing (domain.md §6). Instants are UTC ms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from store.care.questionnaire.plan import Schedule
from store.foundation.clock import Instant, local_day, start_of


class OccasionState(StrEnum):
    """How it went with an occasion; the value is the word on screen."""

    ANSWERED = "besvarad"
    DUE = "väntar på svar"
    MISSING = "saknas"
    PLANNED = "planerad"


@dataclass(frozen=True)
class Course:
    """What a schedule is counted from.

    `until` is now, or when measuring ended: the moment's end, or its turn to maintenance; None of that is planned.
    """

    started_at: Instant
    recommended_days: int
    until: Instant
    is_running: bool
    opened: dict[str, Instant]
    """The opened modules."""


@dataclass(frozen=True)
class Answered:
    """An answer to the form."""

    id: int
    at: Instant


@dataclass(frozen=True)
class Occasion:
    """One time that the form is to be answered. `why` is in Swedish, to be shown."""

    due_at: Instant
    why: str
    state: OccasionState = OccasionState.PLANNED
    answer: Answered | None = None


def occasions(
    schedule: Schedule, course: Course, requests: Iterable[Instant], answers: Sequence[Answered]
) -> tuple[Occasion, ...]:
    """Return the form's occasions by time, with at most one that is still planned. `answers` are the oldest first.

    A scheduled occasion is answered by the first answer before the next one is due; one that a clinician has asked
    for by the first answer after that.
    """
    planned = _scheduled(schedule, course)
    ends = [*(due for due, _ in planned[1:]), None]
    found = [
        _judge(due, why, end, course, answers)
        for (due, why), end in zip(planned, ends, strict=False)
        if due <= course.until
    ]
    found += [_judge(asked, "Begärd", None, course, answers) for asked in requests]
    found.sort(key=lambda occasion: occasion.due_at)
    ahead = next(((due, why) for due, why in planned if due > course.until), None)
    return (*found, Occasion(*ahead)) if ahead and course.is_running else tuple(found)


def _judge(due: Instant, why: str, end: Instant | None, course: Course, answers: Sequence[Answered]) -> Occasion:
    answer = next((one for one in answers if one.at >= due and (end is None or one.at < end)), None)
    if answer is not None:
        return Occasion(due, why, OccasionState.ANSWERED, answer)
    is_past = not course.is_running or (end is not None and end <= course.until)
    return Occasion(due, why, OccasionState.MISSING if is_past else OccasionState.DUE)


def _scheduled(schedule: Schedule, course: Course) -> list[tuple[Instant, str]]:
    """All that the schedule asks for up to the first occasion after `until`; what falls on one day is one occasion."""
    first = local_day(course.started_at)
    days: dict[date, str] = {}
    if schedule.at_start:
        days[first] = "Vid start"
    if schedule.at_end:
        days[first + timedelta(course.recommended_days)] = "Vid slut"
    for module in schedule.before_modules:
        if module in course.opened:
            days.setdefault(local_day(course.opened[module]), "Före modul")
    for day in _regular(schedule, course, first):
        days.setdefault(day, f"Var {_ordinal(schedule.every_days or 0)} dag")
    return [(max(start_of(day), course.started_at), days[day]) for day in sorted(days)]


def _regular(schedule: Schedule, course: Course, first: date) -> list[date]:
    if schedule.every_days is None:
        return []
    times = (local_day(course.until) - first).days // schedule.every_days + 1
    return [first + timedelta(schedule.every_days * time) for time in range(times + 1)]


def _ordinal(number: int) -> str:
    """Return `7:e`, `21:a`, `12:e`."""
    return f"{number}:{'a' if number % 10 in (1, 2) and number % 100 not in (11, 12) else 'e'}"
