"""Fictional numbers: valid, different, the same each time, and nobody's."""

from datetime import date
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.foundation.fictional import (
    FICTIONAL_SERIALS,
    SAFE_NUMBERS,
    fictional_number,
    fictional_numbers,
    is_fictional,
)
from store.foundation.identity import PersonalNumber

TODAY = date(2026, 6, 15)


def test_the_first_thousands_are_valid_different_and_fictional() -> None:
    """Every one passes the same parser as a typed number."""
    numbers = list(fictional_numbers(5_000))
    assert len(set(numbers)) == 5_000
    assert all(is_fictional(number) and PersonalNumber.parse(number.value, TODAY) == number for number in numbers)
    assert not SAFE_NUMBERS & {number.value for number in numbers}


def test_they_are_the_same_each_time_and_spread_out() -> None:
    """A smaller count is the beginning of a larger one; neighbours are years apart."""
    assert list(fictional_numbers(50)) == list(islice(fictional_numbers(5_000), 50))
    assert all(a.value[:4] != b.value[:4] for a, b in pairwise(fictional_numbers(50)))
    assert {number.sex for number in fictional_numbers(50)} == {"kvinna", "man"}


def test_the_span_holds_a_million() -> None:
    """Enough for any benchmark; the arithmetic only, the million itself is for `bench`."""
    days = (date(2024, 12, 31) - date(1900, 1, 1)).days + 1
    assert days * len(FICTIONAL_SERIALS) - len(SAFE_NUMBERS) >= 1_000_000


def test_a_span_is_used_up_to_the_last_number() -> None:
    """One day holds a number for each serial, less those in use by name."""
    day = date(2000, 1, 1)
    assert len(list(fictional_numbers(21, first=day, last=day))) == 21
    with pytest.raises(ValueError, match="only 21"):
        list(fictional_numbers(22, first=day, last=day))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.dates(date(1840, 1, 1), TODAY), st.sampled_from(FICTIONAL_SERIALS), st.booleans())
def test_one_number_for_a_day_and_serial(born: date, serial: int, coordination: bool) -> None:
    """The day, the serial and the kind come back."""
    number = PersonalNumber.parse(fictional_number(born, serial, coordination=coordination).value, TODAY)
    assert (number.birth_date, int(number.value[8:11]), number.is_coordination) == (born, serial, coordination)
    assert is_fictional(number)


def test_a_serial_that_may_be_somebodys_is_not_made() -> None:
    """Nor taken for fictional: 237 and 979 stand beside the set."""
    for serial in (1, 237, 240, 979):
        with pytest.raises(ValueError, match="may belong"):
            fictional_number(date(2000, 1, 1), serial)
        assert not is_fictional(PersonalNumber(f"20000101{serial:03d}0"))


def test_the_safe_numbers_are_fictional() -> None:
    """Also the few with other serials."""
    assert all(is_fictional(PersonalNumber(value)) for value in SAFE_NUMBERS)
    assert any(int(value[8:11]) not in FICTIONAL_SERIALS for value in SAFE_NUMBERS)
