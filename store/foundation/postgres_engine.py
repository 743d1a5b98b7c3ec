"""PostgreSQL: a server, and everything in which it differs from a file."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from store.foundation.clock import Instant
from store.foundation.connection import Connection, Question, SnapshotConnection
from store.foundation.errors import (
    FenceBroken,
    NoUnitSet,
    Refused,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreReadOnly,
    StoreSilent,
    StoreUnreachable,
)
from store.foundation.seals import Seals

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine as AlchemyEngine

from store.foundation import engine
from store.foundation.engine import BaseEngine
from store.foundation.reach import NOBODYS, Reach
from store.foundation.tls import require_tls

OPERATORS_ADDRESS = (
    "Databasens adress är driftens, som stängslet mellan enheterna inte stoppar. Arbeta på en enhet genom adressen för "
    "den andra rollen."
)


def _named(reach: Reach) -> tuple[tuple[str, int | None], ...]:
    """Return what a transaction says, by the names that the fence asks for (`store.fence.rules`)."""
    return ("sob.unit", reach.unit_id), ("sob.resident", reach.resident_id)


NO_PASSWORD = (
    "Databasens server vill ha ett lösenord för adressens roll, och det finns inget. Lägg det i ~/.pgpass (rättigheter "
    "600), eller i en fil som passfile i adressen anger."
)
NOT_TRUSTED = (
    "Databasens server visar inget certifikat som går att lita på: utgivaren är inte känd här, namnet i adressen är "
    "ett annat, eller tiden har gått ut. Ange utgivarens certifikat med sslrootcert=FIL i adressen, eller fråga "
    "driften."
)
PROGRAM = "sob-tui"
"""What a server knows our connections by."""


class PostgresEngine(BaseEngine):
    """A server, through psycopg. An app that does one thing at a time has one connection, for reading and writing."""

    pyformat = True
    has_clock = True

    def __init__(self, url: str, seals: Seals | None = None) -> None:
        """Connect to a server by its address; without `seals` free texts lie there plain."""
        super().__init__()
        self._seals = seals
        self._is_operators = False
        """Whether the address is of the operator's role, before which there is no fence."""
        self.url = "postgresql+psycopg://" + url.partition("://")[2]
        self._ahead: int | None = None

    def exists(self) -> bool:
        """Whether the database holds a store."""
        with self.lend() as connection:
            return connection.value("SELECT to_regclass('store_info')") is not None

    def is_owned(self) -> bool:
        """Whether the address is of the operator's role; without a fence, of the role that owns the tables."""
        if self.is_fenced or self._is_operators:
            return self._is_operators
        with self.lend() as connection:
            return connection.has(
                "SELECT 1 FROM pg_class WHERE oid = to_regclass('store_info')"
                " AND pg_get_userbyid(relowner) = current_user"
            )

    def fence_in(self, *, is_operators: bool) -> None:
        """Say in each transaction from now on whose rows it works with, where the role is not the operator's."""
        self.is_fenced, self._is_operators = not is_operators, is_operators

    def _said(self, reach: Reach) -> list[str]:
        """Return the statements that say whose rows a transaction works with.

        Raises:
            FenceBroken: somebody is at work on a unit through the operator's address, which no fence stops.
        """
        if self._is_operators and reach != NOBODYS:
            raise FenceBroken(OPERATORS_ADDRESS)
        if not self.is_fenced:
            return []
        return [f"SET LOCAL {name} = '{value:d}'" for name, value in _named(reach) if value is not None]

    def make(self) -> None:
        """Nothing: the database is the server's to make."""

    def unmake(self) -> None:
        """Nothing: what failed was rolled back."""

    def connect(self) -> Connection:
        """Open a connection."""
        return SnapshotConnection(self._driver_connection(), seals=self._seals)

    def speaking(self, driver: Any) -> Connection:
        """Return what speaks through a driver's connection that SQLAlchemy has lent."""
        return Connection(driver, pyformat=True, seals=self._seals)

    def take(self) -> Connection:
        """Return the connection that writes, too, once something has been written."""
        with self._making:
            alchemy = self._alchemy
        if alchemy is None:
            return super().take()
        lent = alchemy.raw_connection()
        return SnapshotConnection(lent.driver_connection, lent=lent, seals=self._seals)

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
            "lock_timeout": f"{engine.LOCK_SECONDS * 1000:.0f}",
            "idle_in_transaction_session_timeout": f"{engine.ABANDONED_SECONDS * 1000}",
            "timezone": "UTC",
        }
        address = "postgresql://" + self.url.partition("://")[2]
        try:
            require_tls(_parameters(address))
            driver = _impatient().connect(
                address,
                connect_timeout=round(engine.SILENT_SECONDS),
                tcp_user_timeout=round(engine.SILENT_SECONDS * 1000),
                keepalives_idle=5,
                keepalives_interval=2,
                keepalives_count=3,
                application_name=PROGRAM,
                options=" ".join(f"-c {name}={value}" for name, value in settings.items()),
            )
            _see_to_tls(driver)
            self._read_clock(driver)
        except psycopg.Error as error:
            if error.pgconn is not None and error.pgconn.needs_password:
                raise StoreUnreachable(NO_PASSWORD) from error
            if "certificate" in str(error):  # libpq tells it in no other way, and these words are its own
                raise StoreUnreachable(NOT_TRUSTED) from error
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

    def begin(
        self, connection: Connection, *, write: bool, likely: Sequence[Question] = (), reach: Reach = NOBODYS
    ) -> None:
        """Begin. A reader does not write, and gets one snapshot for all its queries; psycopg begins for a writer.

        Where something likely is no longer right it is asked when it is needed.
        """
        import psycopg

        driver = connection.driver
        driver.limit = engine.SILENT_SECONDS
        driver.set_autocommit(not write)
        if not isinstance(connection, SnapshotConnection):
            return
        connection.forget()
        if write:
            return
        first = self._said(reach)
        try:
            connection.begin(likely, first)
        except (psycopg.ProgrammingError, psycopg.DataError):
            driver.rollback()
            connection.begin((), first)

    def reach(self, connection: Connection, reach: Reach) -> None:
        """Say whose rows the rest of a writing transaction works with."""
        for statement in self._said(reach):
            connection.run(statement)

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
            milliseconds=f"{engine.BUSY_SECONDS * 1000:.0f}",
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
        return BaseEngine.take(self).driver

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
        if isinstance(error, psycopg.errors.InsufficientPrivilege):
            return NoUnitSet()
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

    def be_alone(self, connection: Connection) -> bool:
        """Keep all others out until the transaction ends; false where one of our programs has the store open."""
        if self._has_others(connection):
            return False
        # Whoever opens a store reads this table, in the question that asks for its keys' ids.
        connection.run("LOCK TABLE fileimport IN ACCESS EXCLUSIVE MODE")
        return not self._has_others(connection)

    def _has_others(self, connection: Connection) -> bool:
        return connection.has(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND application_name = :program",
            program=PROGRAM,
        )

    def is_whole(self, _connection: Connection) -> bool:
        """Yes, as far as it can be asked: a server holds its references itself, and a page shows when it is read."""
        return True

    def refuse_plain(self, connection: Connection) -> None:
        """Have a constraint on each free text; a table that has them all is left alone."""
        if self._seals is None:
            return
        there = set(connection.values("SELECT conname FROM pg_constraint WHERE contype = 'c'"))
        for table in self._seals.tables.values():
            if missing := {name: rule for name, rule in table.rules().items() if name not in there}:
                added = (f"ADD CONSTRAINT {name} CHECK ({rule})" for name, rule in missing.items())
                connection.run(f"ALTER TABLE {table.name} {', '.join(added)}")

    def number_on(self, connection: Connection, tables: Sequence[str]) -> None:
        """Raise the counters: they know nothing of numbers that were given."""
        for table in tables:
            connection.has(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table} HAVING max(id) > 0"
            )


def _parameters(address: str) -> dict[str, str]:
    """Return what an address, and the environment where that says nothing, tell libpq.

    Raises:
        psycopg.Error: it is no address.
    """
    from psycopg.conninfo import conninfo_to_dict
    from psycopg.pq import Conninfo

    told = {one.keyword.decode(): one.val.decode() for one in Conninfo.get_defaults() if one.val}
    return told | {name: str(value) for name, value in conninfo_to_dict(address).items()}


def _see_to_tls(driver: Any) -> None:
    """Ask once more: what a service's file says is known only now."""
    try:
        require_tls(driver.info.get_parameters())
    except Refused:
        driver.close()
        raise


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
        limit: float | None = engine.SILENT_SECONDS

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
