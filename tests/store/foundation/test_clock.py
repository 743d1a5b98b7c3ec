"""Time by example: the days when the clocks change, and the leap day."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.foundation import clock
from store.foundation.clock import Instant


def utc(*parts: int) -> Instant:
    year, month, day, hour, minute = (*parts, 0, 0)[:5]
    return clock.instant(datetime(year, month, day, hour, minute, tzinfo=UTC))


def test_an_instant_is_utc_milliseconds() -> None:
    assert utc(1970, 1, 2) == 86_400_000
    assert clock.instant(datetime(2026, 1, 1, 1, tzinfo=clock.STOCKHOLM)) == utc(2026, 1, 1)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (utc(2026, 1, 15, 12), "2026-01-15T13:00:00+01:00"),
        (utc(2026, 3, 29, 0, 59), "2026-03-29T01:59:00+01:00"),
        (utc(2026, 3, 29, 1, 0), "2026-03-29T03:00:00+02:00"),
        (utc(2026, 10, 25, 0, 30), "2026-10-25T02:30:00+02:00"),
        (utc(2026, 10, 25, 1, 30), "2026-10-25T02:30:00+01:00"),
    ],
)
def test_shown_in_local_time_with_offset(at: Instant, shown: str) -> None:
    assert clock.iso_local(at) == shown


def test_no_instant_is_shown_as_none() -> None:
    assert clock.iso_local(None) is None


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (utc(2026, 1, 15, 22, 59), date(2026, 1, 15)),
        (utc(2026, 1, 15, 23, 0), date(2026, 1, 16)),
        (utc(2026, 7, 15, 21, 59), date(2026, 7, 15)),
        (utc(2026, 7, 15, 22, 0), date(2026, 7, 16)),
    ],
)
def test_a_day_begins_at_midnight_in_stockholm(at: Instant, day: date) -> None:
    assert clock.local_day(at) == day


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2024, 2, 29), date(2026, 1, 1)])
def test_the_start_of_a_day_is_its_first_instant(day: date) -> None:
    start = clock.start_of(day)
    assert clock.local_day(start) == day
    assert clock.local_day(Instant(start - 1)) < day


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 5, 1), 24)])
def test_days_on_which_the_clocks_change_are_shorter_and_longer(day: date, hours: int) -> None:
    tomorrow = day.replace(day=day.day + 1)
    assert clock.start_of(tomorrow) - clock.start_of(day) == hours * 3_600_000


def test_days_between_counts_midnights() -> None:
    assert clock.days_between(utc(2026, 1, 15, 22, 59), utc(2026, 1, 15, 23, 0)) == 1
    assert clock.days_between(utc(2026, 3, 28, 23, 0), utc(2026, 3, 29, 21, 59)) == 0
    assert clock.days_between(utc(2026, 3, 1), utc(2026, 2, 28)) == -1


@pytest.mark.parametrize(
    ("at", "days", "then"),
    [
        (utc(2026, 3, 20, 9), 14, "2026-04-03T10:00:00+02:00"),
        (utc(2026, 10, 20, 8), 14, "2026-11-03T10:00:00+01:00"),
        (utc(2024, 2, 15, 9), 14, "2024-02-29T10:00:00+01:00"),
        (utc(2026, 3, 28, 1, 30), 1, "2026-03-29T03:30:00+02:00"),  # 02:30 is not on the clock that day
        (utc(2026, 10, 24, 0, 30), 1, "2026-10-25T02:30:00+02:00"),  # 02:30 comes twice
    ],
)
def test_some_days_later_it_is_the_same_time_of_day(at: Instant, days: int, then: str) -> None:
    assert clock.iso_local(clock.days_after(at, days)) == then


@pytest.mark.parametrize(
    ("at", "hour", "then"),
    [
        (utc(2026, 3, 2, 7, 59), 9, "2026-03-02T09:00:00+01:00"),
        (utc(2026, 3, 2, 8, 0), 9, "2026-03-03T09:00:00+01:00"),  # exactly then: the next one
        (Instant(utc(2026, 3, 2, 8) - 1), 9, "2026-03-02T09:00:00+01:00"),
        (utc(2026, 7, 1, 6, 59), 9, "2026-07-01T09:00:00+02:00"),
        (utc(2026, 7, 1, 7, 0), 9, "2026-07-02T09:00:00+02:00"),
        (utc(2026, 3, 28, 12), 9, "2026-03-29T09:00:00+02:00"),  # into summer time: 22 hours later
        (utc(2026, 10, 24, 12), 9, "2026-10-25T09:00:00+01:00"),  # and out of it
        (utc(2026, 12, 31, 22, 59), 0, "2027-01-01T00:00:00+01:00"),
        (utc(2026, 3, 28, 12), 2, "2026-03-29T03:00:00+02:00"),  # two is not on the clock that day
        (utc(2026, 3, 29, 1), 2, "2026-03-30T02:00:00+02:00"),
        (utc(2026, 10, 24, 12), 2, "2026-10-25T02:00:00+02:00"),  # two comes twice: the first
        (utc(2026, 10, 25, 0, 30), 2, "2026-10-26T02:00:00+01:00"),
    ],
)
def test_the_next_time_the_clock_strikes(at: Instant, hour: int, then: str) -> None:
    assert clock.iso_local(clock.next_hour(at, hour)) == then


@given(st.integers(utc(2020, 1, 1), utc(2030, 1, 1)), st.integers(0, 23))
def test_it_strikes_later_and_within_some_25_hours(at: int, hour: int) -> None:
    struck = clock.next_hour(Instant(at), hour)
    assert 0 < struck - at <= 25 * 3_600_000 + 3_600_000
    shown = clock.local(struck)
    assert (shown.minute, shown.second) == (0, 0)
    assert shown.hour in (hour, hour + 1)


@pytest.mark.parametrize(
    ("day", "years", "then"),
    [
        (date(2026, 5, 1), 2, date(2028, 5, 1)),
        (date(2024, 2, 29), 2, date(2026, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
    ],
)
def test_years_after_mends_the_leap_day(day: date, years: int, then: date) -> None:
    assert clock.years_after(day, years) == then


def test_the_wall_clock_goes() -> None:
    assert clock.wall_clock() > utc(2026, 1, 1)
