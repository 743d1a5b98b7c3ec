"""One transaction, one actor, one clock reading. What is done in it is an operation (`store.foundation.operation`)."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from store.foundation.access import Actor, Subject
from store.foundation.clock import Instant
from store.foundation.engine import Engine
from store.foundation.errors import InvariantBroken
from store.foundation.events import EventKind, Facts, insert_event, insert_events
from store.foundation.keys import StoreKeys
from store.foundation.log import AccessLog
from store.foundation.operation_in_progress import OperationInProgress
from store.foundation.read_transaction import ReadTransaction
from store.foundation.upsert import upsert

if TYPE_CHECKING:
    from sqlalchemy import CursorResult, Executable
    from sqlalchemy.engine import Connection as AlchemyConnection
    from sqlmodel import SQLModel


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
        access_log: AccessLog,
        keys: StoreKeys | None = None,
    ) -> None:
        driver = sql.connection.driver_connection
        db = engine.speaking(driver)
        super().__init__(kind, actor, now, db, access_log, keys, is_fenced=engine.is_fenced)
        self.engine = engine
        self.sql = sql
        self.command = command
        self._ordinal = 0
        self._changed: set[int] = set()
        self._at_end: list[tuple[str, dict[str, Any]]] = []
        self._after_all: list[str] = []
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
        values = self.db.sealed(table.name, values)
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
        done = self.db.pair(
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

    def after_all(self, sql: str) -> None:
        """Execute a statement once all else of the transaction is written, its log rows too."""
        self._after_all.append(sql)

    def close(self) -> None:
        """Write what waits for the end: the change numbers, which other writers wait for, and last the log rows.

        The heads of the log's chains are what readers wait for, too.
        """
        for sql, parameters in sorted(self._at_end, key=lambda waiting: (waiting[0], *waiting[1].values())):
            self.db.run(sql, **parameters)
        for unit_id in sorted(self._changed):
            self.db.run(upsert("change", ["unit_id"], added=["change_no"]), unit_id=unit_id, change_no=1)
        if self.logged:
            self._access_log.write(self.db, self.logged, self.engine.for_update("loghead"))
        for sql in self._after_all:
            self.db.run(sql)
