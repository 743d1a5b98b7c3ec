"""One list for any size: rows under headings, painted a line at a time, read a page at a time off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from rich.style import Style
from textual import events, work
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.worker import Worker

from screens.widgets.columns import Column
from screens.widgets.list_keys import CSS, KEYS, PARTS
from screens.widgets.list_model import ListModel
from screens.widgets.list_painter import BLURRED_MARKS, FOCUSED_MARKS, LinePainter, paint
from screens.widgets.outline import Kind, Outline, SectionInfo
from screens.widgets.paging import Fetch, FetchedRows, KeyedRow, Request, RowSource, Window, read
from screens.widgets.view import View
from store.foundation.errors import NotPermitted

RowT = TypeVar("RowT", bound=KeyedRow)


class PagedList(ScrollView, Generic[RowT], can_focus=True, inherit_bindings=False):
    """Rows under headings, whatever their number, with a cursor on one of them: only those around the view are kept."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = list(KEYS)
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"paged-list--{part}" for part in PARTS}
    DEFAULT_CSS = CSS
    AROUND = 8
    """Lines of the window that no list has: title, tabs, headings, keys."""
    AHEAD = 120
    """How many rows are read before and after those in view."""
    COMPACT_BELOW = 30
    """On a screen of fewer lines headings take one line, and the columns' titles are said once."""
    PATIENCE = 0.3
    """Seconds before a first reading says that it is going on."""

    class ListMessage(Message):
        """Something happened in a list."""

        def __init__(self, paged_list: PagedList[Any]) -> None:
            super().__init__()
            self.paged_list = paged_list

        @property
        def control(self) -> PagedList[Any]:
            """The list, for `@on` with a selector."""
            return self.paged_list

    class Opened(ListMessage):
        """A row was opened by Enter or the mouse."""

        def __init__(self, paged_list: PagedList[Any], row_id: Hashable) -> None:
            super().__init__(paged_list)
            self.row_id = row_id

    class Highlighted(ListMessage):
        """The cursor stands on another row; `None`: on none, or on one that is still being read."""

        def __init__(self, paged_list: PagedList[Any], row_id: Hashable | None) -> None:
            super().__init__(paged_list)
            self.row_id = row_id

    class HeadingAction(ListMessage):
        """A heading's action was chosen; `section` is the key of the section with that heading."""

        def __init__(self, paged_list: PagedList[Any], section: Hashable) -> None:
            super().__init__(paged_list)
            self.section = section

    class Failed(ListMessage):
        """Rows could not be read; those that were read before stay."""

        def __init__(self, paged_list: PagedList[Any], error: Exception) -> None:
            super().__init__(paged_list)
            self.error = error

    class Loaded(ListMessage):
        """The sections were read, for the first time or again."""

    def __init__(
        self,
        columns: Sequence[Column[RowT]],
        source: RowSource[RowT] | None = None,
        *,
        fetch: Fetch = asyncio.to_thread,
        fetch_anew: Fetch | None = None,
        empty: str = "",
        reading: str = "Hämtar …",
        failed: str = "Inget kunde hämtas.",
        pin: bool = True,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Show what a source has, in these columns.

        Args:
            columns: the columns, leftmost first.
            source: where the rows come from; it can be given later.
            fetch: runs a blocking call off the event loop.
            fetch_anew: the same for a call that reads the headings with the rows, where that is another.
            empty: what is said in the middle when there are no rows.
            reading: what is said until the first rows are there, if that takes long.
            failed: what is said instead once they could not be read.
            pin: leave headings that scroll out of view standing at the top.
            id: the widget's id.
            classes: the widget's classes.
        """
        super().__init__(id=id, classes=classes)
        self._model: ListModel[RowT] = ListModel(self.AHEAD)
        self._model.set_source(source, keep=False)
        self._painter = LinePainter(columns, self._style_of)
        self._fetch = fetch
        self._fetch_anew = fetch_anew or fetch
        self._empty = empty
        self._reading = reading
        self._withheld = ""
        """Why the rows may no longer be seen; empty where they may."""
        self._failed = failed
        self._pin = pin
        self._room = Size()
        self._worker: Worker[None] | None = None
        self._patient = True
        self._announced: Hashable | None = None
        self._opening = False
        """Whether the cursor's row is to be opened as soon as it has been read."""
        self._put_off: list[Callable[[], None]] = []
        """How the cursor is to be moved once the rows of another source are there."""
        self._opened_by_click = False
        """Whether the last click opened a row, so that the second one of a double click does not."""

    # What the owner asks and tells

    @property
    def row(self) -> RowT | None:
        """The cursor's row; `None` if there is none, or if it is still being read.

        So it is while the rows of another source stand there: who has searched means what will be found.
        """
        return None if self._model.is_left else self._model.row

    @property
    def section(self) -> SectionInfo | None:
        """The section that the cursor is in."""
        return self._model.section()

    @property
    def row_count(self) -> int:
        """How many rows the list has, kept or not."""
        return self._model.outline.rows

    def refresh_rows(self) -> None:
        """Read the sections and the rows around the view again; the cursor stays on its row, the row on its line."""
        self._model.read_anew()
        self._ask()

    def seek(self, row_id: Hashable) -> None:
        """Read all again, and put the cursor on a row wherever it stands; where the list has it not, it stays."""
        self._model.seek(row_id)
        self._ask()

    def set_source(self, source: RowSource[RowT], *, empty: str | None = None, keep_cursor: bool = False) -> None:
        """Show what another source has: another order, filter or search. The old rows stay until it has answered."""
        if empty is not None:
            self._empty = empty
        self._model.set_source(source, keep=keep_cursor)
        self._put_off.clear()
        if self.is_attached:
            self._worker = self._read_on()

    def set_columns(self, columns: Sequence[Column[RowT]]) -> None:
        """Show other columns of the same rows."""
        self._painter.set_columns(columns)
        self._painter.make_room_for(self._model.window.beyond(Window()))
        self.refresh()

    def _style_of(self, part: str) -> Style:
        return self.rich_style if part == "row" else self.get_component_rich_style(f"paged-list--{part}")

    # Reading: one request at a time, always for what is in view by then

    def on_mount(self) -> None:
        """Begin to read at once, before the size is known."""
        self._model.first_rows = 2 * max(1, self.app.size.height - self.AROUND)  # the list's own isn't known yet
        self.set_timer(self.PATIENCE, self._lose_patience)
        self._ask()

    def on_resize(self) -> None:
        """Leave the cursor in view, and read what a higher list shows."""
        cursor = self._model.cursor
        before = self._view
        self._room = self.scrollable_size
        was_shown = cursor is not None and (before.shows(cursor) or self._view.shows(cursor))
        self._lay_out(self._model.outline)
        if cursor is not None and was_shown:
            self._scroll(self._view.top_showing(cursor))
        self.refresh()  # the first painting may have come before the size
        self._ask()

    def _lose_patience(self) -> None:
        self._patient = False
        if not self._model.loaded:
            self.refresh()

    @property
    def _is_reading(self) -> bool:
        return self._worker is not None and not self._worker.is_finished

    def _ask(self) -> None:
        if self._is_reading:
            return
        if self.is_attached and self._model.wants(self._view):
            self._worker = self._read_on()

    @work(exclusive=True, group="paged-list", exit_on_error=False)
    async def _read_on(self) -> None:
        while (request := self._model.next_request(self._view)) is not None and (source := self._model.source):
            try:
                fetch = self._fetch_anew if request.outline is None else self._fetch
                reading = await fetch(partial(read, source, request))
            except Exception as error:  # whatever it is, the owner must hear of it and the list must live on
                self._model.failed(request)
                self._opening = False
                self._put_off.clear()
                self._reading = self._failed
                if isinstance(error, NotPermitted):
                    self._forget(error.message)
                self.refresh()
                self.refresh_bindings()
                self.post_message(self.Failed(self, error))
                return
            if source is self._model.source:
                self._take(request, reading)

    def _forget(self, why: str) -> None:
        """Empty the list of rows that may no longer be seen; `why` stands in their place until it is read again."""
        self._model.forget()
        self._painter.forget()
        self._withheld = why
        self.virtual_size = Size()
        self.refresh()
        self.refresh_bindings()
        self._announce()

    def _lay_out(self, outline: Outline) -> Outline:
        """Return an outline with the headings that the screen's height has room for; the list's own follows.

        The list's own height won't do: what is said under it comes and goes with the cursor.
        """
        compact = self._pin and self.app.size.height < self.COMPACT_BELOW
        if self._model.outline.compact is not compact:
            self._model.outline = self._model.outline.laid_out(compact=compact)
            self.virtual_size = Size(0, self._model.outline.lines)
        return outline.laid_out(compact=compact)

    def _take(self, request: Request[RowT], reading: FetchedRows[RowT]) -> None:
        reading = reading._replace(outline=self._lay_out(reading.outline))
        view = self._view
        unseen = request.outline is None or not self._model.window.covers(*view.rows())
        offered = self._model.loaded, self.row_count > 0
        top = self._model.take(request, reading, view)
        if request.begins:
            self._painter.start_over()
        self._painter.make_room_for(reading.window.beyond(request.window))
        if request.outline is None:
            self._withheld = ""
            self._painter.forget()
            self.virtual_size = Size(0, reading.outline.lines)
            self.post_message(self.Loaded(self))
        if top is not None:
            self._scroll(top)
        if unseen:
            self.refresh()
        if offered != (self._model.loaded, self.row_count > 0):
            self.refresh_bindings()
        if self._put_off and not self._model.is_left:
            self._carry_out_moves()
        self._announce()
        if self._model.cursor is None:
            self._opening = False  # nothing was found: what comes later was not meant
        elif self._opening and self.row is not None:
            self._post_opened(self.row)

    def _carry_out_moves(self) -> None:
        moves, opens = self._put_off, self._opening
        self._put_off = []
        for move in moves:
            move()
        self._opening = opens

    def _announce(self) -> None:
        row_id = None if self.row is None else self.row.id
        if row_id != self._announced:
            self._announced = row_id
            self.post_message(self.Highlighted(self, row_id))

    # Painting

    @property
    def _view(self) -> View:
        return View(self._model.outline, self.scroll_offset.y, self._room.height, self._pin)

    def _scroll(self, top: int) -> None:
        self.scroll_to(y=top, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Read what comes into view, however it came."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._ask()

    def notify_style_update(self) -> None:
        """Paint every row in the new styles."""
        super().notify_style_update()
        self._painter.forget()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint some lines of what is in view, at the width there is."""
        self._painter.set_width(self.scrollable_size.width)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Paint one line of what is in view."""
        marks = FOCUSED_MARKS if self.has_focus else BLURRED_MARKS
        return paint(self._painter, self._model, self._view, y, marks=marks, message=self._message)

    @property
    def _message(self) -> str:
        """What is said where there are no rows."""
        if self._withheld or self._model.loaded:
            return self._withheld or self._empty
        return "" if self._patient else self._reading

    # Keys and mouse

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done: nothing opens in an empty list, but in one that is being read."""
        if action == "open":
            return self.row_count > 0 or (self._is_reading and not self._model.loaded)
        return self.row_count > 0 if action == "heading_action" else super().check_action(action, parameters)

    def _go(self, row: int, top: int | None = None) -> None:
        """Put the cursor on a row and the row into view."""
        view = self._view
        old = self._model.cursor
        self._opening = False
        self._model.move_to(row)
        top = view.top_showing(row) if top is None else top
        if top != view.top:
            self._scroll(top)
        for changed in {row, old} if row != old else ():
            if changed is not None:
                self.refresh(Region(0, view.outline.line_of(changed) - top, self._room.width, 1))
        self._announce()
        self._ask()

    def _is_put_off(self, move: Callable[[], None]) -> bool:
        """Put a movement off while another source is read: it is meant for what will be found, as `Enter` is."""
        if not (self._model.is_left and self._is_reading):
            return False
        self._opening = False
        self._put_off.append(move)
        return True

    def action_move(self, step: int) -> None:
        """Move the cursor by rows; headings are stepped over."""
        if self._is_put_off(partial(self.action_move, step)):
            return
        if (cursor := self._model.cursor) is not None:
            self._go(max(0, min(cursor + step, self.row_count - 1)))

    def action_page(self, direction: int) -> None:
        """Move the cursor and the view by a page."""
        if self._is_put_off(partial(self.action_page, direction)):
            return
        if (cursor := self._model.cursor) is not None:
            self._go(*self._view.paged(cursor, direction))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        if not self._is_put_off(self.action_first) and self.row_count:
            self._go(0)

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        if not self._is_put_off(self.action_last) and self.row_count:
            self._go(self.row_count - 1)

    def action_open(self) -> None:
        """Open the cursor's row.

        If it is out of sight it is only shown; if it is still being read it opens once it is there.
        """
        if (cursor := self._model.cursor) is None:
            self._opening = self._is_reading
        elif not self._view.shows(cursor):
            self._go(cursor)
        elif self.row is None:
            self._opening = True
        else:
            self._post_opened(self.row)

    def action_heading_action(self) -> None:
        """Do what the heading above the cursor offers."""
        outline = self._model.outline
        if self._model.cursor is not None:
            self._post_heading_action(outline.program_of(outline.section_of(self._model.cursor)))

    def _post_opened(self, row: RowT) -> None:
        self._opening = False
        self.post_message(self.Opened(self, row.id))

    def _post_heading_action(self, section: SectionInfo) -> None:
        if section.action:
            self.post_message(self.HeadingAction(self, section.key))

    def on_focus(self) -> None:
        """Show by the cursor's marks that keys go here."""
        self.refresh()

    def on_blur(self) -> None:
        """Show by the cursor's marks that keys go elsewhere; a row still being read no longer opens."""
        self._opening = False
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to a row, open the row it is on, or do what a heading offers."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < self._view.pinned()[1]:
            return
        line = self._view.outline.line(self._view.top + offset.y)
        if line is None:
            return
        if line.kind is Kind.ROW:
            self._click_row(line.row, chain=event.chain)
        elif line.kind is Kind.HEADING and event.chain == 1:
            section = self._view.outline.sections[line.section]
            if self._painter.on_action(section, offset.x):
                self._post_heading_action(section)

    def _click_row(self, row: int, *, chain: int) -> None:
        if self._model.is_left:
            return  # what was clicked is about to go
        if row != self._model.cursor:
            self._opened_by_click = False
            self._go(row)
        elif chain == 1 or not self._opened_by_click:
            self._opened_by_click = True
            self.action_open()
