"""Making a backup while people work: one snapshot in one file, read through before it has its name."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from store.foundation.access import Action, Actor, DataCategory, Standing
from store.foundation.clock import Instant
from store.foundation.connection import Connection
from store.foundation.errors import Refused, why_unreadable
from store.foundation.keys import StoreKeys
from store.foundation.operation import operation
from store.foundation.progress import Progress, Show, unseen
from store.foundation.schema import REVISIONS
from store.foundation.store import Store
from store.foundation.work import Work
from store.tables import METADATA
from store.upkeep.backup_file import Header, Rows, check_backup, key_of, sealed_header, write_rows
from store.upkeep.filling import FIRST

LEFT_OUT = frozenset({"clientclock"})
"""Tables that say nothing but which machines have the store open."""
_TOGETHER = 500
"""Rows on a line."""


@operation("Säkerhetskopiera databasen", may={Standing.OPERATOR}, action=Action.EXPORTED, category=DataCategory.RECORD)
def note_backup(work: Work, rows: int) -> None:
    """Say in the log that all of the store was copied."""
    work.log(Action.EXPORTED, details=f"säkerhetskopia med {rows} rader")


def back_up_store(store: Store, path: Path, actor: Actor, show: Show = unseen) -> Header:
    """Write a backup to a new file, readable by its owner alone, and read it through; returns its header.

    It has its name when it is whole and its row is in the log; of one that fails nothing is left.

    Raises:
        Refused: something is there, it can't be written, or the store has no keys.
    """

    def note(header: Header) -> None:
        with store.work(actor) as work:
            note_backup(work, header.total)

    return write_backup(store, path, show, note)


def write_backup(
    store: Store, path: Path, show: Show = unseen, then: Callable[[Header], None] = lambda _header: None
) -> Header:
    """Write a backup as `back_up_store` does, without a row in the log; `then` is done before it has its name."""
    keys = store.keys
    if keys is None:
        raise Refused(
            "Databasen har inga nycklar, och ingen säkerhetskopia görs oförseglad. En övningsmiljö sparas med sob "
            "ovning scenario --spara FIL."
        )
    with _taking_shape(path) as half:
        with show("Säkerhetskopierar") as progress, half.open("wb") as file:
            header = _write(store, keys, file, progress)
            file.flush()
            os.fsync(file.fileno())
        with show("Läser igenom säkerhetskopian") as progress:
            check_backup(half, key_of(header, keys), progress)
        then(header)
    return header


def _write(store: Store, keys: StoreKeys, file: IO[bytes], progress: Progress) -> Header:
    with store.lend() as db:  # one snapshot, on either database
        store.engine.be_patient(db)
        uuid, recovery_key = db.pairs("SELECT uuid, recovery_key FROM store_info")[0]
        known = {"store": uuid, "store_kind": store.kind, "revision": REVISIONS[-1], "at": Instant(store.clock())}
        rows = {name: db.value(f"SELECT count(*) FROM {name}") for name in tables_to_copy()}
        header, key = sealed_header(known, rows, keys, recovery_key)
        write_rows(file, header, key, _counted(rows_of_all(db), header.total, progress))
    return header


def tables_to_copy() -> dict[str, tuple[str, ...]]:
    """Return the tables with their columns, those first that others name, and of them those that keys come with."""
    tables = sorted(
        (table for table in METADATA.sorted_tables if table.name not in LEFT_OUT), key=lambda one: one.name not in FIRST
    )
    return {table.name: tuple(column.name for column in table.columns) for table in tables}


def rows_of_all(db: Connection) -> Iterator[Rows]:
    """Yield the rows of all tables that are copied, those first that others name; the same from either database."""
    for name, columns in tables_to_copy().items():
        for some in db.stream(f"SELECT {', '.join(columns)} FROM {name}", _TOGETHER):
            yield Rows(name, columns, [list(row) for row in some])


def _counted(rows: Iterable[Rows], total: int, progress: Progress) -> Iterator[Rows]:
    done = 0
    for some in rows:
        yield some
        done += len(some.rows)
        progress(done, total)


@contextmanager
def _taking_shape(path: Path) -> Iterator[Path]:
    """Lend a file beside a new one's place, which is moved there at the end, and removed where that isn't reached.

    Raises:
        Refused: something is there, or it can't be written.
    """
    _require_free(path)
    half = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".halv", dir=path.parent)  # 0600
        os.close(handle)
        half = Path(name)
        yield half
        _require_free(path)
        half.rename(path)
        _sync(path.parent)
    except (OSError, ValueError) as error:
        why = why_unreadable(error) if isinstance(error, OSError) else "namnet går inte att använda"
        raise Refused(f"Säkerhetskopian {path} går inte att skriva ({why}). Ingen är gjord.", field="fil") from None
    finally:
        if half is not None:
            half.unlink(missing_ok=True)


def _require_free(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise Refused(f"Filen {path} finns redan. Ange en annan.", field="fil")


def _sync(folder: Path) -> None:
    """Let the file's name outlive a power cut, where the system knows how."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
