"""The graph's figures as a table, a row an occasion, the newest first."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from screens.widgets.cells import clean, cut
from screens.widgets.painted import TONES
from screens.wording import list_day
from store.care.questionnaire.scoring import figure
from store.foundation.clock import Instant
from store.views.form_graph import FormGraph, Point, Series

_MARK = "▶ "
_GAP = "  "
_HEAD = ("Dag", "Poäng", "Sedan förra", "Nivå", "Formulär")
_OWN_HEAD = ("Dag", "Poäng", "Sedan förra", "Egen nivå", "Formulär")
"""Where no score has an instrument's bands."""


class GraphTable:
    """The rows of the table and the widths of its columns, found once."""

    def __init__(self, graph: FormGraph) -> None:
        """Lay the figures of a graph out in rows."""
        are_own = not any(series.published for series in graph.series)
        self._head = _OWN_HEAD if are_own else _HEAD
        self._rows = [row for series in graph.series for row in _rows(series, is_told=are_own)]
        self._rows.sort(key=lambda row: row[0].at, reverse=True)
        table = [self._head, *(cells for _, cells in self._rows)]
        self._widths = [max(cell_len(row[column]) for row in table) for column in range(len(_HEAD))]

    @property
    def width(self) -> int:
        """How wide the table is when nothing is cut; 0 without a row."""
        return len(_MARK) + sum(self._widths) + len(_GAP) * (len(_HEAD) - 1) if self._rows else 0

    def lines(self, width: int, selected: int | None) -> list[Content]:
        """Return the table's lines, cut to a width; the selected answer's row is marked."""
        if not self._rows:
            return []
        lines = [Content.styled(self._line("", self._head, width), "bold")]
        for point, cells in self._rows:
            is_chosen = point.answer_id == selected
            text = self._line(_MARK if is_chosen else "", cells, width)
            lines.append(Content.styled(text, f"bold {TONES['accent']}" if is_chosen else ""))
        return lines

    def _line(self, mark: str, cells: tuple[str, ...], width: int) -> str:
        padded = (cell + " " * (room - cell_len(cell)) for cell, room in zip(cells, self._widths, strict=True))
        return cut(mark.ljust(len(_MARK)) + _GAP.join(padded).rstrip(), width)


def _rows(series: Series, *, is_told: bool) -> list[tuple[Point, tuple[str, ...]]]:
    before = [None, *(point.value for point in series.points)]
    return [
        (point, (list_day(Instant(point.at)), *_score(series, point, earlier, is_told=is_told), clean(series.title)))
        for point, earlier in zip(series.points, before, strict=False)
    ]


def _score(series: Series, point: Point, before: float | None, *, is_told: bool) -> tuple[str, str, str]:
    """Return figure, change and level; `is_told` is that the heading says that the levels are our own."""
    change = "–" if before is None else _signed(point.value - before)
    level = series.band(point.value) if is_told else series.level(point.value)
    return series.said(point.value), change, clean(level)


def _signed(change: float) -> str:
    sign = "+" if change > 0 else "±" if change == 0 else "\N{MINUS SIGN}"
    return f"{sign}{figure(abs(change))}"
