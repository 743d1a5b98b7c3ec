"""One night's sleep, computed from a diary's answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.care.questionnaire.plan import DiaryRoles
from store.care.sleep_diary import Night, sleep_of

ROLES = DiaryRoles("dag", "lade", "somnade", "vaken", "vaknade", "upp")


def answers(to_bed: object, onset: object, awake: object, woke: object, up: object) -> dict[str, object]:
    """A diary entry's answers by linkId."""
    return {"lade": to_bed, "somnade": onset, "vaken": awake, "vaknade": woke, "upp": up}


def clock(minutes: int) -> str:
    """Minutes after any midnight as HH:MM."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def test_a_night_over_midnight() -> None:
    assert sleep_of(ROLES, answers("22:30", 30, 30, "06:00", "06:30")) == Night(480, 390, 390 / 480)


def test_a_night_after_midnight_and_times_with_seconds() -> None:
    assert sleep_of(ROLES, answers("00:30:00", 0, 0, "08:30:00", "08:30:00")) == Night(480, 480, 1.0)


@pytest.mark.parametrize("link", ["lade", "somnade", "vaken", "vaknade", "upp"])
@pytest.mark.parametrize("nothing", [None, ""])
def test_a_missing_answer_gives_no_night(link: str, nothing: object) -> None:
    assert sleep_of(ROLES, answers("22:30", 30, 30, "06:00", "06:30") | {link: nothing}) is None


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (answers("22:3O", 30, 0, "06:00", "06:30"), "22:3O är inte ett klockslag.*22:30"),
        (answers("22.30", 30, 0, "06:00", "06:30"), "22.30 är inte ett klockslag"),
        (answers("24:00", 30, 0, "06:00", "06:30"), "24:00 är inte ett klockslag"),
        (answers("22:30", -1, 0, "06:00", "06:30"), "-1 är inte ett antal minuter.*20"),
        (answers("22:30", True, 0, "06:00", "06:30"), "inte ett antal minuter"),
        (answers("22:30", 0, "tio", "06:00", "06:30"), "tio är inte ett antal minuter"),
        (answers("22:30", 0, 0, "06:30", "06:00"), "steg upp innan du vaknade"),
        (answers("22:30", 400, 51, "06:00", "06:30"), "fler än natten"),
        (answers("22:30", 0, 0, "22:30", "22:30"), "samma minut"),
    ],
)
def test_what_cannot_be_computed_says_why(entry: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sleep_of(ROLES, entry)


@given(st.integers(0, 1439), st.lists(st.integers(0, 350), min_size=4, max_size=4))
def test_parts_of_a_night_add_up(to_bed: int, parts: list[int]) -> None:
    onset, awake, asleep, lingering = parts
    woke = to_bed + onset + awake + asleep
    up = woke + lingering + 1
    night = sleep_of(ROLES, answers(clock(to_bed), onset, awake, clock(woke), clock(up)))
    assert night == Night(up - to_bed, asleep, asleep / (up - to_bed))
    assert 0 <= night.efficiency <= 1


@given(*[st.integers(0, 1439)] * 3, *[st.integers(0, 600)] * 2)
def test_any_entry_is_a_possible_night_or_refused(to_bed: int, woke: int, up: int, onset: int, awake: int) -> None:
    try:
        night = sleep_of(ROLES, answers(clock(to_bed), onset, awake, clock(woke), clock(up)))
    except ValueError:
        return
    assert night is not None
    assert 0 <= night.asleep_minutes <= night.in_bed_minutes < 1440
