"""Which counts of a month are hidden since they are small, and which others with them (domain.md §11).

Two sums hold between the published counts of a program: those that ended are as many as all reasons together; and those
that run at a month's end are those that ran at the end of the one before and those that started, less those that ended.
Seen as a network, each count is a flow between two sums, or between a sum and all else (`_GROUND`). A hidden one can't
be told from the shown ones where it lies on a circle of hidden counts: all of them may be one more, or one less.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

STARTED, RUNNING, ENDED, REASON = "startade", "pagaende", "avslutade", "avslutsorsak"


class Cell(NamedTuple):
    """A count of a month: what of, and for which reason where it is one of those."""

    figure: str
    detail: str = ""


@dataclass(frozen=True)
class MonthCells:
    """The counts of a program in one month, and which of them are hidden from those who see published figures."""

    counts: Mapping[Cell, int]
    hidden: frozenset[Cell] = field(default_factory=frozenset)


class _Edge(NamedTuple):
    """A count in the network: it leads from one sum to another."""

    month: int
    cell: Cell
    start: tuple[str, int]
    end: tuple[str, int]


_GROUND = ("", 0)
_UNWANTED = 10**9
"""What it costs to hide a nought, or to let a hidden one be a nought: only where nothing else is left."""


def is_small(number: int, threshold: int) -> bool:
    """Whether a count is hidden for its own sake; nobody at all is no small number."""
    return 0 < number < threshold


def hidden_cells(before: Sequence[MonthCells], counts: Mapping[Cell, int], threshold: int) -> frozenset[Cell]:
    """Return which counts of a month are hidden: the small ones, and those by which one of them could be told.

    Args:
        before: the months right before it, the oldest first, as they were published: that is never changed. One whose
            running are shown, and those before it, may be left out: nothing of them can be told from this month.
        counts: the month's own, one for each figure and reason.
        threshold: the least that is shown.
    """
    small = frozenset(cell for cell, number in counts.items() if is_small(number, threshold))
    network = _Network([*before, MonthCells(counts, small)])
    while network.hide_more():
        pass
    return network.hidden_in(len(before))


class _Network:
    """The months' counts as edges; only the last month's may be hidden from now on."""

    def __init__(self, months: Sequence[MonthCells]) -> None:
        self._last = len(months) - 1
        self._counts = {
            (place, cell): number for place, one in enumerate(months) for cell, number in one.counts.items()
        }
        self._hidden = {(place, cell) for place, one in enumerate(months) for cell in one.hidden}
        self._edges = [
            edge
            for place, cell in self._counts
            if (edge := _edge(place, cell, self._last)) is not None
            and (place == self._last or (place, cell) in self._hidden)
        ]
        self._at: dict[tuple[str, int], list[_Edge]] = {}
        for edge in self._edges:
            self._at.setdefault(edge.start, []).append(edge)
            self._at.setdefault(edge.end, []).append(edge)

    def hidden_in(self, place: int) -> frozenset[Cell]:
        return frozenset(cell for month, cell in self._hidden if month == place)

    def hide_more(self) -> bool:
        """Hide what the first hidden count that can be told needs; returns whether there was one."""
        for edge in self._edges:
            if (edge.month, edge.cell) not in self._hidden:
                continue
            needed = self._needed(edge) - self._hidden
            if needed:
                self._hidden |= needed
                return True
        return False

    def _needed(self, edge: _Edge) -> set[tuple[int, Cell]]:
        """Return the counts of the cheapest circle through a count: what must be hidden so that it can't be told."""
        more = self._way(edge.end, edge.start, edge)
        less = self._way(edge.start, edge.end, edge) if self._number(edge) else None
        price = 0 if self._number(edge) > 1 else _UNWANTED
        ways = [way for way in (more, less and (less[0] + price, less[1])) if way]
        return min(ways, key=lambda way: way[0])[1] if ways else set()

    def _way(
        self, start: tuple[str, int], end: tuple[str, int], but: _Edge
    ) -> tuple[int, set[tuple[int, Cell]]] | None:
        """Return the cheapest way between two sums, and its counts: along one it grows, against one it shrinks."""
        order = count()
        waiting = [(0, next(order), start, frozenset[tuple[int, Cell]]())]
        done: set[tuple[str, int]] = set()
        while waiting:
            cost, _, here, used = heapq.heappop(waiting)
            if here == end:
                return cost, set(used)
            if here in done:
                continue
            done.add(here)
            for edge in self._at.get(here, ()):
                if edge is but:
                    continue
                onwards = edge.start == here
                there = edge.end if onwards else edge.start
                price = self._price(edge, grows=onwards)
                if price is not None and there not in done:
                    found = used | {(edge.month, edge.cell)}
                    heapq.heappush(waiting, (cost + price, next(order), there, found))
        return None

    def _price(self, edge: _Edge, *, grows: bool) -> int | None:
        """Return what it costs to let a count vary: nothing where it is hidden already, else the less the smaller."""
        number = self._number(edge)
        if not grows and not number:
            return None
        is_hidden = (edge.month, edge.cell) in self._hidden
        may_be_told = (not grows and number == 1) or (not is_hidden and not number)
        return (0 if is_hidden else 10 + number) + (_UNWANTED if may_be_told else 0)

    def _number(self, edge: _Edge) -> int:
        return self._counts[edge.month, edge.cell]


def _edge(month: int, cell: Cell, last: int) -> _Edge | None:
    """Return a count as an edge; None for one that stands in no sum."""
    runs, ends = ("runs", month), ("ends", month)
    if cell.figure == STARTED:
        return _Edge(month, cell, _GROUND, runs)
    if cell.figure == RUNNING:
        return _Edge(month, cell, runs, ("runs", month + 1) if month < last else _GROUND)
    if cell.figure == ENDED:
        return _Edge(month, cell, runs, ends)
    if cell.figure == REASON:
        return _Edge(month, cell, ends, _GROUND)
    return None
