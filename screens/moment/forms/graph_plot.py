"""The graph as lines of text: a panel for each score, all on one time axis, with bands and marks (domain.md §6).

The curve is plotext's, in parts of a cell; axis, bands and points are ours, since they stand on whole lines. Small
panels and not one with several curves: the scores have different maxima and their own bands, and without colour curves
that cross can't be told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import plotext
from rich.cells import cell_len
from textual.content import Content, Span

from screens.moment.forms.graph_levels import LevelAxis, level_labels
from screens.widgets.cells import clean, cut, wrap
from screens.widgets.painted import TONES
from screens.wording import day_and_month
from store.foundation.clock import Instant, local_day
from store.views.form_graph import FormGraph, Point, Series, TimeMark


class Curve(NamedTuple):
    """What a curve is drawn with: plotext's name for it, and how many parts of a cell it tells apart."""

    marker: str
    across: int
    up: int


BLOCKS, DOTS, CHARACTERS = Curve("hd", 2, 2), Curve("braille", 2, 4), Curve("·", 1, 1)
"""Quarter blocks, which all fonts have; braille's dots, which some have; and plain characters."""

CURVES = {"block": BLOCKS, "punkter": DOTS, "tecken": CHARACTERS}
"""By what the setting calls them."""

POINTS = "●▲■◆"
"""How a score's points are drawn, each score its own."""
MARKS = {"modul": ("Moduler", "▾"), "meddelande": ("Medd.", "✉"), "behandlare": ("Byten", "↔")}
NOTHING = "Inga poäng att visa än. Grafen fylls på när invånaren svarar på ett formulär som poängsätts."
NOTHING_THEN = "Inga poäng under den här tiden."

_LINES = 11
"""Lines of a panel, besides its heading and the axis under it."""
_LEAST = 40
"""Cells that a panel is drawn in at least; in fewer it is cut."""
_CURVE = 34
"""Cells that are left for the curve, where that leaves at least a third for the labels of the bands."""
_TICK_EVERY = 14
"""Cells between two days on the axis, at least."""
_BORDER = "▁"
"""What stands at the foot of a band's lowest line."""
_AREAS = ("", "on $accent 8%", "on $accent 16%", "on $accent 24%", "on $accent 32%")
"""The ground of each band, lowest first; above the last it stays."""
_CLOSE = 4
"""Cells for each point: where there are fewer the curve alone is drawn, with a mark at the latest."""


def whole_width(graph: FormGraph) -> int:
    """Return the cells that the graph is drawn in at least for no label to be cut."""
    return _label_width(graph) + 1 + _CURVE


def draw_graph(graph: FormGraph, width: int, curve: Curve = BLOCKS) -> list[Content]:
    """Return the lines of the graph at a width."""
    drawn = [series for series in graph.panels if series.points]
    if not drawn:
        return [
            Content.styled(line, TONES["muted"]) for line in wrap(NOTHING_THEN if graph.is_part else NOTHING, width)
        ]
    axis = _TimeAxis(graph, max(width, _LEAST))
    lines: list[Content] = []
    for place, series in enumerate(drawn):
        point = POINTS[place % len(POINTS)]
        if lines:
            lines.append(Content(""))
        lines.append(_heading(series, point, width))
        lines += (line.truncate(width) for line in axis.panel(series, point, curve))
    return [*lines, *(Content.styled(cut(line, width), TONES["muted"]) for line in axis.marks(graph.marks))]


def _heading(series: Series, point: str, width: int) -> Content:
    latest = series.points[-1].value
    band = clean(series.level(latest))
    said = f"{point} {clean(series.title)}: {series.said(latest)}{f', {band}' if band else ''}"
    return Content.styled(cut(said, width), "bold")


class _TimeAxis:
    """The time axis, and what is drawn along it."""

    def __init__(self, graph: FormGraph, width: int) -> None:
        instants = [point.at for series in graph.panels for point in series.points]
        self._first = min([graph.started_at, *instants])
        self._last = max([graph.until, self._first + 1, *instants])
        self._label = min(max(width - 1 - _CURVE, width // 3), _label_width(graph))
        self._columns = width - self._label - 1
        """Cells between the axis and the right edge."""

    def _column(self, at: int, parts: int = 1) -> int:
        """Return where an instant is drawn, counted in cells or in parts of a cell."""
        share = (at - self._first) / (self._last - self._first)
        return round(min(max(share, 0.0), 1.0) * (self._columns * parts - 1))

    def panel(self, series: Series, sign: str, curve: Curve) -> Iterator[Content]:
        """Yield the lines of a score's panel, from above; an instrument's bands are areas, our own only names."""
        levels = LevelAxis(series, _LINES)
        labels = levels.labels()
        rows = self._drawn(series.points, levels, curve)
        self._set_points(rows, series.points, levels, sign)
        for line in reversed(range(_LINES)):
            cells = rows[line]
            if series.published and line in levels.edges:
                cells = [_BORDER if cell == " " else cell for cell in cells]
            label = f"{self._fitted(labels.get(line, ''))}{'┤' if line in labels else '│'}"
            area = _AREAS[min(levels.band(line), len(_AREAS) - 1)] if series.published else ""
            spans = [Span(len(label), len(label) + len(cells), area)] if area else []
            yield Content(label + "".join(cells), spans=spans)
        yield from self._days()

    def _drawn(self, points: Sequence[Point], levels: LevelAxis, curve: Curve) -> list[list[str]]:
        """Return the curve's cells, line by line from below."""
        if len(points) < 2:
            return [[" "] * self._columns for _ in range(_LINES)]
        plotext.clear_figure()
        plotext.theme("clear")
        plotext.limit_size(False, False)  # else it draws no wider than the terminal that it believes it is in
        plotext.plotsize(self._columns, _LINES)
        plotext.frame(False)
        plotext.xticks([])
        plotext.yticks([])
        plotext.xlim(0, self._columns * curve.across - 1)
        plotext.ylim(0, _LINES * curve.up - 1)
        across = [float(self._column(point.at, curve.across)) for point in points]
        plotext.plot(across, [float(levels.step(point.value, curve.up)) for point in points], marker=curve.marker)
        drawn = plotext.build().replace("\x1b[0m", "").split("\n")[:_LINES]
        return [list(line.ljust(self._columns)[: self._columns]) for line in reversed(drawn)]

    def _set_points(self, rows: list[list[str]], points: Sequence[Point], levels: LevelAxis, sign: str) -> None:
        shown = points if len(points) * _CLOSE <= self._columns else points[-1:]
        for point in shown:
            rows[levels.line(point.value)][self._column(point.at)] = sign

    def _days(self) -> Iterator[Content]:
        """Yield the axis and the days under it."""
        line, days = ["─"] * self._columns, [" "] * self._columns
        for column, day in self._ticks():
            line[column] = "┬"
            at = min(max(0, column - len(day) // 2), self._columns - len(day))
            days[at : at + len(day)] = day
        indent = " " * self._label
        yield Content(f"{indent}└{''.join(line)}")
        yield Content(f"{indent} {''.join(days)}")

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


def _label_width(graph: FormGraph) -> int:
    """Return the cells of the longest label at the axis."""
    labels = [label for series in graph.panels for _, label in level_labels(series)]
    return max(map(cell_len, [*labels, *(name for name, _ in MARKS.values())]))


def _sign(number: int, sign: str) -> str:
    return " " if number == 0 else sign if number == 1 else str(number) if number < 10 else "+"
