"""Rows with a cursor on the resident's page, all painted by one widget."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size, Spacing
from textual.widget import Widget

from screens.widgets.cells import Ink, clean, cut, inks_of, width_of
from screens.widgets.list_painter import BLURRED_MARKS, FOCUSED_MARKS
from screens.widgets.painted import TONES
from screens.widgets.row import Row

_INDENT = 2
_GAP = 2

# As styles of `Content` and not as component classes: each of those is styled three times when a page opens.
FOCUSED = "bold $row-cursor-text on $row-cursor"
BLURRED = "$foreground on $panel"
"""The cursor's row, with and without the focus."""


class RowList(Widget, can_focus=True):
    """Rows with a cursor. Over several lists under each other the cursor moves as over one."""

    ALLOW_SELECT = False
    FOCUSED_WHEN_EMPTY: ClassVar[bool] = False
    """Whether it takes the focus where it has no row: a page's keys are reached from there."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Upp", show=False, id="rows.up", tooltip="Gå till raden ovanför."),
        Binding("down", "move(1)", "Ned", show=False, id="rows.down", tooltip="Gå till raden nedanför."),
        Binding("home", "first", "Först", show=False, id="rows.first", tooltip="Gå till sidans början."),
        Binding("end", "last", "Sist", show=False, id="rows.last", tooltip="Gå till sidans slut."),
        Binding("pageup", "page(-1)", "Sida upp", show=False, id="rows.page_up", tooltip="Gå en sida uppåt."),
        Binding("pagedown", "page(1)", "Sida ned", show=False, id="rows.page_down", tooltip="Gå en sida nedåt."),
    ]
    DEFAULT_CSS = """
    RowList { height: auto; text-wrap: nowrap; }
    """

    def __init__(self, id: str, cursor: str = "") -> None:
        """Show nothing yet; `cursor` is the id of the row to begin on."""
        super().__init__(id=id)
        self._rows: tuple[Row, ...] = ()
        self._cursor = cursor
        self._is_behind = False
        """Whether the cursor was moved to a row that has no place yet."""

    @property
    def row(self) -> Row | None:
        """The cursor's row."""
        line = self._line
        return None if line is None else self._rows[line]

    @property
    def cursor(self) -> str:
        """The id of the cursor's row; empty where there is none."""
        return self.row.id if self.row is not None else ""

    @property
    def can_be_entered(self) -> bool:
        """Whether there is a row for the cursor."""
        return self._line is not None

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show other rows; the cursor stays on its own, else where that was."""
        line, number = self._line, len(self._rows)
        ids = [row.id for row in rows if row.id]
        if self._cursor not in ids and line is not None and ids:
            above = sum(bool(row.id) for row in self._rows[:line])
            self._cursor = ids[min(above, len(ids) - 1)]
        self._rows = rows
        self.can_focus = self.FOCUSED_WHEN_EMPTY or self.can_be_entered
        if not self.can_focus and self.screen.focused is self:
            self.screen.set_focus(None)  # the page gives it on
        self.refresh(layout=len(rows) != number)
        self.refresh_bindings()

    def move_to(self, row_id: str) -> None:
        """Put the cursor on a row."""
        self._cursor = row_id
        self.refresh()
        self.refresh_bindings()
        self._is_behind = self.size.height != len(self._rows)
        self._scroll_to_cursor()

    def on_resize(self) -> None:
        """Scroll to the cursor's row, now that there is room for it."""
        if self._is_behind:
            self._is_behind = self.size.height != len(self._rows)  # it may be the room for the rows before these
            self._scroll_to_cursor()

    def _scroll_to_cursor(self) -> None:
        line = self._line or 0
        region = Region(0, line, 1, self._height(line)).translate(self.virtual_region.offset)
        self._page.scroll_to_region(region, spacing=Spacing(1, 0, 1, 0), animate=False)

    def action_move(self, step: int) -> None:
        """Move the cursor; beyond the first and the last row on to the next list, else the page scrolls."""
        line = self._next(step)
        if line is not None:
            self.move_to(self._rows[line].id)
        elif not self._enter_neighbour(step):
            self._page.scroll_relative(y=step, animate=False)

    def action_page(self, pages: int) -> None:
        """Move the cursor by what the page shows at a time."""
        for _ in range(max(1, self._page.scrollable_content_region.height - 2)):
            if self._next(pages) is None:
                self._page.scroll_relative(y=pages, animate=False)
            else:
                self.action_move(pages)

    def action_first(self) -> None:
        """Move to the first row, and the page to its beginning."""
        self._to_end(self._rows)
        self._page.scroll_home(animate=False)

    def action_last(self) -> None:
        """Move to the last row, and the page to its end."""
        self._to_end(self._rows[::-1])
        self._page.scroll_end(animate=False)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where it was clicked, and do what a click does there."""
        offset = event.get_content_offset(self)
        row = self._row_at(offset.y) if offset is not None else None
        if row is not None:
            self.move_to(row.id)
            self.clicked(row)

    def clicked(self, row: Row) -> None:
        """What a click on a row does beside moving the cursor: nothing, unless a subclass says so."""

    @property
    def _page(self) -> Widget:
        """The widget around the list, which scrolls."""
        if not isinstance(self.parent, Widget):
            raise TypeError("a list of rows stands in a widget that scrolls")
        return self.parent

    @property
    def _line(self) -> int | None:
        """The cursor's line; the first row's where its own is gone, None where there is none."""
        lines = [line for line, row in enumerate(self._rows) if row.id]
        return next((line for line in lines if self._rows[line].id == self._cursor), lines[0] if lines else None)

    def _height(self, line: int) -> int:
        """How many lines what stands on a line takes, as far as there is room for it."""
        rows = self._rows[line + 1 :]
        more = next((place for place, row in enumerate(rows) if not row.is_more), len(rows))
        return min(1 + more, max(1, self._page.scrollable_content_region.height - 2))

    def _row_at(self, line: int) -> Row | None:
        """Return the row that a line belongs to, where the cursor can stand on it."""
        while 0 < line < len(self._rows) and self._rows[line].is_more:
            line -= 1
        return self._rows[line] if 0 <= line < len(self._rows) and self._rows[line].id else None

    def _next(self, step: int) -> int | None:
        line = (self._line if self._line is not None else -1) + step
        while 0 <= line < len(self._rows) and not self._rows[line].id:
            line += step
        return line if 0 <= line < len(self._rows) else None

    def _to_end(self, rows: tuple[Row, ...]) -> None:
        found = next((row.id for row in rows if row.id), None)
        if found is not None:
            self.move_to(found)

    def _enter_neighbour(self, step: int) -> bool:
        lists = [one for one in self._page.query(RowList) if one.can_be_entered]
        place = lists.index(self) + step if self in lists else -1
        if not 0 <= place < len(lists):
            return False
        other = lists[place]
        other.focus(scroll_visible=False)
        other._to_end(other._rows if step > 0 else other._rows[::-1])
        return True

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """A line for each row."""
        return len(self._rows)

    def render(self) -> Content:
        """Paint all the rows."""
        width, cursor = self.size.width, self._line
        covered = range(0) if cursor is None else range(cursor, cursor + 1 + self._text_under(cursor))
        return Content("\n").join(self._paint(row, width, line in covered) for line, row in enumerate(self._rows))

    def _text_under(self, line: int) -> int:
        """How many lines the text of a line goes on for."""
        rows = self._rows[line + 1 :]
        return next((place for place, row in enumerate(rows) if not row.is_text), len(rows))

    def _paint(self, row: Row, width: int, is_cursor: bool) -> Content:
        left, right = (FOCUSED_MARKS if self.has_focus else BLURRED_MARKS) if is_cursor else (" ", " ")
        fold = {True: "▾ ", False: "▸ ", None: ""}[row.is_open]
        lead = (Ink(" " * (_INDENT * row.depth) + fold), *inks_of(row.lead))
        room = width - 2 - width_of(lead)
        text = clean(row.text)
        state = _state(row, room - cell_len(text))
        text = cut(text, room - (_GAP + width_of(state) if state else 0))
        space = " " * (room - cell_len(text) - width_of(state))
        inks = (Ink(left), *lead, Ink(text, row.tone), Ink(space), *state, Ink(right))
        if is_cursor:
            return Content.styled("".join(ink.text for ink in inks), FOCUSED if self.has_focus else BLURRED)
        line = Content.assemble(*((ink.text, TONES[ink.tone]) for ink in inks))
        return line.stylize("bold") if row.is_heading else line


def _state(row: Row, room: int) -> tuple[Ink, ...]:
    """The pieces of a row's state that there is room for beside its whole name, the first at least."""
    state = inks_of(row.state)
    while len(state) > 1 and _GAP + width_of(state) > room:
        state = state[:-1]
    return state
