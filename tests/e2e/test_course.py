"""Trainees at work in terminals of their own on one store. Ten, and a trainer who looks on: `tests/bench/course.py`."""

from pathlib import Path

from tests.e2e.course import hold_course


def test_who_work_at_once_have_each_a_row_that_is_right(store: Path) -> None:
    _, results = hold_course(store, 2)
    told = [[(one.done, one.steps, one.wrong_turns) for one in row.results.values()] for row in results.trainees]
    assert told == [[(2, 2, 0)]] * 2
