"""An open store: `store.work(actor)` writes, `store.read(actor)` reads."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from uuid import UUID

from store.foundation.access import Action, Actor
from store.foundation.clock import Instant, wall_clock
from store.foundation.connection import Connection
from store.foundation.engines import Engine
from store.foundation.errors import DomainError, StoreUnreachable
from store.foundation.log import DENIED, AccessLog, LogEntry, as_typed
from store.foundation.work import PRACTICE, ReadTransaction, Work


class Store:
    """An open store. Threads may share it; each transaction has a connection of its own."""

    def __init__(self, engine: Engine, kind: str, clock: Callable[[], Instant] = wall_clock) -> None:
        self.engine = engine
        self.kind = kind
        self.clock = clock
        self.access_log = AccessLog()
        self._idle: list[Connection] = []

    @property
    def is_practice(self) -> bool:
        """Whether this is a practice environment (domain.md §9)."""
        return self.kind == PRACTICE

    @contextmanager
    def work(self, actor: Actor, *, command: UUID | None = None) -> Iterator[Work]:
        """Open a writing transaction; it is committed at the end, rolled back by an exception.

        Args:
            actor: who acts; a staff member's roles are read anew.
            command: the client's UUID; operations of a command that was carried out before return what they returned.

        Raises:
            StoreUnreachable: the database is gone. After a commit whose answer was lost nobody knows whether it was
                done: send the same command again.
        """
        work: Work | None = None
        try:
            with self._line(), self.engine.alchemy().begin() as sql:
                work = Work(self.engine, self.kind, actor, self.clock(), sql, command, self.access_log)
                work.see_who_acts()
                yield work
                work.close()
            work.commit_served()
        finally:
            if work is not None and work.refused:
                self._write_refused(work.refused)

    @contextmanager
    def read(self, actor: Actor) -> Iterator[ReadTransaction]:
        """Open a reading transaction: one snapshot. Its log rows are in the store before the block is left.

        Raises:
            StoreUnreachable: the database is gone.
        """
        with self._snapshot() as connection:
            reading = ReadTransaction(self.kind, actor, self.clock(), connection, self.access_log)
            try:
                reading.see_who_acts()
                yield reading
            finally:  # what was read before something else was refused was read all the same
                connection.driver.rollback()
                if rows := [*reading.logged, *reading.refused]:
                    self._write_log(connection, rows)
                reading.commit_served()

    def change_no(self, unit_id: int) -> int:
        """Return the unit's change number; 0 before the first change. Leaves no log row."""
        with self.lend() as db:
            return int(db.value("SELECT change_no FROM change WHERE unit_id = :unit_id", unit_id=unit_id) or 0)

    def draft_key(self) -> bytes:
        """Return the key that seals drafts kept outside the store. Leaves no log row."""
        with self.lend() as db:
            return str(db.value("SELECT draft_key FROM store_info")).encode("ascii")

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        """Lend a connection for what concerns no resident: signing in, a change number. Nothing is logged."""
        with self._snapshot() as connection:
            yield connection
            connection.driver.rollback()

    def close(self) -> None:
        """Close all idle connections."""
        self.engine.dispose()
        while self._idle:
            self._idle.pop().driver.close()

    def note_refusal(self, operation: str, error: DomainError, *, hsa_id: str = "", number: str | None = None) -> None:
        """Say in the log that somebody unknown was refused, before any operation; what was asked for is as typed."""
        row = LogEntry(
            at=self.clock(),
            wall_at=wall_clock(),
            unit_id=None,
            actor_kind="okänd",
            actor_hsa_id=as_typed(hsa_id) if hsa_id else None,
            actor_name="",
            action=Action.READ,
            operation=operation,
            personnummer=None if number is None else as_typed(number),
            origin=self.access_log.origin,
            session=self.access_log.session,
            outcome=DENIED,
            reason=error.kind,
        )
        self._write_refused([row])

    def _write_log(self, connection: Connection, rows: Sequence[LogEntry]) -> None:
        self.engine.begin(connection, write=True)
        self.access_log.write(connection, rows)
        connection.driver.commit()

    def _write_refused(self, rows: Sequence[LogEntry]) -> None:
        """Write the rows of refusals, in a transaction of their own; the refusal is told, also where they can't be."""
        with suppress(StoreUnreachable), self._snapshot() as connection:
            connection.driver.rollback()
            self._write_log(connection, rows)

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        """Lend a connection with a begun reading transaction; one that failed is not lent again."""
        with self._line():
            connection = self._begun()
            try:
                yield connection
            except BaseException:
                connection.driver.close()
                raise
            self._idle.append(connection)

    def _begun(self) -> Connection:
        """Begin on an idle connection, or on a new one where there is none or the idle ones have died."""
        while True:
            try:
                connection = self._idle.pop()  # in one step, whatever other threads do
            except IndexError:
                connection = self.engine.connect()
                self.engine.begin(connection, write=False)
                return connection
            try:
                self.engine.begin(connection, write=False)
            except Exception:  # whatever it was, the new connection will tell it again
                connection.driver.close()
            else:
                return connection

    @contextmanager
    def _line(self) -> Iterator[None]:
        """Tell a lost database from a fault of ours."""
        try:
            yield
        except Exception as error:
            cause = getattr(error, "orig", None) or error
            if self.engine.is_fault_of_the_line(cause):
                raise StoreUnreachable from cause
            raise
