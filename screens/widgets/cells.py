"""Text for one cell of a list: cleaned, measured, cut and padded by terminal cells, never by characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from rich.cells import cell_len, set_cell_size

ELLIPSIS = "…"

Tone: TypeAlias = Literal["", "muted", "risk", "waiting", "done", "accent"]
"""What a piece of text is about. It becomes a colour, so the words must say the same."""


class Ink(NamedTuple):
    """A piece of plain text in one tone."""

    text: str
    tone: Tone = ""


Cell: TypeAlias = str | Ink | tuple[Ink, ...]
"""What a column makes of a row. The text is shown as it stands: never markup, never an escape sequence."""

# A joiner, a variation selector or a skin tone makes a width that terminals disagree on; without it they agree.
_WIDTH_DISPUTED = frozenset("\u200d\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
_ZERO_WIDTH_NON_JOINER = "\u200c"  # spelling in Persian and others; zero wide everywhere
_DROPPED = frozenset(("Cc", "Cf", "Cs"))
_TO_SPACE = frozenset(("Zl", "Zp", "Zs"))
_BREAK = re.compile(r"[^\S\xa0]+(?![\s·])")
"""Where a line may end: at white space, but not at a no-break space nor before a "·"."""
_LEAST_WORDS = 12
"""Cells that a text keeps beside what stands before it."""


def clean(text: str) -> str:
    """Make text safe and of known width on a terminal.

    Control, escape, bidi and other format characters and lone surrogates go; every kind of white space becomes a
    space; joined emoji fall apart into their parts.
    """
    if text.isprintable() and _WIDTH_DISPUTED.isdisjoint(text):
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if (character.isprintable() and character not in _WIDTH_DISPUTED) or character == _ZERO_WIDTH_NON_JOINER:
        return character
    category = unicodedata.category(character)
    if category in _TO_SPACE or character in "\t\n\r":
        return " "
    return "" if category in _DROPPED or character in _WIDTH_DISPUTED else character


def inks_of(cell: Cell) -> tuple[Ink, ...]:
    """The cleaned pieces of a cell, empty ones left out."""
    if isinstance(cell, str):
        return (Ink(clean(cell)),) if cell else ()
    pieces = (cell,) if isinstance(cell, Ink) else cell
    return tuple([Ink(clean(text), tone) for text, tone in pieces if text])


def width_of(inks: tuple[Ink, ...]) -> int:
    """How many terminal cells the pieces take together."""
    return sum([cell_len(ink.text) for ink in inks])


def cut(text: str, width: int) -> str:
    """Cut cleaned text to at most `width` cells; what was cut ends in an ellipsis."""
    if cell_len(text) <= width:
        return text
    if width <= 0:
        return ""
    return set_cell_size(text, width - 1) + ELLIPSIS


def share(texts: Sequence[str], room: int) -> tuple[str, ...]:
    """Cut cleaned texts so that together they take at most `room` cells: the longest first, to the same length."""
    widths = [cell_len(text) for text in texts]
    left, given = max(0, room), dict.fromkeys(range(len(texts)), 0)
    for place, at in enumerate(sorted(given, key=widths.__getitem__)):
        given[at] = min(widths[at], left // (len(texts) - place))
        left -= given[at]
    return tuple(cut(text, given[at]) for at, text in enumerate(texts))


def fit(cell: Cell, width: int, *, right: bool = False) -> tuple[Ink, ...]:
    """Cut or pad a cell to exactly `width` terminal cells."""
    inks = inks_of(cell)
    spare = width - width_of(inks)
    if spare < 0:
        return _cut_inks(inks, width)
    padding = " " * spare
    if not inks:
        return (Ink(padding),)
    if right:
        return (Ink(padding + inks[0].text, inks[0].tone), *inks[1:])
    return (*inks[:-1], Ink(inks[-1].text + padding, inks[-1].tone))


def _cut_inks(inks: tuple[Ink, ...], width: int) -> tuple[Ink, ...]:
    kept: list[Ink] = []
    left = width
    for index, ink in enumerate(inks):
        size = cell_len(ink.text)
        last = index == len(inks) - 1
        # The piece before a cut needs a cell for the ellipsis, unless nothing comes after it.
        if size < left or (last and size == left):
            kept.append(ink)
            left -= size
            continue
        shortened = cut(ink.text + ("" if last else ELLIPSIS), left)
        kept.append(Ink(shortened, ink.tone))
        break
    return tuple(ink for ink in kept if ink.text)


def wrap(text: str, width: int) -> list[str]:
    """Break a sentence into lines of at most `width` cells, at spaces where there are any.

    A "·" stays with the word before it, and so does what follows a no-break space, where there is room for both.
    """
    lines = [""]
    for word in _words(text, width):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return [cut(line, width) for line in lines]


def _words(text: str, width: int) -> Iterator[str]:
    for bound in _BREAK.split(text):
        words = clean(bound).split()
        whole = " ".join(words)
        yield from [whole] if whole and cell_len(whole) <= width else words


def hang(before: str, text: str, width: int) -> list[str]:
    """Break a text into lines that all begin where it does after `before`, unless that leaves too little room."""
    margin = cell_len(before)
    if width < margin + _LEAST_WORDS:
        return wrap(before + text, max(1, width))
    return [(" " * margin if at else before) + line for at, line in enumerate(wrap(text, width - margin))]
