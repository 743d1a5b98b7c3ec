"""Working days in Sweden."""

from datetime import date

import pytest

from store.foundation.working_days import (
    day_before_working_days,
    is_working_day,
    next_working_day,
    working_days_between,
)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 1, 6),
        date(2026, 4, 3),  # long Friday
        date(2026, 4, 6),  # Easter Monday
        date(2026, 5, 1),
        date(2026, 5, 14),  # Ascension Day
        date(2026, 6, 19),  # midsummer's eve
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 12, 31),
        date(2026, 3, 7),
        date(2026, 3, 8),
    ],
)
def test_no_care_unit_answers(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize(
    "day", [date(2026, 3, 2), date(2026, 4, 2), date(2026, 4, 7), date(2026, 6, 18), date(2026, 12, 23)]
)
def test_a_weekday_is_one(day: date) -> None:
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("first", "last", "number"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), 0),
        (date(2026, 3, 2), date(2026, 3, 3), 1),
        (date(2026, 3, 6), date(2026, 3, 9), 1),  # over a weekend
        (date(2026, 3, 7), date(2026, 3, 9), 1),  # written on a Saturday
        (date(2026, 4, 2), date(2026, 4, 7), 1),  # over Easter
        (date(2026, 6, 18), date(2026, 6, 22), 1),  # over midsummer
        (date(2026, 12, 23), date(2026, 12, 28), 1),
        (date(2026, 12, 30), date(2027, 1, 4), 1),  # over the year
        (date(2026, 3, 3), date(2026, 3, 2), 0),
    ],
)
def test_how_many_follow(first: date, last: date, number: int) -> None:
    assert working_days_between(first, last) == number


@pytest.mark.parametrize("today", [date(2026, 4, 7), date(2026, 6, 23), date(2026, 12, 30), date(2026, 3, 4)])
@pytest.mark.parametrize("number", [1, 2, 5])
def test_the_latest_day_that_is_more_than_so_many_away(today: date, number: int) -> None:
    day = day_before_working_days(today, number)
    assert working_days_between(day, today) > number
    assert working_days_between(date.fromordinal(day.toordinal() + 1), today) <= number


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 12, 4), date(2026, 12, 4)),  # a Friday
        (date(2026, 12, 5), date(2026, 12, 7)),
        (date(2026, 12, 6), date(2026, 12, 7)),
        (date(2026, 12, 24), date(2026, 12, 28)),  # Christmas and a weekend
        (date(2026, 12, 31), date(2027, 1, 4)),  # over the turn of the year
    ],
)
def test_the_next_working_day_is_the_day_itself_or_the_first_after_it(day: date, following: date) -> None:
    assert next_working_day(day) == following
