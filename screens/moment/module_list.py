"""*Startade moduler* on screen: rows with a cursor, folded and unfolded, one painted widget (guide; domain.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size, Spacing
from textual.message import Message
from textual.widget import Widget

from screens.moment.module_face import BLURRED, CSS, FOCUSED, KEYS
from screens.moment.module_rows import STARTED, ModuleRow, first_unfolded, module_id, module_rows, next_unopened
from screens.moment.painted import TONES
from screens.widgets.cells import Ink, clean, cut, inks_of, width_of
from screens.widgets.list_painter import BLURRED_MARKS, FOCUSED_MARKS
from store.views.moment import ModuleState

_INDENT = 2
_GAP = 2


class ModuleList(Widget, can_focus=True):
    """The modules with their steps. It changes nothing itself: it asks, and is shown the page anew."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]
    DEFAULT_CSS = CSS

    class HideAsked(Message):
        """A module or section is to be hidden from the resident, or shown again."""

        def __init__(self, part: str, *, hide: bool) -> None:
            super().__init__()
            self.part = part
            self.hide = hide

    class OpenAsked(Message):
        """A module is to be opened for the resident."""

        def __init__(self, module: str) -> None:
            super().__init__()
            self.module = module

    def __init__(self) -> None:
        """Show nothing until there is a page."""
        super().__init__(id="modules")
        self._modules: Sequence[ModuleState] = ()
        self._unfolded: set[str] | None = None
        self._today: date | None = None
        self._may_hide = self._may_open = False
        self._rows: tuple[ModuleRow, ...] = ()
        self._cursor = STARTED

    def show(self, modules: Sequence[ModuleState], today: date, *, may_hide: bool, may_open: bool) -> None:
        """Show a page's modules; the cursor and what is unfolded stay."""
        if (modules, today, may_hide, may_open) == (self._modules, self._today, self._may_hide, self._may_open):
            return
        self._modules, self._today, self._may_hide, self._may_open = modules, today, may_hide, may_open
        if self._unfolded is None:
            self._unfolded = first_unfolded(modules)
        self._lay_out()

    def start_over(self) -> None:
        """Fold as at first when the next page is shown: it is another moment's."""
        self._unfolded, self._cursor, self._modules = None, STARTED, ()

    def move_to(self, module: str) -> None:
        """Put the cursor on a module."""
        self._move(module_id(module))

    @property
    def row(self) -> ModuleRow | None:
        """The cursor's row."""
        return self._rows[self._line] if self._rows else None

    # What can be done here

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what does something on the cursor's row."""
        row = self.row
        if action == "fold":
            return row is not None and row.is_open is (not parameters[0])
        if action == "hide":
            return bool(self._may_hide and row and row.part and row.is_hidden is (not parameters[0]))
        if action == "open_next":
            return self._may_open and next_unopened(self._modules) is not None
        return super().check_action(action, parameters)

    def action_fold(self, unfold: bool) -> None:
        """Unfold the cursor's row, or fold it."""
        if self.row is not None:
            self._fold(self.row, unfold=unfold)

    def action_hide(self, hide: bool) -> None:
        """Ask for the cursor's part to be hidden, or shown again."""
        if self.row is not None:
            self.post_message(self.HideAsked(self.row.part, hide=hide))

    def action_open_next(self) -> None:
        """Ask for the next module to be opened."""
        if (module := next_unopened(self._modules)) is not None:
            self.post_message(self.OpenAsked(module.id))

    def action_move(self, step: int) -> None:
        """Move the cursor over the rows; beyond the first and the last the page scrolls on."""
        line = self._line + step
        while 0 <= line < len(self._rows) and not self._rows[line].id:
            line += step
        if 0 <= line < len(self._rows):
            self._move(self._rows[line].id)
        else:
            self._page.scroll_relative(y=step, animate=False)

    def action_page(self, pages: int) -> None:
        """Move the cursor by what the page shows at a time."""
        for _ in range(max(1, self._page.scrollable_content_region.height - 2)):
            self.action_move(pages)

    def action_first(self) -> None:
        """Move to the first row, and the page to its beginning."""
        self._move(STARTED)
        self._page.scroll_home(animate=False)

    def action_last(self) -> None:
        """Move to the last row, and the page to its end."""
        self._move(next((row.id for row in reversed(self._rows) if row.id), ""))
        self._page.scroll_end(animate=False)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where it was clicked; what can be folded is folded or unfolded."""
        offset = event.get_content_offset(self)
        if offset is None or not 0 <= offset.y < len(self._rows) or not self._rows[offset.y].id:
            return
        row = self._rows[offset.y]
        self._move(row.id)
        if row.is_open is not None:
            self._fold(row, unfold=not row.is_open)

    def _fold(self, row: ModuleRow, *, unfold: bool) -> None:
        assert self._unfolded is not None
        (self._unfolded.add if unfold else self._unfolded.discard)(row.id)
        self._lay_out()

    # Where things are

    @property
    def _page(self) -> Widget:
        """What scrolls."""
        assert isinstance(self.parent, Widget)
        return self.parent

    @property
    def _line(self) -> int:
        """The cursor's line; the first where its row is gone."""
        return next((line for line, row in enumerate(self._rows) if row.id == self._cursor), 0)

    def _move(self, row_id: str) -> None:
        self._cursor = row_id
        self.refresh()
        self.refresh_bindings()
        region = Region(0, self._line, 1, 1).translate(self.virtual_region.offset)
        self._page.scroll_to_region(region, spacing=Spacing(1, 0, 1, 0), animate=False)

    def _lay_out(self) -> None:
        assert self._unfolded is not None
        assert self._today is not None
        number, row = len(self._rows), self.row
        self._rows = module_rows(self._modules, self._unfolded, self._today)
        if row is not None and row.id not in {shown.id for shown in self._rows}:
            self._cursor = module_id(row.module)  # a step folded away leaves the cursor on its module
        self.refresh(layout=len(self._rows) != number)
        self.refresh_bindings()

    # Painting

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """A line for each row."""
        return len(self._rows)

    def render(self) -> Content:
        """Paint all the rows."""
        width, cursor = self.size.width, self._line
        return Content("\n").join(self._paint(row, width, line == cursor) for line, row in enumerate(self._rows))

    def _paint(self, row: ModuleRow, width: int, is_cursor: bool) -> Content:
        left, right = (FOCUSED_MARKS if self.has_focus else BLURRED_MARKS) if is_cursor else (" ", " ")
        fold = {True: "▾ ", False: "▸ ", None: ""}[row.is_open]
        state = inks_of(row.state)
        room = width - 2 - (_GAP + width_of(state) if state else 0)
        text = cut(" " * (_INDENT * row.depth) + fold + clean(row.text), room)
        space = " " * (width - 2 - cell_len(text) - width_of(state))
        inks = (Ink(left), Ink(text, row.tone), Ink(space), *state, Ink(right))
        if is_cursor:
            return Content.styled("".join(ink.text for ink in inks), FOCUSED if self.has_focus else BLURRED)
        line = Content.assemble(*((ink.text, TONES[ink.tone]) for ink in inks))
        return line.stylize("bold") if row.is_heading else line
