"""*Direkt* or *Uppsamlat*: when the resident is told of a message (guide)."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from store.care.notices import Delivery

LABELS = {Delivery.DIRECT: "Direkt", Delivery.COLLECTED: "Uppsamlat"}
_GAP = "  "


class DeliveryPick(Widget, can_focus=True):
    """Two choices on one line, of which one is marked."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "turn", "Byt", id="delivery.turn", tooltip="Byt mellan Direkt och Uppsamlat."),
        Binding("space,left,right", "turn", "Byt", show=False, id="delivery.arrow"),
    ]
    DEFAULT_CSS = """
    DeliveryPick {
        width: auto; height: 1; border-left: blank;
        &:focus { border-left: outer $border; text-style: bold; }
        &:disabled { color: $text-disabled; }
    }
    """

    class Changed(Message):
        """The other one was chosen."""

    def __init__(self, id: str) -> None:
        """Begin with *Direkt*."""
        super().__init__(id=id)
        self._value = Delivery.DIRECT

    @property
    def value(self) -> Delivery:
        """What is chosen."""
        return self._value

    @value.setter
    def value(self, value: Delivery) -> None:
        if value is not self._value:
            self._value = value
            self.refresh()
            self.post_message(self.Changed())

    def action_turn(self) -> None:
        """Choose the other one."""
        self.value = Delivery.COLLECTED if self._value is Delivery.DIRECT else Delivery.DIRECT

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        first = cell_len(self._words(Delivery.DIRECT) + _GAP)
        offset = event.get_content_offset(self)
        if offset is not None and not self.disabled:
            self.value = Delivery.DIRECT if offset.x < first else Delivery.COLLECTED

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        """As wide as its words."""
        return cell_len(self._text())

    def render(self) -> Content:
        """Both, with a mark in the chosen one's brackets."""
        return Content(self._text())

    def _text(self) -> str:
        return _GAP.join(self._words(choice) for choice in Delivery)

    def _words(self, choice: Delivery) -> str:
        return f"({'●' if choice is self._value else ' '}) {LABELS[choice]}"
