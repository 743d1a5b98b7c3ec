"""Numbers that belong to nobody: those the practice environment may hold, and as many as a benchmark wants."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from math import gcd

from store.foundation.identity import PersonalNumber

FICTIONAL_SERIALS = (238, 239, *range(980, 1000))
"""Serials that no living person has (domain.md §2, §9)."""

SAFE_NUMBERS = frozenset(
    {
        "202001012398", "202001022389",  # children
        "201001012382", "201001012390",  # 13–17
        "200001012384", "198001022386", "198001022394", "195009072553", "196101182803",  # adults
        "195001182046", "195002132461",  # old
        "189001019802", "189002029800",  # over 100
        "200001252386",  # sekretessmarkering
        "189602029812",  # skyddad folkbokföring
        "196109732393",  # samordningsnummer
    }
)  # fmt: skip
"""Skatteverket's and Inera's test identities that are used by name (domain.md §2)."""


def is_fictional(number: PersonalNumber) -> bool:
    """True for a number that a practice store may hold (domain.md §9)."""
    return int(number.value[8:11]) in FICTIONAL_SERIALS or number.value in SAFE_NUMBERS


def fictional_number(born: date, serial: int, *, coordination: bool = False) -> PersonalNumber:
    """Return the valid number of somebody born that day.

    Raises:
        ValueError: the serial is not one of `FICTIONAL_SERIALS`.
    """
    if serial not in FICTIONAL_SERIALS:
        raise ValueError(f"serial {serial} may belong to somebody")
    day = f"{born:%Y%m}{born.day + 60:02d}" if coordination else f"{born:%Y%m%d}"
    return _number(day, serial)


def fictional_numbers(
    count: int, *, first: date = date(1900, 1, 1), last: date = date(2024, 12, 31)
) -> Iterator[PersonalNumber]:
    """Yield that many different fictional personnummer, the same ones each time, birth dates spread over the span.

    None is in `SAFE_NUMBERS`, so they can be added to the practice cast. The default span holds a million.

    Raises:
        ValueError: the span holds fewer.
    """
    total = ((last - first).days + 1) * len(FICTIONAL_SERIALS)
    step = _step(total)
    at, left = 0, count
    for _ in range(total):
        if not left:
            return
        days, serial = divmod(at, len(FICTIONAL_SERIALS))
        number = _number(_day(first, days), FICTIONAL_SERIALS[serial])
        if number.value not in SAFE_NUMBERS:
            left -= 1
            yield number
        at = (at + step) % total
    if left:
        raise ValueError(f"only {count - left} fictional numbers between {first} and {last}, not {count}")


def _step(total: int) -> int:
    """Return a stride that visits all of `total` places, neighbours far apart (about the golden ratio)."""
    step = max(1, round(total * 0.618))
    while gcd(step, total) != 1:
        step += 1
    return step


@lru_cache(maxsize=65_536)
def _day(first: date, days: int) -> str:
    return f"{first + timedelta(days):%Y%m%d}"


def _number(day: str, serial: int) -> PersonalNumber:
    check_digit = -(_checksum(f"{day[2:]}0000") + _checksum(f"{serial}0")) % 10
    return PersonalNumber(f"{day}{serial}{check_digit}")


@lru_cache(maxsize=65_536)
def _checksum(part: str) -> int:
    """Return the mod 10 sum of a part; sums of parts add up, so a million numbers need only one for each day."""
    from stdnum import luhn  # on first use, as in identity.py

    return int(luhn.checksum(part))
