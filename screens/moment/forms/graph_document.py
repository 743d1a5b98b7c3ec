"""All of a moment's scored forms, and the nights of its diaries, on one time axis (domain.md §6)."""

from __future__ import annotations

from screens.moment.forms.graph import Graph
from screens.store_client import StoreClient
from screens.wording import day_and_month
from store.foundation.clock import Instant, local_day
from store.views.form_graph import FormGraph, open_graph, refresh_graph

SHORTEST = 7 * 86_400_000
"""Milliseconds of the shortest part that is shown."""


class GraphDocument:
    """The graph of a moment's scores, of all its time or of a part of it: a half, a quarter and so on."""

    def __init__(self, client: StoreClient, moment_id: int) -> None:
        """Show a moment's graph."""
        self._client = client
        self._moment_id = moment_id
        self._scores: FormGraph | None = None
        self._graph = Graph()
        self._graph.add_class("-alone")
        self._halvings = 0
        self._back = 0
        """How many halves of the shown time lie after it."""

    @property
    def title(self) -> tuple[str, ...]:
        """The page's name, and the days that are shown where they are a part."""
        if not self._halvings or self._scores is None:
            return ("Graf",)
        first, last = self._part(self._scores)
        return ("Graf", " – ".join(day_and_month(local_day(Instant(at))) for at in (first, last)))

    @property
    def widgets(self) -> tuple[Graph]:
        """The graph."""
        return (self._graph,)

    async def read(self) -> None:
        """Read the scores; the first time that is logged."""
        self._scores = await self._client.read(refresh_graph if self._scores else open_graph, self._moment_id)

    def show(self) -> None:
        """Show the scores that were read last."""
        if self._scores is not None:
            part = self._scores.between(*self._part(self._scores)) if self._halvings else None
            self._graph.show_graph(self._scores, part=part)

    # A part of the time

    def can_zoom(self, steps: int) -> bool:
        """Whether there is a shorter part to show (1), or a longer (-1)."""
        if steps < 0:
            return self._halvings > 0
        scores = self._scores
        is_any = scores is not None and any(series.points for series in scores.panels)
        return scores is not None and is_any and self._length(scores) // 2 >= SHORTEST

    def zoom(self, steps: int) -> None:
        """Show half of the time that is shown, its end (1), or twice as much (-1)."""
        self._halvings += steps
        self._back = self._back * 2 if steps > 0 else self._back // 2 if self._halvings else 0

    def can_turn(self, steps: int) -> bool:
        """Whether there is time before (-1) or after (1) what is shown."""
        if steps > 0:
            return self._back > 0
        return self._scores is not None and self._part(self._scores)[0] > self._scores.started_at

    def turn(self, steps: int) -> None:
        """Show the time half a part before (-1) or after (1)."""
        self._back -= steps

    def _length(self, scores: FormGraph) -> int:
        return max(scores.until - scores.started_at, 1) >> self._halvings

    def _part(self, scores: FormGraph) -> tuple[int, int]:
        """Return the first and last instant that are shown."""
        length = self._length(scores)
        last = max(scores.until - self._back * length // 2, scores.started_at + length)
        return last - length, last
