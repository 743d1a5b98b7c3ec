"""Persons from a CSV file (contract.md §2): UTF-8, semicolons, a header; every fault by its line, all or nothing.

A file is read and checked whole before any transaction: nobody waits while it is parsed.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, Protocol, TypeVar

from store.foundation.errors import DomainError, Refused
from store.foundation.garbage import garbage_left
from store.foundation.progress import Progress
from store.foundation.text import fold

MOST_BYTES = 50_000_000
MOST_FAULTS = 1000
BATCH = 5_000

NOT_FROM_HERE = "Raden kan inte ändras härifrån"
"""What is told of a row about somebody who is another unit's (contract.md §2)."""


@dataclass(frozen=True)
class LineFault:
    """What is told of a line; line 1 is the header."""

    line: int
    message: str


class FaultyFile(Refused):
    """The file has faults, so nothing was imported."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        super().__init__(f"Ingenting importerades: {len(faults)} fel i filen.")
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Imported:
    """What became of the rows of a file without faults: how many were written, and what is told of the others."""

    number: int
    skipped: tuple[LineFault, ...]
    fault: Exception | None = field(default=None, compare=False)
    """The program's first, where one kept a row from being written."""


class CsvRow(Protocol):
    """A line of the file, checked."""

    @property
    def line(self) -> int:
        """Its number."""

    @property
    def whose(self) -> str:
        """The number or HSA-id of the person: nobody stands twice."""


R = TypeVar("R", bound=CsvRow)

Cell = Callable[[str], str]
"""What stands on a line in a column, stripped; empty where the file has no such column."""


@dataclass(frozen=True)
class Layout:
    """The columns that a file may have, and how many of them, the first, it must have."""

    columns: tuple[str, ...]
    needed: int


def read_rows(content: bytes, layout: Layout, read: Callable[[int, Cell], R], progress: Progress) -> list[R]:
    """Return all rows of a file, or raise `FaultyFile` with what is wrong with them (the first thousand).

    Args:
        content: the file's.
        layout: its columns.
        read: makes a row of a line's number and its cells; raises `DomainError` with what is wrong.
        progress: called as lines have been checked. A line is two steps: writing them is the other half.
    """
    lines = _decoded(content)
    total = 2 * max(len(lines) - 1, 0)
    with garbage_left():
        rows = _checked(lines, layout, read, lambda done: progress(done, total))
    progress(total - len(rows), total)
    return rows


def _decoded(content: bytes) -> list[str]:
    """Return the file's lines; one byte that is not UTF-8 makes the whole file suspect."""
    if len(content) > MOST_BYTES:
        raise Refused(f"Filen är för stor: högst {MOST_BYTES // 1_000_000} MB. Dela den i flera.", field="fil")
    try:
        return list(StringIO(content.decode("utf-8-sig"), newline=""))  # splitlines() would split inside names
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FaultyFile([LineFault(line, "Filen är inte UTF-8. Spara den som «CSV UTF-8» och försök igen.")]) from None


def _checked(
    lines: Sequence[str], layout: Layout, read: Callable[[int, Cell], R], progress: Callable[[int], None]
) -> list[R]:
    """Return the rows of a file's lines; see `read_rows`."""
    reader = csv.reader(lines, delimiter=";", strict=True)
    faults: list[LineFault] = []
    rows: list[R] = []
    seen: dict[str, int] = {}
    columns = _header(layout, next((cells for _, cells in _lines(reader, faults)), []))
    for line, cells in _lines(reader, faults):
        try:
            row = read(line, _cells(columns, cells))
            if (first := seen.setdefault(row.whose, line)) != line:
                raise Refused(f"Samma person står redan på rad {first}. Ta bort den ena raden.")
            rows.append(row)
        except DomainError as error:
            faults.append(LineFault(line, error.message))
        if len(faults) >= MOST_FAULTS:
            break
        if line % BATCH == 0:
            progress(line)
    if faults:
        raise FaultyFile(faults)
    return rows


def one_of(value: str, column: str, allowed: Sequence[str]) -> str:
    """Return the value; raises `Refused` where the column can't have it."""
    if value not in allowed:
        raise Refused(f"Kolumnen {column} kan vara {', '.join(allowed)} eller tom.")
    return value


def _header(layout: Layout, cells: Sequence[str]) -> dict[str, int]:
    """Return where each column stands; raises `FaultyFile` for line 1."""
    known = {_plain(name): name for name in layout.columns}
    names = [known.get(_plain(cell), cell) for cell in cells]
    if cells and cells[0].strip().lower().startswith("sep="):
        raise FaultyFile([LineFault(1, "Första raden är Excels sep=. Ta bort den: kolumnernas namn ska stå först.")])
    unknown = [name for name in names if name not in layout.columns]
    missing = [name for name in layout.columns[: layout.needed] if name not in names]
    if unknown or missing or len(set(names)) < len(names):
        example = ";".join(layout.columns)
        raise FaultyFile([LineFault(1, f"Första raden ska vara kolumnernas namn, åtskilda av semikolon: {example}.")])
    return {name: place for place, name in enumerate(names)}


def _plain(name: str) -> str:
    """Return a column's name as it is compared: *Förnamn* is fornamn, *E-post* epost."""
    return re.sub("[^a-z]", "", fold(name).translate(_WITHOUT_RINGS))


_WITHOUT_RINGS = str.maketrans("åäö", "aao")


def _lines(reader: Any, faults: list[LineFault]) -> Iterator[tuple[int, list[str]]]:
    """Yield each line that is not blank with its number; a line that is not CSV is a fault and the end."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            faults.append(LineFault(line, "Raden kan inte läsas: ett citattecken saknar sin make."))
            return
        if any(cells):
            yield line, cells


def _cells(columns: Mapping[str, int], cells: Sequence[str]) -> Cell:
    if len(cells) != len(columns):
        raise Refused(f"Raden har {len(cells)} kolumner, rubrikraden {len(columns)}.")
    return lambda name: cells[columns[name]].strip() if name in columns else ""
