"""What a list knows: its outline, the rows kept, the cursor, what is to be read next. It reads and paints nothing."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

from screens.widgets.outline import Outline, SectionInfo
from screens.widgets.paging import Anchor, FetchedRows, KeyedRow, Request, RowSource, Sought, Window
from screens.widgets.view import View

RowT = TypeVar("RowT", bound=KeyedRow)

FIRST_ROWS = 100
"""How many rows the first reading asks for where not even the height of the screen is known."""


class ListModel(Generic[RowT]):
    """The state of a list, changed on the event loop only."""

    def __init__(self, ahead: int) -> None:
        """Keep `ahead` rows before and after those in view."""
        self._ahead = ahead
        self.first_rows = FIRST_ROWS
        """How many rows are read first: what fills the screen and a page after it, and no more of them to be logged."""
        self.source: RowSource[RowT] | None = None
        self.outline = Outline(())
        self.window: Window[RowT] = Window()
        self.cursor: int | None = None
        self.row: RowT | None = None
        """The cursor's row, if it has been read."""
        self.loaded = False
        self._anew = False
        self._start_over = False
        self._sought: Sought | None = None

    def set_source(self, source: RowSource[RowT] | None, *, keep: bool) -> None:
        """Read from this source from now on; what is known is shown until then."""
        self.source = source
        self._anew = True
        self._start_over = self._start_over or not keep

    def read_anew(self) -> None:
        """Let the next request read everything again."""
        self._anew = True

    @property
    def is_left(self) -> bool:
        """Whether what is shown was read from another source than the one that is to be shown."""
        return self._start_over

    def seek(self, row_id: Hashable) -> None:
        """Let the next request read everything again, and put the cursor on this row where the list has it."""
        self._anew, self._sought = True, Sought(row_id)

    def section(self) -> SectionInfo | None:
        """The section that the cursor is in."""
        return None if self.cursor is None else self.outline.sections[self.outline.section_of(self.cursor)]

    def move_to(self, row: int) -> None:
        """Put the cursor on a row of the list."""
        self.cursor = row
        self.row = self.window.get(row)

    def wants(self, view: View) -> bool:
        """Whether something is to be read: everything anew, or rows in view or within a page of it."""
        if self._anew or self.source is None:
            return self.source is not None
        first, last = view.rows()
        page = min(last - first, self._ahead)
        return not self.window.covers(max(0, first - page), min(last + page, self.outline.rows))

    def next_request(self, view: View) -> Request[RowT] | None:
        """What to read now, for what is in view now; `None`: nothing."""
        if not self.wants(view):
            return None
        first, last = view.rows()
        if self._anew:
            return self._request_anew(view, first, last)
        return Request(first - self._ahead, last + self._ahead, self.window, self.outline)

    def _request_anew(self, view: View, first: int, last: int) -> Request[RowT]:
        begins = self._start_over or not self.loaded
        self._anew = begins and self._sought is not None  # which is looked for from there
        if begins:
            return Request(0, self.first_rows, Window(), begins=True)
        if self._sought is not None:
            sought = Anchor[RowT](self._sought, None, self.cursor or 0)
            return Request(first - self._ahead, last + self._ahead, Window(), None, sought, sought)
        cursor = self._anchor(self.cursor)
        pivot = cursor if self.cursor is not None and view.shows(self.cursor) else self._anchor(first) or cursor
        return Request(first - self._ahead, last + self._ahead, Window(), None, cursor, pivot)

    def _anchor(self, index: int | None) -> Anchor[RowT] | None:
        row = None
        if index is not None:
            row = self.row if index == self.cursor and self.row is not None else self.window.get(index)
        if index is None or row is None:
            return None
        return Anchor(row, self.outline.sections[self.outline.section_of(index)].key, index)

    def failed(self, request: Request[RowT]) -> None:
        """A reading came to nothing: what was to be read anew still is, when something is asked for next."""
        self._anew = self._anew or request.outline is None

    def forget(self) -> None:
        """Keep nothing of what was read; what is read next begins at the top."""
        self.outline, self.window = Outline(()), Window()
        self.cursor = self.row = None
        self._anew = self._start_over = True

    def take(self, request: Request[RowT], reading: FetchedRows[RowT], view: View) -> int | None:
        """Take over what was read; the line the view should begin with, or `None` to leave it."""
        top = None
        if request.outline is None:
            top = self._take_anew(request, reading, view)
        elif reading.short:
            self._anew = True
        seen_first, seen_last = view._replace(outline=reading.outline, top=view.top if top is None else top).rows()
        self.window = reading.window.cut(seen_first - 2 * self._ahead, seen_last + 2 * self._ahead)
        self._know_the_row()
        return top

    def _know_the_row(self) -> None:
        row = None if self.cursor is None else self.window.get(self.cursor)
        if row is not None:
            self.row = row

    def _take_anew(self, request: Request[RowT], reading: FetchedRows[RowT], view: View) -> int:
        begun = request.begins
        self.loaded = True
        self._start_over = self._start_over and not begun
        cursor = 0 if begun or self.cursor is None else self._cursor_after(self.cursor, request, reading)
        top = 0 if begun else self._top_after(request, reading, view)
        was_shown = not begun and self.cursor is not None and view.shows(self.cursor)
        if request.cursor is not None and request.cursor.row is self._sought:
            self._sought, was_shown = None, True
        self.outline = reading.outline
        self.window = reading.window
        self.cursor = min(cursor, self.outline.rows - 1) if self.outline.rows else None
        self.row = reading.cursor_row if self.cursor == reading.cursor else None
        after = view._replace(outline=self.outline, top=top)
        top = max(0, min(top, after.max_top))
        if self.cursor is not None and (was_shown or begun):
            top = after._replace(top=top).top_showing(self.cursor)
        return top

    def _cursor_after(self, cursor: int, request: Request[RowT], reading: FetchedRows[RowT]) -> int:
        """Where the cursor's row is now, even if the cursor was moved while the list was read."""
        anchor = request.cursor
        if anchor is None or reading.cursor is None:
            return cursor
        if cursor == anchor.number:
            return reading.cursor
        found = None if self.row is None else reading.window.find(self.row.id)
        return max(0, cursor + reading.cursor - anchor.number) if found is None else found

    def _top_after(self, request: Request[RowT], reading: FetchedRows[RowT], view: View) -> int:
        """The top that leaves the pivot on its screen line. A list at its very top stays there: news is seen."""
        if view.top == 0 or request.pivot is None or reading.pivot is None:
            return view.top
        screen_line = self.outline.line_of(min(request.pivot.number, self.outline.rows - 1)) - view.top
        return reading.outline.line_of(reading.pivot) - screen_line
