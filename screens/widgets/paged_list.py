"""One list for any size: rows under headings, painted a line at a time, read a page at a time off the event loop."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Region

from screens.widgets import list_messages
from screens.widgets.list_keys import CSS, KEYS, PARTS
from screens.widgets.list_pane import ListPane
from screens.widgets.outline import Kind, SectionInfo
from screens.widgets.paging import FetchedRows, KeyedRow, Request

RowT = TypeVar("RowT", bound=KeyedRow)


class PagedList(ListPane[RowT], can_focus=True, inherit_bindings=False):
    """A list with a cursor on one of its rows, moved and opened by keys and mouse."""

    BINDINGS: ClassVar[list[BindingType]] = list(KEYS)
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"paged-list--{part}" for part in PARTS}
    DEFAULT_CSS = CSS

    Opened = list_messages.Opened
    HeadingAction = list_messages.HeadingAction

    _opening = False
    """Whether the cursor's row is to be opened as soon as it has been read."""
    _opened_by_click = False
    """Whether the last click opened a row, so that the second one of a double click does not."""

    def _take(self, request: Request[RowT], reading: FetchedRows[RowT]) -> None:
        super()._take(request, reading)
        if self._opening and self.row is not None:
            self._post_opened(self.row)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done: nothing opens in an empty list."""
        return self.row_count > 0 if action in ("open", "heading_action") else super().check_action(action, parameters)

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

    def action_move(self, step: int) -> None:
        """Move the cursor by rows; headings are stepped over."""
        if (cursor := self._model.cursor) is not None:
            self._go(max(0, min(cursor + step, self.row_count - 1)))

    def action_page(self, direction: int) -> None:
        """Move the cursor and the view by a page."""
        if (cursor := self._model.cursor) is not None:
            self._go(*self._view.paged(cursor, direction))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        if self.row_count:
            self._go(0)

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        if self.row_count:
            self._go(self.row_count - 1)

    def action_open(self) -> None:
        """Open the cursor's row.

        If it is out of sight it is only shown; if it is still being read it opens once it is there.
        """
        if (cursor := self._model.cursor) is None:
            return
        if not self._view.shows(cursor):
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
        if row != self._model.cursor:
            self._opened_by_click = False
            self._go(row)
        elif chain == 1 or not self._opened_by_click:
            self._opened_by_click = True
            self.action_open()
