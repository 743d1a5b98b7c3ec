"""The access log: who did what, where, when, with which resident (HSLF-FS 2016:40 4 kap. 9 §).

Append-only: triggers in the database refuse to change, replace or remove a row (see the migrations). A row names the
resident, the unit and the care provider by itself, since it outlives them. Written as plain SQL: a list is logged
before SQLModel is imported.

The resident's number and name and the details stand sealed (`sealed`), with the log's key or, in a store without keys,
the chain's own, and the row is found by a code of the number (`number_hmac`). Rows from before that are clear;
`store.foundation.log_reading` reads both kinds. Each row is chained to the one before it
(`store.foundation.log_chain`).
"""

import os
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from store.foundation.access import Action, Origin
from store.foundation.clock import Instant
from store.foundation.connection import Connection
from store.foundation.keys import StoreKeys
from store.foundation.log_chain import CONTENT, chain_rows, move_heads
from store.foundation.log_sealing import seal_row

MOST_SESSIONS = 20
"""Sessions of which it is known what they were served."""

DONE, DENIED = "gjort", "nekat"
"""What a row says came of it."""


@dataclass(eq=False, repr=False)  # the less of it is generated, the sooner the app starts
class LogEntry:
    """One row to be written. `at` is the store's clock."""

    at: Instant
    wall_at: Instant
    unit_id: int | None
    actor_kind: str
    actor_hsa_id: str | None
    actor_name: str
    action: Action
    operation: str
    personnummer: str | None = None
    resident_name: str | None = None
    moment_id: int | None = None
    details: str = ""
    acted_as: str = ""
    """The role or standing by which it was done."""
    ground: str = ""
    category: str = ""
    thing_kind: str = ""
    thing_id: str = ""
    """The very thing that it was done with, as it was typed where that was nobody's."""
    origin: str = ""
    session: str = ""
    outcome: str = DONE
    reason: str = ""
    """Why it was refused: the sentence's kind."""
    unit_hsa_id: str = ""
    provider_hsa_id: str = ""
    """The two are filled in when the row is written."""


class _Place(NamedTuple):
    id: int
    unit_hsa_id: str
    provider_hsa_id: str


class AccessLog:
    """Writes the log of one open store, and knows what each session was served, so that it is logged once a visit."""

    def __init__(self, origin: Origin = Origin.COMMAND_LINE, keys: StoreKeys | None = None) -> None:
        """Seal the rows with the store's keys, where it has any."""
        self._keys = keys
        self.origin = origin
        """From where those act for whom it isn't plain."""
        self.trainee = ""
        """Who practises here, in a practice store: before a stroke in the names of all sessions (domain.md §9)."""
        self.session = new_session()
        """Stands in the rows of those who don't sign in."""
        self._places: dict[int, _Place] = {}
        self._served: dict[str, dict[str, set[Hashable]]] = {}
        """By session and place."""

    def begin_trainee(self, name: str) -> None:
        """Let all sessions from now on be a trainee's."""
        self.trainee = name
        self.session = self.new_session()

    def new_session(self) -> str:
        """Return a name for a sign-in; the trainee's, where somebody practises."""
        return f"{self.trainee}/{new_session()}" if self.trainee else new_session()

    def write(
        self, connection: Connection, entries: Sequence[LogEntry], lock: str = "", *, commits: bool = False
    ) -> None:
        """Write the rows, in order, and chain them: the last thing of a transaction, since others wait for the heads.

        Args:
            connection: the transaction.
            entries: what is to be written.
            lock: the clause that locks what is read to be changed (`Engine.for_update`).
            commits: whether the transaction is committed here: a server is told so with the rows, so that the heads are
                locked for one answer's time less. Sixty-four who read on one unit waited for each other without it.
        """
        self._learn(connection, {entry.unit_id for entry in entries if entry.unit_id is not None})
        for entry in entries:
            place = self._places.get(entry.unit_id or 0)
            if place is not None:
                entry.unit_hsa_id, entry.provider_hsa_id = place.unit_hsa_id, place.provider_hsa_id
        rows = [_row(self._keys, entry) for entry in entries]
        moved = chain_rows(connection, self._keys, rows, lock=lock, seals=self._keys is None)
        with connection.at_once():
            connection.run_many(_INSERT, rows)
            move_heads(connection, moved)
            if commits:
                connection.driver.commit()

    def is_served(self, session: str, place: str, key: Hashable) -> bool:
        """Whether the session was served something, at a place, since that was opened last."""
        return key in self._served.get(session, {}).get(place, ())

    def serve(self, session: str, opened: Iterable[str], served: Iterable[tuple[str, Hashable]]) -> None:
        """Take note of what was served, once its rows are in the store."""
        places = self._served.setdefault(session, {})
        for place in opened:
            places[place] = set()
        for place, key in served:
            places.setdefault(place, set()).add(key)
        while len(self._served) > MOST_SESSIONS:  # one that comes back after so many is logged once more
            self._served.pop(next(iter(self._served)), None)

    def _learn(self, connection: Connection, units: set[int]) -> None:
        """Find out the HSA-ids of units that are new here; a unit keeps its own."""
        for unit_id in units - self._places.keys():
            found = connection.one(
                _Place,
                "SELECT u.id, u.hsa_id AS unit_hsa_id, p.hsa_id AS provider_hsa_id"
                " FROM unit u JOIN careprovider p ON p.id = u.provider_id WHERE u.id = :unit",
                unit=unit_id,
            )
            if found is not None:
                self._places[unit_id] = found


def new_session() -> str:
    """Return a name that no other session has."""
    return os.urandom(8).hex()


_LONGEST = 100


def as_typed(value: object) -> str:
    """Return an id as it was typed, though it was nobody's."""
    typed = getattr(value, "typed", value)
    return "".join(character for character in str(typed) if character.isprintable())[:_LONGEST]


def _row(keys: StoreKeys | None, entry: LogEntry) -> dict[str, Any]:
    """Return a row's columns but those of the chain, sealed where the store has keys."""
    values = {**vars(entry), "key_id": "", "number_hmac": "", "sealed": ""}
    for column in _WORDS:
        values[column] = str(values[column])
    if keys is not None:
        seal_row(values, keys.of_log)
    return values


_WORDS = ("action", "ground", "category", "origin")
"""Columns of enumerations, written as plain words: SQLite's driver takes half as long again for a row with them."""
_COLUMNS = (*CONTENT, "mac")
_INSERT = f"INSERT INTO log ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + name for name in _COLUMNS)})"
