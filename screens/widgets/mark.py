"""A small thing to press in the middle of a text: an `ⓘ`, the arrows `↔`, a link."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget


class Mark(Widget, can_focus=True):
    """A word or sign that is pressed with Enter or the mouse. It takes no more room than its text."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press", "Öppna", id="mark.open", tooltip="Öppna det som är markerat."),
    ]
    DEFAULT_CSS = """
    Mark {
        width: auto; height: 1; color: $text-primary; text-style: underline;
        &.-sign { text-style: none; }
        &:hover { text-style: reverse; }
        &:disabled:can-focus { color: $text-muted; text-style: none; opacity: 1; }  /* Textual's own is too weak */
        &:focus { background: $primary-muted; color: auto 100%; text-style: bold; }
    }
    """

    class Pressed(Message):
        """A mark was pressed."""

        def __init__(self, mark: Mark) -> None:
            super().__init__()
            self.mark = mark

        @property
        def control(self) -> Mark:
            """The mark, for `@on` with a selector."""
            return self.mark

    def __init__(self, text: str, *, id: str, about: str) -> None:
        """Show a text; `about` is the sentence that the mouse shows."""
        super().__init__(id=id, classes="-sign" if cell_len(text) == 1 else "")
        self.text = text
        self.tooltip = Content(about)

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        """As wide as its text."""
        return cell_len(self.text)

    def render(self) -> Content:
        """The text as it stands."""
        return Content(self.text)

    def action_press(self) -> None:
        """Post that the mark was pressed."""
        self.post_message(self.Pressed(self))

    def on_click(self, event: events.Click) -> None:
        """Press the mark by the mouse."""
        event.stop()
        self.action_press()
