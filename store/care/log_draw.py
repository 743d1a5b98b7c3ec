"""Drawing a sample of the log: what is drawn, by which seed, so that it can be drawn again elsewhere (domain.md §8).

What is drawn from is ranked by `rank`, the smallest first. Who has the log's rows and the seed gets the same with any
program that knows SHA-256.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from math import ceil

from store.foundation.clock import Instant, start_of
from store.foundation.errors import Refused
from store.foundation.text import shortened


class DrawKind(StrEnum):
    """How a sample is drawn; the value is stored, and the command line's word."""

    NUMBER = "antal"
    """So many of the staff and so many residents (FAQ: two and two, once a month, is commonest)."""
    DAY = "dag"
    """One day of the month (a municipality's routine)."""
    PERCENT = "procent"
    """So many per cent of the staff (a municipality's routine)."""
    TARGETED = "riktad"
    """Riktad kontroll: one person, on suspicion; nothing is drawn."""


STAFF, RESIDENTS = 2, 2
"""How many are drawn unless it is said otherwise (FAQ)."""
PERCENT = 10
MOST = 100
"""Of staff, residents and per cent."""


@dataclass(frozen=True)
class Period:
    """A month."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Return the month that was typed as `ÅÅÅÅ-MM`; raises `Refused`."""
        year, dash, month = text.strip().partition("-")
        is_month = len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdigit()
        if not (dash and is_month and 1 <= int(month) <= 12 and int(year) >= 2000):
            raise Refused(f"{shortened(text)} är ingen månad. Skriv år och månad så här: 2026-10.", field="period")
        return cls(int(year), int(month))

    @classmethod
    def before(cls, day: date) -> "Period":
        """Return the month before a day's."""
        return cls(day.year - 1, 12) if day.month == 1 else cls(day.year, day.month - 1)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def after(self) -> date:
        """The first day of the month after it."""
        return date(self.year + 1, 1, 1) if self.month == 12 else date(self.year, self.month + 1, 1)

    @property
    def begins(self) -> Instant:
        """Its first instant in Stockholm."""
        return start_of(self.first)

    @property
    def ends(self) -> Instant:
        """The first instant after it."""
        return start_of(self.after)

    def __str__(self) -> str:
        """Return the month as `ÅÅÅÅ-MM`."""
        return f"{self.year:04}-{self.month:02}"


def rank(seed: str, period: str, identity: str) -> str:
    """Return the SHA-256, in hexadecimal, of seed, period and identity in UTF-8 with a line feed (0x0A) between them.

    Args:
        seed: as it is shown.
        period: `ÅÅÅÅ-MM`.
        identity: an HSA-id in capital letters, a personnummer of twelve digits, or a day as `ÅÅÅÅ-MM-DD`.
    """
    return sha256(f"{seed}\n{period}\n{identity}".encode()).hexdigest()


def drawn(seed: str, period: Period, identities: Iterable[str], number: int) -> list[str]:
    """Return so many of the identities, those of the smallest rank, in that order; all where there are fewer."""
    return sorted(set(identities), key=lambda one: rank(seed, str(period), one))[:number]


def percent_of(percent: int, number: int) -> int:
    """Return how many are so many per cent of a number, rounded up."""
    return ceil(number * percent / 100)
