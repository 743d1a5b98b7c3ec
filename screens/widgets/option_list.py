"""Textual's list of options, in a window of any size, and one whose first nine are chosen by a digit."""

from typing import ClassVar

from textual import events, widgets
from textual.content import Content
from textual.css.styles import RulesMap
from textual.geometry import Size
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

DIGITS = "123456789"
_LEAST_WORDS = 16
"""Cells that the words of a choice keep beside what stands before them; in fewer they begin under it."""


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


class Hanging(Visual):
    """Words whose further lines stand under their first, not under what stands before them."""

    def __init__(self, before: Content, words: Content) -> None:
        self._before = before
        self._words = words

    def __str__(self) -> str:
        """All of it as plain text."""
        return self._before.plain + self._words.plain

    def _parts(self, width: int) -> tuple[Content, Content]:
        """Return what stands before the words and the words: all of it is words where that leaves them no room."""
        if width - self._before.cell_length < min(_LEAST_WORDS, self._words.cell_length):
            return Content(), self._before + self._words
        return self._before, self._words

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Return the lines at a width."""
        before, words = self._parts(width)
        room = before.cell_length
        lines = words.render_strips(max(1, width - room), height, style, options)
        if not room:
            return lines
        first, blank = (one.render_strips(room, 1, style, options)[0] for one in (before, Content(" " * room)))
        return [Strip.join([blank if at else first, line]) for at, line in enumerate(lines)]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Return the cells that it takes unbroken."""
        return self._before.cell_length + self._words.get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return how many lines it takes at a width."""
        before, words = self._parts(width)
        return words.get_height(rules, max(1, width - before.cell_length))


def numbered(at: int, words: Content, before: str | Content = "") -> Hanging:
    """Return the choice `at` (from 0) after its digit, or two blank cells from the tenth on.

    `before` stands between the digit and the words.
    """
    return Hanging(Content.assemble(DIGITS[at : at + 1] or " ", " ", before), words)
