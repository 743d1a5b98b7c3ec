"""Which line of a list is what: arithmetic between line numbers and rows, from the sections and their counts alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


@dataclass(frozen=True, slots=True, repr=False)
class SectionInfo:
    """A run of rows under a heading of its own."""

    key: Hashable
    count: int
    heading: str = ""
    """The program's title; only in the first section of a program."""
    subheading: str = ""
    """What the rows are, as `Pågående (12 st)`."""
    action: str = ""
    """What can be done at the heading, as `STARTA MOMENTET`."""


class Kind(Enum):
    """What a line is."""

    BLANK = "blank"
    HEADING = "heading"
    SUBHEADING = "subheading"
    COLUMNS = "columns"
    ROW = "row"


class OutlineLine(NamedTuple):
    """One line: its kind, its section's place in the list, and for a row its number in the whole list, else -1."""

    kind: Kind
    section: int
    row: int = -1


class RowRun(NamedTuple):
    """A run of rows within one section: the first row's number in the list and in the section, and how many."""

    section: int
    first: int
    offset: int
    length: int


class Outline:
    """The lines of a list. Lines and rows count from 0; rows count through all sections."""

    def __init__(self, sections: Sequence[SectionInfo], *, compact: bool = False) -> None:
        """Lay the sections out under each other.

        A blank line stands between them, and each says its columns' titles. Where it is `compact`, a section takes one
        line for its headings, and the titles stand on the first line alone.
        """
        self.sections = tuple(sections)
        self.compact = compact
        self._heads: list[tuple[Kind, ...]] = []
        self._first_line: list[int] = []
        self._first_row: list[int] = []
        line = row = 0
        for section in self.sections:
            head = (_compact_head if compact else _head)(section, first=line == 0)
            self._heads.append(head)
            self._first_line.append(line)
            self._first_row.append(row)
            line += len(head) + max(0, section.count)
            row += max(0, section.count)
        self.lines = line
        self.rows = row

    def laid_out(self, *, compact: bool) -> Outline:
        """Return the same rows with full headings, or with compact ones."""
        return self if compact is self.compact else Outline(self.sections, compact=compact)

    def line(self, number: int) -> OutlineLine | None:
        """What is on a line; `None` outside the list."""
        if not 0 <= number < self.lines:
            return None
        section = bisect_right(self._first_line, number) - 1
        within = number - self._first_line[section]
        head = self._heads[section]
        if within < len(head):
            return OutlineLine(head[within], section)
        return OutlineLine(Kind.ROW, section, self._first_row[section] + within - len(head))

    def section_of(self, row: int) -> int:
        """The section that a row is in."""
        return bisect_right(self._first_row, row) - 1

    def line_of(self, row: int) -> int:
        """The line that a row is on."""
        section = self.section_of(row)
        return self._first_line[section] + len(self._heads[section]) + row - self._first_row[section]

    def head_line(self, row: int) -> int:
        """The line to begin with so that a row is seen with its headings, if it is the first under them."""
        section = self.section_of(row)
        if row != self._first_row[section]:
            return self.line_of(row)
        blank = self._heads[section][:1] == (Kind.BLANK,)
        return self._first_line[section] + blank

    def row_from(self, line: int) -> int | None:
        """The first row on or below a line; `None` if there is none."""
        row = self._rows_above(line)
        return row if row < self.rows else None

    def row_until(self, line: int) -> int | None:
        """The last row on or above a line; `None` if there is none."""
        row = self._rows_above(line + 1) - 1
        return row if row >= 0 else None

    def _rows_above(self, line: int) -> int:
        """How many rows stand above a line."""
        if line <= 0 or not self.sections:
            return 0
        section = bisect_right(self._first_line, min(line, self.lines)) - 1
        within = min(line, self.lines) - self._first_line[section] - len(self._heads[section])
        return self._first_row[section] + max(0, min(within, self.sections[section].count))

    def row_at(self, key: Hashable, offset: int) -> int | None:
        """The number in the list of a section's row; the section's last if there are fewer; `None` if it has none."""
        for section, first in zip(self.sections, self._first_row, strict=True):
            if section.key == key:
                return first + max(0, min(offset, section.count - 1)) if section.count > 0 else None
        return None

    def runs(self, first: int, last: int) -> Iterator[RowRun]:
        """The rows from `first` up to, not with, `last`, a run for each section."""
        first, last = max(0, first), min(last, self.rows)
        while first < last:
            section = self.section_of(first)
            start = self._first_row[section]
            length = min(last, start + self.sections[section].count) - first
            yield RowRun(section, first, first - start, length)
            first += length

    def program_of(self, section: int) -> SectionInfo:
        """The section that carries the heading above a section; itself if none does."""
        for index in range(section, -1, -1):
            if self.sections[index].heading:
                return self.sections[index]
        return self.sections[section]


def _head(section: SectionInfo, *, first: bool) -> tuple[Kind, ...]:
    head: list[Kind] = []
    if not first and (section.heading or section.subheading or section.count > 0):
        head.append(Kind.BLANK)
    if section.heading:
        head.append(Kind.HEADING)
    if section.subheading:
        head.append(Kind.SUBHEADING)
    if section.count > 0:
        head.append(Kind.COLUMNS)
    return tuple(head)


def _compact_head(section: SectionInfo, *, first: bool) -> tuple[Kind, ...]:
    titles = (Kind.COLUMNS,) if first else ()
    return (*titles, Kind.HEADING) if section.heading or section.subheading else titles
