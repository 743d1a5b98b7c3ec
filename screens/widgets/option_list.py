"""Textual's list of options, in a window of any size, and one whose first nine are chosen by a digit."""

from typing import ClassVar

from textual import events, widgets
from textual.content import Content
from textual.geometry import Size

DIGITS = "123456789"


class OptionList(widgets.OptionList):
    """A list of options that stays where it is when a page is turned where no line has room.

    Textual 8.2.8 knows no lines then, and stops the app; so it does where it breaks lines for no width at all.
    """

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the options take."""
        padding = self.get_component_styles("option-list--option").padding
        return super().get_content_height(container, viewport, max(width, padding.width + 1))

    def _update_lines(self) -> None:
        """Break no lines where their padding takes all the width there is."""
        padding = self.get_component_styles("option-list--option").padding
        if self.scrollable_content_region.width - self._get_left_gutter_width() > padding.width:
            super()._update_lines()

    def action_page_up(self) -> None:
        """Go up a page."""
        if self._lines:
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """Go down a page."""
        if self._lines:
            super().action_page_down()  # type: ignore[no-untyped-call]


class NumberedList(OptionList):
    """A list of choices: the digit before one of the first nine chooses it at once."""

    FIRST: ClassVar[int] = 0
    """The option that 1 stands for."""

    def on_key(self, event: events.Key) -> None:
        """Choose by a digit."""
        self.choose_by_digit(event)

    def choose_by_digit(self, event: events.Key) -> None:
        """Choose the option that a key's digit stands before; another key is left alone."""
        at = DIGITS.find(event.character or "?") + self.FIRST
        if at < self.FIRST or at >= self.option_count:
            return
        event.stop()
        event.prevent_default()
        self.highlighted = at
        self.action_select()


def numbered(at: int, line: Content) -> Content:
    """Return the line of the choice `at` (from 0) after its digit, or two blank cells from the tenth on."""
    return Content.assemble(DIGITS[at : at + 1] or " ", " ", line)
