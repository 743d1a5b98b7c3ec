"""The graph as lines of text: a panel for each score, all on one time axis, with bands and marks (domain.md §6).

Small panels and not one with several curves: the scores have different maxima and their own bands, and without colour
curves that cross can't be told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import plotext
from rich.cells import cell_len
from textual.content import Content

from screens.widgets.cells import clean, cut, wrap
from screens.widgets.painted import TONES
from screens.wording import day_and_month
from store.care.questionnaire.scoring import figure
from store.foundation.clock import Instant, local_day
from store.views.form_graph import FormGraph, Series, TimeMark

POINTS = "●▲■◆"
"""How a score's points are drawn, each score its own."""
MARKS = {"modul": ("Moduler", "▾"), "meddelande": ("Medd.", "✉"), "behandlare": ("Byten", "↔")}
NOTHING = "Inga poäng att visa än. Grafen fylls på när invånaren svarar på ett formulär som poängsätts."

_HEIGHT = 12
"""Lines of a panel, with its axis."""
_LEAST = 40
"""Cells that a panel is drawn in at least; in fewer it is cut."""
_CURVE = 34
"""Cells that are left for the curve, where that leaves at least a third for the labels of the bands."""
_TICK_EVERY = 14
"""Cells between two days on the axis, at least."""


def whole_width(graph: FormGraph) -> int:
    """Return the cells that the graph is drawn in at least for no label to be cut."""
    return _label_width(graph) + 1 + _CURVE


def draw_graph(graph: FormGraph, width: int) -> list[Content]:
    """Return the lines of the graph at a width."""
    drawn = [series for series in graph.series if series.points]
    if not drawn:
        return [Content.styled(line, TONES["muted"]) for line in wrap(NOTHING, width)]
    axis = _Axis(graph, max(width, _LEAST))
    lines: list[Content] = []
    for place, series in enumerate(drawn):
        point = POINTS[place % len(POINTS)]
        lines += [_heading(series, point, width), *(Content(cut(line, width)) for line in axis.panel(series, point))]
    return [*lines, *(Content.styled(cut(line, width), TONES["muted"]) for line in axis.marks(graph.marks))]


def _heading(series: Series, point: str, width: int) -> Content:
    latest = series.points[-1].value
    band = clean(series.level(latest))
    said = f"{point} {clean(series.title)}: {figure(latest)} av {figure(series.maximum)}{f', {band}' if band else ''}"
    return Content.styled(cut(said, width), "bold")


class _Axis:
    """The time axis, and what is drawn along it."""

    def __init__(self, graph: FormGraph, width: int) -> None:
        instants = [point.at for series in graph.series for point in series.points]
        self._first = min([graph.started_at, *instants])
        self._last = max([graph.until, self._first + 1, *instants])
        self._width = width
        self._label = min(max(width - 1 - _CURVE, width // 3), _label_width(graph))

    @property
    def _columns(self) -> int:
        """Cells between the axis and the right edge."""
        return self._width - self._label - 1

    def _column(self, at: int) -> int:
        share = (at - self._first) / (self._last - self._first)
        return round(min(max(share, 0.0), 1.0) * (self._columns - 1))

    def panel(self, series: Series, point: str) -> list[str]:
        """Return a score's curve; an instrument's bands have lines for borders, our own only names at the axis."""
        plotext.clear_figure()
        plotext.theme("clear")
        plotext.limit_size(False, False)  # else it draws no wider than the terminal that it believes it is in
        plotext.plotsize(self._width, _HEIGHT)
        plotext.xaxes(True, False)
        plotext.yaxes(True, False)
        borders = _borders(series)
        for at_least, _ in borders[1:] if series.published else ():
            plotext.hline(at_least)
        self._curve(series, point)
        plotext.yticks([value for value, _ in borders], [self._fitted(label) for _, label in borders])
        ticks = list(self._ticks())
        plotext.xticks([float(column) for column, _ in ticks], [label for _, label in ticks])
        return [line.replace("\x1b[0m", "").rstrip() for line in plotext.build().rstrip("\n").split("\n")]

    def _curve(self, series: Series, point: str) -> None:
        columns = [float(self._column(one.at)) for one in series.points]
        values = [one.value for one in series.points]
        if len(values) > 1:
            plotext.plot(columns, values, marker="·")
        plotext.scatter(columns, values, marker=point)
        plotext.xlim(0, self._columns - 1)
        plotext.ylim(min(0, *values), max(series.maximum, *values, 1))

    def marks(self, marks: Sequence[TimeMark]) -> Iterator[str]:
        """Yield a row for each kind of mark; where several fall in one cell their number stands."""
        for kind, (name, sign) in MARKS.items():
            at = Counter(self._column(mark.at) for mark in marks if mark.kind == kind)
            if at:
                cells = [_sign(at[column], sign) for column in range(self._columns)]
                yield f"{self._fitted(name)} {''.join(cells)}".rstrip()

    def _fitted(self, label: str) -> str:
        short = cut(label, self._label)
        return " " * (self._label - cell_len(short)) + short

    def _ticks(self) -> Iterator[tuple[int, str]]:
        number = max(2, min(6, self._columns // _TICK_EVERY))
        for place in range(number):
            at = self._first + (self._last - self._first) * place // (number - 1)
            yield self._column(at), day_and_month(local_day(Instant(at)))


def _borders(series: Series) -> list[tuple[float, str]]:
    """Return the lower bounds of a score's bands and its maximum, lowest first, each with its label."""
    bands = [(at, f"{figure(at)} {clean(text)}") for at, text in series.bands] or [(0.0, "0")]
    return [*bands, (series.maximum, figure(series.maximum))]


def _label_width(graph: FormGraph) -> int:
    """Return the cells of the longest label at the axis."""
    labels = [label for series in graph.series for _, label in _borders(series)]
    return max(map(cell_len, [*labels, *(name for name, _ in MARKS.values())]))


def _sign(number: int, sign: str) -> str:
    return " " if number == 0 else sign if number == 1 else str(number) if number < 10 else "+"
