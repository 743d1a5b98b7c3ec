"""The page's top line: the way back, and who and what the page is about, the most important first."""

from __future__ import annotations

from datetime import date

from screens.wording import personal_number
from store.foundation.identity import PersonalNumber
from store.views.moment import MomentPage

PROTECTED = "⛨ Skyddade personuppgifter"


def back(origin: str) -> str:
    """Return the way back to where the page was opened from."""
    return f"‹ {origin}"


def trail_of(page: MomentPage, origin: str, today: date, *, hide_numbers: bool) -> tuple[str, ...]:
    """Return the parts of the top line; where there is little room the last ones are left out first."""
    number = personal_number(PersonalNumber(page.personnummer).display(today), hidden=hide_numbers)
    parts = (
        back(origin),
        page.name,
        PROTECTED if page.protection else "",
        number,
        page.program_title,
        "ombud" if page.proxies else "",
        "manuellt angivet" if page.entered_by_hand else "",
    )
    return tuple(part for part in parts if part)
