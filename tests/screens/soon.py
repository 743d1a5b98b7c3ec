"""What the app does again after a while, it does sooner in the tests: what comes of it is waited for, not the while."""

from typing import Any

import pytest
from textual.timer import Timer
from textual.widget import Widget

import screens.course.tab
import screens.exports
import screens.page_reading
import screens.resident.resident_app
import screens.top_level
import sob_tui.app
import sob_tui.gone_boxes
from screens.dialogs.safety_plan import SafetyPlanDialog
from screens.list_trouble import ListTrouble
from screens.resident.programs_screen import ProgramsScreen
from screens.tab_form import TabForm

SOON = 0.05
_LATER = (
    (sob_tui.app, "POLL_SECONDS"),
    (screens.resident.resident_app, "POLL_SECONDS"),
    (screens.course.tab, "LOOK_SECONDS"),
    (sob_tui.gone_boxes, "AGAIN_SECONDS"),
    (screens.page_reading, "RETRY_SECONDS"),
    (screens.top_level, "RETRY_SECONDS"),
    (screens.exports, "RETRY"),
    (ListTrouble, "RETRY"),
    (TabForm, "RETRY"),
    (ProgramsScreen, "RETRY"),
    (SafetyPlanDialog, "PAUSE"),
)


@pytest.fixture(autouse=True)
def again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for changes, and try again what found no database, twenty times a second."""
    for owner, name in _LATER:
        monkeypatch.setattr(owner, name, SOON)


@pytest.fixture(autouse=True)
def late_rather_than_never(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no single call out for which the process was held up as its time began, as Textual does.

    That takes a halt of as long as the time itself: an app's own are guarded (`SafeApp.set_timer`), a widget's are of
    0.2 seconds and more, but not in the tests.
    """
    set_timer = Widget.set_timer

    def set_late(self: Widget, *arguments: Any, **options: Any) -> Timer:
        timer = set_timer(self, *arguments, **options)
        timer._skip = False
        return timer

    monkeypatch.setattr(Widget, "set_timer", set_late)
