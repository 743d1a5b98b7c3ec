"""Time: instants are UTC milliseconds in the store; days and weeks are counted in Europe/Stockholm."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NewType
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_MINUTE = 60_000

# One integer on both databases: for a TIMESTAMP the two drivers hand back different things.
Instant = NewType("Instant", int)
"""Milliseconds since 1970-01-01T00:00Z."""


def wall_clock() -> Instant:
    """Return the machine's time."""
    return Instant(time.time_ns() // 1_000_000)


class MovedClock:
    """A practice store's clock: another one, as far ahead of it as the store says (`StoreInfo.clock_ahead`)."""

    def __init__(self, kept: Callable[[], Instant], ahead: int = 0) -> None:
        self.kept = kept
        """The clock that nobody moves."""
        self.ahead = ahead
        """Milliseconds, as the store said when it was asked last."""

    def __call__(self) -> Instant:
        """Return the time that it shows."""
        return Instant(self.kept() + self.ahead)


def instant(moment: datetime) -> Instant:
    """Return an aware datetime as an instant."""
    return Instant(round(moment.timestamp() * 1000))


def local(at: Instant) -> datetime:
    """Return the instant as local time, with offset."""
    return datetime.fromtimestamp(at / 1000, STOCKHOLM)


def local_day(at: Instant) -> date:
    """Return the day in Stockholm on which the instant falls."""
    return _day_of_minute(at // _MINUTE)


@lru_cache(maxsize=1024)
def _day_of_minute(minute: int) -> date:
    """Return the day in Stockholm of a minute since 1970; no day begins within one, and each is asked for often."""
    return local(Instant(minute * _MINUTE)).date()


def iso_local(at: Instant | None) -> str | None:
    """Return local time with offset to the second (contract.md §2), or None."""
    return None if at is None else local(at).isoformat(timespec="seconds")


def start_of(day: date) -> Instant:
    """Return the first instant of a day in Stockholm."""
    return instant(datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM))


def days_between(earlier: Instant, later: Instant) -> int:
    """Return the number of midnights in Stockholm between two instants."""
    return (local_day(later) - local_day(earlier)).days


def days_after(at: Instant, days: int) -> Instant:
    """Return the same local time of day that many days later."""
    here = local(at)
    return instant((here.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=STOCKHOLM))


def next_hour(at: Instant, hour: int) -> Instant:
    """Return the next instant, later than `at`, at which the clock in Stockholm strikes the hour (0–23)."""
    here = local(at).replace(tzinfo=None)
    struck = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    if instant(struck.replace(tzinfo=STOCKHOLM)) <= at:
        struck += timedelta(days=1)
    return instant(struck.replace(tzinfo=STOCKHOLM))


def years_after(day: date, years: int) -> date:
    """Return the same date some years later; 29 February becomes 28 where it must."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
