"""A practice store's state as a file that can be kept and shared: its rows, and no log (domain.md §9).

The file is NDJSON: a head, then a row on each line, `[table, {column: value}]`. It is loaded with all its days shifted
so that the day it was saved on is today. What is of a session alone is left out: who is on a flag, what can be undone.
A file of an older version is loaded into the tables of its own revision, which are then migrated.
"""

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from sqlalchemy import BigInteger, Column, Integer, Table
from sqlalchemy.exc import SQLAlchemyError

from store.care.day_run import run_day
from store.care.moments import MomentStatus
from store.care.notices import NoticeKind, NoticeState
from store.foundation.access import Role
from store.foundation.clock import Instant, days_after, instant, iso_local, local_day
from store.foundation.connection import Connection
from store.foundation.engine import Engine
from store.foundation.errors import DomainError, Refused, why_unreadable
from store.foundation.events import EventKind
from store.foundation.flag_kinds import FlagKind, Severity
from store.foundation.identity import PersonalNumber
from store.foundation.schema import REVISIONS
from store.foundation.store import Store
from store.foundation.text import clean
from store.people.residents import check_fictional
from store.practice.course_end import erased_on
from store.practice.errors import NotPractice
from store.practice.one_transaction import OneTransaction
from store.practice.seed import make_with
from store.tables import METADATA, insert_of, tables_at

FORMAT = 1
KIND = "sob-tui övningsmiljö"
MOST_CHARACTERS = 1_000_000
"""Of a line."""
LEFT_OUT = frozenset(
    {
        *("account", "backupcode", "invitation", "signinattempts", "staffnews", "staffsession"),  # and nobody's secrets
        "act",
        "alembic_version",
        "change",
        "providerchange",
        "purge",
        "purgedexport",
        "purgedmoment",
        "purgedresident",
        "claim",
        "clientclock",
        "command",
        "dataexport",
        "exerciseattempt",
        "exportedmoment",
        "fileimport",
        "log",
        "logreview",
        "logreviewrow",
        "logexpiry",
        "loghead",
        "monthfigure",
        "resident_key",
        "stagedrows",
        "store_info",
        "trainee",
        "traineename",
    }
)
"""Tables whose rows are of the store or of a session, or what somebody signs in with, and of no state to share."""
_WORDS: Mapping[tuple[str, str], Callable[[Any], object]] = {
    ("moment", "status"): MomentStatus,
    ("flag", "kind"): FlagKind,
    ("flag", "severity"): Severity,
    ("event", "kind"): EventKind,
    ("event", "facts"): json.loads,
    ("formanswer", "answers"): json.loads,
    ("notice", "kind"): NoticeKind,
    ("notice", "state"): NoticeState,
    ("assignmentrole", "role"): Role,
}
"""What reads a column's words, and refuses others."""
_FIRST_INSTANT = 10**12
"""Smaller numbers are no instants: they count something."""
_NO_DAYS = frozenset({"programversion", "installedform", "program", "resident", "staff"})
"""Tables whose texts say nothing of days in a resident's care."""
_DAYS_AFTER_ALL = frozenset({("resident", "registered_on")})
"""The columns of those that do."""
_DAY = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])", re.ASCII)
_MILLISECONDS = re.compile(r"(?<!\d)1\d{12}(?!\d)", re.ASCII)
_WEEK = re.compile(r"(\d{4})-([Wv])(\d{2})", re.ASCII)

NOT_SAVED = "Filen är ingen sparad övningsmiljö."
NEWER = "Filen är sparad med en nyare version av programmet. Uppdatera programmet."
CUT_OFF = "Filen är avkortad: den har färre rader än när den sparades. Hämta den igen."
APART = "det som står i filen hör inte ihop."


def save_state(store: Store, path: Path) -> int:
    """Save a practice store's state; returns how many rows it has. A file that is there already is left alone.

    Raises:
        NotPractice: the store is a real one: nothing of a resident's leaves it this way.
        Refused: the file is there, or can't be written; the store holds a course, which is to be erased with it.
    """
    if not store.is_practice:
        raise NotPractice
    with _writable(path):
        if path.exists():
            raise Refused(f"Det finns redan en fil {path}. Välj ett annat namn.", field="spara")
    with store.lend() as db:
        if erased_on(db) is not None:
            raise Refused("En kurs går inte att spara: det som deltagarna har gjort raderas med den.", field="spara")
        rows = list(_rows(db))
    at = store.clock()
    head = {"sob": KIND, "format": FORMAT, "revision": REVISIONS[-1], "at": iso_local(at), "rows": len(rows)}
    with _writable(path):
        _write(path, [json.dumps(one, ensure_ascii=False) for one in (head, *rows)])
    return len(rows)


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    """Say why a file can't be saved."""
    try:
        yield
    except OSError as error:
        raise Refused(f"Filen {path} går inte att spara ({_why(error)}).", field="spara") from None


def _rows(db: Connection) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each row with its table, those first that others name."""
    for name, table in _tables().items():
        names = [column.name for column in table.columns]
        keys = ", ".join(column.name for column in table.primary_key)
        found = db.select(f"SELECT {', '.join(names)} FROM {name} ORDER BY {keys}", {})
        for values in found.fetchall():
            yield name, dict(zip(names, values, strict=True))


def _write(path: Path, lines: list[str]) -> None:
    """Write a file whole or not at all, readable by its owner alone."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".sob-", delete=False) as file:
        try:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        finally:
            with suppress(OSError):
                os.unlink(file.name)


def _why(error: OSError) -> str:
    return "disken är full" if error.errno in (28, 122) else why_unreadable(error)


@dataclass(frozen=True)
class _Head:
    revision: str
    at: Instant
    rows: int


def load_state(engine: Engine, path: Path, clock: Callable[[], Instant]) -> None:
    """Make the practice store anew as it was saved, in one transaction: what is there stays where anything is wrong.

    Its clock shows the time of day at which it was saved, where that is still to come today: nothing has happened in
    times that are to come.

    Raises:
        NotPractice: a real store is there.
        Refused: the file can't be read, or something in it is wrong; the message names the line.
        StoreUnreachable: the database is gone, full or read-only.
    """
    now = clock()
    called = f"Filen {path.name}"
    with _readable(called), path.open(encoding="utf-8", newline="\n") as file:
        head = _head(file, called)
        shift = _Shift((local_day(now) - local_day(head.at)).days)
        begins = max(now, shift.instant(head.at))
        with _told_apart(head.revision, called):
            make_with(engine, begins, begins - now, _Filling(engine, file, head, shift, called))


def saved_at(path: Path) -> Instant:
    """Return when the state in a file was saved.

    Raises:
        Refused: the file can't be read, is no such file, or a newer version's.
    """
    called = f"Filen {path.name}"
    with _readable(called), path.open(encoding="utf-8", newline="\n") as file:
        return _head(file, called).at


@contextmanager
def _readable(called: str) -> Iterator[None]:
    """Say why a file can't be read."""
    try:
        yield
    except OSError as error:
        raise Refused(f"{called} går inte att läsa ({why_unreadable(error)}).", field="scenario") from None
    except UnicodeDecodeError:
        raise Refused(f"{called}: {NOT_SAVED}", field="scenario") from None


@contextmanager
def _told_apart(revision: str, called: str) -> Iterator[None]:
    """Say of an older file that its rows fit no store, where that shows first when they are migrated."""
    try:
        yield
    except (SQLAlchemyError, LookupError, TypeError, ValueError):
        if revision == REVISIONS[-1]:
            raise
        raise Refused(f"{called}: {APART}", field="scenario") from None


def _head(file: IO[str], called: str) -> _Head:
    try:
        values = json.loads(file.readline(MOST_CHARACTERS))
        what, number = values["sob"], values["format"]
        head = _Head(values["revision"], instant(datetime.fromisoformat(values["at"])), int(values["rows"]))
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        raise Refused(f"{called}: {NOT_SAVED}", field="scenario") from None
    if what != KIND:
        raise Refused(f"{called}: {NOT_SAVED}", field="scenario")
    if number != FORMAT or head.revision not in REVISIONS:
        raise Refused(f"{called}: {NEWER}", field="scenario")
    return head


@dataclass(frozen=True)
class _Filling:
    """A file whose rows a store is made with."""

    engine: Engine
    file: IO[str]
    head: _Head
    shift: "_Shift"
    called: str

    @property
    def revision(self) -> str:
        """Return the revision that it was saved with."""
        return self.head.revision

    def write(self, making: OneTransaction) -> None:
        """Write the rows into the empty tables of their revision."""
        tables = _of_state(tables_at(making.sql, self.revision))
        with making.lend() as db:
            if self._write(db, tables) != self.head.rows:
                raise Refused(f"{self.called}: {CUT_OFF}", field="scenario")

    def finish(self, making: OneTransaction) -> None:
        """See to it that what came of it can be read, the day's rules included."""
        tables = _tables()
        with making.lend() as db:
            if self.revision != REVISIONS[-1]:
                for name, values in _rows(db):
                    _check_row(tables[name], values, self.called)
            db.run("UPDATE dayrun SET leased_until = 0")
            # Seconds since 1970 are more than any number that the store before had: who looks at it sees the new one.
            db.run(
                "INSERT INTO change (unit_id, change_no) SELECT id, :number FROM unit", number=making.clock() // 1000
            )
            db.run(
                "INSERT INTO providerchange (provider_id, change_no) SELECT id, :number FROM careprovider",
                number=making.clock() // 1000,
            )
            self.engine.number_on(db, [name for name, table in tables.items() if "id" in table.columns])
        if run_day(making, compare_clocks=False).left:
            raise Refused(f"{self.called}: {APART}", field="scenario")

    def _write(self, db: Connection, tables: dict[str, Table]) -> int:
        """Write the rows; returns how many there were."""
        for name in reversed(tables):
            db.run(f"DELETE FROM {name}")
        number = 0
        while text := self.file.readline(MOST_CHARACTERS):
            number += 1
            where = f"{self.called}, rad {number + 1}"
            name, values = _row(text, tables, where)
            if self.revision == REVISIONS[-1]:
                _check_row(tables[name], values, where)
            try:
                db.run(insert_of(tables[name]), **self.shift.shifted(tables[name], values))
            except Exception as error:
                if self.engine.why_lost(error) is not None:
                    raise
                raise Refused(f"{where}: raden hör inte ihop med dem före den.", field="scenario") from None
        return number


def _of_state(tables: Mapping[str, Table]) -> dict[str, Table]:
    """Return those of the tables that a state has."""
    return {name: table for name, table in tables.items() if name not in LEFT_OUT}


def _tables() -> dict[str, Table]:
    """Return the tables that a state of today has, those first that others name."""
    return _of_state({table.name: table for table in METADATA.sorted_tables})


def _row(text: str, tables: dict[str, Table], where: str) -> tuple[str, dict[str, Any]]:
    """Return a line's table and values, once each is of its column's kind."""
    try:
        name, values = json.loads(text)
        table = tables[name]
        if values.keys() != {column.name for column in table.columns}:
            raise ValueError
        for column in table.columns:
            _check(values[column.name], _kind(column), is_optional=bool(column.nullable))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused(f"{where}: raden går inte att läsa, eller har okända nycklar.", field="scenario") from None
    return name, values


def _check_row(table: Table, values: dict[str, Any], where: str) -> None:
    """Refuse a row of today's with a word that no column has, or a number that is not fictional."""
    try:
        for column in table.columns:
            if (word := _WORDS.get((table.name, column.name))) is not None:
                word(values[column.name])
    except (ValueError, TypeError, RecursionError):
        raise Refused(f"{where}: raden går inte att läsa: ett ord i den är okänt.", field="scenario") from None
    if table.name == "resident":
        try:
            check_fictional(PersonalNumber.parse(values["personnummer"], date(2100, 1, 1)))
        except DomainError as error:
            raise Refused(f"{where}: {error.message}", field="scenario") from None


def _kind(column: Column[Any]) -> type:
    return int if isinstance(column.type, Integer) else str


def _check(value: object, kind: type, *, is_optional: bool) -> None:
    """Refuse a value of another kind, and a text in which something hides."""
    if value is None and is_optional:
        return
    if type(value) is not kind or (isinstance(value, str) and clean(value, multiline=True) != value):
        raise ValueError
    if isinstance(value, int) and abs(value) > 2**62:
        raise ValueError


@dataclass(frozen=True)
class _Shift:
    """So many days later: instants keep their time of day."""

    days: int

    def shifted(self, table: Table, values: dict[str, Any]) -> dict[str, Any]:
        """Return a row with its days shifted."""
        return {column.name: self._value(table.name, column, values[column.name]) for column in table.columns}

    def _value(self, table: str, column: Any, value: Any) -> Any:
        if isinstance(value, str):
            is_kept = table in _NO_DAYS and (table, column.name) not in _DAYS_AFTER_ALL
            return value if is_kept else self.text(value)
        is_instant = isinstance(column.type, BigInteger) and value is not None and value >= _FIRST_INSTANT
        return self.instant(value) if is_instant else value

    def instant(self, at: int) -> Instant:
        """Return an instant so many days later."""
        return days_after(Instant(at), self.days)

    def text(self, text: str) -> str:
        """Return a text with each day, instant and week in it so many days later."""
        text = _DAY.sub(self._day, text)
        text = _MILLISECONDS.sub(lambda found: str(self.instant(int(found[0]))), text)
        return _WEEK.sub(self._week, text)

    def _day(self, found: re.Match[str]) -> str:
        try:
            return (date(*map(int, found.groups())) + timedelta(days=self.days)).isoformat()
        except (ValueError, OverflowError):
            return found[0]

    def _week(self, found: re.Match[str]) -> str:
        try:
            monday = date.fromisocalendar(int(found[1]), int(found[3]), 1) + timedelta(days=self.days)
        except (ValueError, OverflowError):
            return found[0]
        year, week, _ = (monday + timedelta(days=3)).isocalendar()
        return f"{year}-{found[2]}{week:02d}"
