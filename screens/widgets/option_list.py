"""Textual's list of options, in a window of any size."""

from textual import widgets
from textual.geometry import Size


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
