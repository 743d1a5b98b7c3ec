"""Free texts that stand sealed in a database that is not encrypted as a whole (domain.md §13).

A column of `store.foundation.tables.FreeText` is sealed there: AES-256-GCM under the key of the resident whom the row
is about, or under a key of the store's where it is about nobody in particular. A seal is bound to its place: table and
column, resident, and the rest of the row's primary key. What stands in another place than where it was written does
not open, nor does a text that was never sealed. An empty text, and none, stand as they are.

Whoever reads need not know: a query that names such a column is asked so that the database says, with each sealed
value, the place where it found it (`located`), and what comes is opened there (`opened`).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from store.foundation.errors import InvariantBroken, SealBroken
from store.foundation.keys import StoreKeys, seal, unseal, unwrap_resident_key

MOST_KEYS = 20_000
"""Residents' keys that are kept unwrapped in memory."""
MOST_QUESTIONS = 1024
"""Queries of which it is remembered how they are asked."""

_PLACE = "\x01"
"""Begins a value that comes with its place; the place ends at the last space."""
_SEALED = "s1."
"""Begins what is sealed, as it stands in the database."""
_NOBODY = "-"
"""Stands for the resident where a row has none."""

Row = tuple[Any, ...]


class SealedTable(NamedTuple):
    """A table with free texts."""

    name: str
    columns: tuple[str, ...]
    """All of them."""
    texts: tuple[str, ...]
    """Those that are sealed."""
    resident: str
    """The column with the resident; empty where the rows are about nobody in particular."""
    key: tuple[str, ...]
    """The primary key, without the resident."""

    def place(self, column: str, values: Mapping[str, object]) -> str:
        """Return what the seal of a row's text is bound to."""
        resident = values[self.resident] if self.resident else _NOBODY
        return " ".join((f"{self.name}.{column}", str(resident), *(str(values[name]) for name in self.key)))

    def rules(self) -> dict[str, str]:
        """Return what holds for each of its texts in the database, by the name of the constraint."""
        return {f"{self.name}_{name}_sealed": f"{name} = '' OR starts_with({name}, '{_SEALED}')" for name in self.texts}

    def located(self) -> str:
        """Return the table as a query reads it: each of its texts after its place."""
        said = (self._located(name) if name in self.texts else name for name in self.columns)
        return f"(SELECT {', '.join(said)} FROM {self.name})"

    def _located(self, column: str) -> str:
        row = [self.resident or f"'{_NOBODY}'", *self.key]
        place = f"'{_PLACE}{self.name}.{column} ' || {' || chr(32) || '.join(row)} || ' ' || {column}"
        return f"CASE WHEN {column} <> '' THEN {place} ELSE {column} END AS {column}"


class Seals:
    """Seals and opens the free texts of one open store. Threads may share it."""

    def __init__(self, keys: StoreKeys, declared: Callable[[], Mapping[str, SealedTable]]) -> None:
        """Seal with the store's keys; `declared` returns the tables with free texts, asked when it is first needed."""
        self._keys = keys
        self._declared = declared
        self._known: dict[int, bytes] = {}
        """Residents' keys, unwrapped."""
        self._questions: dict[str, str] = {}

    @cached_property
    def tables(self) -> Mapping[str, SealedTable]:
        """The tables with free texts, by name."""
        return self._declared()

    @cached_property
    def _from(self) -> re.Pattern[str]:
        names = "|".join(self.tables)
        return re.compile(rf"(?<!DELETE )\b(FROM|JOIN)\s+({names})\b(?:\s+(?:AS\s+)?([a-z_][a-z0-9_]*))?")

    @cached_property
    def _after_comma(self) -> re.Pattern[str]:
        return re.compile(rf",\s*(?:{'|'.join(self.tables)})\s+[a-z]")

    def learn(self, resident: int, key: bytes) -> None:
        """Know a resident's key from now on."""
        self._known[resident] = key
        while len(self._known) > MOST_KEYS:
            self._known.pop(next(iter(self._known)), None)

    def known(self, resident: int) -> bytes | None:
        """Return a resident's key where it is known here."""
        return self._known.get(resident)

    # Reading

    def located(self, sql: str) -> str:
        """Return a query so that free texts come with their places; as it is where it names none."""
        found = self._questions.get(sql)
        if found is None:
            if len(self._questions) >= MOST_QUESTIONS:
                self._questions.clear()
            if self._after_comma.search(sql):
                raise InvariantBroken(f"a table with sealed texts stands after a comma, and not after JOIN: {sql}")
            found = self._questions[sql] = self._from.sub(lambda match: self._read(match, sql), sql)
        return found

    def _read(self, match: re.Match[str], sql: str) -> str:
        word, name, alias = match.groups()
        table = self.tables[name]
        if not re.search(rf"SELECT \*|\.\*|\b({'|'.join(table.texts)})\b", sql):
            return match[0]
        return f"{word} {table.located()} {alias or name}"

    def opened(self, driver: Any, rows: Iterable[Row]) -> list[Row]:
        """Return a located query's rows with their texts opened.

        Raises:
            SealBroken: one does not open where it stands, or was never sealed.
        """
        rows = list(rows)
        return [
            tuple([self._open(driver, value, rows) if _is_located(value) else value for value in row]) for row in rows
        ]

    def broken(self, driver: Any, rows: Iterable[Row]) -> int:
        """Return how many texts of a located query's rows do not open where they stand."""
        return sum(self._is_broken(driver, value) for row in rows for value in row if _is_located(value))

    def _is_broken(self, driver: Any, value: str) -> bool:
        try:
            self._open(driver, value, [(value,)])
        except SealBroken:
            return True
        return False

    def _open(self, driver: Any, value: str, rows: Sequence[Row]) -> str:
        place, _, sealed = value[len(_PLACE) :].rpartition(" ")
        if not sealed.startswith(_SEALED):
            raise SealBroken
        resident = place.split(" ", 2)[1]
        if resident == _NOBODY:
            key = self._keys.texts
        else:
            if int(resident) not in self._known:
                self._fetch(driver, {int(one.split(" ", 2)[1]) for one in _located(rows)})
            key = self._key(driver, int(resident))
        return unseal(key, sealed[len(_SEALED) :], place).decode()

    def _key(self, driver: Any, resident: int) -> bytes:
        if (key := self._known.get(resident)) is None:
            self._fetch(driver, {resident})
            key = self._known.get(resident)
        if key is None:
            raise SealBroken
        return key

    def _fetch(self, driver: Any, residents: Iterable[int]) -> None:
        """Unwrap what is not known yet of residents' keys, in one question."""
        missing = [one for one in residents if one not in self._known]
        cursor = driver.cursor()
        cursor.execute("SELECT resident_id, wrapped FROM resident_key WHERE resident_id = ANY(%s)", (missing,))
        for resident, wrapped in cursor.fetchall():
            self.learn(resident, unwrap_resident_key(self._keys, resident, wrapped))

    # Writing

    def sealed(self, driver: Any, name: str, rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
        """Return rows as they are written to a table; those without an `id` are numbered, where they need one.

        Raises:
            InvariantBroken: the row lacks what its texts are bound to.
            SealBroken: the resident has no key that opens.
        """
        found = [dict(row) for row in rows]
        table = self.tables.get(name)
        if table is None:
            return found
        self._number(driver, table, found)
        if table.resident:
            self._fetch_missing(driver, table, found)
        for row in found:
            self._seal(driver, table, row)
        return found

    def _number(self, driver: Any, table: SealedTable, rows: Sequence[dict[str, object]]) -> None:
        needy = [row for row in rows if "id" in (*table.key, table.resident) and row.get("id") is None]
        for one, number in zip(needy, self.new_ids(driver, table.name, len(needy)), strict=True):
            one["id"] = number

    def new_ids(self, driver: Any, table: str, number: int) -> list[int]:
        """Return numbers that no row of a table has, nor will be given."""
        if not number:
            return []
        cursor = driver.cursor()
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", (table, number))
        return [one for (one,) in cursor.fetchall()]

    def _fetch_missing(self, driver: Any, table: SealedTable, rows: Iterable[Mapping[str, object]]) -> None:
        asked = {int(str(one[table.resident])) for one in rows if any(map(one.get, table.texts))}
        if missing := asked - self._known.keys():
            self._fetch(driver, missing)

    def _seal(self, driver: Any, table: SealedTable, values: dict[str, object]) -> None:
        texts = [name for name in table.texts if values.get(name)]
        if not texts:
            return
        if lacking := {table.resident or table.key[0], *table.key} - values.keys():
            raise InvariantBroken(f"a row of {table.name} is sealed without its {', '.join(sorted(lacking))}")
        key = self._key(driver, int(str(values[table.resident]))) if table.resident else self._keys.texts
        for name in texts:
            values[name] = _SEALED + seal(key, str(values[name]).encode(), table.place(name, values))


def _is_located(value: object) -> bool:
    return type(value) is str and value[:1] == _PLACE


def _located(rows: Iterable[Row]) -> Iterable[str]:
    """Yield the located values about residents."""
    return (value for row in rows for value in row if _is_located(value) and value.split(" ", 2)[1] != _NOBODY)
