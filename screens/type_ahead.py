"""Keys typed while the next screen is on its way: they are kept for it, not spent on the one being left.

A first dialog may take half a second to be loaded and read; who knows the way types on, and a digit of a personnummer
must not open a tab.
"""

from typing import Any

from textual import events
from textual.app import App
from textual.message import Message
from textual.widget import Widget

PASSED_ON = frozenset({"ctrl+q", "ctrl+c", "f1", "f8", "f9"})
"""Keys that mean the same wherever they are pressed."""


class TypeAhead(App[Any]):
    """An app that can hold keys back."""

    class KeysPassed(Message):
        """Climbs from a widget to the app after the keys that were on their way through it."""

    _held: list[events.Key] | None = None
    _is_over = False

    async def on_event(self, event: events.Event) -> None:
        """Keep a key while keys are held."""
        if self._held is not None and isinstance(event, events.Key) and event.key not in PASSED_ON:
            self._held.append(event)
        else:
            await super().on_event(event)

    def hold_keys(self) -> None:
        """Keep the keys from now on."""
        self._is_over = False
        if self._held is None:
            self._held = []

    def release_keys(self) -> None:
        """Give the kept keys to what is on screen, after those that have come by now are kept too."""
        self._is_over = True
        self.call_later(self._give_keys)

    async def _give_keys(self) -> None:
        """Give the keys as they were typed: one that climbed from a widget may have been kept after later ones."""
        if not self._is_over:
            return  # held again meanwhile
        held, self._held = self._held or [], None
        for event in sorted(held, key=lambda event: event.time):
            key = events.Key(event.key, event.character)
            key.time = event.time
            key.set_sender(self)  # as the driver does; else it stops at the widget that asked for the keys
            await super().on_event(key)

    def on_type_ahead_keys_passed(self) -> None:
        """What was typed for the widget that was left has come."""
        self.release_keys()


def hold_keys(app: App[Any]) -> None:
    """Keep the keys for the next screen, where the app can."""
    if isinstance(app, TypeAhead):
        app.hold_keys()


def release_keys(app: App[Any]) -> None:
    """Give the kept keys to the screen that is there now."""
    if isinstance(app, TypeAhead):
        app.release_keys()


def release_after(left: Widget) -> None:
    """Give the kept keys to what has the focus now, when those on their way through the widget that was left are in.

    A key that nothing took climbs from the focused widget to the app, and would be a key of the screen there.
    """
    left.post_message(TypeAhead.KeysPassed())
