"""The graph's figures as a table, a row an occasion, the newest first."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from screens.moment.painted import TONES
from screens.widgets.cells import clean, cut
from screens.wording import list_day
from store.care.questionnaire.scoring import figure
from store.foundation.clock import Instant
from store.views.form_graph import FormGraph, Point, Series

_HEAD = ("Dag", "Poäng", "Sedan förra", "Nivå", "Formulär")


def draw_table(graph: FormGraph, width: int, selected: int | None) -> list[Content]:
    """Return the table's lines; the selected answer's row is marked."""
    found = [row for series in graph.series for row in _rows(series)]
    found.sort(key=lambda row: row[0].at, reverse=True)
    if not found:
        return []
    table = [_HEAD, *(cells for _, cells in found)]
    widths = [max(cell_len(row[column]) for row in table) for column in range(len(_HEAD))]
    lines = [Content.styled(_line("  ", _HEAD, widths, width), "bold")]
    for point, cells in found:
        is_chosen = point.answer_id == selected
        text = _line("▶ " if is_chosen else "  ", cells, widths, width)
        lines.append(Content.styled(text, f"bold {TONES['accent']}" if is_chosen else ""))
    return lines


def table_width(graph: FormGraph) -> int:
    """Return how wide the table is when nothing is cut."""
    return max((cell_len(line.plain) for line in draw_table(graph, 1000, None)), default=0)


def _rows(series: Series) -> list[tuple[Point, tuple[str, ...]]]:
    before = [None, *(point.value for point in series.points)]
    return [
        (point, (list_day(Instant(point.at)), *_score(series, point, earlier), clean(series.title)))
        for point, earlier in zip(series.points, before, strict=False)
    ]


def _score(series: Series, point: Point, before: float | None) -> tuple[str, str, str]:
    change = "–" if before is None else _signed(point.value - before)
    return f"{figure(point.value)} av {figure(series.maximum)}", change, clean(series.band(point.value))


def _signed(change: float) -> str:
    sign = "+" if change > 0 else "±" if change == 0 else "\N{MINUS SIGN}"
    return f"{sign}{figure(abs(change))}"


def _line(mark: str, cells: tuple[str, ...], widths: list[int], width: int) -> str:
    padded = (cell + " " * (room - cell_len(cell)) for cell, room in zip(cells, widths, strict=True))
    return cut(mark + "  ".join(padded).rstrip(), width)
