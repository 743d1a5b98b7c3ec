"""Text painted in one piece, with small things to press laid on it.

One widget in place of some thirty labels: a page of them opens in a few keystrokes' time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import NULL_OFFSET, NULL_SPACING, Offset, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from screens.widgets.cells import Tone, clean, wrap
from screens.widgets.mark import Mark

TONES: Mapping[Tone, str] = {
    "": "",
    "muted": "$text-muted",
    "risk": "$text-error",
    "waiting": "$text-warning",
    "done": "$text-success",
    "accent": "$text-accent",
}
"""The colour of a tone, in `Content`'s words."""


def joined(texts: Sequence[tuple[str, str]], width: int) -> list[Content]:
    """Return texts, each with its style, on one line with a "·" between; under each other where there is no room.

    An empty text is left out.
    """
    whole = Content(" · ").join(Content.styled(clean(text), style) for text, style in texts if text)
    if whole.cell_length <= width:
        return [whole]
    return [Content.styled(line, style) for text, style in texts if text for line in wrap(text, width)]


class Sheet(NamedTuple):
    """Lines of text, and where the marks stand on them, by the mark's id."""

    lines: Sequence[Content] = ()
    marks: Mapping[str, Offset] = MappingProxyType({})


class _OnText(Layout):
    """Places each mark where its text has room for it."""

    name = "on-text"

    def __init__(self, text: Painted) -> None:
        self._text = text

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:  # noqa: ARG002
        """Return a place for each mark that the text has."""
        places = self._text.sheet(size.width).marks
        return [
            WidgetPlacement(Region(*place, cell_len(mark.text), 1), NULL_OFFSET, NULL_SPACING, mark)
            for mark in children
            if isinstance(mark, Mark) and (place := places.get(mark.id or "")) is not None
        ]


class Painted(Widget):
    """A text with marks on it. Subclasses give `draw`, and compose the marks."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Painted { height: auto; overflow: hidden hidden; text-wrap: nowrap; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._on_text = _OnText(self)
        self._drawn: tuple[int, Sheet] | None = None

    @property
    def layout(self) -> Layout:
        """The layout that places marks on the text."""
        return self._on_text

    def draw(self, width: int) -> Sheet:
        """Return the text at a width."""
        raise NotImplementedError

    def sheet(self, width: int) -> Sheet:
        """Return the text at a width, drawn once."""
        if self._drawn is None or self._drawn[0] != width:
            self._drawn = width, self.draw(width)
        return self._drawn[1]

    def redraw(self) -> None:
        """Draw the text anew: it has changed."""
        self._drawn = None
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as the text takes at that width."""
        return len(self.sheet(width).lines)

    def render(self) -> Content:
        """The text."""
        return Content("\n").join(self.sheet(self.content_size.width).lines)
