from datetime import UTC, date, datetime

import pytest

from screens import wording
from store.foundation.clock import Instant, instant


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> Instant:
    """A time of day in Stockholm in winter."""
    return Instant(instant(datetime(year, month, day, hour, minute, tzinfo=UTC)) - 3_600_000)


NOW = at(2026, 11, 22, 15, 31)


def test_a_day_has_one_form_for_each_place() -> None:
    assert wording.long_date(date(2025, 4, 28)) == "28 april 2025"
    assert wording.short_date(date(2026, 11, 22)) == "22 nov 2026"
    assert wording.day_and_month(date(2026, 11, 2)) == "2 nov"
    assert wording.list_day(NOW) == "2026-11-22"


def test_days_are_counted_in_stockholm() -> None:
    late = at(2026, 11, 23, 0, 10)  # still the 22nd in UTC
    assert wording.long_day(late) == "23 november 2026"
    assert wording.short_day(late) == "23 nov 2026"
    assert wording.list_time(late) == "2026-11-23 00:10"
    assert wording.clock_time(late) == "00:10"


@pytest.mark.parametrize(
    ("since", "written"),
    [
        (NOW, "nyss"),
        (Instant(NOW + 90_000), "nyss"),
        (at(2026, 11, 22, 15, 26), "5 min"),
        (at(2026, 11, 22, 13, 31), "2 tim"),
        (at(2026, 11, 21, 15, 32), "23 tim"),
        (at(2026, 11, 21, 15, 31), "1 dag"),
        (at(2026, 11, 19, 23, 0), "3 dgr"),
        (at(2023, 11, 22), "1\xa0096 dgr"),
    ],
)
def test_the_age_of_things(since: Instant, written: str) -> None:
    assert wording.age(since, NOW) == written


@pytest.mark.parametrize(
    ("when", "written"),
    [
        (at(2026, 11, 22, 0, 1), "(0 dagar sedan)"),
        (at(2026, 11, 21, 23, 59), "(1 dag sedan)"),
        (at(2026, 11, 19), "(3 dagar sedan)"),
        (at(2026, 11, 24), "(0 dagar sedan)"),
    ],
)
def test_days_ago(when: Instant, written: str) -> None:
    assert wording.days_ago(when, NOW) == written


def test_counts_and_plurals() -> None:
    assert wording.counted("Pågående", 12) == "Pågående (12 st)"
    assert wording.counted("Pågående", 1_000_000) == "Pågående (1\xa0000\xa0000 st)"
    assert [wording.plural(count, "dag", "dagar") for count in (0, 1, 2)] == ["0 dagar", "1 dag", "2 dagar"]


def test_a_hidden_number_shows_no_digit() -> None:
    assert wording.personal_number("19800102-2386", hidden=True) == "••••••••-••••"
    assert wording.personal_number("19800102-2386", hidden=False) == "19800102-2386"
    assert wording.personal_number("", hidden=True) == ""
