"""A conversation as lines: who, when, whether it was read, and the whole text under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from screens.moment.messages.conversation_rows import when
from screens.widgets.cells import Ink, clean
from screens.widgets.painted import TONES, joined
from store.care.conversations import Sender
from store.foundation.clock import Instant
from store.views.conversations import MessageLine

HELD = "går strax iväg"
"""What is said of a message that its sender can still take back."""
WIDEST = 100
"""Cells in a line at most: longer ones are hard to read."""
_INDENT = 2


def lines_of(messages: Sequence[MessageLine], width: int, now: Instant) -> list[Content]:
    """Return the lines of a conversation, an empty one between messages."""
    lines = [line for message in messages for line in (*_message(message, min(width, WIDEST), now), Content(""))]
    return lines[:-1]


def _message(message: MessageLine, width: int, now: Instant) -> Iterator[Content]:
    day, time = when(message.sent_at, now)
    state = read_state(message, now)
    head = f"{_who(message)} · {day}{time}"
    yield from joined(((head, "bold"), (state.text, TONES[state.tone])), width)
    for paragraph in message.text.split("\n"):
        for part in _folded(paragraph, max(2, width - _INDENT)):
            yield Content.assemble(" " * _INDENT, part)


def _who(message: MessageLine) -> str:
    return f"Invånaren: {message.author}" if message.sender is Sender.RESIDENT else message.author


def read_state(message: MessageLine, now: Instant) -> Ink:
    """Return whether the other side has read a message."""
    if message.sender is Sender.RESIDENT:
        return Ink("● oläst", "waiting") if message.read_at is None else Ink("✓ läst", "done")
    if message.release_at > now:
        return Ink(HELD, "waiting")
    if message.read_at is None:
        return Ink("inte läst än", "muted")
    return Ink("✓ läst " + "".join(when(message.read_at, now)), "done")


def _folded(paragraph: str, width: int) -> list[Content]:
    """Break a paragraph at spaces, and a word that is longer than the line where the line ends."""
    text = Content(clean(paragraph))
    return text.wrap(width) if text.plain.strip() else [Content("")]
