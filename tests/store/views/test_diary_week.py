"""The latest week of a diary: which nights its mean holds."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from store.care.sleep_diary import Night
from store.views.diary import Diary, DiaryRow, latest_week

LAST = date(2026, 3, 29)


def diary(*days_ago: int, since: int | None = None) -> Diary:
    rows = [DiaryRow((LAST - timedelta(ago)).isoformat(), 0, (), 1, Night(480, 360, 0.75)) for ago in sorted(days_ago)]
    rows.insert(1, DiaryRow("i går", 0, fault="Går inte att läsa.", raw="x"))
    schedule = None if since is None else LAST - timedelta(since)
    return Diary("d", "Dagbok", "", (), (), tuple(rows), schedule_since=schedule)


def held(*days_ago: int, since: int | None = None) -> tuple[list[int], str]:
    week = latest_week(diary(*days_ago, since=since))
    assert week
    assert week.days == (week.last - week.first).days + 1
    return [(LAST - date.fromisoformat(row.day)).days for row in week.nights], week.why_short


def test_it_is_seven_mornings_and_ends_at_a_gap_or_at_new_times_in_bed() -> None:
    assert latest_week(Diary("d", "Dagbok", "", (), (), ())) is None
    assert held(0) == ([0], "")
    assert held(*range(10)) == ([0, 1, 2, 3, 4, 5, 6], "")
    assert held(0, 1, 3, 5, 6) == ([0, 1, 3, 5, 6], "")
    assert held(0, 1, 4, 5) == ([0, 1], "Nätterna före uppehållet räknas inte med.")
    assert held(*range(7), since=2) == ([0, 1], "Nätterna före de nya tiderna (2026-03-27) räknas inte med.")
    assert held(*range(7), since=0) == ([0, 1, 2, 3, 4, 5, 6], "")  # none has been slept by them yet
    assert held(*range(7), since=7) == ([0, 1, 2, 3, 4, 5, 6], "")


@given(st.sets(st.integers(0, 30), min_size=1), st.none() | st.integers(-2, 30))
def test_no_mean_is_taken_over_two_periods(days: set[int], since: int | None) -> None:
    newest = min(days)
    nights, _ = held(*days, since=since)
    assert nights[0] == newest
    assert max(nights) - newest < 7
    assert all(later - earlier <= 2 for earlier, later in pairwise(nights))
    if since is not None:
        assert len({ago < since for ago in nights}) == 1
