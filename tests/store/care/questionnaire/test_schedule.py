"""Measurements on schedule: due, answered, missing, planned."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.care.questionnaire.plan import Schedule
from store.care.questionnaire.schedule import Answered, Course, Occasion, OccasionState, occasions
from store.foundation.clock import Instant, days_after, local_day, start_of

START = Instant(start_of(date(2026, 3, 2)) + 9 * 3_600_000)
ANSWERED, DUE, MISSING, PLANNED = (
    OccasionState.ANSWERED,
    OccasionState.DUE,
    OccasionState.MISSING,
    OccasionState.PLANNED,
)


def day(number: int) -> Instant:
    return days_after(START, number)


def course(today: int, *, is_running: bool = True, **opened: int) -> Course:
    return Course(START, 84, day(today), is_running, {module: day(at) for module, at in opened.items()})


def told(found: tuple[Occasion, ...]) -> list[tuple[int, OccasionState]]:
    """Days after the start, and states."""
    first = local_day(START)
    return [((local_day(one.due_at) - first).days, one.state) for one in found]


def run(schedule: Schedule, where: Course, *answers: int, requests: tuple[int, ...] = ()) -> tuple[Occasion, ...]:
    given = [Answered(number, day(at)) for number, at in enumerate(answers, 1)]
    return occasions(schedule, where, [day(at) for at in requests], given)


WEEKLY = Schedule(at_start=True, at_end=True, every_days=7)


def test_weekly_from_start_to_end() -> None:
    assert told(run(WEEKLY, course(0))) == [(0, DUE), (7, PLANNED)]
    assert told(run(WEEKLY, course(0), 0)) == [(0, ANSWERED), (7, PLANNED)]
    assert told(run(WEEKLY, course(15), 0)) == [(0, ANSWERED), (7, MISSING), (14, DUE), (21, PLANNED)]
    assert told(run(WEEKLY, course(15), 0, 9, 14)) == [(0, ANSWERED), (7, ANSWERED), (14, ANSWERED), (21, PLANNED)]


def test_start_and_end_alone() -> None:
    schedule = Schedule(at_start=True, at_end=True)
    assert told(run(schedule, course(30))) == [(0, DUE), (84, PLANNED)]
    assert told(run(schedule, course(90), 80)) == [(0, ANSWERED), (84, DUE)]
    assert told(run(schedule, course(90), 85)) == [(0, MISSING), (84, ANSWERED)]
    assert [one.why for one in run(schedule, course(90))] == ["Vid start", "Vid slut"]


def test_before_a_module_once_it_is_opened() -> None:
    schedule = Schedule(before_modules=("mer",))
    assert run(schedule, course(10)) == ()
    assert told(run(schedule, course(10, mer=4))) == [(4, DUE)]
    assert told(run(schedule, course(10, mer=4), 5)) == [(4, ANSWERED)]


def test_what_a_clinician_asks_for() -> None:
    assert told(run(Schedule(), course(10), 2, requests=(3,))) == [(3, DUE)]
    assert told(run(Schedule(), course(10), 2, 4, requests=(3,))) == [(3, ANSWERED)]
    assert run(Schedule(), course(10), requests=(3,))[0].why == "Begärd"


def test_after_the_end_or_in_maintenance_nothing_is_due() -> None:
    over = course(15, is_running=False)
    assert told(run(WEEKLY, over, 0)) == [(0, ANSWERED), (7, MISSING), (14, MISSING)]


def test_without_a_schedule_there_is_nothing() -> None:
    assert run(Schedule(), course(100), 1, 2) == ()


@pytest.mark.parametrize(("every", "word"), [(7, "7:e"), (21, "21:a"), (12, "12:e"), (2, "2:a")])
def test_how_often_in_words(every: int, word: str) -> None:
    assert run(Schedule(every_days=every), course(0))[0].why == f"Var {word} dag"


@given(
    st.builds(Schedule, at_start=st.booleans(), at_end=st.booleans(), every_days=st.none() | st.integers(1, 40)),
    st.integers(0, 200),
    st.lists(st.integers(0, 200), max_size=10).map(sorted),
    st.booleans(),
)
def test_each_occasion_has_its_own_answer_and_one_at_most_is_ahead(
    schedule: Schedule, today: int, answers: list[int], is_running: bool
) -> None:
    where = course(today, is_running=is_running)
    found = run(schedule, where, *(at for at in answers if at <= today))
    used = [one.answer.id for one in found if one.answer]
    assert len(used) == len(set(used))
    assert [one.due_at for one in found] == sorted(one.due_at for one in found)
    assert all((one.state is PLANNED) is (one.due_at > where.until) for one in found)
    states = [one.state for one in found]
    assert states.count(PLANNED) <= 1
    assert states.count(DUE) <= 1
    assert is_running or DUE not in states
