"""The strip of the app: it stands on every page and dialog for as long as there is something to say."""

from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.timer import Timer

from screens.widgets.page import Page
from screens.widgets.strip import Strip

LOOK_SECONDS = 0.1
"""How often it is looked at what the strip says, and whether another screen has come, while there is one."""


class Strips:
    """Shows one strip at a time. What it says may follow what is on screen: it is asked for again and again."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._words: Callable[[], str] | None = None
        self._timer: Timer | None = None

    @property
    def is_shown(self) -> bool:
        """Whether there is a strip."""
        return self._words is not None

    def show(self, words: Callable[[], str]) -> None:
        """Show what `words` returns, from now on; nothing for as long as that is empty."""
        self._words = words
        if self._timer is None:
            self._timer = self._app.set_interval(LOOK_SECONDS, self._look)
        self._look()

    def hide(self, words: Callable[[], str] | None = None) -> None:
        """Hide the strip; where `words` are given, only if it is they that the strip says."""
        if words not in (None, self._words):
            return
        self._words = None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._look()

    def _look(self) -> None:
        words = self._words() if self._words is not None else ""
        for screen in self._app.screen_stack:
            if not isinstance(screen, Page) or not screen.is_running:
                continue
            strip = next(iter(screen.query_children(Strip)), None)
            if strip is None and words:
                strip = Strip()
                screen.mount(strip)
            if strip is not None and words:
                strip.words = words
            elif strip is not None:
                strip.remove()
