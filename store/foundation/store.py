"""An open store: `store.work(actor)` writes, `store.read(actor)` reads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from store.foundation import log
from store.foundation.access import Actor
from store.foundation.clock import Instant, wall_clock
from store.foundation.connection import Connection
from store.foundation.engines import Engine
from store.foundation.errors import StoreUnreachable
from store.foundation.work import PRACTICE, ReadTransaction, Work


class Store:
    """An open store. Threads may share it; each transaction has a connection of its own."""

    def __init__(self, engine: Engine, kind: str, clock: Callable[[], Instant] = wall_clock) -> None:
        self.engine = engine
        self.kind = kind
        self.clock = clock
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
        with self._line(), self.engine.alchemy().begin() as sql:
            work = Work(self.engine, self.kind, actor, self.clock(), sql, command)
            work.actor = actor.current(work.db, work.now)
            yield work
            work.close()

    @contextmanager
    def read(self, actor: Actor) -> Iterator[ReadTransaction]:
        """Open a reading transaction: one snapshot. Its log rows are in the store before the block is left.

        Raises:
            StoreUnreachable: the database is gone.
        """
        with self._snapshot() as connection:
            reading = ReadTransaction(self.kind, actor, self.clock(), connection)
            reading.actor = actor.current(connection, reading.now)
            try:
                yield reading
            finally:  # what was read before something else was refused was read all the same
                connection.driver.rollback()
                if reading.logged:
                    self.engine.begin(connection, write=True)
                    log.write(connection, reading.logged)
                    connection.driver.commit()

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
