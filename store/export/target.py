"""Where an export's files are written: beside their place, under another name, until all of it is there."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from platform import node

from store.foundation.errors import Refused, why_unreadable

_BESIDE = ".sob-export-"
FULL = "Disken blev full medan exporten skrevs. Ingen fil är skriven. Frigör utrymme eller ange en annan mapp."
_NO_ROOM = (28, 122)
"""ENOSPC, EDQUOT."""


@contextmanager
def beside(folder: Path, name: str) -> Iterator[Path]:
    """Give a new folder to write in; what is under `name` there takes that name in `folder` when the block ends.

    Of a block that fails or is interrupted nothing is left, nor of an earlier one that was killed. All of it can be
    read by its owner alone.

    Raises:
        Refused: the folder is missing or can't be written to, the name is taken, or the disk was full.
    """
    place = folder / name
    with _told(folder):
        _sweep(folder)
        if os.path.lexists(place):
            raise Refused(f"Det finns redan något som heter {place}. Försök igen om en sekund.", field="till")
        half = Path(tempfile.mkdtemp(prefix=f"{_prefix()}{os.getpid()}-", dir=folder))
        try:
            yield half
            for file in [half / name, *(half / name).glob("*")]:
                if file.is_file():
                    file.chmod(0o600)
                    _sync(file)
            os.rename(half / name, place)
        finally:
            shutil.rmtree(half, ignore_errors=True)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say why something can't be written."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise Refused(FULL, field="till") from None
        why = why_unreadable(error)
        raise Refused(f"I mappen {folder} går det inte att skriva ({why}). Ange en annan.", field="till") from None


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _prefix() -> str:
    """Begin the names of this machine's: the folder may be shared with others."""
    return f"{_BESIDE}{''.join(letter for letter in node() if letter.isalnum())}-"


def _sweep(folder: Path) -> None:
    """Remove what an export that was killed has left."""
    if os.name != "posix":
        return
    for left in folder.glob(f"{_prefix()}*"):
        number = left.name.removeprefix(_prefix()).partition("-")[0]
        if number.isdigit() and not _is_running(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
