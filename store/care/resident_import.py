"""Residents from a CSV file (contract.md §2): every fault by its line, all or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, repeat
from typing import Any

from store.care.register import apply_changes, others_people
from store.foundation.access import Action, DataCategory, Role, Standing, Subject
from store.foundation.csv_file import (
    NOT_FROM_HERE,
    Cell,
    Imported,
    Layout,
    LineFault,
    one_of,
    read_rows,
)
from store.foundation.excel import require_unspoilt
from store.foundation.identity import PersonalNumber
from store.foundation.operation import operation
from store.foundation.progress import Progress, untold
from store.foundation.text import sort_name
from store.foundation.work import Work
from store.people.channels import CHANNELS, NO_CHANNEL, channel_for
from store.people.new_resident import TYPED
from store.people.resident_keys import give_keys, number_residents
from store.people.residents import (
    INDEX,
    PROTECTIONS,
    Person,
    check_fictional,
    entry,
    hold_register,
    index_parts,
    people,
)

_KNOWN = ("personnummer", "efternamn", "fornamn", "region", "mobil", "skydd", "epost", "avisering")
COLUMNS = (*_KNOWN, *(one.name for one in TYPED if one.name not in _KNOWN))
_LAYOUT = Layout(COLUMNS, needed=3)


@dataclass(frozen=True)
class ResidentRow:
    """A line of the file, checked. Optional values are None where the column is absent or empty."""

    line: int
    personnummer: str
    typed: Mapping[str, str | None]
    """What else is typed of a new resident, by column."""
    protection: str | None
    channel: str | None

    @property
    def family_name(self) -> str:
        """Efternamn, which every line has."""
        return self.typed["family_name"] or ""

    @property
    def given_name(self) -> str:
        """Förnamn, which every line has."""
        return self.typed["given_name"] or ""

    @property
    def whose(self) -> str:
        """The person's number."""
        return self.personnummer


def read_residents(content: bytes, today: date, progress: Progress = untold, *, is_practice: bool) -> list[ResidentRow]:
    """Return the rows of a CSV file, checked; `is_practice` where only fictional residents may come in.

    Raises:
        FaultyFile: with every fault (the first thousand).
    """
    return read_rows(content, _LAYOUT, partial(_row, today, is_practice), progress)


@operation(
    "Importera invånare från en CSV-fil",
    may={Role.RESIDENT_ADMIN, Standing.OPERATOR},
    action=Action.IMPORTED,
    category=DataCategory.RECORD,
)
def import_residents(work: Work, rows: Sequence[ResidentRow]) -> Imported:
    """Add the residents of some of a file's rows (`read_residents`), or update those who are there.

    An empty cell changes nothing for somebody who is there already: above all it takes no protection away. Somebody who
    is another unit's is left as it is, and told.
    """
    hold_register(work)
    if not rows:
        work.log(Action.IMPORTED, details="0 rader")
    there = people(work, [row.personnummer for row in rows])
    others = others_people(work, there.values())
    left = [row for row in rows if row.personnummer in others]
    _import(work, [row for row in rows if row.personnummer not in others], there)
    for row in left:
        work.log(Action.IMPORTED, there[row.personnummer].subject(), NOT_FROM_HERE, denied="annan-enhet")
    return Imported(len(rows) - len(left), tuple(LineFault(row.line, NOT_FROM_HERE) for row in left))


def _row(today: date, is_practice: bool, line: int, cell: Cell) -> ResidentRow:
    """Return a line, checked; raises `Refused` with what is wrong."""
    require_unspoilt({name: cell(name) for name in ("personnummer", "region", "mobil")})
    number = PersonalNumber.parse(cell("personnummer"), today)
    if is_practice:
        check_fictional(number)
    return ResidentRow(
        line=line,
        personnummer=number.value,
        typed={
            one.column: one.check(text, field=one.name) if (text := cell(one.name)) or one.is_needed else None
            for one in TYPED
        },
        protection=one_of(protection, "skydd", PROTECTIONS) if (protection := cell("skydd")) else None,
        channel=one_of(channel, "avisering", (*CHANNELS, NO_CHANNEL)) if (channel := cell("avisering")) else None,
    )


def _import(work: Work, rows: Sequence[ResidentRow], there: Mapping[str, Person]) -> None:
    """Update those who are there, insert the others; a log row each."""
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
    last = work.db.value("SELECT coalesce(max(id), 0) FROM resident")
    numbers = number_residents(work, len(rows))
    entered = entry(work)
    named: Iterable[dict[str, object]] = [{"id": number} for number in numbers] or repeat({})
    work.db.insert("resident", ({**_columns(row), **entered, **name} for row, name in zip(rows, named, strict=False)))
    ids = dict(work.db.pairs("SELECT personnummer, id FROM resident WHERE id > :last", last=last))
    parts = (index_parts(ids[row.personnummer], row.family_name, row.given_name, row.protection) for row in rows)
    work.db.run_many(INDEX, chain.from_iterable(parts))
    give_keys(work, ids.values())
    return ids


def _columns(row: ResidentRow) -> dict[str, object]:
    """Return a new resident's columns. Without a word of it, an avisering goes where there is an address."""
    return {
        "personnummer": row.personnummer,
        **{column: text or "" for column, text in row.typed.items()},
        "sort_name": sort_name(row.family_name, row.given_name),
        "channel": row.channel or channel_for(row.typed),
        "protection": row.protection or "",
        "entered_by_hand": 0,
    }


def _update(work: Work, someone: Person, row: ResidentRow) -> None:
    asked: dict[str, Any] = {**row.typed, "channel": row.channel, "protection": row.protection}
    if someone.entered_by_hand:
        asked["entered_by_hand"] = 0
    changes = {name: value for name, value in asked.items() if value is not None and value != getattr(someone, name)}
    if changes:
        apply_changes(work, someone, changes)
