"""The timeline's rows on screen. Only what is in view is painted, so its length costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from screens.moment.timeline.timeline_lines import TimelineLine, lines_of, paint_line, place_of
from store.views.timeline import Source, TimelineRow

NEAR_THE_END = 30
"""Lines from the end of what is read at which more is asked for."""
MOST_PAINTED = 256
"""Painted lines that are kept: some screens of them. A key moves the cursor by one line, and the others stand."""


class TimelineList(ScrollView, can_focus=True):
    """Events under their weeks, with a cursor. It reads nothing itself: near its end it asks for more."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Upp", show=False, id="timeline.up", tooltip="Gå till händelsen ovanför."),
        Binding("down", "move(1)", "Ned", show=False, id="timeline.down", tooltip="Gå till händelsen nedanför."),
        Binding("pageup", "page(-1)", "Sida upp", show=False, id="timeline.page_up", tooltip="Gå en sida uppåt."),
        Binding("pagedown", "page(1)", "Sida ned", show=False, id="timeline.page_down", tooltip="Gå en sida nedåt."),
        Binding("home", "first", "Först", show=False, id="timeline.first", tooltip="Gå till det senaste."),
        Binding("end", "last", "Sist", show=False, id="timeline.last", tooltip="Gå till det äldsta som är inläst."),
        Binding("enter", "open", "Öppna", id="timeline.open", tooltip="Öppna det som händelsen handlar om."),
    ]
    DEFAULT_CSS = """
    TimelineList { height: 1fr; scrollbar-size-vertical: 1; scrollbar-gutter: stable; overflow-x: hidden; }
    """

    class OpenAsked(Message):
        """What a row tells of is to be opened."""

        def __init__(self, source: Source) -> None:
            super().__init__()
            self.source = source

    class MoreAsked(Message):
        """Older rows are to be read."""

    def __init__(self) -> None:
        """Show nothing until there are rows."""
        super().__init__()
        self._lines: list[TimelineLine] = []
        self._cursor = 0
        self._empty = ""
        self._painted: LRUCache[object, Strip] = LRUCache(MOST_PAINTED)

    def show(self, rows: Sequence[TimelineRow], started: date, empty: str) -> None:
        """Show rows; the cursor stays on its own. `empty` is said where there are none."""
        before, here = self._cursor, self.row
        is_in_view = 0 <= before - self.scroll_offset.y < self.size.height
        self._lines, self._empty = lines_of(rows, started), empty
        same = next((at for at, line in enumerate(self._lines) if here and line.row and _same(line.row, here)), None)
        self._cursor = self._step(-1, 1) if same is None else same
        self.virtual_size = Size(0, max(1, len(self._lines)))
        if same is None:
            self.scroll_home(animate=False)
        else:
            self._scroll_after(same - before, is_in_view=is_in_view)
        self.refresh()
        self.refresh_bindings()

    def empty(self) -> None:
        """Show nothing."""
        self.show((), date.min, "")

    def _scroll_after(self, moved: int, *, is_in_view: bool) -> None:
        """Leave the rows on their lines. At its very top a list stays there: news is seen."""
        if self.scroll_offset.y > 0:
            self.scroll_relative(y=moved, animate=False)
        elif is_in_view:
            self._show_cursor()

    @property
    def row(self) -> TimelineRow | None:
        """The cursor's row."""
        return self._lines[self._cursor].row if 0 <= self._cursor < len(self._lines) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to open what can be opened."""
        if action == "open":
            return self.row is not None and self.row.source is not None
        return super().check_action(action, parameters)

    def action_open(self) -> None:
        """Post that what the row tells of is to be opened."""
        if self.row is not None and self.row.source is not None:
            self.post_message(self.OpenAsked(self.row.source))

    def action_move(self, step: int) -> None:
        """Move the cursor to the next row."""
        self._move(self._step(self._cursor, step))

    def action_page(self, pages: int) -> None:
        """Move the cursor by what is in view."""
        target = self._cursor + pages * max(1, self.size.height - 2)
        at = min(max(target, 0), len(self._lines) - 1)
        self._move(at if self._is_row(at) else self._step(at, pages))

    def action_first(self) -> None:
        """Move to the newest row."""
        self._move(self._step(-1, 1))

    def action_last(self) -> None:
        """Move to the oldest row that is read."""
        self._move(self._step(len(self._lines), -1))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where it was clicked; there again opens it."""
        at = event.y + self.scroll_offset.y
        if self._is_row(at):
            if at == self._cursor:
                self.action_open()
            self._move(at)

    def _is_row(self, at: int) -> bool:
        return 0 <= at < len(self._lines) and self._lines[at].row is not None

    def _step(self, at: int, step: int) -> int:
        """Return the nearest row's line in a direction; where there is none the cursor stays."""
        line = at + step
        while 0 <= line < len(self._lines) and not self._is_row(line):
            line += step
        return line if self._is_row(line) else self._cursor

    def _move(self, at: int) -> None:
        self._cursor = at
        self._show_cursor()
        self.refresh()
        self.refresh_bindings()
        self._ask_for_more()

    def _show_cursor(self) -> None:
        at = self._cursor
        top, height = self.scroll_offset.y, self.size.height
        if at - 1 < top:
            self.scroll_to(y=max(0, at - 1), animate=False)  # with the week's heading
        elif at >= top + height:
            self.scroll_to(y=at - height + 1, animate=False)

    def _ask_for_more(self) -> None:
        if max(self._cursor, self.scroll_offset.y + self.size.height) > len(self._lines) - NEAR_THE_END:
            self.post_message(self.MoreAsked())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Post that older rows are to be read when the wheel or the bar comes near the end."""
        super().watch_scroll_y(old_value, new_value)
        if self._lines:
            self._ask_for_more()

    def render_line(self, y: int) -> Strip:
        """Paint one line of what is in view."""
        at = y + self.scroll_offset.y
        if at < len(self._lines):
            return self._paint(self._lines[at], is_cursor=at == self._cursor)
        return self._strip(Content.styled("" if at else self._empty, "$text-muted"))

    def _paint(self, line: TimelineLine, *, is_cursor: bool) -> Strip:
        width, has_focus = self.scrollable_size.width, self.has_focus
        key = line, width, is_cursor, has_focus, self.visual_style, self.app.theme
        strip = self._painted.get(key)
        if strip is None:
            strip = self._strip(paint_line(line, width, is_cursor=is_cursor, has_focus=has_focus))
            self._painted[key] = strip
        return strip

    def _strip(self, content: Content) -> Strip:
        return Visual.to_strips(self, content, self.scrollable_size.width, 1, self.visual_style)[0]


def _same(row: TimelineRow, other: TimelineRow) -> bool:
    return place_of(row) == place_of(other)
