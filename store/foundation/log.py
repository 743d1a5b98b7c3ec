"""The access log: who did what, where, when, with which resident (HSLF-FS 2016:40 4 kap. 9 §).

Append-only: triggers in the database refuse to change or remove a row (see the first migration). A row names the
resident by itself, since it outlives a purge. Written as plain SQL: a list is logged before SQLModel is imported.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from store.foundation.access import Action, Actor, Subject
from store.foundation.clock import Instant, wall_clock
from store.foundation.connection import Connection


@dataclass
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
    personnummer: str | None
    resident_name: str | None
    moment_id: int | None
    details: str


def entry(at: Instant, actor: Actor, action: Action, operation: str, subject: Subject | None, details: str) -> LogEntry:
    """Return the row that says that the actor did this, at the unit where it was done."""
    unit_id = actor.unit_id if actor.unit_id is not None or subject is None else subject.unit_id
    return LogEntry(
        at,
        wall_clock(),
        unit_id,
        actor.kind,
        actor.hsa_id,
        actor.name,
        action,
        operation,
        subject.personnummer if subject else None,
        subject.name if subject else None,
        subject.moment_id if subject else None,
        details,
    )


_COLUMNS = tuple(LogEntry.__annotations__)
_INSERT = f"INSERT INTO log ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + name for name in _COLUMNS)})"


def write(connection: Connection, entries: Sequence[LogEntry]) -> None:
    """Write the rows, in order."""
    connection.run_many(_INSERT, map(vars, entries))
