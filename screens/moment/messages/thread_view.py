"""An open conversation on screen. Only what is in view is painted, and it is read on towards the past."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from screens.moment.messages.thread_lines import lines_of
from store.foundation.clock import Instant
from store.views.conversations import MessageLine

NEAR_THE_TOP = 10
"""Lines from the top at which older messages are asked for."""


class ThreadView(ScrollView, can_focus=True):
    """A conversation's messages, the oldest first. It opens at the newest, and stays there until it is scrolled."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ThreadView {
        height: 1fr; scrollbar-size-vertical: 1; scrollbar-gutter: stable; overflow-x: hidden; border-left: blank;
        &:focus { border-left: outer $border; }
    }
    """

    class OlderAsked(Message):
        """Older messages are to be read."""

    def __init__(self) -> None:
        """Show nothing until there are messages."""
        super().__init__(id="thread")
        self._messages: tuple[MessageLine, ...] = ()
        self._now = Instant(0)
        self._lines: list[Content] = []
        self._drawn_for = 0
        self._hint = ""
        self._is_at_end = True
        self._has_more = False

    def show(self, messages: Sequence[MessageLine], now: Instant, *, more: bool) -> None:
        """Show a conversation; what is in view stays in view, where it goes on being shown."""
        known = self._messages
        self._has_more = more
        self._hint = ""
        if not known or not messages or known[-1].id not in {message.id for message in messages}:
            self._is_at_end = True
        added = next((at for at, message in enumerate(messages) if known and message.id == known[0].id), 0)
        self._messages, self._now = tuple(messages), now
        above = len(lines_of(messages[:added], self._width, now)) + 1 if added else 0
        self._draw()
        if not self._is_at_end and above:
            self.scroll_to(y=self.scroll_offset.y + above, animate=False)
        self._stay_at_end()
        self.call_after_refresh(self._stay_at_end)  # what else is laid out now may take lines from it

    def say(self, hint: str) -> None:
        """Show a sentence in the place of messages."""
        self._messages, self._hint, self._has_more = (), hint, False
        self._draw()
        self.scroll_home(animate=False)

    @property
    def _width(self) -> int:
        return max(2, self.size.width - 1)

    def _draw(self) -> None:
        self._drawn_for = self._width
        if self._hint:
            self._lines = [Content.styled(str(line), "$text-muted") for line in Content(self._hint).wrap(self._width)]
        else:
            self._lines = lines_of(self._messages, self._width, self._now)
        self.virtual_size = Size(0, len(self._lines))
        self.can_focus = bool(self._messages)
        self.refresh()

    def _stay_at_end(self) -> None:
        is_leaving = self.scroll_target_y < self.scroll_y  # a key is scrolling away just now
        if self._is_at_end and not is_leaving:
            self.scroll_end(animate=False, immediate=True)

    def on_resize(self) -> None:
        """Break the lines anew, and stay at the newest where it was in view."""
        if self._drawn_for != self._width:
            self._draw()
        self._stay_at_end()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Post that older messages are to be read when the top comes near."""
        super().watch_scroll_y(old_value, new_value)
        self._is_at_end = new_value >= self.max_scroll_y
        if self._has_more and new_value < min(old_value, NEAR_THE_TOP):
            self.post_message(self.OlderAsked())

    def render_line(self, y: int) -> Strip:
        """Paint one line of what is in view."""
        at = y + self.scroll_offset.y
        line = self._lines[at] if at < len(self._lines) else Content("")
        return Visual.to_strips(self, line, self.size.width, 1, self.visual_style)[0]
