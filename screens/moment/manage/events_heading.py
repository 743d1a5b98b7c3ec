"""*HANTERA HÄNDELSER*: the heading over what waits for the clinician (guide; domain.md §4)."""

from __future__ import annotations

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Offset

from screens.widgets.mark import Mark
from screens.widgets.painted import Painted, Sheet

HEADING = "HANTERA HÄNDELSER"
EXPLAIN = "explain"
EXPLAIN_TEXT = "Visa förklaring för hur du hanterar händelser"


class EventsHeading(Painted):
    """The heading *HANTERA HÄNDELSER*, with the link to its explanation at the right."""

    def __init__(self) -> None:
        """Show the heading; it never changes."""
        super().__init__("events")

    def compose(self) -> ComposeResult:
        """Lay out the link."""
        yield Mark(EXPLAIN_TEXT, id=EXPLAIN, about=EXPLAIN_TEXT)

    def draw(self, width: int) -> Sheet:
        """Draw the heading."""
        link = Offset(max(cell_len(HEADING) + 2, width - cell_len(EXPLAIN_TEXT)), 0)
        return Sheet((Content.styled(HEADING, "bold"),), {EXPLAIN: link})
