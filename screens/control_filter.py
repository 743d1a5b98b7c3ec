"""The fence against control characters on the way to the terminal.

The other fence stands where text enters the store (`store.foundation.text.clean`).
"""

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

# Compiled when first used: what is painted is printable, nearly all of it.
_UNWANTED = (
    "["
    "\x00-\x1f\x7f-\x9f"  # control characters; a strip is one line, so not even a newline belongs in it
    "\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f"  # direction, and invisible operators
    "\u2028\u2029"  # what some terminals take for a line break
    "\xad\u200b\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # zero width, annotation, tags
    "\ud800-\udfff"  # half a surrogate pair cannot be written at all
    "]"
)
_ONE_CELL = "[\xad\ud800-\udfff]"
"""What Textual has counted as one cell wide."""


def without_controls(text: str, instead: str = "") -> str:
    """Return a text with something else for each character that a terminal may obey, or that hides or turns others."""
    return re.sub(_UNWANTED, instead, text)


class ControlFilter(LineFilter):
    """Drops control, escape and direction characters from all that is painted, whatever widget it comes from."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments without them, as wide as before; segments that are control codes by intent stay."""
        if all(_is_plain(segment) for segment in segments):
            return segments
        return [segment if segment.control else _cleaned(segment) for segment in segments]


def _is_plain(segment: Segment) -> bool:
    """Whether a segment is printable and no link; the key bar's spaces that don't break are printable here."""
    return segment.text.replace("\xa0", " ").isprintable() and not (segment.style and segment.style.link)


def _cleaned(segment: Segment) -> Segment:
    text, style, control = segment
    if style is not None and style.link is not None and re.search(_UNWANTED, style.link):
        style = style.update_link(None)
    return Segment(without_controls(re.sub(_ONE_CELL, " ", text)), style, control)
