"""An activity as one line of text, as the command line and the dialog take it.

Promenad | mån, ons 09:00 | varje 2 veckor | till 2026-12-24
Ring kuratorn | 2026-03-09, 2026-03-23 13:00
Vila | vardagar 14:00 | från 2026-03-09
"""

import re
from collections.abc import Iterator
from datetime import date

from store.care.plan_rules import NewActivity, is_time
from store.care.recurrence import EVERY_DAY, Recurrence, weekday_of
from store.foundation.errors import Refused
from store.foundation.text import shortened

EXAMPLE = "Promenad | mån, ons 09:00 | varje 2 veckor | till 2026-12-24"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"([0-9]{1,3})(?::[ae])?")
_DAYS = {"vardagar": EVERY_DAY[:5], "helger": EVERY_DAY[5:], "dagligen": EVERY_DAY}
_NUMBERS = {"annan": 2, "tredje": 3, "fjärde": 4}
_FILLERS = frozenset({"kl", "klockan", "och", "på", "den"})


def activity_from_words(text: str) -> NewActivity:
    """Return the activity that a line describes: what stands before the first bar, and after it when it falls.

    Without weekdays or dates it falls every day.

    Raises:
        Refused: a word cannot be understood; `field` is `aktivitet`.
    """
    description, _, when = text.partition("|")
    reader = _Reader(when)
    reader.read()
    recurrence = Recurrence(
        weekdays=tuple(sorted(reader.weekdays)) or (() if reader.dates else EVERY_DAY),
        every_weeks=reader.every_weeks,
        until=reader.until,
        dates=tuple(sorted(reader.dates)),
    )
    return NewActivity(description.strip(), recurrence, reader.at, reader.starts_on)


class _Reader:
    """Reads the words of a schedule one after the other."""

    def __init__(self, text: str) -> None:
        self.weekdays: set[int] = set()
        self.dates: set[date] = set()
        self.at = ""
        self.every_weeks = 1
        self.until: date | None = None
        self.starts_on: date | None = None
        self._words: Iterator[str] = iter(re.split(r"[\s,|]+", text.strip().lower()) if text.strip() else ())

    def read(self) -> None:
        for word in self._words:
            if word and word.rstrip(".") not in _FILLERS:
                self._take(word)

    def _take(self, word: str) -> None:
        if word == "till":
            self.until = self._date(next(self._words, ""))
        elif word in ("från", "fran"):
            self.starts_on = self._date(next(self._words, ""))
        elif word in ("varje", "var", "varannan"):
            self._repeat(word)
        elif is_time(word.zfill(5)):
            self.at = word.zfill(5)
        elif word in _DAYS:
            self.weekdays.update(_DAYS[word])
        elif (weekday := weekday_of(word)) is not None:
            self.weekdays.add(weekday)
        else:
            self.dates.add(self._date(word))

    def _repeat(self, word: str) -> None:
        """Take *varje dag*, *varje måndag*, *varje vecka*, *varje 2 veckor*, *varannan vecka*, *var 3:e vecka*."""
        following = next(self._words, "")
        if word == "varannan":
            self.every_weeks = 2
            unit = following
        elif number := _NUMBER.fullmatch(following):
            self.every_weeks, unit = int(number[1]), next(self._words, "")
        elif following in _NUMBERS:
            self.every_weeks, unit = _NUMBERS[following], next(self._words, "")
        else:
            unit = following
        self._unit(unit or word)

    def _unit(self, unit: str) -> None:
        if unit == "dag" and self.every_weeks == 1:
            self.weekdays.update(EVERY_DAY)
        elif (weekday := weekday_of(unit)) is not None:
            self.weekdays.add(weekday)
        elif unit not in ("vecka", "veckor"):
            raise _unclear(unit)

    def _date(self, word: str) -> date:
        try:
            if _DATE.fullmatch(word):
                return date.fromisoformat(word)
        except ValueError:
            raise Refused(f"{shortened(word)} finns inte i kalendern.", field="aktivitet") from None
        raise _unclear(word)


def _unclear(word: str) -> Refused:
    said = f'"{word}" går inte att förstå' if word else "Ett datum saknas"
    return Refused(f"{said} i aktivitetens tider. Skriv till exempel: {EXAMPLE}.", field="aktivitet")
