"""Keys in the order they are typed, each for what the one before it has led to.

Textual gives a key to whatever has the focus when it comes in; one that nothing there takes climbs to the app, whose
bindings are looked at last. Who types fast, or over a slow line that brings several keys at once, would have the
second one spent on what the first is about to leave: the digit after `/` opens a tab, the letter after Tab is lost.
Keys for a screen that is still being loaded or read are held until it is there.

Text that comes faster than anybody types, as a terminal pastes that sets no marks around it, is given as pasted.
"""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import Any, NamedTuple

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.timer import Timer

COPY = "ctrl+c"
PASSED_ON = {"app.quit": "ctrl+q", "app.help": "f1", "app.mask": "f8", "app.lock": "f9"}
"""The commands whose keys mean the same wherever they are pressed, as `COPY` does; and those keys, unless remapped."""
PATIENCE_SECONDS = 5.0
"""Seconds for which a key without news is waited for. A busy machine may need one; a key so long gone is lost."""

HOLD_SECONDS = 5.0
"""Seconds after which kept keys are given to what is on screen: what they were kept for may never come."""
BURST_KEYS = 16
"""So many letters in a row that wait for a text field are pasted."""


class PendingKey(NamedTuple):
    """A key, or a burst of them, that a widget has been given, and nobody knows yet what came of it."""

    key: events.Key | events.Paste
    receiver: MessagePump
    since: float
    """By the monotonic clock."""


class TypeAhead(App[Any]):
    """An app that hands out one key at a time, and can hold them back."""

    class KeyPassed(Message):
        """Climbs from a widget to the app after a key that was given to the widget."""

        def __init__(self, key: events.Key | events.Paste) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._waiting: deque[events.Key] = deque()
        self._pending: PendingKey | None = None
        self._asked_after: events.Key | events.Paste | None = None
        self._is_held = False
        self._hold_end: Timer | None = None

    async def on_event(self, event: events.Event) -> None:
        """Hand out a key once the one before it is done with."""
        if not isinstance(event, events.Key) or self._is_passed_on(event.key):
            await super().on_event(event)
        elif event.is_forwarded:
            await self._climbed(event)
        else:
            self._waiting.append(event)
            await self._give()

    def _is_passed_on(self, key: str) -> bool:
        return key == COPY or any(key in self._keymap.get(name, its).split(",") for name, its in PASSED_ON.items())

    def hold_keys(self) -> None:
        """Hold back the keys that come from now on, until they are released or have been held for long."""
        self._end_hold()
        self._is_held = True
        self._hold_end = self.set_timer(HOLD_SECONDS, self.release_keys)

    def release_keys(self) -> None:
        """Give the kept keys to what is on screen, once that has the focus it asks for."""
        self._end_hold()
        self.call_later(self._give)

    def _end_hold(self) -> None:
        self._is_held = False
        if self._hold_end is not None:
            self._hold_end.stop()
            self._hold_end = None

    async def _give(self) -> None:
        """Give the next key, unless the one before it is on its way yet."""
        if self._is_held or not self._waiting:
            return
        if self._pending is None:
            key: events.Key | events.Paste = self._burst() or self._waiting.popleft()
            self._pending = PendingKey(key, self.focused or self.screen, time.monotonic())
            await super().on_event(key)
            if not key.is_forwarded:
                self._passed(key)  # a binding that comes before the widget took it
        if self._waiting and self._pending is not None:
            self._ask_after(self._pending)

    def _burst(self) -> events.Paste | None:
        """Return what waits first as pasted text, where the field that has the focus takes all of it as text."""
        if len(self._waiting) < BURST_KEYS:
            return None
        from textual.widgets import Input, TextArea  # a text area is not imported before there is one

        field = self.focused
        is_line = isinstance(field, Input) and field.restrict is None and not field.max_length
        if not (is_line or isinstance(field, TextArea)):
            return None
        breaks = {} if is_line else {"enter": "\r", "ctrl+j": "\n"}
        texts = ((key.character or "") if key.is_printable else breaks.get(key.key) for key in self._waiting)
        found = [text for text in takewhile(lambda text: text is not None, texts) if text is not None]
        if len(found) < BURST_KEYS or found[0] == "\n":  # whose carriage return may have been given already
            return None
        for _ in found:
            self._waiting.popleft()
        paste = events.Paste("".join(found))
        paste.set_sender(self)
        return paste

    def _ask_after(self, pending: PendingKey) -> None:
        """Ask a key's receiver to say when it is done with the key: others wait."""
        if not pending.receiver.is_attached or time.monotonic() > pending.since + PATIENCE_SECONDS:
            self._passed(pending.key)
        elif self._asked_after is not pending.key:
            self._asked_after = pending.key
            if not pending.receiver.call_later(self._look_at, pending):
                self._passed(pending.key)

    def _look_at(self, pending: PendingKey) -> None:
        """Let word of the key climb behind it: to the app, where it arrives once the key is done with.

        Runs where the widget has had the key. That the key is stopped says nothing: Textual stops it before the app.
        """
        if not pending.receiver.post_message(self.KeyPassed(pending.key)):
            self._passed(pending.key)

    async def _climbed(self, key: events.Key) -> None:
        """Look at the bindings for a key that no widget took; one that came before keys were held is held too."""
        if self._is_held:
            again = events.Key(key.key, key.character)
            again.set_sender(self)  # as the driver does; else it stops at the widget that asked for the keys
            self._waiting.appendleft(again)
        else:
            await super().on_event(key)
        self._passed(key)

    def on_type_ahead_key_passed(self, message: KeyPassed) -> None:
        """Go on: the key has been here, or a widget on its way has taken it."""
        self._passed(message.key)

    def _passed(self, key: events.Key | events.Paste) -> None:
        """Go on to the next key, after the focus that this one may have asked for."""
        self.call_later(self._go_on, key)

    async def _go_on(self, key: events.Key | events.Paste) -> None:
        if self._pending is not None and self._pending.key is key:
            self._pending = None
            await self._give()


def hold_keys(app: App[Any]) -> None:
    """Keep the keys for the next screen, where the app can."""
    if isinstance(app, TypeAhead):
        app.hold_keys()


def release_keys(app: App[Any]) -> None:
    """Give the kept keys to the screen that is there now."""
    if isinstance(app, TypeAhead):
        app.release_keys()


@contextmanager
def keys_held(app: App[Any]) -> Iterator[None]:
    """Keep the keys for what is shown when the block ends."""
    hold_keys(app)
    try:
        yield
    finally:
        release_keys(app)
