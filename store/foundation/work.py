"""One transaction, one actor, one clock reading. What is done in it is an operation (`store.foundation.operation`)."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from store.foundation import log
from store.foundation.access import Action, Actor, Declaration, Standing, Subject
from store.foundation.clock import Instant, local_day
from store.foundation.connection import Connection
from store.foundation.engines import Engine
from store.foundation.errors import InvariantBroken
from store.foundation.events import EventKind, Facts, insert_event, insert_events
from store.foundation.log import LogEntry
from store.foundation.upsert import upsert

if TYPE_CHECKING:
    from sqlalchemy import CursorResult, Executable
    from sqlalchemy.engine import Connection as AlchemyConnection
    from sqlmodel import SQLModel

PRACTICE = "practice"
"""The kind of a store that is a practice environment."""


class OperationInProgress:
    """One operation that is being carried out: its subject, and its result."""

    def __init__(self, declared: Declaration) -> None:
        self.declared = declared
        self.subject: Subject | None = None
        self.result: Any = None
        self.is_repeated = False
        """Whether it was carried out before, by the same command: then the result is what it returned."""


class ReadTransaction:
    """A transaction that changes nothing but the log."""

    def __init__(self, kind: str, actor: Actor, now: Instant, db: Connection) -> None:
        self.kind = kind
        self.actor = actor
        self.now = now
        self.db = db
        self.logged: list[LogEntry] = []
        self.events = 0
        self._running: list[OperationInProgress] = []

    @property
    def is_practice(self) -> bool:
        """Whether the store is a practice environment (domain.md §9)."""
        return self.kind == PRACTICE

    @property
    def today(self) -> date:
        """The day in Stockholm."""
        return local_day(self.now)

    def catch_up(self, _subject: Subject | None) -> None:
        """See to it that what happens to the subject happens after all that has happened to it."""

    def for_update(self, _table: str) -> str:
        """Return the clause that a query of the table's rows ends with, where they are to be changed."""
        return ""

    def serialize(self, _name: str) -> None:
        """Let no other transaction past the same call with the same name until this one ends; a reader may pass."""

    def log(
        self, action: Action, subject: Subject | None = None, details: str = "", *, unit_id: int | None = None
    ) -> None:
        """Say in the log what the running operation did; `unit_id` where that is another unit's matter too."""
        running = self._running[-1]
        details = "; ".join(filter(None, (details, self._why_permitted(running))))
        entry = log.entry(self.now, self.actor, action, running.declared.name, subject, details)
        self.logged.append(entry if unit_id is None else replace(entry, unit_id=unit_id))

    def _why_permitted(self, running: OperationInProgress) -> str:
        """Return why it may be done, where that is not plain: a prioriterad flagga alone opened the moment."""
        standing = self.actor.standing(running.subject) & running.declared.may
        return "prioriterad flagga" if standing == {Standing.WATCHING} else ""

    @contextmanager
    def perform(self, declared: Declaration) -> Iterator[OperationInProgress]:
        """Carry one operation through; when it returns, its log row and its event must be there.

        Raises:
            InvariantBroken: they are not.
        """
        running = OperationInProgress(declared)
        rows, events = len(self.logged), self.events
        self._running.append(running)
        try:
            self._begin(running)
            yield running
            if running.is_repeated:
                return
            self._see_to_log(running, self.logged[rows:])
            if declared.event and self.events == events:
                raise InvariantBroken(f"{declared.name} left no event")
            self._done(running)
        finally:
            self._running.pop()

    def _see_to_log(self, running: OperationInProgress, rows: list[LogEntry]) -> None:
        """Write the log row that the operation owes, where it has not done so by itself."""
        declared = running.declared
        if declared.action is None or any(
            (row.operation, row.action) == (declared.name, declared.action) for row in rows
        ):
            return
        if running.subject is None:
            raise InvariantBroken(f"{declared.name} touched somebody and logged nothing")
        self.log(declared.action, running.subject)

    def _begin(self, running: OperationInProgress) -> None:
        """Hook of a writing transaction."""

    def _done(self, running: OperationInProgress) -> None:
        """Hook of a writing transaction."""


class Work(ReadTransaction):
    """A transaction that changes things. Rows are written through SQLModel's tables, as Core statements."""

    def __init__(
        self,
        engine: Engine,
        kind: str,
        actor: Actor,
        now: Instant,
        sql: "AlchemyConnection",
        command: UUID | None,
    ) -> None:
        driver = sql.connection.driver_connection
        super().__init__(kind, actor, now, Connection(driver, pyformat=engine.pyformat))
        self.engine = engine
        self.sql = sql
        self.command = command
        self._ordinal = 0
        self._changed: set[int] = set()
        self._at_end: list[tuple[str, dict[str, Any]]] = []
        if command is not None:
            self.serialize(str(command))  # the first attempt may still be on its way

    def catch_up(self, subject: Subject | None) -> None:
        """Let the transaction's time be no earlier than the moment's newest event: another machine's clock wrote it."""
        if subject is not None and subject.moment_id is not None:
            newest = self.engine.newest_event(self.db, subject.resident_id, subject.moment_id)
            if newest is not None and newest > self.now:
                self.now = newest

    def for_update(self, table: str) -> str:
        """Lock what is read to be changed, where the database needs it said."""
        return self.engine.for_update(table)

    def for_share(self, table: str) -> str:
        """Return the clause that keeps the table's rows as they are, where others may read on but not change them."""
        return self.engine.for_update(table, shared=True)

    def add(self, row: "SQLModel") -> int:
        """Insert a row; returns the first column of its primary key."""
        from sqlalchemy import insert

        values = row.model_dump()
        if values.get("id", 0) is None:
            del values["id"]
        table = type(row).__table__  # type: ignore[attr-defined]
        # The values are given apart: a statement that holds its own is put together and compiled anew for each row.
        key = self.sql.execute(insert(table), values).inserted_primary_key
        if key is None:
            raise InvariantBroken(f"{table} gave its new row no key")
        return int(key[0])

    def execute(self, statement: "Executable") -> "CursorResult[Any]":
        """Execute a Core statement."""
        return self.sql.execute(statement)

    def event(self, subject: Subject, kind: EventKind, **facts: object) -> None:
        """Write what happened on the moment's timeline, and let the unit see it."""
        self.event_by(self.actor, subject, kind, **facts)

    def event_by(self, actor: Actor, subject: Subject, kind: EventKind, **facts: object) -> None:
        """Write what a rule did while somebody else acted; see `event`."""
        insert_event(self.db, self.now, actor, subject, kind, facts)
        self.events += 1
        if subject.unit_id is not None:
            self.changed(subject.unit_id)

    def event_in_many(self, kind: EventKind, happened: Sequence[tuple[Subject, Facts]]) -> None:
        """Write an event of one kind in each of many moments; see `event`."""
        insert_events(self.db, self.now, self.actor, kind, happened)
        self.events += len(happened)
        self._changed.update(subject.unit_id for subject, _ in happened if subject.unit_id is not None)

    def serialize(self, name: str) -> None:
        """Let no other transaction past the same call with the same name until this one ends."""
        self.engine.serialize(self.db, name)

    def changed(self, unit_id: int) -> None:
        """Raise the unit's change number when the transaction ends."""
        self._changed.add(unit_id)

    def _begin(self, running: OperationInProgress) -> None:
        if self.command is None or len(self._running) > 1:
            return
        self._ordinal += 1
        done = self.db.row(
            "SELECT operation, result FROM command WHERE uuid = :uuid AND ordinal = :ordinal",
            uuid=str(self.command),
            ordinal=self._ordinal,
        )
        if done is None:
            return
        operation, result = done
        if operation != running.declared.name:
            raise InvariantBroken("the command's UUID was used for something else")
        running.is_repeated, running.result = True, json.loads(result)

    def _done(self, running: OperationInProgress) -> None:
        subject, unit_id = running.subject, self.actor.unit_id
        if running.declared.writes:
            self._changed.update(unit for unit in (unit_id, subject.unit_id if subject else None) if unit is not None)
        if self.command is None or len(self._running) > 1:
            return
        self.db.run(
            "INSERT INTO command (uuid, ordinal, operation, result, at) VALUES (:uuid, :ordinal, :name, :result, :at)",
            uuid=str(self.command),
            ordinal=self._ordinal,
            name=running.declared.name,
            result=json.dumps(running.result),
            at=self.now,
        )

    def at_end(self, sql: str, **parameters: Any) -> None:
        """Execute a statement when the transaction ends.

        For rows that many transactions change: all take them in one order there, so that no two wait for each other.
        """
        self._at_end.append((sql, parameters))

    def close(self) -> None:
        """Write what waits for the end: the log rows, and last the change numbers, which other writers wait for."""
        log.write(self.db, self.logged)
        for sql, parameters in sorted(self._at_end, key=lambda waiting: (waiting[0], *waiting[1].values())):
            self.db.run(sql, **parameters)
        for unit_id in sorted(self._changed):
            self.db.run(upsert("change", ["unit_id"], added=["change_no"]), unit_id=unit_id, change_no=1)
