"""The lock (F9): covers the screen until somebody is there again."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from screens.contracts import CoversAll
from screens.widgets.title_bar import TitleBar

_TITLE = "Skärmen är låst"
_HINT = "Tryck på valfri tangent för att välja person."


class LockScreen(Screen[None], CoversAll, inherit_bindings=False):
    """A whole screen of its own, so that nothing beneath is painted. Any key but the one that quits dismisses it.

    Whoever locked the screen pushes it with a callback that asks who is there; what was being done lies beneath as it
    was. `SafeApp` lets no command run while this screen is on top, but to close the app, and shows no notification.
    """

    DEFAULT_CSS = """
    LockScreen { background: $background; color: $foreground; }
    LockScreen > _Words { height: 1fr; content-align: center middle; text-align: center; }
    """
    AUTO_FOCUS: ClassVar[str | None] = ""

    def __init__(self, *, practice: bool, locked_by: str = "") -> None:
        """Cover the screen.

        Args:
            practice: whether the band of the practice environment is shown.
            locked_by: the name of the person who was working.
        """
        super().__init__()
        self._practice = practice
        self._locked_by = locked_by

    def compose(self) -> ComposeResult:
        """Show the band and three lines of words."""
        yield TitleBar(practice=self._practice)
        yield _Words(self._locked_by)

    def _extend_compose(self, widgets: list[Widget]) -> None:
        """Leave out Textual's place for notifications: one may name a resident."""

    def ask(self, question: str) -> None:
        """Show a question that names nobody where the hint stands."""
        self.query_one(_Words).hint = question

    def on_mount(self) -> None:
        """Take away the notifications there are, so that none shows on the choice of person that follows."""
        self.app.clear_notifications()

    def on_key(self, event: events.Key) -> None:
        """Go on to the choice of person."""
        event.stop()
        self._leave()

    def on_click(self, event: events.Click) -> None:
        """Go on to the choice of person."""
        event.stop()
        self._leave()

    def _leave(self) -> None:
        if self.is_current and self.is_running:
            self.dismiss(None)


class _Words(Widget):
    hint: reactive[str] = reactive(_HINT)

    def __init__(self, locked_by: str) -> None:
        super().__init__()
        self._locked_by = locked_by

    def render(self) -> Content:
        who = [Content(self._locked_by), Content("")] if self._locked_by else []
        return Content("\n").join([Content.styled(_TITLE, "bold"), Content(""), *who, Content(self.hint)])
