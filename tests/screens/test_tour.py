"""What the tour asks for, without an app: each step by what has been done, one at a time."""

import pytest

from screens.tour import NUMBER, Place, Step, next_step, words_for


def walked(*places: Place) -> list[Step]:
    step, steps = Step.QUEUE, []
    for place in places:
        step = next_step(step, place, has_started=False)
        steps.append(step)
    return steps


def test_each_step_is_unlocked_by_doing_it() -> None:
    way = (Place.MINE, Place.QUEUE, Place.PAGE, Place.ELSEWHERE, Place.QUEUE, Place.MINE, Place.START, Place.MINE)
    assert walked(*way) == [
        *(Step.QUEUE, Step.OPEN, Step.BACK, Step.BACK),
        *(Step.START, Step.START, Step.FILL_IN, Step.FILL_IN),
    ]
    assert all(next_step(step, Place.MINE, has_started=True) is Step.DONE for step in Step)


def test_a_step_is_not_passed_by_being_elsewhere() -> None:
    assert walked(Place.START, Place.PAGE, Place.TABS, Place.ELSEWHERE) == [Step.QUEUE] * 4


@pytest.mark.parametrize("step", Step)
def test_it_always_says_a_key_and_how_to_end_it(step: Step) -> None:
    for place in Place:
        words = words_for(step, place)
        assert "{app.strip}" in words
        assert words.count("{") >= 2 or "Enter" in words
    assert NUMBER in words_for(Step.FILL_IN, Place.START)
