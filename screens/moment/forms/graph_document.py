"""All of a moment's scored forms on one time axis (domain.md §6)."""

from __future__ import annotations

from screens.moment.forms.graph import Graph
from screens.store_client import StoreClient
from store.views.form_graph import FormGraph, open_graph, refresh_graph


class GraphDocument:
    """The graph of a moment's scores."""

    title = ("Graf",)

    def __init__(self, client: StoreClient, moment_id: int) -> None:
        """Show a moment's graph."""
        self._client = client
        self._moment_id = moment_id
        self._scores: FormGraph | None = None
        self._graph = Graph()

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
            self._graph.show_graph(self._scores)
