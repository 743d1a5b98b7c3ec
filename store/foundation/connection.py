"""A database connection that speaks plain SQL with `:name` parameters, whichever driver is under it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import MISSING, fields
from enum import Enum
from functools import lru_cache
from itertools import starmap
from operator import itemgetter
from types import UnionType
from typing import Any, TypeVar, get_args, get_type_hints

from store.foundation.errors import InvariantBroken
from store.foundation.seals import Seals

SqlRow = tuple[Any, ...]
T = TypeVar("T")


class Connection:
    """One database connection with `:name` parameters on either database.

    Rows are read by name: `all` and `one` make NamedTuples or dataclasses whose fields are the query's columns, `value`
    and `values` take a single column, `pairs` two. A query that says its columns in another order is refused, instead
    of giving a family name where the given name should be.
    """

    def __init__(self, driver: Any, *, pyformat: bool, lent: Any = None, seals: Seals | None = None) -> None:
        """Speak through a driver's connection.

        `lent` is what SQLAlchemy's pool gave it out as, where it did; `seals` what free texts are sealed with, where
        the database does not encrypt all that it holds.
        """
        self.driver = driver
        self.lent = lent
        self.seals = seals
        self._pyformat = pyformat

    def close(self) -> None:
        """Hang up."""
        if self.lent is None:
            self.driver.close()
        else:
            self.lent.invalidate()

    def select(self, sql: str, parameters: Mapping[str, object]) -> Any:
        """Execute a query; returns the driver's cursor. All that reads goes this way."""
        cursor = self._ask(sql, parameters)
        return cursor if self.seals is None or self.seals.located(sql) == sql else self._opened(sql, cursor)

    def _ask(self, sql: str, parameters: Mapping[str, object]) -> Any:
        """Send a query; what it finds is read by `_opened`."""
        cursor = self.driver.cursor()
        cursor.execute(self._dialect(self._located(sql)), parameters)
        return cursor

    def _located(self, sql: str) -> str:
        return sql if self.seals is None else self.seals.located(sql)

    def _opened(self, sql: str, cursor: Any) -> "Answer":
        """Read what a query found to its end, and open what was sealed."""
        rows = cursor.fetchall()
        if self.seals is not None and self.seals.located(sql) != sql:
            rows = self.seals.opened(self.driver, rows)
        return Answer(cursor.description, rows)

    def rows(self, sql: str, /, **parameters: object) -> list[SqlRow]:
        """Return all rows of a query as they come, for tests: the store reads by name."""
        return self.select(sql, parameters).fetchall()  # type: ignore[no-any-return]

    def row(self, sql: str, /, **parameters: object) -> SqlRow | None:
        """Return the first row of a query as it comes, or None; see `rows`."""
        found = self.rows(sql, **parameters)
        return found[0] if found else None

    def all(self, kind: type[T], sql: str, /, **parameters: object) -> list[T]:
        """Return all rows of a query, each as a `kind`.

        Args:
            kind: a NamedTuple or a dataclass. Its fields are the columns, in the same order; fields with a default may
                follow that are none. What is declared as a bool or an enumeration becomes one.
            sql: the query.
            parameters: the values of its `:name` parameters.

        Raises:
            TypeError: the query's columns are not the fields.
        """
        cursor = self.select(sql, parameters)
        return list(starmap(_maker(kind, sql, cursor), cursor.fetchall()))

    def one(self, kind: type[T], sql: str, /, **parameters: object) -> T | None:
        """Return the first row of a query as a `kind`, or None; see `all`."""
        found = self.all(kind, sql, **parameters)
        return found[0] if found else None

    def single(self, kind: type[T], sql: str, /, **parameters: object) -> T:
        """Return the first row of a query that always has one, as a `kind`; see `all`."""
        found = self.one(kind, sql, **parameters)
        if found is None:
            raise InvariantBroken(f"there is no row where one must be: {sql}")
        return found

    def values(self, sql: str, /, **parameters: object) -> list[Any]:
        """Return the values of a query's only column."""
        return [value for (value,) in self.rows(sql, **parameters)]

    def value(self, sql: str, /, **parameters: object) -> Any:
        """Return the first value of a query's only column; None where it is NULL, or there is no row."""
        found = self.values(sql, **parameters)
        return found[0] if found else None

    def pairs(self, sql: str, /, **parameters: object) -> list[tuple[Any, Any]]:
        """Return the values of a query's two columns: what tells a row from others, and what is asked of it."""
        return [(key, value) for key, value in self.rows(sql, **parameters)]

    def pair(self, sql: str, /, **parameters: object) -> tuple[Any, Any] | None:
        """Return the values of the first row of a query of two columns, or None."""
        found = self.pairs(sql, **parameters)
        return found[0] if found else None

    def has(self, sql: str, /, **parameters: object) -> bool:
        """Return whether a query finds any row."""
        return bool(self.rows(sql, **parameters))

    def stream(self, sql: str, number: int) -> Iterator[list[SqlRow]]:
        """Yield the rows of a query as they come, so many at a time; they are never all in memory."""
        yield from self._portions(self.driver.cursor(), sql, number)

    def _portions(self, cursor: Any, sql: str, number: int) -> Iterator[list[SqlRow]]:
        located = self._located(sql)
        cursor.execute(self._dialect(located))
        while rows := cursor.fetchmany(number):
            yield rows if self.seals is None or located == sql else self.seals.opened(self.driver, rows)

    def unremembered(self) -> "Connection":
        """Return the same connection, which keeps no answer: what is read through it may be more than memory holds."""
        return self

    def unopened(self) -> "Connection":
        """Return the same connection, which gives what is sealed as it stands."""
        found = copy(self)
        found.seals = None
        return found

    def sealed(self, table: str, row: Mapping[str, object]) -> dict[str, object]:
        """Return a row as it is to be written to a table: `sealed_rows` of one."""
        return self.sealed_rows(table, [row])[0]

    def sealed_rows(self, table: str, rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
        """Return rows, by column, as they are to be written to a table.

        Their free texts are sealed where the database holds them so; a new row that has no `id` then has one. A row
        that is changed needs its primary key and its resident beside what is changed.
        """
        return list(map(dict, rows)) if self.seals is None else self.seals.sealed(self.driver, table, rows)

    def insert(self, table: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Insert rows, by column: all have the same ones. Their free texts are sealed as `sealed_rows` says."""
        if written := self.sealed_rows(table, rows):
            names = list(written[0])
            given = ", ".join(f":{name}" for name in names)
            self.run_many(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({given})", written)

    def run(self, sql: str, /, **parameters: object) -> int:
        """Execute one statement; returns the number of rows it touched."""
        cursor = self.driver.cursor()
        cursor.execute(self._dialect(sql), parameters)
        return int(cursor.rowcount)

    def run_many(self, sql: str, parameters: Iterable[Mapping[str, object]]) -> None:
        """Execute one statement for each set of parameters."""
        cursor = self.driver.cursor()
        if self._pyformat:
            cursor.executemany(_pyformat(sql), list(parameters))
        else:  # SQLite's driver takes twice as long to find values by name
            by_place, first, others = _by_place(sql)
            values = map(itemgetter(first, *others), parameters) if others else ((each[first],) for each in parameters)
            cursor.executemany(by_place, values)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Send statements together, to a server in one round trip: no query; how many rows they touch is not told."""
        if self._pyformat:
            with self.driver.pipeline():
                yield
        else:
            yield

    def _dialect(self, sql: str) -> str:
        return _pyformat(sql) if self._pyformat else sql


@lru_cache(maxsize=256)
def _by_place(sql: str) -> tuple[str, str, tuple[str, ...]]:
    """Return a statement whose parameters are found by their places, the first one's name and the others'."""
    first, *others = _PARAMETER.findall(sql)
    return _PARAMETER.sub("?", sql), first, tuple(others)


BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

Question = tuple[str, tuple[tuple[str, object], ...]]
"""A query and the values of its parameters."""


class Answer:
    """What a query found, read to its end."""

    def __init__(self, description: Any, rows: list[SqlRow]) -> None:
        """Hold an answer's columns, as a driver describes them, and its rows."""
        self.description = description
        self._rows = rows

    def fetchall(self) -> list[SqlRow]:
        """Return all rows."""
        return list(self._rows)


def _answered(found: Any) -> Answer:
    """Read a driver's cursor to its end, where that has not been done."""
    return found if isinstance(found, Answer) else Answer(found.description, found.fetchall())


class SnapshotConnection(Connection):
    """A connection to a far server in a transaction that sees one snapshot: each question has one answer in it.

    So what is asked twice is sent once, and what is likely to be asked is sent ahead, all of it in one round trip.
    """

    def __init__(self, driver: Any, *, lent: Any = None, seals: Seals | None = None) -> None:
        """Know no answers yet."""
        super().__init__(driver, pyformat=True, lent=lent, seals=seals)
        self._is_snapshot = False
        """Whether the transaction is one that sees one snapshot; a writer's sees what it writes."""
        self.asked: dict[Question, None] = {}
        """What was asked in this transaction, in order."""
        self._answers: dict[Question, Answer] = {}

    def forget(self) -> None:
        """Know no answers any longer: another transaction begins."""
        self._is_snapshot, self.asked, self._answers = False, {}, {}

    def begin(self, likely: Iterable[Question], first: Sequence[str] = ()) -> None:
        """Begin the transaction, and send what is likely to be asked in it; the answers are given when it is asked.

        Args:
            likely: the questions.
            first: statements that the transaction begins with, without parameters.
        """
        self.forget()
        self._is_snapshot = True
        if not likely:
            self.driver.execute("; ".join((BEGIN_READING, *first)))  # in one round trip
            return
        with self.driver.pipeline():
            for statement in (BEGIN_READING, *first):
                self.driver.execute(statement)
            cursors = [((sql, values), self._ask(sql, dict(values))) for sql, values in likely]
        self._answers = {question: self._opened(question[0], cursor) for question, cursor in cursors}

    def unremembered(self) -> Connection:
        """Return the same connection, which asks the server each time, and keeps no answer."""
        return Connection(self.driver, pyformat=True, lent=self.lent, seals=self.seals)

    def stream(self, sql: str, number: int) -> Iterator[list[SqlRow]]:
        """Yield the rows of a query by a cursor of the server's: else all would be sent at once, and kept."""
        with self.driver.cursor(name="stream") as cursor:
            yield from self._portions(cursor, sql, number)

    def select(self, sql: str, parameters: Mapping[str, object]) -> Any:
        """Return the answer, as known where it was asked before."""
        if not self._is_snapshot:
            return super().select(sql, parameters)
        question = sql, tuple(parameters.items())
        try:
            found = self._answers.get(question)
        except TypeError:  # a list among the values
            return super().select(sql, parameters)
        if found is None:
            found = self._answers[question] = _answered(super().select(sql, parameters))
        self.asked[question] = None
        return found


_MOST_MAKERS = 1024
_makers: dict[tuple[type, str], Callable[..., Any]] = {}
"""By kind and query: the names are looked at once for each, since psycopg makes them anew for every answer."""


def _maker(kind: type, sql: str, cursor: Any) -> Callable[..., Any]:
    """Return what makes a `kind` of a row's values.

    Raises:
        TypeError: the query's columns are not the fields, name by name.
    """
    found = _makers.get((kind, sql))
    if found is None:
        names = tuple(column[0] for column in cursor.description)
        needed, optional = _fields(kind)
        if names[: len(needed)] != needed or names[len(needed) :] != optional[: len(names) - len(needed)]:
            raise TypeError(f"{kind.__name__} has the fields {(*needed, *optional)}, but the query {names}")
        if len(_makers) >= _MOST_MAKERS:
            _makers.clear()
        found = _makers[kind, sql] = _converting(kind, names)
    return found


def _converting(kind: type, names: tuple[str, ...]) -> Callable[..., Any]:
    """Return what makes a `kind` of values: itself, unless a field is declared as what no database has."""
    hints = get_type_hints(kind)
    converted = [(place, made) for place, name in enumerate(names) if (made := _made(hints[name]))]
    if not converted:
        return kind

    def make(*row: Any) -> Any:
        values = list(row)
        for place, made in converted:
            if values[place] is not None:
                values[place] = made(values[place])
        return kind(*values)

    return make


def _made(hint: Any) -> Callable[[Any], object] | None:
    """Return what a field's value is made with, None where it is used as it comes."""
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return next((one for one in kinds if one is bool or (isinstance(one, type) and issubclass(one, Enum))), None)


def columns(kind: type, table: str = "") -> str:
    """Return the columns of a query whose rows become a `kind`, where all of them are columns of one table."""
    needed, _ = _fields(kind)
    return ", ".join(f"{table}.{name}" if table else name for name in needed)


@lru_cache(maxsize=256)
def _fields(kind: type) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of a NamedTuple's or a dataclass' fields: those without a default, and those with one."""
    if names := getattr(kind, "_fields", ()):
        defaults = kind._field_defaults  # type: ignore[attr-defined]
        return tuple(n for n in names if n not in defaults), tuple(n for n in names if n in defaults)
    given = [field for field in fields(kind) if field.init]
    free = [field.name for field in given if field.default is not MISSING or field.default_factory is not MISSING]
    return tuple(field.name for field in given if field.name not in free), tuple(free)


_PARAMETER = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")


@lru_cache(maxsize=512)
def _pyformat(sql: str) -> str:
    """Turn `:name` into psycopg's `%(name)s`; `::type` casts stay."""
    return _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%"))
