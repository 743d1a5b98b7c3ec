"""One of several answers, or some of them, to be marked: every answer is in sight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets.option_list import Option

from screens.widgets.option_list import OptionList


class Options(OptionList):
    """The answers under each other; Enter marks the one that the cursor is on, and takes the mark away again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Välj", id="options.choose", tooltip="Välj svaret, eller ta bort valet."),
        Binding("space", "select", "Välj", show=False, id="options.space"),
    ]
    DEFAULT_CSS = """
    Options, Options:focus {
        height: auto; max-height: 60vh; border: none; border-left: outer $panel; padding: 0;
        background: $background; background-tint: transparent;
    }
    Options:focus { border-left: outer $border; }
    Options > .option-list--option { padding: 0 1; }
    Options:focus > .option-list--option-highlighted {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
    }
    """

    class Changed(Message):
        """Other answers are marked."""

    def __init__(
        self, choices: Sequence[tuple[str, str]], *, id: str, several: bool = False, marked: Sequence[str] = ()
    ) -> None:
        """`choices` are values with their words, `marked` the values that are marked at first."""
        self._choices = tuple(choices)
        self._several = several
        self._marked = {value for value in marked if value in dict(choices)}
        super().__init__(*(Option(self._line(at)) for at in range(len(self._choices))), id=id)
        self.highlighted = None  # Textual has put it on the first; it is shown where the focus is

    @property
    def values(self) -> tuple[str, ...]:
        """What is marked, in the order of the answers."""
        return tuple(value for value, _ in self._choices if value in self._marked)

    def on_focus(self) -> None:
        """Put the cursor on what is marked, else on the first."""
        if self.highlighted is None and self._choices:
            at = [value for value, _ in self._choices]
            self.highlighted = at.index(self.values[0]) if self.values else 0

    def on_blur(self) -> None:
        """Hide the cursor: only one of several questions has it, which must be seen without colours."""
        self.highlighted = None

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        value = self._choices[event.option_index][0]
        was_marked = value in self._marked
        if not self._several:
            self._marked.clear()
        (self._marked.discard if was_marked else self._marked.add)(value)
        for at in range(len(self._choices)):
            self.replace_option_prompt_at_index(at, self._line(at))
        self.post_message(self.Changed())

    def _line(self, at: int) -> Content:
        value, words = self._choices[at]
        is_marked = value in self._marked
        mark = ("[x]" if is_marked else "[ ]") if self._several else ("(●)" if is_marked else "( )")
        return Content(f"{mark} {words}")
