"""How it went: the choice of an outcome when a prioriterad flagga is handled (domain.md §4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from store.foundation.flag_kinds import Outcome

_GAP = "  "


class OutcomePick(Widget, can_focus=True):
    """The outcomes beside each other, of which one is marked; under each other where there is little room."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "turn(1)", "Byt", id="outcome.turn", tooltip="Nästa utfall."),
        Binding("space,right,down", "turn(1)", "Byt", show=False, id="outcome.forward"),
        Binding("left,up", "turn(-1)", "Byt", show=False, id="outcome.back"),
    ]
    DEFAULT_CSS = """
    OutcomePick {
        width: 1fr; height: auto; border-left: blank;
        &:focus { border-left: outer $border; text-style: bold; }
    }
    """

    class Changed(Message):
        """Another one was chosen."""

    def __init__(self, id: str) -> None:
        """Begin with the first, as the command line does."""
        super().__init__(id=id)
        self._value = Outcome.REACHED

    @property
    def value(self) -> Outcome:
        """What is chosen."""
        return self._value

    def choose(self, value: Outcome) -> None:
        """Choose one."""
        if value is not self._value:
            self._value = value
            self.refresh()
            self.post_message(self.Changed())

    def action_turn(self, step: int) -> None:
        """Choose the one after, or before; after the last comes the first."""
        choices = list(Outcome)
        self.choose(choices[(choices.index(self._value) + step) % len(choices)])

    def on_key(self, event: events.Key) -> None:
        """Choose by the digit before an outcome; another key is left alone."""
        if chosen := next((one for one in Outcome if _digit(one) == event.character), None):
            event.stop()
            event.prevent_default()
            self.choose(chosen)

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        for line, choices in enumerate(self._lines(self.content_size.width)):
            x = 0
            for choice in choices:
                width = cell_len(_words(choice, chosen=False))
                if line == offset.y and x <= offset.x < x + width:
                    self.choose(choice)
                x += width + len(_GAP)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As high as its lines."""
        return len(list(self._lines(width)))

    def render(self) -> Content:
        """All, with a mark in the chosen one's brackets, and in the others' the digit that chooses each."""
        lines = self._lines(self.content_size.width)
        said = (_GAP.join(_words(one, chosen=one is self._value) for one in line) for line in lines)
        return Content("\n".join(said))

    def _lines(self, width: int) -> Iterator[list[Outcome]]:
        """Yield the choices line by line, as many on each as there is room for."""
        line: list[Outcome] = []
        used = 0
        for choice in Outcome:
            needed = cell_len(_words(choice, chosen=False))
            if line and used + len(_GAP) + needed > width:
                yield line
                line, used = [], 0
            used += needed + (len(_GAP) if line else 0)
            line.append(choice)
        yield line


def _digit(choice: Outcome) -> str:
    return str(list(Outcome).index(choice) + 1)


def _words(choice: Outcome, *, chosen: bool) -> str:
    return f"({'●' if chosen else _digit(choice)}) {choice.words}"
