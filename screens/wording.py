"""How days, ages, counts and numbers are written in Swedish: one form for each place."""

from __future__ import annotations

from datetime import date

from store.foundation.clock import Instant, days_between, local, local_day

MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
SHORT_MONTHS = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")

HIDDEN_NUMBER = "••••••••-••••"
"""A personnummer on a shared screen."""

_NO_BREAK_SPACE = "\xa0"
_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def long_date(day: date) -> str:
    """Return `28 april 2025`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """Return `22 nov 2026`."""
    return f"{day_and_month(day)} {day.year}"


def day_and_month(day: date) -> str:
    """Return `22 nov`."""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]}"


def long_day(at: Instant) -> str:
    """Return the instant's day in Stockholm as `28 april 2025`."""
    return long_date(local_day(at))


def short_day(at: Instant) -> str:
    """Return the instant's day in Stockholm as `22 nov 2026`."""
    return short_date(local_day(at))


def list_day(at: Instant) -> str:
    """Return the instant's day in Stockholm as `2026-11-22`: the form of lists, where days stand under each other."""
    return local_day(at).isoformat()


def list_time(at: Instant) -> str:
    """Return `2026-11-22 15:31`, in Stockholm."""
    return f"{local(at):%Y-%m-%d %H:%M}"


def clock_time(at: Instant) -> str:
    """Return `15:31`, in Stockholm."""
    return f"{local(at):%H:%M}"


def age(since: Instant, now: Instant) -> str:
    """Return how long ago something was: `nyss`, `5 min`, `2 tim`, `1 dag`, `3 dgr`.

    Under a day hours count, after it midnights in Stockholm. What lies ahead of `now` (another machine's clock) is
    `nyss`.
    """
    passed = now - since
    if passed < _MINUTE:
        return "nyss"
    if passed < _HOUR:
        return f"{passed // _MINUTE} min"
    if passed < _DAY:
        return f"{passed // _HOUR} tim"
    return plural(max(1, days_between(since, now)), "dag", "dgr")


def attempted(attempts: int, next_at: int | None, now: Instant) -> str:
    """Return that the resident was tried and not reached, and when that is tried again: `Nästa försök 14.30`."""
    if next_at is None:
        return f"Nådde inte ({plural(attempts, 'försök', 'försök')}), nästa inte bestämt"
    what = "Dags att försöka igen sedan" if next_at <= now else "Nästa försök"
    return f"{what} {local(Instant(next_at)):%d/%m %H.%M} ({plural(attempts, 'gjort', 'gjorda')})"


def days_ago(at: Instant, now: Instant) -> str:
    """Return `(0 dagar sedan)`, `(1 dag sedan)`: midnights in Stockholm."""
    return f"({plural(max(0, days_between(at, now)), 'dag', 'dagar')} sedan)"


def number(count: int) -> str:
    """Return a count with its thousands apart, by a space that doesn't break: `1 000 000`."""
    return f"{count:,}".replace(",", _NO_BREAK_SPACE)


def plural(count: int, one: str, many: str) -> str:
    """Return the count with the word that belongs to it: `1 dag`, `3 dagar`, `0 dagar`."""
    return f"{number(count)} {one if count == 1 else many}"


def counted(words: str, count: int) -> str:
    """Return a heading with its count: `Pågående (12 st)`."""
    return f"{words} ({number(count)} st)"


def personal_number(shown: str, *, hidden: bool) -> str:
    """Return a personnummer as it was written for the screen, or dots in its place while numbers are hidden (F8)."""
    return HIDDEN_NUMBER if hidden and shown else shown
