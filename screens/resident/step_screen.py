"""A step to read."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from screens.contracts import ShowsResidentsSide
from screens.resident.markdown import draw_markdown
from screens.resident.side import Side
from screens.resident.side_frame import BACK, SideFrame
from screens.widgets.drawn_text import DrawnText
from screens.widgets.page import Page
from store.views.residents_page import Part


@final
class StepScreen(Page[None], ShowsResidentsSide):
    """A step's text. To open it is to read it, where it is the resident who does."""

    AUTO_FOCUS = "#side"
    BLANK = True
    about = "Ett steg att läsa. Att du har läst det syns för din behandlare."
    BINDINGS: ClassVar[list[BindingType]] = [BACK]
    DEFAULT_CSS = """
    StepScreen DrawnText { padding: 0 1; max-width: 90; }
    """

    def __init__(self, side: Side, origin: str, step: str, title: str) -> None:
        """Show a step by its id."""
        super().__init__()
        self.side = side
        self.frame = SideFrame(self, side, origin, heading=lambda: title, read=self._read, show=self._show)
        self._step = step
        self._title = title
        self._text: str | None = None
        self._shown_text = DrawnText()

    def compose(self) -> ComposeResult:
        """Lay out the page in its frame."""
        yield self.frame.around(VerticalScroll(self._shown_text, id="side", classes="side"))

    async def _read(self) -> None:
        """Read the step; the first time it is opened."""
        if self._text is None:
            await self.side.open(Part.STEP)
            if not self.side.only_looks:
                await self.side.read_step(self._step)
        self._text = await self.side.step(self._step)

    def _show(self) -> None:
        self._shown_text.show(partial(draw_markdown, f"# {self._title}\n\n{self._text}"))

    async def changed(self) -> None:
        """Read the page again: something has changed, or the database is gone, or back."""
        self.frame.reread()

    def action_back(self) -> None:
        """Go back to where the page was opened from."""
        self.frame.leave()
