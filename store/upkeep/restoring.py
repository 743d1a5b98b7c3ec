"""The way back from a backup: into a place where no store is, of either kind, whole or not at all (domain.md §13)."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Integer, Table

from store.care.notices import NoticeState
from store.care.purges import counted
from store.care.purging import erase_for_good, forget_resident, moments_named, residents_named
from store.foundation.access import OPERATOR, Action, Actor, DataCategory, Standing
from store.foundation.checkpoint import Checkpoint
from store.foundation.clock import Instant, iso_local, wall_clock
from store.foundation.connection import Connection
from store.foundation.engine import Engine
from store.foundation.errors import Refused
from store.foundation.keys import StoreKeys
from store.foundation.log import AccessLog
from store.foundation.operation import operation
from store.foundation.progress import Progress, Show, unseen
from store.foundation.purge_ledger import Purged
from store.foundation.schema import migrate
from store.foundation.store import Store
from store.foundation.work import Work
from store.opening import TAKEN, engine_with, is_taken
from store.people.session_clock import Over
from store.tables import METADATA, tables_at
from store.upkeep.backup_file import Header, key_of, read_header, read_rows
from store.upkeep.filling import fill_tables
from store.upkeep.log_heads import missing_rows

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection as AlchemyConnection


class Ledger(NamedTuple):
    """What a ledger of purges says of one store, and until when it is known to be complete."""

    moments: frozenset[str]
    """The UUIDs of moments, and of residents without any."""
    until: Instant


class Restored(NamedTuple):
    """What came of restoring a backup."""

    header: Header
    purged: int
    """Moments that were in the backup, and have been purged since it was made."""
    until: Instant
    """Up to when it is known what was purged."""
    ended: int
    """Sessions that were open."""
    held: int
    """Notices that waited, and are held."""
    missing: int | None = None
    """Rows of the log that were written after the backup, as far as a checkpoint knows; None without one."""
    unused: int = 0
    """Residents without any moment who were in the backup, and have been purged since it was made."""


@operation("Återställa databasen", may={Standing.OPERATOR}, action=Action.IMPORTED, category=DataCategory.RECORD)
def note_restored(
    work: Work, made: int, purged: int, until: int, missing: int | None = None, *, unused: int = 0
) -> None:
    """Say in the log that all that follows comes after a restore.

    Args:
        work: the transaction that restores it.
        made: when the backup was made (UTC milliseconds).
        purged: how many moments were purged once more.
        until: up to when the ledger of purges was complete (UTC milliseconds).
        missing: how many rows the log lacks that a checkpoint knows of; None where none was compared with.
        unused: how many residents without any moment were purged once more.
    """
    compared = "inte jämförd" if missing is None else f"jämförd: {missing} rader skrevs efter kopian och saknas"
    work.log(
        Action.IMPORTED,
        details=f"återställd från säkerhetskopian av {iso_local(Instant(made))}; {counted(purged, unused)} gallrade "
        f"igen, enligt en liggare som är komplett till {iso_local(Instant(until))}; med kontrollpunkt {compared}",
    )


def ledger_of(store: str, made: Instant, purged: Iterable[Purged]) -> Ledger:
    """Return what a ledger says of a store.

    Args:
        store: its UUID.
        made: when the backup was made: what was purged before that is not in it.
        purged: the ledger's lines.
    """
    lines = list(purged)
    until = max((made, *(one.at for one in lines)))
    return Ledger(frozenset(one.moment for one in lines if one.store == store), until)


def restore_store(
    path: Path,
    url: str | Path,
    keys: StoreKeys,
    ledger: Ledger | None = None,
    checkpoint: Checkpoint | None = None,
    *,
    actor: Actor = OPERATOR,
    clock: Callable[[], Instant] = wall_clock,
    show: Show = unseen,
) -> Restored:
    """Restore a backup in one transaction.

    An older one is loaded into the tables of its own revision, which are then migrated. What was purged since is
    erased, all sessions are ended, and notices that waited are held, before anybody can open it.

    Args:
        path: the backup.
        url: where: a path or an address, as for `open_store`.
        keys: the keys of the store that it is of.
        ledger: what was purged; None where there is none.
        checkpoint: what the log is compared with; None where there is none.
        actor: the operator, for the log.
        clock: the time.
        show: shows how far it has come.

    Raises:
        Refused: it can't be read, or a store is there.
        BackupBroken: it is not as it was written.
        LogCut: its log is not the one that the checkpoint knows.
        KeyWrong: the keys are another store's.
        StoreUnreachable: the database is gone, full or read-only.
    """
    header = read_header(path)
    key = key_of(header, keys)
    engine = engine_with(url, keys)
    try:
        if is_taken(engine):
            raise Refused(TAKEN, field="till")
        engine.make()
        with show("Återställer") as progress:
            restoring = _Restoring(engine, path, key, header, keys, ledger, checkpoint, actor, clock, progress)
            return restoring.carry_out()
    finally:
        engine.close()


class _Restoring(NamedTuple):
    engine: Engine
    path: Path
    key: bytes
    header: Header
    keys: StoreKeys
    ledger: Ledger | None
    checkpoint: Checkpoint | None
    actor: Actor
    clock: Callable[[], Instant]
    progress: Progress

    def carry_out(self) -> Restored:
        found: list[Restored] = []
        try:
            with Store(self.engine, self.header.store_kind).told_in_words():
                migrate(
                    self.engine,
                    stops=[(self.header.revision, self._fill)],
                    also=lambda sql: found.append(self._finish(sql)),
                    keys=self.keys,
                )
        except BaseException:
            self.engine.unmake()
            raise
        return found[0]

    def _fill(self, sql: "AlchemyConnection") -> None:
        """Write the rows into the empty tables of their revision."""
        db = self._speaking(sql)
        if db.has("SELECT 1 FROM store_info"):  # another was quicker
            raise Refused(TAKEN, field="till")
        tables = tables_at(sql, self.header.revision)
        for name in reversed(tables):
            if name not in ("log", "alembic_version"):  # what a revision puts into a new store
                db.run(f"DELETE FROM {name}")
        fill_tables(db, tables, lambda: read_rows(self.path, self.key, self.progress), self.header.rows)

    def _finish(self, sql: "AlchemyConnection") -> Restored:
        """Make of what was a store one that may be opened."""
        db = self._speaking(sql)
        now = self.clock()
        seen, header = self.checkpoint, self.header
        missing = missing_rows(db, header.store, header.at, seen) if seen is not None else None
        ledger = self.ledger or Ledger(frozenset(), self.header.at)
        gone = moments_named(db, self.header.store, ledger.moments.__contains__) if ledger.moments else []
        erase_for_good(db, gone)
        unused = residents_named(db, self.header.store, ledger.moments.__contains__) if ledger.moments else []
        for one in unused:
            forget_resident(db, one)
        ended = db.run(
            "UPDATE staffsession SET ended = :why, ended_at = :now WHERE ended = ''", why=Over.RESTORED.value, now=now
        )
        held = db.run(
            "UPDATE notice SET state = :held WHERE state = :waiting",
            held=NoticeState.HELD.value,
            waiting=NoticeState.WAITING.value,
        )
        numbered = [table.name for table in METADATA.sorted_tables if _is_numbered(table)]
        self.engine.number_on(db, numbered)
        self._note(sql, now, (len(gone), len(unused)), ledger.until, missing)
        return Restored(self.header, len(gone), ledger.until, ended, held, missing, len(unused))

    def _note(
        self, sql: "AlchemyConnection", now: Instant, purged: tuple[int, int], until: Instant, missing: int | None
    ) -> None:
        log = AccessLog(keys=self.keys)
        work = Work(self.engine, self.header.store_kind, self.actor, now, sql, None, log, self.keys)
        work.see_who_acts()
        note_restored(work, self.header.at, purged[0], until, missing, unused=purged[1])
        work.close()

    def _speaking(self, sql: "AlchemyConnection") -> Connection:
        return self.engine.speaking(sql.connection.driver_connection)


def _is_numbered(table: Table) -> bool:
    return "id" in table.columns and isinstance(table.columns["id"].type, Integer)
