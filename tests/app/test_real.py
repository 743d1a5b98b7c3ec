"""Flows of other tests once more, with Textual as it is: its compositor, its styles and its waits.

The other tests paint nothing but what is looked at (tests/screens/painted.py), read a style once in a process and let
Pilot sleep for less (tests/waits.py). So that none of that hides a fault, here every change is painted as it comes,
piece by piece, and what a test sees is what a terminal shows that got those bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyte
import pytest
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver

from tests.app.driver import Driver, running
from tests.app.test_lists import (
    test_a_search_finds_as_one_types_and_esc_shows_all_again,
    test_digits_typed_before_the_dialog_is_there_go_into_it,
    test_f8_masks_every_number_and_f9_covers_all_and_leads_back,
    test_sorting_puts_the_latest_first_and_keeps_the_cursor_on_its_row,
)
from tests.app.test_live import test_a_moment_switched_away_turns_the_open_page_into_a_clear_state
from tests.app.test_messages import folder, test_closing_the_app_saves_what_was_typed_last
from tests.app.test_ticket import test_the_sentence_of_a_refusal_in_a_dialog_over_the_dialog
from tests.app.test_urgent import test_on_a_residents_page_and_over_it
from tests.screens import painted
from tests.waits import wait_as_textual_does

__all__ = [
    "folder",
    "test_a_moment_switched_away_turns_the_open_page_into_a_clear_state",
    "test_a_search_finds_as_one_types_and_esc_shows_all_again",
    "test_closing_the_app_saves_what_was_typed_last",
    "test_digits_typed_before_the_dialog_is_there_go_into_it",
    "test_f8_masks_every_number_and_f9_covers_all_and_leads_back",
    "test_on_a_residents_page_and_over_it",
    "test_sorting_puts_the_latest_first_and_keeps_the_cursor_on_its_row",
    "test_the_sentence_of_a_refusal_in_a_dialog_over_the_dialog",
]


@pytest.fixture(autouse=True)
def again_soon() -> None:
    """Look for changes as often as elsewhere."""


@pytest.fixture(autouse=True)
def painted_when_looked_at() -> None:
    """Paint everything."""


@pytest.fixture(autouse=True)
def styles_read_once() -> None:
    """Read every style for every app."""


@pytest.fixture(autouse=True)
def styles_found_once() -> None:
    """Find every widget's style by itself."""


@pytest.fixture(autouse=True)
def styles_set_once() -> None:
    """Set every style again whenever it is found."""


class Shown:
    """The terminals of a test's apps."""

    def __init__(self) -> None:
        self.screens: dict[App[Any], pyte.Screen] = {}

    def write(self, driver: HeadlessDriver, data: str) -> None:
        """Show what a driver writes."""
        screen = self.screens.setdefault(driver._app, pyte.Screen(*driver._get_terminal_size()))
        pyte.Stream(screen).feed(data)

    def text(self, app: App[Any]) -> str:
        """What stands on an app's terminal."""
        return "\n".join(self.screens[app].display) if app in self.screens else ""


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Where an app without a terminal writes to, and what tests look at."""
    shown = Shown()
    monkeypatch.setattr(HeadlessDriver, "is_headless", False)
    monkeypatch.setattr(HeadlessDriver, "write", lambda driver, data: shown.write(driver, data))
    monkeypatch.setattr(painted, "text", shown.text)
    wait_as_textual_does(monkeypatch)
    return shown


async def test_what_comes_in_pieces_is_what_would_be_painted_at_once(practice: Path) -> None:
    async with running(practice, size=(100, 30)) as driver:
        await driver.sees("Andersson, Lena")
        for keys in (
            ("down", "down", "n"),
            ("escape", "3"),
            ("end",),
            ("f1",),
            ("f1", "enter"),
            ("4",),
            ("escape", "f9"),
        ):
            await driver.press(*keys)
            await driver.until(lambda: _whole(driver) == driver.text, f"the whole screen after {keys}")


def _whole(driver: Driver) -> str:
    strips = driver.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)
