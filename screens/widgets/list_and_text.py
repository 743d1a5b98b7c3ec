"""A list, and beside or under it what is said of its cursor's row."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from screens.widgets.row_list import RowList


class TellingList(RowList):
    """A line for each row; it lets know when the cursor has moved."""

    class Moved(Message):
        """The cursor stands on another row."""

    def move_to(self, row_id: str) -> None:
        """Put the cursor on a row, and let what tells of it know."""
        super().move_to(row_id)
        self.post_message(self.Moved())

    def take_free_focus(self) -> None:
        """Focus the list if nothing on the page has the focus and the list has a row for its cursor."""
        if self.screen.focused is None and self.can_be_entered and self.screen.is_current:
            self.focus()


class ListAndText(Container):
    """The list and the text: beside each other from `WIDE` columns, else one over the other."""

    WIDE: ClassVar[int] = 100
    DEFAULT_CSS = """
    ListAndText {
        height: 1fr; border-top: solid $rule;
        & VerticalScroll { scrollbar-size-vertical: 1; }
        & #names { height: auto; max-height: 50%; }
        & #told { height: 1fr; border-top: solid $rule; padding: 0 0 0 1; }
        & #text { max-width: 101; padding: 0 1 0 0; }
        &.-empty #told { border-top: none; } /* of two rule lines with nothing between */
        &.-wide { layout: horizontal; }
        &.-wide #names { width: 48; height: 1fr; max-height: 100%; }
        &.-wide #told { width: 1fr; border-top: none; border-left: solid $rule; }
    }
    """

    def __init__(self, list_: TellingList, above: Iterable[Widget] = ()) -> None:
        """Show a list; `above` stands over it, within its part."""
        super().__init__()
        self._list = list_
        self._above = tuple(above)

    def compose(self) -> ComposeResult:
        """Lay out both parts."""
        with VerticalScroll(id="names", can_focus=False):
            yield from self._above
            yield self._list
        with VerticalScroll(id="told", can_focus=False):
            yield Static(id="text", markup=False)

    def on_resize(self, event: Resize) -> None:
        """Lay out for the room there is."""
        self.set_class(event.size.width >= self.WIDE, "-wide")

    def tell(self, text: Content) -> None:
        """Say this of the cursor's row, from its beginning."""
        self.set_class(not (self._list.can_be_entered or any(one.display for one in self._above)), "-empty")
        self.query_one("#text", Static).update(text)
        self.query_one("#told").scroll_home(animate=False)

    def turn(self, pages: int) -> None:
        """Scroll the text by what is seen of it at once, so many times."""
        told = self.query_one("#told")
        told.scroll_relative(y=pages * max(1, told.size.height - 1), animate=False)
