"""Which columns a list shows at a width, and how wide each is: a declared order in which they give way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from screens.widgets.cells import Cell, inks_of, width_of

RowT = TypeVar("RowT")

GAP = 2
"""Empty cells between two columns."""


class Column(NamedTuple, Generic[RowT]):
    """One column: what it says of a row and how much room that may take, in terminal cells."""

    title: str
    cell: Callable[[RowT], Cell]
    width: int
    """The width it wants."""
    least: int | None = None
    """The width it can be narrowed to; `None`: it is never narrowed."""
    most: int | None = None
    """The width it can grow to, by `flex` or, where `give` is 0, by its longest text; `None`: it doesn't grow."""
    flex: int = 0
    """Its share of what is left over."""
    give: int = 0
    """Its place in the order of giving way: 1 is narrowed and dropped first; 0 is never dropped and narrowed last."""
    right: bool = False
    """Align right, as numbers do."""
    gap: int = GAP
    """Empty cells between it and the next."""

    @property
    def floor(self) -> int:
        """The least width."""
        return self.width if self.least is None else min(self.least, self.width)

    @property
    def ceiling(self) -> int:
        """The most width."""
        return self.width if self.most is None else max(self.most, self.width)


def longest(columns: Sequence[Column[RowT]], rows: Sequence[RowT], known: Sequence[int]) -> tuple[int, ...]:
    """The widths that the columns want now that these rows are known: those that may not be cut grow, none shrinks."""
    wanted = list(known)
    for index, column in enumerate(columns):
        if column.give == 0 and column.ceiling > column.width:
            most = max((width_of(inks_of(column.cell(row))) for row in rows), default=0)
            wanted[index] = max(wanted[index], min(column.ceiling, most))
    return tuple(wanted)


def lay_out(columns: Sequence[Column[RowT]], wanted: Sequence[int], width: int) -> tuple[int, ...]:
    """The width of each column in `width` cells; 0 for a dropped one.

    Columns that give way are narrowed, then dropped, in their order; only then are the others narrowed.
    """
    kept = list(range(len(columns)))
    givers = sorted((index for index in kept if columns[index].give), key=lambda index: (columns[index].give, -index))
    while True:
        widths = {index: wanted[index] for index in kept}
        short = _total(columns, widths) - width
        for index in (index for index in givers if index in widths):
            short = _narrow(widths, index, columns[index].floor, short)
        if short <= 0:
            break
        if not givers:
            _narrow_the_rest(columns, widths, short)
            break
        kept.remove(givers.pop(0))
    _share_out(columns, widths, width - _total(columns, widths))
    return tuple(widths.get(index, 0) for index in range(len(columns)))


def _total(columns: Sequence[Column[RowT]], widths: dict[int, int]) -> int:
    return sum(widths.values()) + sum(columns[index].gap for index in list(widths)[:-1])


def _narrow(widths: dict[int, int], index: int, floor: int, short: int) -> int:
    taken = max(0, min(short, widths[index] - floor))
    widths[index] -= taken
    return short - taken


def _narrow_the_rest(columns: Sequence[Column[RowT]], widths: dict[int, int], short: int) -> None:
    for index in reversed(widths):
        short = _narrow(widths, index, columns[index].floor, short)
    for index in list(reversed(widths))[:-1]:  # narrower than anyone declared: the first column stays longest
        short = _narrow(widths, index, 1, short)
    for index in widths:
        short = _narrow(widths, index, 1, short)


def _share_out(columns: Sequence[Column[RowT]], widths: dict[int, int], spare: int) -> None:
    while spare > 0:
        open_ended = [index for index in widths if columns[index].flex and widths[index] < columns[index].ceiling]
        shares = sum(columns[index].flex for index in open_ended)
        if not shares:
            return
        before = spare
        for index in open_ended:
            column = columns[index]
            grown = min(max(1, before * column.flex // shares), column.ceiling - widths[index], spare)
            widths[index] += grown
            spare -= grown
