"""What the store asks of a database, how long it waits for one, and what both databases' engines share.

A connection speaks plain SQL with `:name` parameters. SQLAlchemy's engine is made over the same `connect`,
and only when a write needs it: importing it costs more than the first list.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from store.foundation.clock import Instant
from store.foundation.connection import Connection, Question
from store.foundation.errors import (
    StoreUnreachable,
)
from store.foundation.reach import NOBODYS, Reach

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine as AlchemyEngine

BUSY_SECONDS = 15
"""How long a writer waits for another before the store counts as out of reach; on a server only in long work."""
SILENT_SECONDS = 3.0
"""How long a server may take to answer one statement, or to let us in, before the line counts as lost."""
LOCK_SECONDS = 2.5
"""How long a statement waits on a server for another's lock: it has to be told before the line counts as lost.

Nothing has been done then: `StoreClient.carry_out` and the command line try again until `BUSY_SECONDS` have passed.
"""
ABANDONED_SECONDS = 20
"""How long a server keeps a transaction whose client says nothing any longer, and may never have hung up."""


class Engine(Protocol):
    """What the store asks of a database."""

    url: str
    pyformat: bool
    """Whether the driver wants `%(name)s`."""
    has_clock: bool
    """Whether the store goes by a clock of the database's own, and not by each client's."""
    is_fenced: bool
    """Whether the database keeps the units apart, for who works through this address."""

    def is_owned(self) -> bool:
        """Whether who runs the program owns the store: its file, or its tables on a server."""

    def make(self) -> None:
        """Make the place where a new store will lie."""

    def unmake(self) -> None:
        """Take the place away again where no store came to lie there."""

    def connect(self) -> Connection:
        """Open a connection; raises `StoreUnreachable`."""

    def lend(self) -> AbstractContextManager[Connection]:
        """Lend a connection for a question; the next one has it after that, unless it failed."""

    def begin(
        self, connection: Connection, *, write: bool, likely: Sequence[Question] = (), reach: Reach = NOBODYS
    ) -> None:
        """Begin a transaction; raises `StoreUnreachable` where the database is gone.

        `likely` is what will be asked in it, probably: a far server is asked at once. `reach` is whose rows it reads.
        """

    def reach(self, connection: Connection, reach: Reach) -> None:
        """Say whose rows the rest of a writing transaction works with."""

    def asked(self, connection: Connection) -> tuple[Question, ...]:
        """What has been asked in a reading transaction, where the way is long."""

    def clock(self) -> Instant:
        """The time by which the store goes: a server's own, since each workstation's clock shows something else."""

    def newest_event(self, connection: Connection, resident_id: int, moment_id: int) -> Instant | None:
        """When the newest event of a moment happened, where several clocks write there."""

    def speaking(self, driver: Any) -> Connection:
        """Return what speaks through a driver's connection that SQLAlchemy has lent."""

    def take(self) -> Connection:
        """Return an idle connection that lives, else a new one; raises `StoreUnreachable`."""

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next one, with its transaction over."""

    def end(self, connection: Connection) -> None:
        """Let the next writer in, once a transaction that wrote is over."""

    def be_patient(self, connection: Connection) -> None:
        """Let a statement of the transaction take its time: an import, a migration, the day's run."""

    def alchemy(self) -> "AlchemyEngine":
        """Return SQLAlchemy's engine over the same connections (made once)."""

    def dispose(self) -> None:
        """Close the idle connections."""

    def close(self) -> None:
        """Close the idle connections, and those in use when they are given back."""

    def exists(self) -> bool:
        """Whether a store is there."""

    def why_lost(self, error: BaseException, *, is_reading: bool = False) -> StoreUnreachable | None:
        """What a driver's error says of the database; None where it is a fault of ours.

        `is_reading` says that it came in a transaction that had promised not to write.
        """

    def serialize(self, connection: Connection, name: str) -> None:
        """Let one transaction at a time past this call with the same name."""

    def claim(self, name: str) -> AbstractContextManager[bool]:
        """Keep a name to oneself while the block runs, over many transactions; false where another has it.

        Who dies, however it happens, has let go of it.
        """

    def for_update(self, table: str, *, shared: bool = False) -> str:
        """The clause that locks the table's rows in a SELECT until the end; `shared` keeps them as they are."""

    def is_whole(self, connection: Connection) -> bool:
        """Whether the database finds all that it holds in order: its pages, and what its rows refer to."""

    def refuse_plain(self, connection: Connection) -> None:
        """Let the database itself refuse a free text that is not sealed, where they are sealed one by one."""

    def number_on(self, connection: Connection, tables: Sequence[str]) -> None:
        """Let the tables' next rows be numbered after those that are there, which were given their numbers."""


class BaseEngine:
    """What both share: idle connections; SQLAlchemy's engine is made once, when it is first needed."""

    _alchemy: "AlchemyEngine | None" = None
    is_fenced = False
    pyformat: bool

    def __init__(self) -> None:
        self._making = Lock()
        self._idle: list[Connection] = []
        self._is_closed = False

    def reach(self, connection: Connection, reach: Reach) -> None:
        """Nothing, where all rows are everybody's as far as the database knows."""

    def connect(self) -> Connection:
        """Open a connection."""
        raise NotImplementedError

    def speaking(self, driver: Any) -> Connection:
        """Return what speaks through a driver's connection that SQLAlchemy has lent."""
        return Connection(driver, pyformat=self.pyformat)

    def take(self) -> Connection:
        """Return an idle connection that lives, else a new one."""
        while True:
            try:
                connection = self._idle.pop()  # in one step, whatever other threads do
            except IndexError:
                return self.connect()
            if self._lives(connection.driver):
                return connection
            connection.close()

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next one; nobody comes for that of a call that outlived its store."""
        if self._is_closed:
            connection.close()
        else:
            self._idle.append(connection)

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        """Lend a connection for a question, and keep it for the next one."""
        connection = self.take()
        try:
            yield connection
            connection.driver.rollback()
        except BaseException:
            connection.close()
            raise
        self.give_back(connection)

    def _lives(self, driver: Any) -> bool:
        """Whether a connection that was idle can be used, as far as that is known here."""
        raise NotImplementedError

    def alchemy(self) -> "AlchemyEngine":
        """Return SQLAlchemy's engine over the same connections."""
        with self._making:
            if self._alchemy is None:
                self._alchemy = self._make_alchemy()
        return self._alchemy

    def close(self) -> None:
        """Close the idle connections, and those in use when they are given back."""
        self._is_closed = True
        self.dispose()

    def dispose(self) -> None:
        """Close the idle connections."""
        if self._alchemy is not None:
            self._alchemy.dispose()
        while self._idle:
            self._idle.pop().close()

    def _make_alchemy(self) -> "AlchemyEngine":
        raise NotImplementedError
