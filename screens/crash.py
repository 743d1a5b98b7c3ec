"""What is kept of a crash: its type and where in the code, never a message, a local variable or a line of source.

A message or a local may hold a resident's name. Standard library only, so that the command line can use it too.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from traceback import walk_tb

LOG_NAME = "crash.log"
MOST_BYTES = 1_000_000
"""A log that has grown past this is put aside as `crash.log.1`, over the one before."""
MOST_POSITIONS = 40
"""The innermost ones are kept: endless recursion has thousands."""


def sentence(code: str) -> str:
    """Return what a person is shown of a crash."""
    return f"Programmet stoppades. Felkod {code}. Inga personuppgifter visas här."


def record(error: BaseException, folder: Path | None, *, version: str = "") -> str:
    """Note a crash in the folder's log and return its code, eight hexadecimal digits.

    The code is returned even if nothing could be written, or if there is no folder to write in.
    """
    import secrets  # with what it brings it would be a hundredth of the start, and few apps crash

    code = secrets.token_hex(4)
    if folder is not None:
        when = datetime.now(UTC).isoformat(timespec="seconds")
        with suppress(OSError):  # a full or read-only disk must not hide the crash itself
            _append(folder, " ".join(filter(None, (when, code, version, describe(error)))) + "\n")
    return code


def describe(error: BaseException) -> str:
    """Return an error's type and positions, innermost first, and those of what it came from."""
    return " | ".join(f"{_name(type(each))} at {_positions(each)}" for each in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
        origin = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        if origin is not None:
            waiting.append(origin)


def _name(kind: type[BaseException]) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _positions(error: BaseException) -> str:
    places = [
        f"{Path(frame.f_code.co_filename).name}:{line}:{frame.f_code.co_name}"
        for frame, line in walk_tb(error.__traceback__)
    ]
    return " < ".join(reversed(places[-MOST_POSITIONS:])) or "?"


def _append(folder: Path, line: str) -> None:
    """Append to a log that only its owner may read, and that is no link to another file."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / LOG_NAME
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        path.replace(path.with_name(f"{LOG_NAME}.1"))
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(path, flags, 0o600), "a", encoding="utf-8", errors="replace") as log:
        if stat.S_IMODE(os.fstat(log.fileno()).st_mode) != 0o600 and hasattr(os, "fchmod"):
            os.fchmod(log.fileno(), 0o600)
        log.write(line)
