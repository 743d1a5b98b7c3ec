"""Trying the way back: a store is backed up, restored into a folder that is removed, and looked through."""

import tempfile
from pathlib import Path
from typing import NamedTuple

from store.care.duties import DutyKind, note_done
from store.foundation.access import Action, Actor, DataCategory, Standing
from store.foundation.clock import Instant, iso_local
from store.foundation.errors import Refused, why_unreadable
from store.foundation.keys import StoreKeys
from store.foundation.operation import operation
from store.foundation.progress import Show, unseen
from store.foundation.store import Store
from store.foundation.work import Work
from store.opening import open_store
from store.upkeep.backing_up import write_backup
from store.upkeep.backup_file import Header, read_header
from store.upkeep.checking import check_store
from store.upkeep.restoring import restore_store


class Drilled(NamedTuple):
    """What was tried, and every fault that was found in what came of it."""

    header: Header
    faults: tuple[str, ...]


@operation(
    "Pröva att återställa databasen", may={Standing.OPERATOR}, action=Action.EXPORTED, category=DataCategory.RECORD
)
def note_drill(work: Work, made: int, rows: int) -> None:
    """Say in the log, and among what the units must do, that a backup was restored, and nothing was missing.

    Args:
        work: the transaction.
        made: when the backup was made (UTC milliseconds).
        rows: how many rows it has.
    """
    said = f"återställningsprov av säkerhetskopian av {iso_local(Instant(made))} med {rows} rader"
    note_done(work, DutyKind.DRILL, said, for_all=True)
    work.log(Action.EXPORTED, details=said)


def try_restore(store: Store, backup: Path | None, folder: Path, actor: Actor, show: Show = unseen) -> Drilled:
    """Restore a store from a backup, as a drill; it leaves a row in the log where no fault is found.

    Args:
        store: the store; it may be in use.
        backup: the backup; None for one that is made for this, and removed.
        folder: in which a folder is made for it, and removed.
        actor: the operator.
        show: shows how far it has come.

    Raises:
        Refused: the folder can't be written, or the backup is broken, another store's, or not to be read.
        KeyWrong: the backup needs other keys.
    """
    if store.keys is None:
        raise Refused("Databasen har inga nycklar, och därmed inga säkerhetskopior.")
    try:
        with tempfile.TemporaryDirectory(prefix=".aterstallningsprov-", dir=folder) as place:
            drilled = _try(store, store.keys, backup, Path(place), actor, show)
    except OSError as error:
        why = why_unreadable(error)
        raise Refused(
            f"Mappen {folder} går inte att skriva i ({why}). Ange en annan med --mapp.", field="mapp"
        ) from None
    if not drilled.faults:
        with store.work(actor) as work:
            note_drill(work, drilled.header.at, drilled.header.total)
    return drilled


def _try(store: Store, keys: StoreKeys, backup: Path | None, place: Path, actor: Actor, show: Show) -> Drilled:
    path = backup or place / "kopia"
    header = write_backup(store, path, show) if backup is None else read_header(path)
    with store.lend() as db:
        if db.value("SELECT uuid FROM store_info") != header.store:
            raise Refused("Säkerhetskopian är av en annan databas.", field="fil")
    restored = place / "databas"
    restore_store(path, restored, keys, actor=actor, clock=store.clock, show=show)
    tried = open_store(restored, keys=keys, clock=store.clock)
    try:
        with show("Kontrollerar") as progress:
            return Drilled(header, check_store(tried, progress).faults)
    finally:
        tried.close()
