"""A practice store whose transactions are all parts of one: what is played is there whole, or not at all."""

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from store.foundation.access import Actor
from store.foundation.connection import Connection
from store.foundation.log import LogEntry
from store.foundation.store import Store
from store.foundation.work import Work

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection as AlchemyConnection


class OneTransaction(Store):
    """A store whose transactions are all parts of `sql`, which somebody else commits; its clock may be moved."""

    sql: "AlchemyConnection"

    @contextmanager
    def work(self, actor: Actor, *, command: UUID | None = None, is_long: bool = True) -> Iterator[Work]:  # noqa: ARG002
        """Open what is a transaction to the operations; it is committed with all the others."""
        work = Work(self.engine, self.kind, actor, self.clock(), self.sql, command, self.access_log)
        work.see_who_acts()
        yield work
        work.close()

    @contextmanager
    def read(self, actor: Actor, *, like: Sequence[Hashable] = ()) -> Iterator[Work]:  # noqa: ARG002
        """Open what is a reading transaction to the operations: it sees what is not committed yet."""
        with self.work(actor) as work:
            yield work

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        """Lend the one connection."""
        yield self.engine.speaking(self.sql.connection.driver_connection)

    def _write_refused(self, rows: Sequence[LogEntry]) -> None:
        """Nothing: a refusal ends it all and takes all of it away. Another connection would wait for this one."""
