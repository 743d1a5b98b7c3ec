"""The upright axis of a score's panel: on which line a value is drawn, and where one band ends and the next begins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import floor

from screens.widgets.cells import clean
from store.care.questionnaire.scoring import figure
from store.views.form_graph import Series


class LevelAxis:
    """Which line of a panel a value stands on; lines are counted from below, from 0.

    A band's border lies between two lines, never on one: what is on the line above it has reached the band, what is on
    the line below has not. So the axis is stretched a little, by half a line at most where a border needs it.
    """

    def __init__(self, series: Series, lines: int) -> None:
        """Lay an axis of so many lines for the values of a score, from 0 or the lowest to the most there can be."""
        values = [point.value for point in series.points]
        self.lines = lines
        low, high = min([0.0, *values]), max([series.maximum, *values, 1.0])
        inner = [at for at, _ in series.bands if low < at < high]
        self._knots = [(low, 0), *_borders(inner, low, high, lines), (high, lines)]
        self._series = series

    @property
    def edges(self) -> tuple[int, ...]:
        """The lowest line of each band but the first, from below."""
        return tuple(line for _, line in self._knots[1:-1])

    def step(self, value: float, steps: int) -> int:
        """Return how high a value is, counted from 0 in parts of a line of which there are `steps` on each."""
        pairs = list(pairwise(self._knots))
        (low, first), (high, end) = next((pair for pair in pairs if value < pair[1][0]), pairs[-1])
        share = (value - low) / (high - low)
        return min(max(floor((first + share * (end - first)) * steps), first * steps), end * steps - 1)

    def line(self, value: float) -> int:
        """Return the line that a value stands on."""
        return self.step(value, 1)

    def labels(self) -> dict[int, str]:
        """Return what stands at the axis, by line: where each band begins, and the highest value."""
        return {self.line(at): label for at, label in reversed(level_labels(self._series))}

    def band(self, line: int) -> int:
        """Return the place of the band that a line is in, 0 for the lowest."""
        return sum(edge <= line for edge in self.edges)


def level_labels(series: Series) -> list[tuple[float, str]]:
    """Return where each of a score's bands begins and its maximum, lowest first, each with its label."""
    bands = [(at, f"{figure(at)} {clean(text)}") for at, text in series.bands] or [(0.0, "0")]
    return [*bands, (series.maximum, figure(series.maximum))]


def _borders(values: Sequence[float], low: float, high: float, lines: int) -> list[tuple[float, int]]:
    """Return the line above each border, each its own; none where there are more borders than lines between."""
    if len(values) >= lines:
        return []
    found: list[tuple[float, int]] = []
    for place, value in enumerate(values):
        wanted = round((value - low) / (high - low) * lines)
        least = found[-1][1] + 1 if found else 1
        found.append((value, min(max(wanted, least), lines - len(values) + place)))
    return found
