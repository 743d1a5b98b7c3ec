"""The resident's own scores over time: a bar for each occasion, where the program shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import ClassVar, final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from screens.contracts import ShowsResidentsSide
from screens.resident.side import Side
from screens.resident.side_frame import BACK, SideFrame
from screens.widgets.cells import wrap
from screens.widgets.drawn_text import DrawnText
from screens.widgets.page import Page
from screens.wording import short_day
from store.care.questionnaire.scoring import figure
from store.foundation.clock import Instant
from store.views.form_graph import Point, Series
from store.views.residents_page import Part

HEADING = "Mina resultat"
MOST_BAR = 40
"""Cells of the longest bar."""
_DAY = 13
CAUTION = "Siffrorna säger inte allt om hur du mår. Prata med din behandlare om dem."
NONE_YET = "Här syns dina resultat när du har svarat på ett formulär som räknas samman."


@final
class ScoresScreen(Page[None], ShowsResidentsSide):
    """The scores, form by form."""

    AUTO_FOCUS = "#side"
    BLANK = True
    about = "Dina egna resultat: en stapel för varje gång du har svarat."
    BINDINGS: ClassVar[list[BindingType]] = [BACK]
    DEFAULT_CSS = """
    ScoresScreen DrawnText { padding: 0 1; }
    """

    def __init__(self, side: Side, origin: str) -> None:
        """Show nothing yet."""
        super().__init__()
        self.side = side
        self.frame = SideFrame(self, side, origin, heading=lambda: HEADING, read=self._read, show=self._show)
        self._scores: tuple[Series, ...] | None = None
        self._text = DrawnText()

    def compose(self) -> ComposeResult:
        """Lay out the page in its frame."""
        yield self.frame.around(VerticalScroll(self._text, id="side", classes="side"))

    async def _read(self) -> None:
        """Read the scores; the first time the page is opened."""
        if self._scores is None:
            await self.side.open(Part.SCORES)
        self._scores = await self.side.scores()

    def _show(self) -> None:
        self._text.show(partial(draw_scores, self._scores or ()))

    async def changed(self) -> None:
        """Read the page again: something has changed, or the database is gone, or back."""
        self.frame.reread()

    def action_back(self) -> None:
        """Go back to where the page was opened from."""
        self.frame.leave()


def draw_scores(scores: Sequence[Series], width: int) -> list[Content]:
    """Return the lines for a width."""
    answered = [series for series in scores if series.points]
    said = CAUTION if answered else NONE_YET
    lines = [Content(line) for line in wrap(said, max(10, width))]
    widest = max((len(figure(point.value)) for series in answered for point in series.points), default=0)
    for series in answered:
        lines += [Content(""), Content.styled(f"{series.title} (högst {figure(series.maximum)})", "bold")]
        lines += _bars(series, widest, width)
    return lines


def _bars(series: Series, widest: int, width: int) -> Iterator[Content]:
    """Yield a bar for each point, with its figure in `widest` cells."""
    words = [f"{figure(point.value):>{widest}}  {series.level(point.value)}".rstrip() for point in series.points]
    room = max(5, min(MOST_BAR, width - _DAY - max(map(cell_len, words)) - 1))
    for point, said in zip(series.points, words, strict=True):
        yield Content(f"{short_day(Instant(point.at)):<{_DAY}}{_bar(series, point, room)} {said}")


def _bar(series: Series, point: Point, room: int) -> str:
    filled = round(room * min(1.0, max(0.0, point.value / series.maximum)))
    return "█" * filled + "░" * (room - filled)
