"""Printing to the terminal: plain text and JSON, nothing wrapped, nothing coloured.

An answer is kept until it is whole: a store that is lost half-way through a list leaves nothing half printed.

The second fence (ARCHITECTURE.md §Fences): whatever is printed passes `clean`, so that no control, escape or direction
character from data reaches the terminal, wherever it came from.
"""

import errno
import io
import json
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, TextIO

from store.foundation.text import clean

GAP = "  "


def speak_utf8() -> None:
    """Write UTF-8 whatever the locale says; half a surrogate pair must not stop a sentence."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def put(text: str = "", *, multiline: bool = False) -> None:
    """Print a line of the answer (see `finish`); a text of several with `multiline`."""
    _kept.append(clean(text, multiline=multiline))


def put_json(value: object) -> None:
    """Print the answer as JSON (see `finish`)."""
    _kept.append(json.dumps(_cleaned(value), ensure_ascii=False, indent=2))


_kept: list[str] = []
"""The lines of an answer that is not whole yet."""


def tell(sentence: str) -> None:
    """Print a line beside the answer, on standard error."""
    print(clean(sentence, multiline=False), file=sys.stderr)


def tell_text(text: str) -> None:
    """Print a text of several lines beside the answer, on standard error."""
    print(clean(text, multiline=True), file=sys.stderr)


def put_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    """Print labels with their values, two columns."""
    table = Table("", "")
    table.put(list(pairs), heading=False)


class Table:
    """Columns aligned by what they take up on screen. Printed page by page: widths only grow."""

    def __init__(self, *titles: str, right: Iterable[int] = ()) -> None:
        """`right` are the columns that align right."""
        from rich.cells import cell_len

        self._measure = cell_len
        self._titles = titles
        self._right = frozenset(right)
        self._widths = [cell_len(title) for title in titles]

    def put(self, rows: Sequence[Sequence[str]], *, heading: bool, indent: str = "") -> None:
        """Print some rows, with the titles above them where it is the first page."""
        cleaned = [[clean(cell, multiline=False) for cell in row] for row in rows]
        for row in cleaned:
            self._widths = [max(width, self._measure(cell)) for width, cell in zip(self._widths, row, strict=True)]
        for row in [list(self._titles), *cleaned] if heading else cleaned:
            put(indent + self._line(row))

    def _line(self, row: list[str]) -> str:
        cells = []
        for place, cell in enumerate(row):
            space = " " * (self._widths[place] - self._measure(cell))
            cells.append(space + cell if place in self._right else cell + space)
        return GAP.join(cells).rstrip()


def finish() -> None:
    """Send out the answer, which is whole; a reader that has gone shows here. A terminal that is gone reads nothing."""
    for text in _kept:
        print(text)
    drop()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            try:
                stream.flush()
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                hang_up(stream)


def drop() -> None:
    """Forget an answer that will never be whole."""
    _kept.clear()


def hang_up(stream: TextIO) -> None:
    """Drop what nobody reads, so that the interpreter's own last flush fails quietly too."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value, multiline=True)
    if isinstance(value, dict):
        return {key: _cleaned(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(part) for part in value]
    return value
