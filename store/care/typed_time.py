"""Times as somebody types them: `14.30`, or with the day `2026-11-22 14.30`; the clock is Stockholm's."""

import re
from datetime import date, datetime, timedelta

from store.foundation.clock import STOCKHOLM, Instant, instant, local, local_day
from store.foundation.errors import Refused
from store.foundation.text import plain_dashes

_TIME = re.compile(r"(?:(\d{4}-\d{2}-\d{2})[ T]+)?(\d{1,2})[.:](\d{2})", re.ASCII)


def time_given(text: str, now: Instant, field: str = "nasta") -> Instant | None:
    """Return a time to come that somebody has typed, None for nothing.

    Args:
        text: `14.30` or `14:30`, the next time that the clock shows it; or `2026-11-22 14.30`.
        now: from when on.
        field: what a refusal belongs to.

    Raises:
        Refused: it is no time.
    """
    if not text.strip():
        return None
    at, has_day = _read(text, now, field)
    return at if has_day or at > now else _at(local_day(now) + timedelta(days=1), local(at).hour, local(at).minute)


def past_time_given(text: str, now: Instant, field: str = "tid") -> Instant | None:
    """Return a time that has been, None for nothing; `14.30` is today's. Arguments as of `time_given`.

    Raises:
        Refused: it is no time, or is still to come.
    """
    if not text.strip():
        return None
    at, has_day = _read(text, now, field)
    if at > now and has_day:
        raise Refused(f"{local(at):%Y-%m-%d %H.%M} har inte varit än.", field=field)
    if at > now:
        other = local_day(now) - timedelta(days=1)
        said = f"Klockan har inte varit {local(at):%H.%M} i dag. Var det en annan dag skriver du den: {other}"
        raise Refused(f"{said} {local(at):%H.%M}.", field=field)
    return at


def _read(text: str, now: Instant, field: str) -> tuple[Instant, bool]:
    """Return the time, today's where no day is typed, and whether one is."""
    found = _TIME.fullmatch(plain_dashes(text).strip())
    try:
        if found is None:
            raise ValueError
        day, hour, minute = found.groups()
        return _at(date.fromisoformat(day) if day else local_day(now), int(hour), int(minute)), bool(day)
    except (ValueError, OverflowError):
        said = f"{text.strip()} är ingen tid. Skriv så här: 14.30, eller med dagen 2026-11-22 14.30."
        raise Refused(said, field=field) from None


def _at(day: date, hour: int, minute: int) -> Instant:
    return instant(datetime(day.year, day.month, day.day, hour, minute, tzinfo=STOCKHOLM))
