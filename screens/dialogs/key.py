"""A key is told by pressing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.box import Box
from screens.dialogs.controls import Button, Lines


class PressedKey(Static, can_focus=True):
    """What takes every key that is pressed."""

    DEFAULT_CSS = """
    PressedKey { height: auto; }
    PressedKey:focus { text-style: bold; }
    """

    def on_key(self, event: events.Key) -> None:
        """Give the key to the dialog; Esc leaves it."""
        event.stop()
        event.prevent_default()
        dialog = self.screen
        if event.key == "escape":
            dialog.dismiss(None)
        elif isinstance(dialog, KeyDialog):
            dialog.take(event.key)


class KeyDialog(Box[str]):
    """Press the key that a command is to have; one that it can't have is told, and another can be pressed."""

    AUTO_FOCUS = "PressedKey"
    DEFAULT_CSS = """
    KeyDialog > #box { width: 64; }
    KeyDialog #why { display: none; color: $text-error; height: auto; margin: 1 0 0 0; }
    """

    def __init__(self, label: str, now: str, fault_of: Callable[[str], str | None]) -> None:
        """Ask for a key.

        Args:
            label: what the command is called.
            now: the keys that it has.
            fault_of: returns why it can't have a key, None where it can.
        """
        super().__init__("Byt tangent", whom=None)
        self._label = label
        self._now = now
        self._fault_of = fault_of

    def body(self) -> Iterable[Widget]:
        """Return what is asked for, and what was wrong with the key that was pressed."""
        yield PressedKey(Content(f"Tryck den tangent som {self._label} ska ha. Nu är det {self._now}."))
        yield Lines(id="why")

    def buttons(self) -> Iterable[Widget]:
        """Return *Avbryt*."""
        yield Button("Avbryt", id="cancel")

    def take(self, key: str) -> None:
        """Keep the pressed key as the new one, or say why it cannot be used."""
        fault = self._fault_of(key)
        if fault is None:
            self.dismiss(key)
        else:
            why = self.query_one("#why", Lines)
            why.display = True
            why.show([("!", Content(fault))])
