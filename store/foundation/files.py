"""Files that somebody names."""

import os
from collections.abc import Iterable
from pathlib import Path

from store.foundation.errors import Refused, why_unreadable


def file_content(path: Path, *, most: int = -1) -> bytes:
    """Return a file's bytes, at most so many of them; raises `Refused` where it can't be read."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except (OSError, ValueError) as error:
        raise Refused(f"Filen {path} går inte att läsa ({_why(error)}).", field="fil") from None


def write_new(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file where there is none; nothing is left of one that could not be written whole.

    Raises:
        Refused: something is there already, or it can't be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise Refused(f"Filen {path} finns redan. Ange en annan.", field="fil") from None
    except (OSError, ValueError) as error:
        raise Refused(f"Filen {path} går inte att skriva ({_why(error)}).", field="fil") from None
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Refused(f"Filen {path} går inte att skriva ({_why(error)}).", field="fil") from None


def write_lines(path: Path, lines: Iterable[str]) -> int:
    """Write lines to a new file for its owner alone, which has its name once it is whole; returns how many.

    Raises:
        Refused: something is there already, or it can't be written.
    """
    if path.exists():
        raise Refused(f"Filen {path} finns redan. Ange en annan.", field="fil")
    half = path.with_name(f".{path.name}.halv")
    number = 0
    try:
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            for line in lines:
                file.write(f"{line}\n")
                number += 1
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    except (OSError, ValueError) as error:
        raise Refused(f"Filen {path} går inte att skriva ({_why(error)}).", field="fil") from None
    finally:
        half.unlink(missing_ok=True)
    return number


def add_line(path: Path, line: str) -> None:
    """Add a line to a file that only grows, for its owner alone, and know that it is on the disk.

    Raises:
        Refused: it can't be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with open(handle, "ab") as file:
            file.write(f"{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())
    except (OSError, ValueError) as error:
        raise Refused(f"Filen {path} går inte att skriva ({_why(error)}).", field="fil") from None


def _why(error: OSError | ValueError) -> str:
    return why_unreadable(error) if isinstance(error, OSError) else "namnet går inte att använda"
