"""Files that a command is given."""

import sys
from pathlib import Path

from store.foundation.errors import Refused, why_unreadable


def content(file: Path, *, at_most: int = -1) -> bytes:
    """Return a file's bytes; `-` is standard input.

    Args:
        file: where it is.
        at_most: bytes that are wanted; of a larger file one more is returned, so that whoever asked sees it.

    Raises:
        Refused: it can't be read.
    """
    size = at_most + 1 if at_most >= 0 else -1
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read(size)
        with file.open("rb") as opened:
            return opened.read(size)
    except OSError as error:
        raise Refused(f"Filen {file} går inte att läsa ({why_unreadable(error)}).", field="fil") from None


def text(file: Path) -> str:
    """Return a file's text, with stand-ins for what is not UTF-8."""
    return content(file).decode("utf-8-sig", "replace")
