"""SQLite: an embedded file, and everything in which it differs from a server."""

import errno
import os
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from store.foundation.clock import Instant, wall_clock
from store.foundation.connection import Connection, Question
from store.foundation.errors import (
    MOVED,
    KeyMissing,
    KeyWrong,
    NotAStore,
    RowDamaged,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreMoved,
    StoreReadOnly,
    StoreUnreachable,
)
from store.foundation.write_queue import WriteQueue, claimed

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine as AlchemyEngine

from store.foundation import engine
from store.foundation.engine import BaseEngine
from store.foundation.reach import NOBODYS, Reach


class SqliteEngine(BaseEngine):
    """An embedded file, through SQLCipher's build (one SQLite on every system, and the same one when encrypted)."""

    pyformat = False
    has_clock = False

    def __init__(self, path: Path, cipher: str = "") -> None:
        """Take the file's place, and its raw key as 64 hexadecimal digits; without one it lies there plain."""
        super().__init__()
        self._cipher = cipher
        self.path = path.absolute()
        self.url = f"sqlite:///{self.path}"
        self._queue = WriteQueue(self.path)
        self._has_made = False

    def exists(self) -> bool:
        """Whether the file is there and holds a store."""
        if not self.path.is_file():
            return False
        with self.lend() as connection:
            return connection.has("SELECT 1 FROM sqlite_master WHERE name = 'store_info'")

    def is_owned(self) -> bool:
        """Whether the file is the system user's own, where the system knows of owners."""
        return not hasattr(os, "geteuid") or self.path.stat().st_uid == os.geteuid()

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
            timeout=engine.BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            factory=_pinned(dbapi2),
        )
        try:
            _set_up(driver, (_QUIET, *self._key, *pragmas))
        except BaseException:
            driver.close()
            raise
        return driver

    @property
    def _key(self) -> tuple[str, ...]:
        """The pragma that says the key: a raw one, since of a passphrase each opening would make a key, for 160 ms."""
        return (f"PRAGMA key = \"x'{self._cipher}'\"",) if self._cipher else ()

    def _why_no_database(self) -> StoreUnreachable:
        """Return why what the file begins with is nothing that SQLite can read."""
        if self._cipher:
            return KeyWrong()
        return KeyMissing() if is_encrypted(self.path) else NotAStore()

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
        reach: Reach = NOBODYS,  # noqa: ARG002
    ) -> None:
        """Begin; a writer takes the lock at once, since a read that turns into a write fails without waiting.

        Whether the file is still there is asked before a write: a reader's connection was taken this very moment.
        """
        driver = connection.driver
        if not write:
            driver.execute("BEGIN")
            return
        if not self._lives(driver):
            raise StoreUnreachable
        if driver.why_only_reading is not None:
            raise driver.why_only_reading
        driver.turn = self._queue.join(engine.BUSY_SECONDS)
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
        if code & 0xFF == _CONSTRAINT and str(error) == MOVED:  # said by the triggers of `store.upkeep.moving`
            return StoreMoved()
        if code & 0xFF == _CANTOPEN and self.path.exists() and not os.access(self.path, os.R_OK | os.W_OK):
            return StoreUnreachable(NOT_ALLOWED)
        found = _SQLITE_OUT_OF_REACH.get(code & 0xFF)
        if found is NotAStore:
            return self._why_no_database()
        return found() if found else None

    def serialize(self, connection: Connection, name: str) -> None:
        """Nothing: the writer has the whole file."""

    def claim(self, name: str) -> AbstractContextManager[bool]:
        """Lock a file beside the store's, which is gone afterwards."""
        return claimed(Path(f"{self.path}-{name}"))

    def for_update(self, _table: str, *, shared: bool = False) -> str:  # noqa: ARG002
        """Nothing: the writer has the whole file."""
        return ""

    def is_whole(self, connection: Connection) -> bool:
        """Whether all pages are as they were written, each index is its table's, and each reference leads somewhere."""
        others = ("foreign_key_check", *(("cipher_integrity_check",) if self._cipher else ()))
        return connection.values("PRAGMA integrity_check") == ["ok"] and not any(
            connection.has(f"PRAGMA {check}") for check in others
        )

    def refuse_plain(self, connection: Connection) -> None:
        """Nothing: the whole file is encrypted, or none of it."""

    def number_on(self, connection: Connection, tables: Sequence[str]) -> None:
        """Nothing: a row without a number gets the one after the highest."""


# The driver has one class for a locked file and for a misspelt column; SQLite's own code tells them apart.
_FULL = 13
_CANTOPEN = 14
NOT_ALLOWED = "Du får inte läsa och skriva databasens fil. Be den som äger den ge dig rätt till det."
_SQLITE_OUT_OF_REACH: dict[int, type[StoreUnreachable]] = {
    3: StoreUnreachable,  # PERM
    5: StoreBusy,
    8: StoreReadOnly,
    10: StoreUnreachable,  # IOERR
    11: StoreDamaged,  # CORRUPT
    _FULL: StoreFull,
    _CANTOPEN: StoreUnreachable,
    15: StoreUnreachable,  # PROTOCOL
    26: NotAStore,
}
_SQLITE_UNWRITABLE = frozenset({8, 10, _FULL, 14})
"""Codes of what comes of a file that can't be written, or of one beside it that can't be made."""
_BUSY = 5
_CONSTRAINT = 19

_QUIET = "PRAGMA cipher_log_level=NONE"
"""The first of all: else SQLCipher writes to the terminal."""
_SQLITE_READING_PRAGMAS = ("PRAGMA temp_store=MEMORY",)
_SQLITE_PRAGMAS = (
    *_SQLITE_READING_PRAGMAS,
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
)


def _set_up(driver: Any, pragmas: tuple[str, ...]) -> None:
    """Set the pragmas. Of two that open a new file at once SQLite refuses one, without waiting, to switch to WAL."""
    until = time.monotonic() + engine.BUSY_SECONDS
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


_PLAIN = b"SQLite format 3\0"
_PAGE_BYTES = 4096


def is_encrypted(path: Path) -> bool:
    """Whether a file may be an encrypted store: whole pages that begin with what tells nothing."""
    try:
        with path.open("rb") as file:
            size, begins = os.fstat(file.fileno()).st_size, file.read(len(_PLAIN))
    except OSError:
        return False
    return size > 0 and size % _PAGE_BYTES == 0 and begins != _PLAIN and begins != bytes(len(_PLAIN))


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
