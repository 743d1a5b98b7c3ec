"""Files that a command is given."""

import sys
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from store.foundation.errors import Refused, why_unreadable
from store.foundation.files import file_content
from store.foundation.text import NOT_UTF8, utf8


def content(file: Path, *, most: int = -1) -> bytes:
    """Return a file's bytes, at most so many of them; `-` is standard input.

    Raises:
        Refused: it can't be read.
    """
    if str(file) != "-":
        return file_content(file, most=most)
    try:
        return _standard_input(sys.stdin, most)
    except OSError as error:
        raise Refused(f"Filen {file} går inte att läsa ({why_unreadable(error)}).", field="fil") from None


@lru_cache(maxsize=1)
def _standard_input(stream: TextIO, most: int) -> bytes:
    """Return what stands there, also the second time: a command that has to wait for others is begun anew."""
    return stream.buffer.read(most)


def text(file: Path, *, most: int = -1) -> str:
    """Return a file's text.

    Raises:
        Refused: it can't be read, is no UTF-8, or is larger than `most` bytes.
    """
    found = content(file, most=most + 1 if most >= 0 else -1)
    if 0 <= most < len(found):
        raise Refused(f"Filen är större än {most // 1_000_000} MB. Dela upp den i flera.", field="fil")
    try:
        return utf8(found)
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        where = f"Det är rad {line}" + ("." if str(file) == "-" else f" i {file}.")
        raise Refused(f"{NOT_UTF8} {where}", field="fil") from None
