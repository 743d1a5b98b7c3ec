"""A step to read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from textual.containers import VerticalScroll
from textual.widget import Widget

from screens.resident.markdown import draw_markdown
from screens.resident.side import Side
from screens.resident.side_screen import SideScreen
from screens.widgets.drawn_text import DrawnText
from store.views.residents_page import Part


class StepScreen(SideScreen):
    """A step's text. To open it is to read it, where it is the resident who does."""

    AUTO_FOCUS = "#side"
    ABOUT = "Ett steg att läsa. Att du har läst det syns för din behandlare."
    DEFAULT_CSS = """
    StepScreen DrawnText { padding: 0 1; max-width: 90; }
    """

    def __init__(self, side: Side, origin: str, step: str, title: str) -> None:
        """Show a step by its id."""
        super().__init__(side, origin)
        self._step = step
        self._title = title
        self._text: str | None = None
        self._shown_text = DrawnText()

    @property
    def heading(self) -> tuple[str, ...]:
        """The step's title."""
        return (self._title,)

    def body(self) -> Iterable[Widget]:
        """Return the text."""
        yield VerticalScroll(self._shown_text, id="side", classes="side")

    async def read(self) -> None:
        """Read the step; the first time it is opened."""
        if self._text is None:
            await self.side.open(Part.STEP)
            if not self.side.only_looks:
                await self.side.read_step(self._step)
        self._text = await self.side.step(self._step)

    def show(self) -> None:
        """Show the text."""
        self._shown_text.show(partial(draw_markdown, f"# {self._title}\n\n{self._text}"))
