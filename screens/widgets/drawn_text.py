"""A text of styled lines, drawn for the width that there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content

from screens.widgets.painted import Painted, Sheet

Draw = Callable[[int], Sequence[Content]]
"""Makes the text's lines for a width in cells."""


class DrawnText(Painted):
    """Lines that are drawn anew when the width changes."""

    def __init__(self, id: str = "text") -> None:
        """Show nothing yet."""
        super().__init__(id)
        self._draw: Draw = lambda _: ()

    def show(self, draw: Draw) -> None:
        """Show another text."""
        self._draw = draw
        self.redraw()

    def draw(self, width: int) -> Sheet:
        """Draw the text for a width."""
        return Sheet(self._draw(width))
