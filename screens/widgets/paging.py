"""The rows of a list that are kept, and how more of them are read: a page at a time, by key, off the event loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from screens.widgets.outline import Outline, RowRun, SectionInfo

Key: TypeAlias = tuple[Any, ...]
"""Where a row stands in its section: what the section is ordered by, ending in something unique."""


class KeyedRow(Protocol):
    """What a list needs to know of a row; the columns know the rest."""

    @property
    def id(self) -> Hashable:
        """Which thing the row shows; unique in the list."""

    @property
    def key(self) -> Key:
        """Where the row stands in its section."""


T = TypeVar("T")
RowT = TypeVar("RowT", bound=KeyedRow)
RowT_co = TypeVar("RowT_co", bound=KeyedRow, covariant=True)


class Place(NamedTuple):
    """Where a row stands: its section's key and how many rows of the section come before it."""

    section: Hashable
    offset: int


class RowSource(Protocol[RowT_co]):
    """Where a list's rows come from. Its methods may block: they are called in a thread, one at a time."""

    def sections(self) -> Sequence[SectionInfo]:
        """The sections in order, with their kept counts."""

    def page(self, section: Hashable, after: Key | None, limit: int, *, backwards: bool = False) -> Sequence[RowT_co]:
        """The `limit` rows next after a key, or next before it if `backwards`; always in the list's order.

        Without a key: the section's first rows, or its last if `backwards`.
        """

    def page_at(self, section: Hashable, offset: int, limit: int) -> Sequence[RowT_co]:
        """The rows from a place on, for far jumps."""

    def locate(self, row_id: Hashable) -> Place | None:
        """Where a row stands now; `None` if it is no longer in the list."""

    def offset_of(self, section: Hashable, key: Key) -> int:
        """How many rows of a section come before a key, whether or not a row has it."""


class Fetch(Protocol):
    """Runs a blocking call off the event loop; best within one read transaction, so that what it reads agrees."""

    def __call__(self, call: Callable[[], T], /) -> Awaitable[T]:
        """Run a call and return its value."""


class Window(Generic[RowT]):
    """The rows kept, from the list's row `first` on without a gap; never changed.

    A `None` in it was looked for and not found.
    """

    def __init__(self, first: int = 0, rows: Sequence[RowT | None] = ()) -> None:
        self.first = first
        self.rows = tuple(rows)

    @property
    def end(self) -> int:
        """The row after the last one kept."""
        return self.first + len(self.rows)

    def __len__(self) -> int:
        """How many rows are kept."""
        return len(self.rows)

    def get(self, index: int) -> RowT | None:
        """The list's row `index`, if kept."""
        return self.rows[index - self.first] if self.first <= index < self.end else None

    def covers(self, first: int, last: int) -> bool:
        """Whether the rows from `first` up to, not with, `last` have been read."""
        return first >= last or (self.first <= first and last <= self.end)

    def find(self, row_id: Hashable) -> int | None:
        """The number in the list of the row with an id, if kept."""
        for index, row in enumerate(self.rows, self.first):
            if row is not None and row.id == row_id:
                return index
        return None

    def beyond(self, other: Window[RowT]) -> list[RowT]:
        """The rows found that another window doesn't reach."""
        numbered = enumerate(self.rows, self.first)
        return [row for index, row in numbered if row is not None and not other.first <= index < other.end]

    def cut(self, first: int, last: int) -> Window[RowT]:
        """Only what lies between `first` and `last`."""
        first, last = max(first, self.first), min(last, self.end)
        return Window(first, self.rows[first - self.first : last - self.first]) if first < last else Window()


class Sought(NamedTuple):
    """A row that is looked for by its id alone, where it stands is not known."""

    id: Hashable
    key: Key = ()


class Anchor(NamedTuple, Generic[RowT]):
    """A row to find again when the list is read anew: its section's key and its number in the list until then."""

    row: RowT | Sought
    section: Hashable
    number: int


class Request(NamedTuple, Generic[RowT]):
    """What to read: the list's rows from `first` up to `last`, going on from a window that is kept.

    Without an outline everything is read anew; `first` and `last` then move with the row `pivot`.
    """

    first: int
    last: int
    window: Window[RowT]
    outline: Outline | None = None
    cursor: Anchor[RowT] | None = None
    pivot: Anchor[RowT] | None = None
    begins: bool = False
    """Whether the list starts over at its first row."""


class FetchedRows(NamedTuple, Generic[RowT]):
    """What was read. `short`: some rows were not there, so the outline is no longer true."""

    outline: Outline
    window: Window[RowT]
    short: bool
    cursor: int | None = None
    cursor_row: RowT | None = None
    pivot: int | None = None


def read(source: RowSource[RowT], request: Request[RowT]) -> FetchedRows[RowT]:
    """Do what a request asks for; blocks."""
    if request.outline is None:
        return _read_anew(source, request)
    reader = _Reader(source, request.outline, request.window)
    return reader.read(request.first, request.last)


def _read_anew(source: RowSource[RowT], request: Request[RowT]) -> FetchedRows[RowT]:
    outline = Outline(source.sections())
    cursor = _find_again(source, outline, request.cursor)
    pivot = cursor if request.pivot == request.cursor else _find_again(source, outline, request.pivot)
    moved = 0 if pivot is None or request.pivot is None else pivot - request.pivot.number
    length = request.last - request.first
    first = max(0, min(request.first + moved, outline.rows - length))
    reading = _Reader(source, outline, Window[RowT]()).read(first, first + length)
    return FetchedRows(outline, reading.window, reading.short, cursor, _row_at(source, reading, cursor), pivot)


def _row_at(source: RowSource[RowT], reading: FetchedRows[RowT], index: int | None) -> RowT | None:
    """A row, read by itself if it is far from the others."""
    if index is None or reading.window.covers(index, index + 1):
        return None if index is None else reading.window.get(index)
    (run,) = reading.outline.runs(index, index + 1)
    rows = source.page_at(reading.outline.sections[run.section].key, run.offset, 1)
    return rows[0] if rows else None


def _find_again(source: RowSource[RowT], outline: Outline, anchor: Anchor[RowT] | None) -> int | None:
    """The number in the list of the anchor's row, or of its nearest neighbour; `None` if there is neither."""
    if anchor is None or not outline.rows:
        return None
    place = source.locate(anchor.row.id)
    if place is None and any(section.key == anchor.section for section in outline.sections):
        place = Place(anchor.section, source.offset_of(anchor.section, anchor.row.key))
    found = outline.row_at(*place) if place is not None else None
    return min(anchor.number, outline.rows - 1) if found is None else found


class _Reader(Generic[RowT]):
    """Reads rows beside those known, run by run, each by the nearest key there is."""

    def __init__(self, source: RowSource[RowT], outline: Outline, known: Window[RowT]) -> None:
        self._source = source
        self._outline = outline
        self._known = known
        self._short = False

    def read(self, first: int, last: int) -> FetchedRows[RowT]:
        """The rows asked for together with those known, if they touch."""
        first, last = max(0, first), min(last, self._outline.rows)
        known = self._known
        if not known or last < known.first or known.end < first:
            self._known = Window()
            self._forward(first, last)
        else:
            self._backward(first, known.first)
            self._forward(known.end, last)
        return FetchedRows(self._outline, self._known, self._short)

    def _forward(self, first: int, last: int) -> None:
        for run in self._outline.runs(first, last):
            rows = list(self._rows(run))[: run.length]
            missing = [None] * (run.length - len(rows))
            known = self._known if self._known else Window(run.first)
            self._known = Window(known.first, (*known.rows, *rows, *missing))
            self._short = self._short or bool(missing)

    def _backward(self, first: int, last: int) -> None:
        for run in reversed(list(self._outline.runs(first, last))):
            rows = list(self._rows(run))[-run.length :]
            missing = [None] * (run.length - len(rows))
            self._known = Window(run.first, (*missing, *rows, *self._known.rows))
            self._short = self._short or bool(missing)

    def _rows(self, run: RowRun) -> Sequence[RowT]:
        section = self._outline.sections[run.section]
        to_end = run.offset + run.length == section.count
        before = self._known.get(run.first - 1) if run.offset else None
        after = None if to_end else self._known.get(run.first + run.length)
        if before is not None:
            return self._source.page(section.key, before.key, run.length)
        if after is not None:
            return self._source.page(section.key, after.key, run.length, backwards=True)
        if not run.offset:
            return self._source.page(section.key, None, run.length)
        if to_end:
            return self._source.page(section.key, None, run.length, backwards=True)
        return self._source.page_at(section.key, run.offset, run.length)
