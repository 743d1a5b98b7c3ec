"""*HANTERA HÄNDELSER*: what waits for the clinician (guide; domain.md §4)."""

from __future__ import annotations

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Offset

from screens.moment.mark import Mark
from screens.moment.painted import TONES, Painted, Sheet
from store.views.moment import MomentPage

HEADING = "HANTERA HÄNDELSER"
EXPLAIN = "explain"
EXPLAIN_TEXT = "Visa förklaring för hur du hanterar händelser"
NOTHING = "Inga händelser att hantera."


class Events(Painted):
    """The events to handle. The forms themselves come with their issue; their number is known."""

    def __init__(self) -> None:
        """Show nothing waiting until there is a page."""
        super().__init__("events")
        self._unread_forms = 0

    def compose(self) -> ComposeResult:
        """Have the link ready."""
        yield Mark(EXPLAIN_TEXT, id=EXPLAIN, about=EXPLAIN_TEXT)

    def show(self, page: MomentPage) -> None:
        """Show a page."""
        if page.unread_forms != self._unread_forms:
            self._unread_forms = page.unread_forms
            self.redraw()

    def draw(self, width: int) -> Sheet:
        """Draw the heading with its link at the right, and what waits."""
        link = Offset(max(cell_len(HEADING) + 2, width - cell_len(EXPLAIN_TEXT)), 0)
        return Sheet(
            (Content.styled(HEADING, "bold"), Content.styled("Formulär", "bold"), self._forms()), {EXPLAIN: link}
        )

    def _forms(self) -> Content:
        if not self._unread_forms:
            return Content.styled(NOTHING, TONES["muted"])
        return Content.styled(unread_heading(self._unread_forms), TONES["waiting"])


def unread_heading(number: int) -> str:
    """Return the guide's heading: `1 OLÄST FORMULÄR I MÄTBATTERI`."""
    return f"{number} {'OLÄST' if number == 1 else 'OLÄSTA'} FORMULÄR I MÄTBATTERI"
