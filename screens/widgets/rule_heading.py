"""A rule line with a heading in it: it parts what is above from what is below, and names the latter."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from screens.widgets.cells import clean, cut


class RuleHeading(Widget):
    """A rule with a heading; without one it is a rule alone."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    RuleHeading { height: 1; text-wrap: nowrap; }
    """
    _heading = ""

    def show(self, heading: str) -> None:
        """Show a heading as it stands."""
        self._heading = heading
        self.refresh()

    def render(self) -> Content:
        """The rule, and the heading near its beginning."""
        width = self.size.width
        words = cut(clean(self._heading), width - 6)
        if not words:
            return Content.styled("─" * width, "$rule")
        line = Content.assemble(("── ", "$rule"), (words, "bold"), " ")
        return Content.assemble(line, ("─" * (width - line.cell_length), "$rule"))
