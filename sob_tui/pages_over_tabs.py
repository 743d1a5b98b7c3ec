"""The pages over the top-level tabs: which they are, and how they are closed without touching what came meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.screen import ModalScreen, Screen

from screens.contracts import ClosesFreely
from screens.main import MainScreen
from screens.safe_app import SafeApp


def pages_over_tabs(app: SafeApp[Any]) -> list[Screen[Any]]:
    """Return what lies over the tabs, or over the app's first screen where there are none, the topmost last."""
    stack = list(app.screen_stack)
    beneath = next((place for place, screen in enumerate(stack) if isinstance(screen, MainScreen)), 0)
    return stack[beneath + 1 :]


def awaits_answer(screen: Screen[Any]) -> bool:
    """Whether a screen is a box that only the person's answer may close."""
    return isinstance(screen, ModalScreen) and not isinstance(screen, ClosesFreely)


async def close_pages(app: SafeApp[Any], pages: Sequence[Screen[Any]], *, boxes: bool) -> bool:
    """Close these pages from the topmost on; returns whether all are closed.

    What came over one meanwhile, as a lock does, is left standing with all that lies under it.

    Args:
        app: whose pages they are.
        pages: as `pages_over_tabs` gave them, before anything was waited for.
        boxes: whether boxes that wait for an answer are closed, too; else they are left with what lies under them.
    """
    for page in reversed(pages):
        if app.locked or app.screen is not page or (awaits_answer(page) and not boxes):
            return False
        await page.dismiss(None)
    return not app.locked
