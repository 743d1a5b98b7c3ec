"""The page's top line: the way back, and who and what the page is about, the most important first."""

from __future__ import annotations

from datetime import date

from screens.marks import PROTECTED
from screens.wording import personal_number
from store.foundation.identity import PersonalNumber
from store.views.moment import MomentPage


def back(origin: str) -> str:
    """Return the way back to where the page was opened from."""
    return f"‹ {origin}"


def trail_of(page: MomentPage, origin: str, today: date, *, hide_numbers: bool) -> tuple[str, ...]:
    """Return the parts of the top line; where there is little room the last ones are left out first.

    The first ones are never left out: the way back, the name, the program and the mark of protection (`kept_of`).
    """
    number = personal_number(PersonalNumber(page.personnummer).display(today), hidden=hide_numbers)
    parts = (
        back(origin),
        page.name,
        page.program_title,
        PROTECTED if page.protection else "",
        number,
        "ombud" if page.proxies else "",
        "manuellt angivet" if page.entered_by_hand else "",
    )
    return tuple(part for part in parts if part)


def kept_of(page: MomentPage) -> int:
    """Return how many parts of the top line are shortened rather than left out."""
    return 4 if page.protection else 3
