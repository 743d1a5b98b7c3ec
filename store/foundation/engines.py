"""The two databases. Everything in which they differ stands here; the rest of the store sees `Connection`.

A connection speaks plain SQL with `:name` parameters. SQLAlchemy's engine is made over the same `connect`,
and only when a write needs it: importing it costs more than the first list.
"""

import errno
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from store.foundation.clock import Instant, wall_clock
from store.foundation.connection import Connection, Question, SnapshotConnection
from store.foundation.errors import (
    NotAStore,
    RowDamaged,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreReadOnly,
    StoreSilent,
    StoreUnreachable,
)
from store.foundation.write_queue import WriteQueue, claimed

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

    def make(self) -> None:
        """Make the place where a new store will lie."""

    def unmake(self) -> None:
        """Take the place away again where no store came to lie there."""

    def connect(self) -> Connection:
        """Open a connection; raises `StoreUnreachable`."""

    def begin(self, connection: Connection, *, write: bool, likely: Sequence[Question] = ()) -> None:
        """Begin a transaction; raises `StoreUnreachable` where the database is gone.

        `likely` is what will be asked in it, probably: a far server is asked at once.
        """

    def asked(self, connection: Connection) -> tuple[Question, ...]:
        """What has been asked in a reading transaction, where the way is long."""

    def clock(self) -> Instant:
        """The time by which the store goes: a server's own, since each workstation's clock shows something else."""

    def newest_event(self, connection: Connection, resident_id: int, moment_id: int) -> Instant | None:
        """When the newest event of a moment happened, where several clocks write there."""

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
    """What both share: idle connections; SQLAlchemy's engine is made once, when it is first needed."""

    _alchemy: "AlchemyEngine | None" = None

    def __init__(self) -> None:
        self._making = Lock()
        self._idle: list[Connection] = []
        self._is_closed = False

    def connect(self) -> Connection:
        """Open a connection."""
        raise NotImplementedError

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


class SqliteEngine(_Alchemical):
    """An embedded file, through SQLCipher's build (one SQLite on every system, and the same one when encrypted)."""

    pyformat = False
    has_clock = False

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path.absolute()
        self.url = f"sqlite:///{self.path}"
        self._queue = WriteQueue(self.path)
        self._has_made = False

    def exists(self) -> bool:
        """Whether the file is there and holds a store."""
        if not self.path.is_file():
            return False
        connection = self.connect()
        try:
            return connection.has("SELECT 1 FROM sqlite_master WHERE name = 'store_info'")
        finally:
            connection.close()

    def make(self) -> None:
        """Make the file, and a missing folder, readable by their owner alone."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._has_made = not self.path.exists()
            self.path.touch(mode=0o600)
        except OSError as error:
            raise (_why_no_room(error) or StoreUnreachable()) from error

    def unmake(self) -> None:
        """Remove the file that `make` made, where nothing came to be in it."""
        self.dispose()
        with suppress(StoreUnreachable, OSError):
            if self._has_made and not self._holds_something():
                for end in ("", "-wal", "-shm"):
                    Path(f"{self.path}{end}").unlink(missing_ok=True)

    def _holds_something(self) -> bool:
        if self.path.stat().st_size == 0:
            return False
        connection = self.connect()
        try:
            return connection.has("SELECT 1 FROM sqlite_master")
        finally:
            connection.close()

    def connect(self) -> Connection:
        """Open the file. It is never made here: a store that went away must not come back empty."""
        return Connection(self._driver_connection(), pyformat=False)

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next one, unless it may only read: by then one may write again, perhaps."""
        if connection.driver.why_only_reading is None:
            super().give_back(connection)
        else:
            connection.close()

    def _driver_connection(self) -> Any:
        from sqlcipher3 import dbapi2

        try:
            inode = _inode(self.path)
            try:
                driver, only = self._opened("mode=rw", _SQLITE_PRAGMAS), None
            except dbapi2.OperationalError as error:
                # The files that go with it can't be made: it is read as it is, where nothing stands beside it.
                only = self._why_unwritable(error)
                if only is None or self._has_writings_beside():
                    raise
                driver = self._opened("mode=ro&immutable=1", _SQLITE_READING_PRAGMAS)
        except (OSError, dbapi2.Error) as error:
            raise (self.why_lost(error) or StoreUnreachable()) from error
        driver.inode, driver.why_only_reading = inode, only
        return driver

    def _writing_connection(self) -> Any:
        driver = self._driver_connection()
        if driver.why_only_reading is not None:
            driver.close()
            raise driver.why_only_reading
        return driver

    def _opened(self, how: str, pragmas: tuple[str, ...]) -> Any:
        from sqlcipher3 import dbapi2

        driver = dbapi2.connect(
            f"file:{quote(str(self.path))}?{how}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            factory=_pinned(dbapi2),
        )
        try:
            _set_up(driver, pragmas)
        except BaseException:
            driver.close()
            raise
        return driver

    def _has_writings_beside(self) -> bool:
        """Whether some of what the store holds is not in its file yet."""
        beside = Path(f"{self.path}-wal")
        return beside.exists() and beside.stat().st_size > 0

    def _why_unwritable(self, error: Exception) -> StoreUnreachable | None:
        """Return why nothing can be written beside the file; None where that is not what is wrong."""
        if _code(error) & 0xFF not in _SQLITE_UNWRITABLE:
            return None
        if _code(error) & 0xFF == _FULL or _is_full(self.path.parent):
            return StoreFull()
        return None if os.access(self.path.parent, os.W_OK) else StoreReadOnly()

    def begin(
        self,
        connection: Connection,
        *,
        write: bool,
        likely: Sequence[Question] = (),  # noqa: ARG002
    ) -> None:
        """Begin; a writer takes the lock at once, since a read that turns into a write fails without waiting."""
        driver = connection.driver
        if not self._lives(driver):
            raise StoreUnreachable
        if not write:
            driver.execute("BEGIN")
            return
        if driver.why_only_reading is not None:
            raise driver.why_only_reading
        driver.turn = self._queue.join(BUSY_SECONDS)
        try:
            driver.execute("BEGIN IMMEDIATE")
        except BaseException:
            self.end(connection)
            raise

    def end(self, connection: Connection) -> None:
        """Let the next writer in."""
        turn, connection.driver.turn = connection.driver.turn, None
        if turn is not None:
            turn.end()

    def be_patient(self, connection: Connection) -> None:
        """Nothing: a file answers when it can."""

    def asked(self, _connection: Connection) -> tuple[Question, ...]:
        """Nothing: a file is near."""
        return ()

    def clock(self) -> Instant:
        """Return this machine's time: a file has none."""
        return wall_clock()

    def newest_event(self, connection: Connection, resident_id: int, moment_id: int) -> Instant | None:
        """Return when the newest event of a moment happened, by whichever machine's clock."""
        return connection.value(  # type: ignore[no-any-return]
            "SELECT max(at) FROM event WHERE resident_id = :resident_id AND moment_id = :moment_id",
            resident_id=resident_id,
            moment_id=moment_id,
        )

    def _lives(self, driver: Any) -> bool:
        # SQLite happily goes on in a file that was removed: what is written there is lost without a word.
        return bool(_inode(self.path) == driver.inode)

    def _make_alchemy(self) -> "AlchemyEngine":
        from sqlalchemy import create_engine, event
        from sqlalchemy.exc import DisconnectionError
        from sqlalchemy.pool import QueuePool
        from sqlcipher3 import dbapi2

        engine = create_engine(
            "sqlite://", creator=self._writing_connection, module=dbapi2, poolclass=QueuePool, hide_parameters=True
        )

        @event.listens_for(engine, "checkout")
        def _(driver: Any, _record: Any, _proxy: Any) -> None:
            if not self._lives(driver):
                raise DisconnectionError  # the pool opens the file anew

        @event.listens_for(engine, "begin")
        def _(connection: Any) -> None:
            self.begin(Connection(connection.connection.driver_connection, pyformat=False), write=True)

        @event.listens_for(engine, "checkin")
        def _(driver: Any, _record: Any) -> None:
            if driver is not None:
                self.end(Connection(driver, pyformat=False))

        return engine

    def why_lost(self, error: BaseException, *, is_reading: bool = False) -> StoreUnreachable | None:  # noqa: ARG002
        """Whether the file is gone, unreadable, damaged, full, only for reading, or locked by another for too long."""
        code = _code(error)
        if not code and "decode to UTF-8" in str(error):  # the driver's own words: it has no code for it
            return RowDamaged()
        if code & 0xFF in _SQLITE_UNWRITABLE and _is_full(self.path.parent):
            return StoreFull()
        found = _SQLITE_OUT_OF_REACH.get(code & 0xFF)
        return found() if found else None

    def serialize(self, connection: Connection, name: str) -> None:
        """Nothing: the writer has the whole file."""

    def claim(self, name: str) -> AbstractContextManager[bool]:
        """Lock a file beside the store's, which is gone afterwards."""
        return claimed(Path(f"{self.path}-{name}"))

    def for_update(self, _table: str, *, shared: bool = False) -> str:  # noqa: ARG002
        """Nothing: the writer has the whole file."""
        return ""


# The driver has one class for a locked file and for a misspelt column; SQLite's own code tells them apart.
_FULL = 13
_SQLITE_OUT_OF_REACH: dict[int, type[StoreUnreachable]] = {
    3: StoreUnreachable,  # PERM
    5: StoreBusy,
    8: StoreReadOnly,
    10: StoreUnreachable,  # IOERR
    11: StoreDamaged,  # CORRUPT
    _FULL: StoreFull,
    14: StoreUnreachable,  # CANTOPEN
    15: StoreUnreachable,  # PROTOCOL
    26: NotAStore,
}
_SQLITE_UNWRITABLE = frozenset({8, 10, _FULL, 14})
"""Codes of what comes of a file that can't be written, or of one beside it that can't be made."""
_BUSY = 5

_SQLITE_READING_PRAGMAS = (
    "PRAGMA cipher_log_level=NONE",  # else SQLCipher writes to the terminal
    "PRAGMA temp_store=MEMORY",
)
_SQLITE_PRAGMAS = (
    *_SQLITE_READING_PRAGMAS,
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
)


def _set_up(driver: Any, pragmas: tuple[str, ...]) -> None:
    """Set the pragmas. Of two that open a new file at once SQLite refuses one, without waiting, to switch to WAL."""
    until = time.monotonic() + BUSY_SECONDS
    for pragma in pragmas:
        while True:
            try:
                driver.execute(pragma)
                break
            except Exception as error:
                if _code(error) & 0xFF != _BUSY or time.monotonic() > until:
                    raise
                time.sleep(0.01)
    driver.execute("SELECT count(*) FROM sqlite_master WHERE 0")  # opens what goes with the file


def _code(error: BaseException) -> int:
    """Return SQLite's own code of an error, 0 where it has none."""
    return int(getattr(error, "sqlite_errorcode", 0))


def _why_no_room(error: OSError) -> StoreUnreachable | None:
    """Return why a file can't be made, where the disk is full or only read."""
    found = {errno.ENOSPC: StoreFull, errno.EDQUOT: StoreFull, errno.EROFS: StoreReadOnly}.get(error.errno or 0)
    return found() if found else None


def _is_full(folder: Path) -> bool:
    """Whether there is no room left where a file lies, as far as can be known."""
    try:
        found = os.statvfs(folder)
    except (OSError, AttributeError):  # there is no such question on Windows
        return False
    return found.f_blocks > 0 and found.f_bavail == 0


@lru_cache(maxsize=1)
def _pinned(module: Any) -> Any:
    """A connection that remembers which file it opened, why it may only read, and whose turn to write it has."""
    return type("PinnedConnection", (module.Connection,), {"inode": None, "why_only_reading": None, "turn": None})


def _inode(path: Path) -> tuple[int, int]:
    try:
        status = os.stat(path)
    except OSError as error:
        raise StoreUnreachable from error
    return status.st_dev, status.st_ino


class PostgresEngine(_Alchemical):
    """A server, through psycopg. An app that does one thing at a time has one connection, for reading and writing."""

    pyformat = True
    has_clock = True

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = "postgresql+psycopg://" + url.partition("://")[2]
        self._ahead: int | None = None

    def exists(self) -> bool:
        """Whether the database holds a store."""
        connection = self.connect()
        try:
            return connection.value("SELECT to_regclass('store_info')") is not None
        finally:
            connection.close()

    def make(self) -> None:
        """Nothing: the database is the server's to make."""

    def unmake(self) -> None:
        """Nothing: what failed was rolled back."""

    def connect(self) -> Connection:
        """Open a connection."""
        return SnapshotConnection(self._driver_connection())

    def take(self) -> Connection:
        """Return the connection that writes, too, once something has been written."""
        with self._making:
            alchemy = self._alchemy
        if alchemy is None:
            return super().take()
        lent = alchemy.raw_connection()
        return SnapshotConnection(lent.driver_connection, lent=lent)

    def give_back(self, connection: Connection) -> None:
        """Keep one connection for the next one: a server has a hundred for all."""
        if connection.lent is not None:
            connection.lent.close()
        elif self._idle or self._alchemy is not None:
            connection.close()
        else:
            super().give_back(connection)

    def _driver_connection(self) -> Any:
        import psycopg

        settings = {
            "lock_timeout": f"{LOCK_SECONDS * 1000:.0f}",
            "idle_in_transaction_session_timeout": f"{ABANDONED_SECONDS * 1000}",
            "timezone": "UTC",
        }
        try:
            driver = _impatient().connect(
                "postgresql://" + self.url.partition("://")[2],
                connect_timeout=round(SILENT_SECONDS),
                tcp_user_timeout=round(SILENT_SECONDS * 1000),
                keepalives_idle=5,
                keepalives_interval=2,
                keepalives_count=3,
                options=" ".join(f"-c {name}={value}" for name, value in settings.items()),
            )
            self._read_clock(driver)
        except psycopg.Error as error:
            raise (self.why_lost(error) or StoreUnreachable()) from error
        return driver

    def _read_clock(self, driver: Any) -> None:
        """Note by how much the server's time is ahead of the time since this machine was started, which never jumps."""
        driver.set_autocommit(True)
        before = time.monotonic_ns()
        (at,) = driver.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint").fetchone()
        self._ahead = at - (before + time.monotonic_ns()) // 2_000_000
        driver.set_autocommit(False)

    def clock(self) -> Instant:
        """Return the server's time, as it was when a connection was made and has gone on since."""
        if self._ahead is None:
            self.connect().close()
        return Instant(time.monotonic_ns() // 1_000_000 + (self._ahead or 0))

    def newest_event(self, _connection: Connection, _resident_id: int, _moment_id: int) -> Instant | None:
        """Nothing: there is one clock."""
        return None

    def begin(self, connection: Connection, *, write: bool, likely: Sequence[Question] = ()) -> None:
        """Begin. A reader does not write, and gets one snapshot for all its queries; psycopg begins for a writer.

        Where something likely is no longer right it is asked when it is needed.
        """
        import psycopg

        driver = connection.driver
        driver.limit = SILENT_SECONDS
        driver.set_autocommit(not write)
        if not isinstance(connection, SnapshotConnection):
            return
        connection.forget()
        if write:
            return
        try:
            connection.begin(likely)
        except (psycopg.ProgrammingError, psycopg.DataError):
            driver.rollback()
            connection.begin(())

    def asked(self, connection: Connection) -> tuple[Question, ...]:
        """What has been asked in a reading transaction."""
        return tuple(connection.asked) if isinstance(connection, SnapshotConnection) else ()

    def end(self, _connection: Connection) -> None:
        """Nothing: a server has its own line."""

    def be_patient(self, connection: Connection) -> None:
        """Wait as long as it takes, for locks as long as a file's writer does."""
        connection.driver.limit = None
        connection.pair(
            "SELECT set_config('lock_timeout', :milliseconds, true),"
            " set_config('idle_in_transaction_session_timeout', '0', true)",
            milliseconds=f"{BUSY_SECONDS * 1000:.0f}",
        )

    def _lives(self, driver: Any) -> bool:
        """Whether the server has said nothing since: it would be farewell. Asking it would take a round trip."""
        import select

        return not driver.closed and not select.select([driver.fileno()], [], [], 0)[0]

    def _make_alchemy(self) -> "AlchemyEngine":
        from sqlalchemy import create_engine, event
        from sqlalchemy.exc import DisconnectionError

        # One connection is kept: what threads need more at the same time is opened and closed.
        engine = create_engine(
            "postgresql+psycopg://",
            creator=self._opened_for_alchemy,
            pool_size=1,
            max_overflow=-1,
            hide_parameters=True,
            use_native_hstore=False,  # looking for it is a query
        )

        @event.listens_for(engine, "checkout")
        def _(driver: Any, _record: Any, _proxy: Any) -> None:
            if not self._lives(driver):
                raise DisconnectionError  # the pool connects anew
            self.begin(Connection(driver, pyformat=True), write=True)

        @event.listens_for(engine, "checkin")
        def _(driver: Any, _record: Any) -> None:
            if self._is_closed and driver is not None:
                driver.close()

        return engine

    def _opened_for_alchemy(self) -> Any:
        """Give SQLAlchemy the connection that has only read so far, else a new one."""
        return _Alchemical.take(self).driver

    def why_lost(self, error: BaseException, *, is_reading: bool = False) -> StoreUnreachable | None:
        """Whether the server is gone, starting, full, only for reading, or kept us waiting for a lock."""
        import psycopg

        if isinstance(error, _silent_line() | psycopg.errors.ConnectionTimeout):
            return StoreSilent()
        if isinstance(error, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected):
            return StoreBusy()
        if isinstance(error, psycopg.errors.DiskFull):
            return StoreFull()
        if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
            return None if is_reading else StoreReadOnly()
        if isinstance(error, psycopg.errors.DataCorrupted | psycopg.errors.IndexCorrupted):
            return StoreDamaged()
        return StoreUnreachable() if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) else None

    def serialize(self, connection: Connection, name: str) -> None:
        """Take an advisory lock: what is not there yet has no row to lock."""
        connection.has("SELECT pg_advisory_xact_lock(hashtext(:name))", name=name)

    @contextmanager
    def claim(self, name: str) -> Iterator[bool]:
        """Take an advisory lock with a connection of its own: the server lets go of it when that is gone."""
        import psycopg

        connection = self.connect()
        try:
            connection.driver.set_autocommit(True)
            yield connection.has("SELECT 1 WHERE pg_try_advisory_lock(hashtext(:name))", name=name)
        finally:
            with suppress(psycopg.Error):  # sooner than when the server finds the connection gone
                connection.has("SELECT pg_advisory_unlock_all()")
            connection.close()

    def for_update(self, table: str, *, shared: bool = False) -> str:
        """Lock what was read: two terminals may have read the same row. A row that refers to it may still come."""
        return f" FOR {'SHARE' if shared else 'NO KEY UPDATE'} OF {table}"


@lru_cache(maxsize=1)
def _silent_line() -> type[Exception]:
    """Return the error of a line that brought no answer in time."""
    import psycopg

    return type("SilentLine", (psycopg.OperationalError,), {})


@lru_cache(maxsize=1)
def _impatient() -> Any:
    """Return a connection that hangs up when an answer takes too long.

    libpq sees a dead peer, but not a proxy that keeps the line and passes nothing on. Nothing is cancelled: that, too,
    would wait for an answer.
    """
    import psycopg

    class Impatient(psycopg.Connection[Any]):
        limit: float | None = SILENT_SECONDS

        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            limit = self.limit if timeout is None else timeout
            begun = time.monotonic()
            try:
                return super().wait(gen, interval, limit)
            except psycopg.OperationalError as error:
                if limit is None or time.monotonic() - begun < limit:
                    raise
                self.pgconn.finish()
                raise _silent_line()("no answer") from error

        def rollback(self) -> None:
            if not self.closed:  # else it would hide why
                super().rollback()

    return Impatient
