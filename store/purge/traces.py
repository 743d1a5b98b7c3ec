"""What is left of erased rows in a store's files, and how it is made to go (domain.md §3.7).

A file overwrites what it frees (`secure_delete`), and its write-ahead log is cut to nothing, which waits for whoever
reads an older state. A server keeps erased rows until their tables are written anew, which takes the tables' owner.
"""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from store.fence.erasing import TABLES
from store.foundation import engine as patience
from store.foundation.connection import Connection
from store.foundation.engine import Engine
from store.foundation.errors import Refused
from store.foundation.sqlite_engine import SqliteEngine

REWRITTEN = (
    *TABLES,
    *("claim", "exportedmoment", "flagseen", "moment", "resident", "residentpart", "guardian", "resident_key"),
    "command",
)
"""The tables that a server has to write anew."""
_PAUSE_SECONDS = 0.05

HELD = (
    "Raderna är borta, men {who} läser fortfarande databasen som den var före gallringen, och så länge finns de kvar i "
    "dess filer. Be {them} stänga, och fortsätt sedan gallringen."
)


class Cleaned(NamedTuple):
    """How the bytes of erased rows went, in Swedish sentences for the certificate."""

    method: tuple[str, ...]
    remains: tuple[str, ...]
    """Where they are still."""


def clean(engine: Engine, *, key_gone: bool) -> Cleaned:
    """Make what erased rows left in the store's own files go.

    Args:
        engine: the store's.
        key_gone: whether the keys of all residents who were purged are destroyed, where there are any.

    Raises:
        Refused: somebody reads the store as it was before, and has not ended in time; says who.
    """
    if isinstance(engine, SqliteEngine):
        return _clean_file(engine)
    return _clean_server(engine, key_gone=key_gone)


def _clean_file(engine: SqliteEngine) -> Cleaned:
    connection = engine.connect()
    try:
        if not connection.value("PRAGMA secure_delete"):
            raise Refused("Databasen skriver inte över det som raderas. Kontakta driften innan gallringen fortsätter.")
        checkpoint = connection.single(_Checkpoint, "PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    if checkpoint.busy:
        raise _held(_programs_with(engine.path))
    copies = sorted(path.name for path in engine.path.parent.glob(f"{engine.path.name}.fore-*"))
    remains = (f"Kopior från uppgraderingar, som ligger bredvid databasen: {', '.join(copies)}.",) if copies else ()
    return Cleaned(
        (
            "SQLite: raderna är raderade och överskrivna med nollor (secure_delete).",
            "Skrivloggen (WAL) är införd i databasen och tömd (wal_checkpoint TRUNCATE).",
        ),
        remains,
    )


class _Checkpoint(NamedTuple):
    busy: int
    """1 where somebody reads what would be cut."""
    log: int
    checkpointed: int


def _held(who: Sequence[str]) -> Refused:
    if not who:
        return Refused(HELD.format(who="ett program, på den här datorn eller en annan,", them="den som använder det"))
    many = len(who) > 1
    return Refused(HELD.format(who=" och ".join(who), them="dem" if many else "den"))


def _programs_with(path: Path) -> list[str]:
    """Return the other processes of this machine that have a file open, where the system tells."""
    found = []
    with suppress(OSError):
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and int(process.name) != os.getpid() and _has_open(process, path):
                found.append(f"process {process.name}")
    return sorted(found)


def _has_open(process: Path, path: Path) -> bool:
    with suppress(OSError):
        return any(os.readlink(handle) == str(path) for handle in (process / "fd").iterdir())
    return False


def _clean_server(engine: Engine, *, key_gone: bool) -> Cleaned:
    connection = engine.connect()
    try:
        connection.driver.set_autocommit(True)
        method = ["PostgreSQL: raderna är raderade."]
        if key_gone:
            method.append(
                "Nycklarna till de invånare som inte finns kvar är förstörda: fritexter i serverns kopior går inte att "
                "öppna."
            )
        remains = ["Serverns skrivlogg (WAL), repliker och egna säkerhetskopior har raderna tills de har gallrats där."]
        if may_rewrite(connection):
            rewrite(connection)
            method.append("Tabellerna är skrivna på nytt (VACUUM FULL), nycklarnas med.")
        else:
            remains.insert(0, NOT_REWRITTEN)
        return Cleaned(tuple(method), tuple(remains))
    finally:
        connection.close()


NOT_REWRITTEN = (
    "Serverns sidor har raderna tills driften har skrivit tabellerna på nytt: VACUUM FULL, som den roll som äger dem."
)


def may_rewrite(connection: Connection) -> bool:
    """Whether the role of a connection to a server may write all the tables anew."""
    names = ", ".join(f"'{name}'" for name in REWRITTEN)
    return not connection.has(
        f"SELECT 1 FROM unnest(ARRAY[{names}]) AS t WHERE NOT pg_has_role((SELECT relowner FROM pg_class"
        " WHERE oid = to_regclass(t)), 'USAGE')"
    )


def rewrite(connection: Connection, progress: Callable[[int, int], None] = lambda _done, _total: None) -> None:
    """Write a server's tables anew, so that no erased row is left in them; the connection commits by itself.

    Raises:
        Refused: somebody reads an older state, and has not ended in time; says who.
    """
    driver: Any = connection.driver
    driver.limit = None
    connection.run(f"SET lock_timeout = '{patience.BUSY_SECONDS * 1000:.0f}'")
    _await_readers(connection)
    for number, table in enumerate(REWRITTEN, 1):
        connection.run(f"VACUUM (FULL, ANALYZE) {table}")
        progress(number, len(REWRITTEN))
    if connection.has(_OWNS_DATABASE):
        connection.run("VACUUM (FULL) pg_catalog.pg_statistic")  # it held the commonest names


_OWNS_DATABASE = "SELECT 1 FROM pg_database WHERE datname = current_database() AND pg_has_role(datdba, 'USAGE')"


def _await_readers(connection: Connection) -> None:
    """Wait until nobody sees what was erased.

    One that writes in another database of the server counts, too: no snapshot is newer than the oldest of them.
    """
    newest = connection.value("SELECT pg_current_xact_id()::xid::text")
    until = time.monotonic() + patience.BUSY_SECONDS
    while who := connection.values(_READERS, newest=newest):
        if time.monotonic() > until:
            raise _held(who)
        time.sleep(_PAUSE_SECONDS)


_READERS = (
    "SELECT format('%s (process %s)', usename, pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    " AND (age(backend_xid) > age(CAST(:newest AS xid))"
    " OR datname = current_database() AND age(backend_xmin) > age(CAST(:newest AS xid))) ORDER BY pid"
)
"""Who has written, or read, since before a transaction."""
