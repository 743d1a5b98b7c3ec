"""The two databases. Everything in which they differ stands here; the rest of the store sees `Connection`.

A connection speaks plain SQL with `:name` parameters. SQLAlchemy's engine is made over the same `connect`,
and only when a write needs it: importing it costs more than the first list.
"""

import os
import time
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from store.foundation.connection import Connection
from store.foundation.errors import StoreUnreachable

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine as AlchemyEngine

BUSY_SECONDS = 15
"""How long a writer waits for another before the store counts as out of reach."""


class Engine(Protocol):
    """What the store asks of a database."""

    url: str
    pyformat: bool
    """Whether the driver wants `%(name)s`."""

    def make(self) -> None:
        """Make the place where a new store will lie."""

    def connect(self) -> Connection:
        """Open a connection; raises `StoreUnreachable`."""

    def begin(self, connection: Connection, *, write: bool) -> None:
        """Begin a transaction; raises `StoreUnreachable` where the database is gone."""

    def alchemy(self) -> "AlchemyEngine":
        """Return SQLAlchemy's engine over the same connections (made once)."""

    def dispose(self) -> None:
        """Close SQLAlchemy's idle connections."""

    def exists(self) -> bool:
        """Whether a store is there."""

    def is_fault_of_the_line(self, error: BaseException) -> bool:
        """Whether a driver's error means that the database cannot be reached, as against a fault of ours."""

    def serialize(self, connection: Connection, name: str) -> None:
        """Let one transaction at a time past this call with the same name."""

    def for_update(self, table: str, *, shared: bool = False) -> str:
        """The clause that locks the table's rows in a SELECT until the end; `shared` keeps them as they are."""


def engine_for(url: str | Path) -> Engine:
    """Return the engine for a path, a `sqlite:///` or a `postgresql://` address; opens nothing.

    Raises:
        StoreUnreachable: the address is of neither kind.
    """
    text = str(url)
    if text.startswith("sqlite:///"):
        return SqliteEngine(Path(text.removeprefix("sqlite:///")))
    if text.startswith(("postgresql+psycopg://", "postgresql://")):
        return PostgresEngine(text)
    if "://" in text:
        raise StoreUnreachable("Databasens adress känns inte igen. Ange en sökväg, sqlite:///… eller postgresql://….")
    return SqliteEngine(Path(text).expanduser())


class _Alchemical:
    """What both share: SQLAlchemy's engine is made once, when it is first needed."""

    _alchemy: "AlchemyEngine | None" = None

    def __init__(self) -> None:
        self._making = Lock()

    def alchemy(self) -> "AlchemyEngine":
        """Return SQLAlchemy's engine over the same connections."""
        with self._making:
            if self._alchemy is None:
                self._alchemy = self._make_alchemy()
        return self._alchemy

    def dispose(self) -> None:
        """Close SQLAlchemy's idle connections."""
        if self._alchemy is not None:
            self._alchemy.dispose()

    def _make_alchemy(self) -> "AlchemyEngine":
        raise NotImplementedError


class SqliteEngine(_Alchemical):
    """An embedded file, through SQLCipher's build (one SQLite on every system, and the same one when encrypted)."""

    pyformat = False

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path.absolute()
        self.url = f"sqlite:///{self.path}"

    def exists(self) -> bool:
        """Whether the file is there and holds a store."""
        if not self.path.is_file():
            return False
        connection = self.connect()
        try:
            return connection.has("SELECT 1 FROM sqlite_master WHERE name = 'store_info'")
        finally:
            connection.driver.close()

    def make(self) -> None:
        """Make the file, and a missing folder, readable by their owner alone."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.path.touch(mode=0o600)
        except OSError as error:
            raise StoreUnreachable from error

    def connect(self) -> Connection:
        """Open the file. It is never made here: a store that went away must not come back empty."""
        return Connection(self._driver_connection(), pyformat=False)

    def _driver_connection(self) -> Any:
        from sqlcipher3 import dbapi2

        try:
            driver = dbapi2.connect(
                f"file:{quote(str(self.path))}?mode=rw",
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
                factory=_pinned(dbapi2),
            )
            driver.inode = _inode(self.path)
            _set_up(driver, dbapi2.OperationalError)
        except (OSError, dbapi2.Error) as error:
            raise StoreUnreachable from error
        return driver

    def begin(self, connection: Connection, *, write: bool) -> None:
        """Begin; a writer takes the lock at once, since a read that turns into a write fails without waiting."""
        if not self._is_there(connection.driver):
            raise StoreUnreachable
        connection.driver.execute("BEGIN IMMEDIATE" if write else "BEGIN")

    def _is_there(self, driver: Any) -> bool:
        # SQLite happily goes on in a file that was removed: what is written there is lost without a word.
        return bool(_inode(self.path) == driver.inode)

    def _make_alchemy(self) -> "AlchemyEngine":
        from sqlalchemy import create_engine, event
        from sqlalchemy.exc import DisconnectionError
        from sqlalchemy.pool import QueuePool
        from sqlcipher3 import dbapi2

        engine = create_engine(
            "sqlite://", creator=self._driver_connection, module=dbapi2, poolclass=QueuePool, hide_parameters=True
        )

        @event.listens_for(engine, "checkout")
        def _(driver: Any, _record: Any, _proxy: Any) -> None:
            if not self._is_there(driver):
                raise DisconnectionError  # the pool opens the file anew

        @event.listens_for(engine, "begin")
        def _(connection: Any) -> None:
            connection.connection.driver_connection.execute("BEGIN IMMEDIATE")

        return engine

    def is_fault_of_the_line(self, error: BaseException) -> bool:
        """Whether the file is gone, unreadable, full or locked by another for too long."""
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _SQLITE_OUT_OF_REACH

    def serialize(self, connection: Connection, name: str) -> None:
        """Nothing: the writer has the whole file."""

    def for_update(self, _table: str, *, shared: bool = False) -> str:  # noqa: ARG002
        """Nothing: the writer has the whole file."""
        return ""


# The driver has one class for a locked file and for a misspelt column; SQLite's own code tells them apart: PERM, BUSY,
# READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB.
_SQLITE_OUT_OF_REACH = frozenset({3, 5, 8, 10, 11, 13, 14, 15, 26})

_SQLITE_PRAGMAS = (
    "PRAGMA cipher_log_level=NONE",  # else SQLCipher writes to the terminal
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)


def _set_up(driver: Any, locked: type[Exception]) -> None:
    """Set the pragmas. Of two that open a new file at once SQLite refuses one, without waiting, to switch to WAL."""
    until = time.monotonic() + BUSY_SECONDS
    for pragma in _SQLITE_PRAGMAS:
        while True:
            try:
                driver.execute(pragma)
                break
            except locked:
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)


@lru_cache(maxsize=1)
def _pinned(module: Any) -> Any:
    """A connection that remembers which file it opened."""
    return type("PinnedConnection", (module.Connection,), {"inode": None})


def _inode(path: Path) -> tuple[int, int]:
    try:
        status = os.stat(path)
    except OSError as error:
        raise StoreUnreachable from error
    return status.st_dev, status.st_ino


class PostgresEngine(_Alchemical):
    """A server, through psycopg."""

    pyformat = True

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = "postgresql+psycopg://" + url.partition("://")[2]

    def exists(self) -> bool:
        """Whether the database holds a store."""
        connection = self.connect()
        try:
            return connection.value("SELECT to_regclass('store_info')") is not None
        finally:
            connection.driver.close()

    def make(self) -> None:
        """Nothing: the database is the server's to make."""

    def connect(self) -> Connection:
        """Open a connection."""
        return Connection(self._driver_connection(), pyformat=True)

    def _driver_connection(self) -> Any:
        import psycopg

        try:
            return psycopg.connect(
                "postgresql://" + self.url.partition("://")[2],
                connect_timeout=5,
                tcp_user_timeout=BUSY_SECONDS * 1000,
                options=f"-c lock_timeout={BUSY_SECONDS * 1000} -c timezone=UTC",
            )
        except psycopg.Error as error:
            raise StoreUnreachable from error

    def begin(self, connection: Connection, *, write: bool) -> None:
        """psycopg begins by itself; a reader promises not to write, and gets one snapshot for all its queries."""
        if not write:
            connection.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def _make_alchemy(self) -> "AlchemyEngine":
        from sqlalchemy import create_engine

        # A connection that died in the pool is replaced before use.
        return create_engine(
            "postgresql+psycopg://", creator=self._driver_connection, pool_pre_ping=True, hide_parameters=True
        )

    def is_fault_of_the_line(self, error: BaseException) -> bool:
        """Whether the server is gone, starting, or kept us waiting for a lock."""
        import psycopg

        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)

    def serialize(self, connection: Connection, name: str) -> None:
        """Take an advisory lock: what is not there yet has no row to lock."""
        connection.has("SELECT pg_advisory_xact_lock(hashtext(:name))", name=name)

    def for_update(self, table: str, *, shared: bool = False) -> str:
        """Lock what was read: two terminals may have read the same row. A row that refers to it may still come."""
        return f" FOR {'SHARE' if shared else 'NO KEY UPDATE'} OF {table}"
