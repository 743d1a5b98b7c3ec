"""A text to read: what stands behind an `ⓘ`."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.box import Box
from screens.dialogs.controls import Button
from screens.whom import Whom


class InfoDialog(Box[None]):
    """A title and a text of ours; Esc or Enter closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Stäng", id="info.close", tooltip="Stäng rutan"),
        Binding("up", "scroll(-1)", "Rulla", show=False, id="info.up", tooltip="Rulla uppåt"),
        Binding("down", "scroll(1)", "Rulla", show=False, id="info.down", tooltip="Rulla nedåt"),
    ]

    def __init__(self, heading: str, text: str, *, whom: Whom | None) -> None:
        """An empty line in `text` parts paragraphs; `whom` says whose moment it is about, if one's."""
        super().__init__(heading, whom=whom)
        self._text = text

    def body(self) -> Iterable[Widget]:
        """Return the text."""
        yield Static(Content(self._text.rstrip()))

    def buttons(self) -> Iterable[Widget]:
        """Return *Stäng*."""
        yield Button("Stäng", id="cancel")

    def action_scroll(self, lines: int) -> None:
        """Move the text by lines."""
        self.query_one("#body", VerticalScroll).scroll_relative(y=lines, animate=False)
