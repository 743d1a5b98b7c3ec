"""A store moves from a file to a server: every row is read back, and nobody goes on in the file (domain.md §13).

Three commits, so that wherever it is cut off one of the two is the store, and never both: all rows in the server's
database, which nobody can open yet; that the file has moved, after which nobody can write in it; that the server's is
the store. Before the second one nothing has happened to the file; after it the same command finishes the move.
"""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer

from store.fence.raising import PASS, raise_fence
from store.fence.roles import make_roles, owner_of
from store.fence.rules import Roles
from store.fenced_opening import Fencing
from store.foundation.access import Action, Actor, DataCategory, Standing
from store.foundation.connection import Connection, SnapshotConnection
from store.foundation.engine import Engine
from store.foundation.errors import MOVED, MOVING, Refused
from store.foundation.keys import StoreKeys
from store.foundation.operation import operation
from store.foundation.progress import Progress, Show, unseen
from store.foundation.schema import migrate, revision_of
from store.foundation.store import Store
from store.foundation.work import Work
from store.opening import TAKEN, engine_with, is_taken
from store.tables import METADATA
from store.upkeep.backing_up import rows_of_all, tables_to_copy
from store.upkeep.filling import fill_tables

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection as AlchemyConnection

FROM_A_FILE = "Databasen ligger redan på en server. Det som flyttas är en databas i en fil."
TO_A_SERVER = "En databas flyttas till PostgreSQL. Ange en adress som börjar med postgresql:// med --till."
_TOGETHER = 500
_ROW = 1 << 256


class Moved(NamedTuple):
    """What came of a move."""

    rows: Mapping[str, int]
    """How many rows were read back, by table."""
    digest: str
    """Of all of them, on either side; hexadecimal."""

    @property
    def total(self) -> int:
        """How many rows it has in all."""
        return sum(self.rows.values())


class MoveFailed(Refused):
    """What was read back is not what was written."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"Det som lästes tillbaka ur tabellen {table} är inte det som skrevs. Ingenting är flyttat, och databasen "
            "i filen gäller. Försök igen, och anmäl felet om det händer på nytt."
        )


@operation("Flytta databasen", may={Standing.OPERATOR}, action=Action.EXPORTED, category=DataCategory.RECORD)
def note_move(work: Work, rows: int, digest: str) -> None:
    """Say in the log of either store that all of it was moved.

    Args:
        work: the transaction.
        rows: how many rows.
        digest: of all of them.
    """
    work.log(Action.EXPORTED, details=f"flyttad: {rows} rader, {digest}")


def move_store(store: Store, url: str, actor: Actor, fencing: Fencing | None = None, show: Show = unseen) -> Moved:
    """Move a store in a file to a server's empty database; nobody writes in the file meanwhile.

    Args:
        store: the store.
        url: the address, with the role that is to own it.
        actor: the operator.
        fencing: the roles that a real store will be used through there; a practice store has none.
        show: shows how far it has come.

    Raises:
        Refused: the store is no file, the address no server's, or a store is there.
        MoveFailed: what was read back is not what was written.
        StoreUnreachable: a database is gone, full or read-only.
    """
    _require_server(store, url)
    target = engine_with(url, store.keys)
    try:
        if fencing is not None:
            with target.lend() as db:
                owner_of(db)  # before anything is done
        with store.work(actor, is_long=True) as work:
            moved = _copied(work, store, target, show)
            note_move(work, moved.total, moved.digest)
            _close_source(work, url, moved)
        _open_target(target, store.kind, store.keys, actor, moved, fencing)
    finally:
        target.close()
    return moved


def finish_move(source: Engine, keys: StoreKeys | None, actor: Actor, fencing: Fencing | None = None) -> Moved:
    """Finish a move that was cut off after the file had been closed; of one that is finished nothing is done.

    Raises:
        Refused: what is at the address is another store.
        StoreUnreachable: a database is gone.
    """
    with source.lend() as db:
        gone = db.single(_Gone, "SELECT address, kind, counted, digest FROM moved_to")
        uuid = db.value("SELECT uuid FROM store_info")
    moved, target = Moved(json.loads(gone.counted), gone.digest), engine_with(gone.address, keys)
    try:
        there = _what_is_at(target)
        if there is None or there[0] != uuid:
            raise Refused(
                f"Databasen är flyttad till {gone.address}, men finns inte där. Återställ den från en säkerhetskopia."
            )
        if there[1] == MOVING:
            _open_target(target, gone.kind, keys, actor, moved, fencing if gone.kind == "real" else None)
    finally:
        target.close()
    return moved


class _Gone(NamedTuple):
    address: str
    kind: str
    counted: str
    digest: str


def _require_server(store: Store, url: str) -> None:
    if store.engine.pyformat:
        raise Refused(FROM_A_FILE)
    require_server_address(url)


def require_server_address(url: str) -> None:
    """Raise `Refused` where an address is no server's."""
    if not url.startswith(("postgresql://", "postgresql+psycopg://")):
        raise Refused(TO_A_SERVER, field="till")


def _what_is_at(target: Engine) -> tuple[str, str] | None:
    """Return a store's UUID and kind; None where there is none."""
    if revision_of(target) is None:
        return None
    with target.lend() as db:
        return db.pairs("SELECT uuid, kind FROM store_info")[0]


# Copying


def _copied(work: Work, store: Store, target: Engine, show: Show) -> Moved:
    """Copy all rows, read them back, and compare; what was copied by a move that was cut off is compared alone."""
    there = _what_is_at(target) if is_taken(target) else None
    is_half = there == (work.db.value("SELECT uuid FROM store_info"), MOVING)
    if there is not None and not is_half:
        raise Refused(TAKEN, field="till")
    with show("Flyttar") as progress, Store(target, store.kind).told_in_words():
        if is_half:
            return _compared_with(work.db, target, progress)
        found: list[Moved] = []
        migrate(target, also=lambda sql: found.append(_fill(sql, work.db, target, progress)))
        return found[0]


def _fill(sql: "AlchemyConnection", source: Connection, target: Engine, progress: Progress) -> Moved:
    """Write all rows into the new tables, and compare; it is nobody's store yet."""
    db = target.speaking(sql.connection.driver_connection)
    if db.has("SELECT 1 FROM store_info"):  # another was quicker
        raise Refused(TAKEN, field="till")
    for table in reversed(METADATA.sorted_tables):
        if table.name != "log":  # what a revision puts into a new store
            db.run(f"DELETE FROM {table.name}")
    counts = {name: source.value(f"SELECT count(*) FROM {name}") for name in tables_to_copy()}
    fill_tables(db, METADATA.tables, lambda: rows_of_all(source), counts)
    moved = _compared(source, SnapshotConnection(db.driver, seals=db.seals), progress)
    target.number_on(db, [table.name for table in METADATA.sorted_tables if _is_numbered(table)])
    db.run("UPDATE store_info SET kind = :kind", kind=MOVING)
    return moved


def _is_numbered(table: Any) -> bool:
    return "id" in table.columns and isinstance(table.columns["id"].type, Integer)


def _compared_with(source: Connection, target: Engine, progress: Progress) -> Moved:
    """Compare with what a move that was cut off has left."""
    db = target.connect()
    try:
        target.begin(db, write=False)
        return _compared(source, db, progress)
    finally:
        db.close()


def _compared(source: Connection, target: Connection, progress: Progress) -> Moved:
    """Compare what two connections read, table by table.

    Raises:
        MoveFailed: they are not the same.
    """
    counts: dict[str, int] = {}
    whole = sha256()
    tables = tables_to_copy()
    for number, (table, columns) in enumerate(tables.items()):
        progress(number, len(tables))
        ours, its = (_digest(db, table, columns) for db in (source, target))
        if ours != its:
            raise MoveFailed(table)
        counts[table] = ours[0]
        whole.update(f"{table} {ours[0]} {ours[1]:064x}\n".encode())
    return Moved(counts, whole.hexdigest())


def _digest(db: Connection, table: str, columns: tuple[str, ...]) -> tuple[int, int]:
    """Return how many rows a table has, and the sum of their hashes: the same in whatever order they come.

    What is the store at the end is told by its kind, which is not compared.
    """
    number = total = 0
    for row in _rows(db, table, columns):
        number += 1
        total += int.from_bytes(sha256(json.dumps(row, separators=(",", ":")).encode()).digest())
    return number, total % _ROW


def _rows(db: Connection, table: str, columns: tuple[str, ...]) -> Iterator[list[Any]]:
    names = [name for name in columns if (table, name) != ("store_info", "kind")]
    for some in db.stream(f"SELECT {', '.join(names)} FROM {table}", _TOGETHER):
        yield from (list(row) for row in some)


# Which of the two is the store


def _close_source(work: Work, url: str, moved: Moved) -> None:
    """Let nobody write in the file any more, whoever has it open, once the transaction ends; and say where it went."""
    kind = work.db.value("SELECT kind FROM store_info")
    work.db.run("CREATE TABLE moved_to (address TEXT NOT NULL, kind TEXT NOT NULL, counted TEXT NOT NULL, digest TEXT)")
    work.db.run(
        "INSERT INTO moved_to (address, kind, counted, digest) VALUES (:address, :kind, :counted, :digest)",
        address=url,
        kind=kind,
        counted=json.dumps(moved.rows),
        digest=moved.digest,
    )
    work.db.run("UPDATE store_info SET kind = :kind", kind=MOVED)
    for table in METADATA.sorted_tables:
        for change in ("INSERT", "UPDATE", "DELETE"):
            work.after_all(
                f"CREATE TRIGGER moved_{table.name}_{change.lower()} BEFORE {change} ON {table.name}"
                f" BEGIN SELECT RAISE(ABORT, '{MOVED}'); END"
            )


def _open_target(
    target: Engine, kind: str, keys: StoreKeys | None, actor: Actor, moved: Moved, fencing: Fencing | None
) -> None:
    """Let what was copied be the store, behind its fence."""
    with Store(target, kind, target.clock, keys).work(actor) as work:
        if fencing is not None:
            work.db.run(PASS)
            roles = Roles(owner_of(work.db), *fencing)
            make_roles(work.db, roles)
            raise_fence(work.db, roles)
        note_move(work, moved.total, moved.digest)
        work.db.run("UPDATE store_info SET kind = :kind", kind=kind)
