"""Rows that go on over several lines, made for the width that there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from textual.content import Content
from textual.geometry import Size

from screens.widgets.cells import Tone, clean, width_of
from screens.widgets.row import Row
from screens.widgets.row_list import RowList

Make = Callable[[int], tuple[Row, ...]]
"""Makes the rows for a width in cells; those with an id are the same at every width."""

_MARGIN = 2
"""The cursor's marks."""
_INDENT = 2
_GAP = 2
_USUAL_WIDTH = 80


class WrappedList(RowList):
    """A `RowList` whose rows are broken into lines."""

    _make: Make | None = None
    _made_for = 0

    def show_made(self, make: Make) -> None:
        """Show other rows; the cursor stays on its own."""
        self._make, self._made_for = make, self.size.width or _USUAL_WIDTH
        self.show_rows(make(self._made_for))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the rows take at that width."""
        if self._make is not None and width != self._made_for:
            self._made_for, self._rows = width, self._make(width)
        return super().get_content_height(container, viewport, width)


def long_row(row: Row, width: int) -> Iterator[Row]:
    """Yield a row, and its text's further lines under it."""
    beside = width_of(row.lead) + _INDENT * row.depth + (_GAP + width_of(row.state) if row.state else 0)
    first, rest = _flow(row.text, width - _MARGIN - beside, width - _MARGIN - _INDENT * (row.depth + 1))
    yield replace(row, text=first)
    for line in rest:
        yield Row("", line, depth=row.depth + 1, tone=row.tone, is_more=True, is_text=True)


def more(text: str, width: int, tone: Tone = "muted", depth: int = 1) -> Iterator[Row]:
    """Yield what belongs to the row above: a text of one or more paragraphs, broken at the width."""
    for paragraph in text.split("\n"):
        for line in fold(paragraph, width - _MARGIN - _INDENT * depth):
            yield Row("", line, depth=depth, tone=tone, is_more=True)


def fold(text: str, width: int) -> list[str]:
    """Break a text at spaces, and a word that is longer than the line where the line ends."""
    return [line.plain for line in Content(clean(text)).wrap(max(2, width))]


def _flow(text: str, first: int, rest: int) -> tuple[str, list[str]]:
    """Break a text whose first line has less room than the others."""
    text = clean(text)
    line = fold(text, first)[0]
    left = text[len(line) :].lstrip()
    return line, fold(left, rest) if left else []
