"""Files that a command is given."""

import sys
from pathlib import Path

from store.foundation.errors import Refused, why_unreadable


def content(file: Path) -> bytes:
    """Return a file's bytes; `-` is standard input.

    Raises:
        Refused: it can't be read.
    """
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise Refused(f"Filen {file} går inte att läsa ({why_unreadable(error)}).", field="fil") from None


def text(file: Path) -> str:
    """Return a file's text, with stand-ins for what is not UTF-8."""
    return content(file).decode("utf-8-sig", "replace")
