"""When an activity falls: on weekdays, week after week, on named days, or on one day.

Kept as iCalendar text (RFC 5545), read by dateutil: `RRULE:FREQ=WEEKLY;…`, `RDATE:…`, or nothing for the one day on
which the activity starts. Days are those in Stockholm; times of day have no part in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import MO, WEEKLY, rrule, rruleset, rrulestr

WEEKDAYS = ("mån", "tis", "ons", "tors", "fre", "lör", "sön")
_FULL_NAMES = ("måndagar", "tisdagar", "onsdagar", "torsdagar", "fredagar", "lördagar", "söndagar")
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WITHOUT_DOTS = str.maketrans("åäö", "aao")
EVERY_DAY = tuple(range(7))
MOST_WEEKS = 52
"""Between two weeks in which an activity falls."""


@dataclass(frozen=True)
class Recurrence:
    """When an activity falls. `weekdays` (0 for Monday to 6) or `dates`; with neither, on the day it starts alone."""

    weekdays: tuple[int, ...] = ()
    every_weeks: int = 1
    until: date | None = None
    """The last day it may fall on; None for as long as the plan lasts."""
    dates: tuple[date, ...] = ()

    def as_text(self, starts_on: date) -> str:
        """Return it as iCalendar text; `starts_on` decides which weeks count where not every one does."""
        if len(set(self.dates)) > 1:
            return "RDATE:" + ",".join(f"{day:%Y%m%d}T000000" for day in sorted(set(self.dates)))
        if not self.weekdays:
            return ""
        rule = rrule(
            WEEKLY,
            dtstart=_at_midnight(starts_on),
            interval=self.every_weeks,
            wkst=MO,
            byweekday=sorted(set(self.weekdays)),
            until=_at_midnight(self.until) if self.until else None,
        )
        return str(rule).rpartition("\n")[2]


def days_of(starts_on: date, repeats: str, first: date, last: date) -> list[date]:
    """Return the days from `first` to `last`, both included, on which an activity falls, in order."""
    first = max(first, starts_on)
    if first > last:
        return []
    if not repeats:
        return [starts_on] if first == starts_on else []
    found = _rule(starts_on, repeats).between(_at_midnight(first), _at_midnight(last), inc=True)
    return [day.date() for day in found]


def in_words(starts_on: date, repeats: str) -> str:
    """Return when an activity falls, in Swedish: *mån, tors varannan vecka till 2026-12-24*."""
    if not repeats:
        return starts_on.isoformat()
    if repeats.startswith("RDATE"):
        return ", ".join(day.isoformat() for day in days_of(starts_on, repeats, date.min, date.max))
    parts = dict(part.split("=") for part in repeats.partition(":")[2].split(";"))
    weekdays = [_CODES.index(code) for code in parts["BYDAY"].split(",")]
    words = weeks_in_words(weekdays, int(parts.get("INTERVAL", "1")))
    return f"{words} till {date.fromisoformat(parts['UNTIL'][:8])}" if "UNTIL" in parts else words


def weeks_in_words(weekdays: Sequence[int], every_weeks: int) -> str:
    """Return on which days of which weeks, in Swedish; no weekdays are all of them."""
    names = ", ".join(WEEKDAYS[day] for day in weekdays)
    days = "varje dag" if len(weekdays) in (0, len(WEEKDAYS)) else names
    return " ".join(filter(None, (days, _weeks(every_weeks))))


def weekday_of(word: str) -> int | None:
    """Return the weekday that a word names, by three letters or more, with å and ö or without; None for no weekday."""
    typed = word.strip().lower().translate(_WITHOUT_DOTS)
    names = (name.translate(_WITHOUT_DOTS) for name in _FULL_NAMES)
    return next((number for number, name in enumerate(names) if len(typed) > 2 and name.startswith(typed)), None)


def first_on(weekdays: tuple[int, ...], day: date) -> date:
    """Return the first day, from a day on, that is one of the weekdays; the day itself where there are none."""
    return min((day + timedelta((weekday - day.weekday()) % 7) for weekday in weekdays), default=day)


def _weeks(number: int) -> str:
    return {1: "", 2: "varannan vecka", 3: "var tredje vecka"}.get(number, f"var {number}:e vecka")


def _rule(starts_on: date, repeats: str) -> rruleset:
    return rrulestr(repeats, dtstart=_at_midnight(starts_on), forceset=True)


def _at_midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)
