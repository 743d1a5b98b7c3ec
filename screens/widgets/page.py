"""A screen on which something has the focus for as long as anything can, and whose parts are styled once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Generic, TypeVar

from textual.events import ScreenResume
from textual.screen import Screen
from textual.widget import Widget

T = TypeVar("T")


class Page(Screen[T], Generic[T]):
    """Gives the focus on where what had it has gone, is hidden, or has nothing left for the cursor.

    Textual styles all parts of a screen when they come, again when it is shown for the first time, and once more when
    it first hears of its size. Here they are styled when they come: a dialog is there in two thirds of the time.
    """

    _had_focus: Widget | None = None
    """What had the focus last; None until something has."""

    def watch_focused(self, before: Widget | None, now: Widget | None) -> None:
        """Remember what has the focus; where it was taken from something, or given to what is hidden, give it on."""
        self._had_focus = now or before or self._had_focus
        self.keep_focus()

    def on_compose(self) -> None:
        """Set the classes of the window's size while there are no parts to be styled for them."""
        width, height = self.app.size
        self.add_class(
            *self._get_breakpoint_classes(width, self.HORIZONTAL_BREAKPOINTS or []),
            *self._get_breakpoint_classes(height, self.VERTICAL_BREAKPOINTS or []),
        )

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Look whether what had the focus can still have it: the page may have changed under what lay over it."""
        if not self.stack_updates:  # it is shown for the first time
            event.refresh_styles = False
        self.keep_focus()

    def keep_focus(self) -> None:
        """Give the focus on where what had it can't have it: to what stands nearest, in the same part of the page."""
        if self._had_focus is not None and self.is_attached and self.focused not in self.focus_chain:
            self._give_on(self._had_focus)

    def _reset_focus(self, widget: Widget, avoiding: list[Widget] | None = None) -> None:
        """Textual asks this of a widget that is hidden or removed: its own choice is a hidden sibling, or far away."""
        if self.focused is widget:
            self._give_on(widget, avoiding or ())

    def _give_on(self, lost: Widget, avoiding: Collection[Widget] = ()) -> None:
        """Give the focus to what is nearest: after the lost widget among its siblings, else before, else beyond."""
        order = {widget: place for place, widget in enumerate(self.walk_children(Widget))}
        chain = [one for one in self.focus_chain if one in order and one not in avoiding]
        here = order.get(lost, 0)
        beside = [one for one in chain if one.parent is lost.parent]
        before = [one for one in beside if order[one] < here]
        here_again = [one for one in chain if one is lost]
        after, beyond = ([one for one in those if order[one] > here] for those in (beside, chain))
        found = next(iter((*here_again, *after, *before[::-1], *beyond, *chain)), None)
        self.set_focus(found, scroll_visible=False)
