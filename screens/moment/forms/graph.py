"""A resident's scores over time: the graph, and its table beside or below it (domain.md §6)."""

from __future__ import annotations

from functools import partial
from itertools import zip_longest

from rich.cells import cell_len
from textual.content import Content

from screens.moment.forms.graph_plot import BLOCKS, CURVES, Curve, draw_graph, whole_width
from screens.moment.forms.graph_table import GraphTable
from screens.themed_app import ThemedApp
from screens.widgets.drawn_text import DrawnText
from store.views.form_graph import FormGraph

_PLOT = 60
"""Cells that the graph keeps when the table stands beside it, at least; with long labels more."""
_GAP = 3


class Graph(DrawnText):
    """The graph and its table, drawn for the width there is."""

    DEFAULT_CSS = """
    Graph { margin: 1 0 0 0; }
    Graph.-alone { margin: 0; }
    """

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__("graph")

    def show_graph(self, graph: FormGraph, selected: int | None = None, part: FormGraph | None = None) -> None:
        """Show a graph, or a part of its time beside the whole table; `selected` is the answer whose row is marked."""
        self.show(partial(draw, graph, selected, part=part, curve=self._curve))

    @property
    def _curve(self) -> Curve:
        return CURVES[self.app.graph_curve] if isinstance(self.app, ThemedApp) else BLOCKS


def draw(
    graph: FormGraph, selected: int | None, width: int, *, part: FormGraph | None = None, curve: Curve = BLOCKS
) -> list[Content]:
    """Return the graph's lines with the table's beside them, or below where there is no room."""
    drawn = part or graph
    table = GraphTable(graph)
    if width < max(_PLOT, whole_width(graph)) + _GAP + table.width:
        return [*draw_graph(drawn, width, curve), Content(""), *table.lines(width, selected)]
    room = width - table.width - _GAP
    pairs = zip_longest(draw_graph(drawn, room, curve), table.lines(table.width, selected), fillvalue=Content(""))
    return [
        Content.assemble(left, " " * (room - cell_len(left.plain) + _GAP), right) if right.plain else left
        for left, right in pairs
    ]
