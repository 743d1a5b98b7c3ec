"""A new data key: the whole file encrypted anew, beside the old one, which it replaces in one step (domain.md §13)."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from store.foundation.access import OPERATOR, Action, DataCategory, Fixed, Standing
from store.foundation.clock import Instant, wall_clock
from store.foundation.connection import Connection
from store.foundation.errors import KeyWrong, Refused, StoreDamaged
from store.foundation.keys import StoreKeys
from store.foundation.operation import operation
from store.foundation.sqlite_engine import SqliteEngine
from store.foundation.store import Store
from store.foundation.work import Work
from store.people.accounts import reseal_accounts
from store.people.resident_keys import rewrap_keys

HALF = ".nyckelbyte"
"""The end of the name of the file that is to take the store's place."""
ALONE_SECONDS = 1
"""How long it is waited for others to close the store."""


def change_data_key(
    path: Path,
    old: StoreKeys,
    new: StoreKeys,
    *,
    actor: Fixed = OPERATOR,
    clock: Callable[[], Instant] = wall_clock,
) -> None:
    """Encrypt a store with another data key; until the last step the old one is whole, and after it the new one.

    A file beside it takes shape meanwhile; what was left of an earlier attempt is written over.

    Raises:
        Refused: somebody has the store open.
        KeyWrong: `old` is another key.
        StoreFull: there is no room for another file of the size; so with other faults of the disk.
    """
    anew = path.with_name(path.name + HALF)
    with _alone(path, old) as db:
        try:
            with Store(SqliteEngine(path, old.cipher), "real").told_in_words():
                _export(db, anew, new)
                _exchange(anew, old, new, actor, clock)
        except Exception:
            _remove(anew)
            raise
        Path(f"{path}-journal").unlink(missing_ok=True)  # the old file's, over and done: it is not the new one's
        os.replace(anew, path)
        _sync(path.parent)


def _export(db: Connection, anew: Path, new: StoreKeys) -> None:
    """Write all of a store to a new file, under another key."""
    _remove(anew)
    anew.touch(mode=0o600)
    db.driver.execute("ATTACH DATABASE :path AS anew KEY " + _raw(new), {"path": str(anew)})
    db.driver.execute("SELECT sqlcipher_export('anew')").fetchall()
    db.driver.execute("DETACH DATABASE anew")


@operation("Byta databasens nyckel", may={Standing.OPERATOR}, action=Action.CHANGED, category=DataCategory.STAFF)
def note_data_key(work: Work, old: str, new: str) -> None:
    """Say in the log which data key took the place of which, by their ids."""
    work.log(Action.CHANGED, details=f"datanyckeln bytt från {old} till {new}")


LOST_FOR_GOOD = (
    "Med en ny loggnyckel går det aldrig mer att läsa vilka invånare de rader gäller som är skrivna hittills. Finns "
    "återställningsnyckeln på papper: kör sob nyckel aterstall i stället."
)


@operation("Ersätta en förlorad loggnyckel", may={Standing.OPERATOR}, action=Action.CHANGED, category=DataCategory.LOG)
def replace_log_key(work: Work, new: str) -> None:
    """Let the log go on under another key, by its id: in new chains, since nobody can go on with the old ones.

    The transaction's own rows are the first that are sealed with it.

    Raises:
        Refused: it is the store's key already.
    """
    old = work.db.value("SELECT log_key_id FROM store_info")
    if old == new:
        raise Refused("Loggnyckeln finns. Ingenting är gjort.")
    work.db.run("UPDATE store_info SET log_key_id = :new", new=new)
    work.log(Action.CHANGED, details=f"loggnyckeln {old} är förlorad, loggen går vidare under {new}")


@operation(
    "Lägga tillbaka databasens nycklar",
    may={Standing.OPERATOR},
    action=Action.CHANGED,
    category=DataCategory.STAFF,
)
def note_recovered_keys(work: Work) -> None:
    """Say in the log that the store's keys were recovered from paper."""
    work.log(Action.CHANGED, details="nycklarna återställda med återställningsnyckeln")


def _exchange(path: Path, old: StoreKeys, new: StoreKeys, actor: Fixed, clock: Callable[[], Instant]) -> None:
    """Let the new file know its key, and leave all of it in the one file, whole."""
    engine = SqliteEngine(path, new.cipher)
    try:
        store = Store(engine, "real", clock, new)
        with store.work(actor, is_long=True) as work:
            rewrap_keys(work.db, old, new)
            reseal_accounts(work.db, old, new)
            work.db.run("UPDATE store_info SET data_key_id = :id", id=new.data_id)
            note_data_key(work, old.data_id, new.data_id)
        with store.lend() as db:
            db.driver.rollback()
            if db.value("PRAGMA quick_check") != "ok":
                raise StoreDamaged
    finally:
        engine.close()
    connection = SqliteEngine(path, new.cipher).connect()
    connection.value("PRAGMA journal_mode=DELETE")
    connection.close()
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _alone(path: Path, keys: StoreKeys) -> Iterator[Connection]:
    """Lend a connection to a file that nobody else has open, nor can open while the block runs."""
    connection = SqliteEngine(path, keys.cipher).connect()
    driver: Any = connection.driver
    try:
        if driver.why_only_reading is not None:
            raise driver.why_only_reading
        driver.execute(f"PRAGMA busy_timeout={ALONE_SECONDS * 1000}")
        with _said_who_is_there():
            driver.execute("PRAGMA locking_mode=EXCLUSIVE")
            driver.execute("PRAGMA journal_mode=DELETE").fetchall()  # only who is alone can leave the log of writes
            driver.execute("BEGIN EXCLUSIVE")
            driver.execute("COMMIT")
        if connection.value("SELECT data_key_id FROM store_info") != keys.data_id:
            raise KeyWrong
        yield connection
    finally:
        connection.close()


@contextmanager
def _said_who_is_there() -> Iterator[None]:
    from sqlcipher3 import dbapi2

    try:
        yield
    except dbapi2.OperationalError:
        refuse_others()


def refuse_others() -> NoReturn:
    """Raise `Refused`: somebody else has the store open, and would go on with the old key."""
    raise Refused(
        "Någon har databasen öppen. Nyckeln byts när ingen har det: stäng appen hos alla, och låt inga körningar (sob "
        "dygn, sob avisera) vara igång. Ingenting är gjort."
    ) from None


def _raw(keys: StoreKeys) -> str:
    return f"\"x'{keys.cipher}'\""


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{end}").unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
