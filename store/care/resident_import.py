"""Residents from a CSV file (contract.md §2): every fault by its line, all or nothing."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain
from typing import Any

from store.care.register import apply_changes
from store.foundation.access import Action, Role, Standing, Subject, operation
from store.foundation.contact import parse_email, parse_mobile, parse_region
from store.foundation.errors import DomainError, Refused
from store.foundation.identity import PersonalNumber
from store.foundation.text import clean_name, sort_name
from store.foundation.work import Work
from store.people.residents import (
    INDEX,
    Channel,
    Person,
    Protection,
    check_number,
    hold_register,
    index_parts,
    people,
)

COLUMNS = ("personnummer", "efternamn", "fornamn", "region", "mobil", "skydd", "epost", "avisering")
NEEDED = COLUMNS[:3]
MOST_FAULTS = 1000
BATCH = 5_000

Progress = Callable[[int, int], None]
"""Called with the steps done and the steps in all; a line is two: checked, written."""


@dataclass(frozen=True)
class LineFault:
    """What is wrong on a line; line 1 is the header."""

    line: int
    message: str


@dataclass(frozen=True)
class ResidentRow:
    """A line of the file, checked. Optional values are None where the column is absent or empty."""

    line: int
    personnummer: str
    family_name: str
    given_name: str
    region: str | None
    mobile: str | None
    protection: str | None
    email: str | None
    channel: str | None


class FaultyFile(Refused):
    """The file has faults, so nothing was imported."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        """Take the faults in line order."""
        super().__init__(f"Ingenting importerades: {len(faults)} fel i filen.")
        self.faults = tuple(faults)


@operation("Importera invånare från en CSV-fil", may={Role.RESIDENT_ADMIN, Standing.OPERATOR}, action=Action.IMPORTED)
def import_residents(work: Work, content: bytes, progress: Progress = lambda _done, _total: None) -> int:
    """Add the residents of a CSV file, or update those who are there; returns how many.

    An empty cell changes nothing for somebody who is there already: above all it takes no protection away.

    Raises:
        FaultyFile: with every fault (the first thousand); nothing is imported.
    """
    hold_register(work)
    lines = _decoded(content)
    total = 2 * max(len(lines) - 1, 0)
    rows = _checked(work, lines, lambda done: progress(done, total))
    for start in range(0, len(rows), BATCH):
        _write(work, rows[start : start + BATCH])
        progress(total - len(rows) + min(start + BATCH, len(rows)), total)
    if not rows:
        work.log(Action.IMPORTED, details="0 rader")
    return len(rows)


def _decoded(content: bytes) -> list[str]:
    """Return the file's lines; one byte that is not UTF-8 makes the whole file suspect."""
    try:
        return list(StringIO(content.decode("utf-8-sig"), newline=""))  # splitlines() would split inside names
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FaultyFile([LineFault(line, "Filen är inte UTF-8. Spara den som «CSV UTF-8» och försök igen.")]) from None


def _checked(work: Work, lines: list[str], progress: Callable[[int], None]) -> list[ResidentRow]:
    """Return all rows, or raise `FaultyFile` with what is wrong with them."""
    reader = csv.reader(lines, delimiter=";", strict=True)
    faults: list[LineFault] = []
    rows: list[ResidentRow] = []
    seen: dict[str, int] = {}
    columns = _header(next((cells for _, cells in _lines(reader, faults)), []))
    for line, cells in _lines(reader, faults):
        try:
            row = _row(work, line, columns, cells)
            if (first := seen.setdefault(row.personnummer, line)) != line:
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


def _header(cells: Sequence[str]) -> dict[str, int]:
    """Return where each column stands; raises `FaultyFile` for line 1."""
    names = [cell.strip().lower() for cell in cells]
    unknown = [name for name in names if name not in COLUMNS]
    missing = [name for name in NEEDED if name not in names]
    if unknown or missing or len(set(names)) < len(names):
        example = ";".join(COLUMNS)
        raise FaultyFile([LineFault(1, f"Första raden ska vara kolumnernas namn, åtskilda av semikolon: {example}.")])
    return {name: place for place, name in enumerate(names)}


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


def _row(work: Work, line: int, columns: dict[str, int], cells: list[str]) -> ResidentRow:
    """Return a line, checked; raises `Refused` with what is wrong."""
    if len(cells) != len(columns):
        raise Refused(f"Raden har {len(cells)} kolumner, rubrikraden {len(columns)}.")

    def cell(name: str) -> str:
        return cells[columns[name]].strip() if name in columns else ""

    number = PersonalNumber.parse(cell("personnummer"), work.today)
    check_number(work, number)
    return ResidentRow(
        line=line,
        personnummer=number.value,
        family_name=clean_name(cell("efternamn"), "efternamn"),
        given_name=clean_name(cell("fornamn"), "fornamn"),
        region=parse_region(region) if (region := cell("region")) else None,
        mobile=parse_mobile(mobile) if (mobile := cell("mobil")) else None,
        protection=_one_of(protection, "skydd", _PROTECTIONS) if (protection := cell("skydd")) else None,
        email=parse_email(email) if (email := cell("epost")) else None,
        channel=_one_of(channel, "avisering", _CHANNELS) if (channel := cell("avisering")) else None,
    )


_PROTECTIONS = tuple(protection.value for protection in Protection if protection)
_CHANNELS = tuple(channel.value for channel in Channel)


def _one_of(value: str, column: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise Refused(f"Kolumnen {column} kan vara {', '.join(allowed)} eller tom.")
    return value


def _write(work: Work, rows: Sequence[ResidentRow]) -> None:
    """Update those who are there, insert the others, a log row each."""
    there = people(work, [row.personnummer for row in rows])
    new = [row for row in rows if row.personnummer not in there]
    for row in rows:
        if someone := there.get(row.personnummer):
            _update(work, someone, row)
    ids = _insert(work, new)
    ids.update((number, someone.id) for number, someone in there.items())
    for row in rows:
        name = f"{row.family_name}, {row.given_name}"
        work.log(Action.IMPORTED, Subject(ids[row.personnummer], row.personnummer, name))


def _insert(work: Work, rows: Sequence[ResidentRow]) -> dict[str, int]:
    """Insert residents and what finds them; returns their ids by number."""
    ((last,),) = work.db.rows("SELECT coalesce(max(id), 0) FROM resident")
    work.db.run_many(_INSERT, [_columns(row) for row in rows])
    added = work.db.rows("SELECT personnummer, id FROM resident WHERE id > :last", last=last)
    ids: dict[str, int] = dict((number, resident_id) for number, resident_id in added)
    parts = (index_parts(ids[row.personnummer], row.family_name, row.given_name, row.protection) for row in rows)
    work.db.run_many(INDEX, chain.from_iterable(parts))
    return ids


_TABLE = (
    "personnummer", "family_name", "given_name", "sort_name", "region", "mobile", "email", "channel", "protection",
    "entered_by_hand",
)  # fmt: skip
_INSERT = f"INSERT INTO resident ({', '.join(_TABLE)}) VALUES ({', '.join(':' + name for name in _TABLE)})"


def _columns(row: ResidentRow) -> dict[str, object]:
    """Return a new resident's columns. Without a word of it, an avisering goes where there is an address."""
    channel = row.channel or (Channel.SMS if row.mobile else Channel.EMAIL if row.email else Channel.NONE).value
    return {
        "personnummer": row.personnummer,
        "family_name": row.family_name,
        "given_name": row.given_name,
        "sort_name": sort_name(row.family_name, row.given_name),
        "region": row.region or "",
        "mobile": row.mobile or "",
        "email": row.email or "",
        "channel": channel,
        "protection": row.protection or "",
        "entered_by_hand": 0,
    }


def _update(work: Work, someone: Person, row: ResidentRow) -> None:
    asked = {name: getattr(row, name) for name in _UPDATED}
    if someone.entered_by_hand:
        asked["entered_by_hand"] = 0
    changes = {name: value for name, value in asked.items() if value is not None and value != getattr(someone, name)}
    if changes:
        apply_changes(work, someone, changes)


_UPDATED = ("family_name", "given_name", "region", "mobile", "email", "channel", "protection")
