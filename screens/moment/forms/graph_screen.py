"""The graph on a page of its own (domain.md §6)."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from screens.moment.document_screen import Paper
from screens.moment.forms.graph import Graph
from screens.store_client import StoreClient
from store.views.form_graph import FormGraph, open_graph, refresh_graph


class GraphScreen(Paper):
    """All of a moment's scored forms on one time axis."""

    def __init__(self, client: StoreClient, moment_id: int, origin: str) -> None:
        """Show a moment's graph; `origin` is whose it is, as the way back names it."""
        super().__init__(client, moment_id, (origin, "Graf"))
        self._graph: FormGraph | None = None

    def body(self) -> Iterable[Widget]:
        """Return the graph."""
        yield Graph()

    async def read(self) -> None:
        """Read it; the first time that is logged."""
        self._graph = await self.client.read(refresh_graph if self._graph else open_graph, self.moment_id)

    def show_state(self) -> None:
        """Show it."""
        if self._graph is not None:
            self.query_one(Graph).show_graph(self._graph)
