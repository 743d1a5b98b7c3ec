"""Whether a store is as it should be: whole, counted right, with somebody who may let others in, its log readable."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from store.care.recount import miscounted_moments, miscounted_units
from store.foundation.access import Role, Standing
from store.foundation.checkpoint import Checkpoint
from store.foundation.clock import Instant
from store.foundation.connection import Connection
from store.foundation.errors import SealBroken, StoreDamaged
from store.foundation.keys import StoreKeys, unwrap_resident_key
from store.foundation.log_reading import LogOpener
from store.foundation.operation import operation
from store.foundation.progress import Progress, untold
from store.foundation.read_transaction import ReadTransaction
from store.foundation.store import Store
from store.tables import METADATA
from store.upkeep.log_verifying import verify_log

_MOST_NAMED = 10
_TOGETHER = 2000


class Checked(NamedTuple):
    """What was found: a sentence for each fault, naming nobody, and when somebody last saw to the way back."""

    faults: tuple[str, ...]
    backup_at: Instant | None
    """When the newest backup was made; None where there is none."""
    drill_at: Instant | None
    """When restoring one was last tried, and went well."""


@operation("Kontrollera databasen", may={Standing.OPERATOR}, action=None)
def may_check(_work: ReadTransaction) -> None:
    """Refuse to look a store through for any but the operator; what is told of it names nobody."""


def check_store(
    store: Store,
    progress: Progress = untold,
    checkpoints: Sequence[Checkpoint] | None = None,
    public: bytes | None = None,
) -> Checked:
    """Look all of a store through, in one snapshot; it may be in use.

    Args:
        store: the store.
        progress: is told how many of the checks are done.
        checkpoints: what the log is compared with; None where it is not.
        public: by which key those are read (`verify_log`).

    Raises:
        StoreUnreachable: the database is gone.
    """
    faults: list[str] = []
    with store.lend() as db:
        store.engine.be_patient(db)
        checks: tuple[Callable[[], Iterable[str]], ...] = (
            lambda: _unreadable(store, db),
            lambda: _miscounted(db),
            lambda: _access(db),
            lambda: _fences(db, is_server=store.engine.pyformat),
            lambda: _log(db, store.keys, verify_log(db, store.keys, checkpoints, public).fault),
            lambda: _residents(db, store.keys),
            lambda: _texts(db),
        )
        for number, check in enumerate(checks):
            progress(number, len(checks))
            faults += check()
            if faults and number == 0:  # what else is found says nothing
                return Checked(tuple(faults), None, None)
        return Checked(tuple(faults), _latest(db, "note_backup"), _latest(db, "note_drill"))


def _unreadable(store: Store, db: Connection) -> Iterator[str]:
    """Yield a sentence where not all of the store can be read."""
    try:
        with store.told_in_words():
            is_whole = store.engine.is_whole(db)
            for table in METADATA.sorted_tables:
                for _ in db.unopened().stream(f"SELECT * FROM {table.name}", _TOGETHER):
                    pass
    except StoreDamaged:
        is_whole = False
    if not is_whole:
        yield StoreDamaged().message


def _miscounted(db: Connection) -> Iterator[str]:
    if moments := miscounted_moments(db):
        yield f"Räkningen stämmer inte i {len(moments)} moment: {_named(moments)}."
    if units := miscounted_units(db):
        names = db.pairs("SELECT id, hsa_id FROM unit")
        yield f"Antalen moment stämmer inte på {_named(name for unit, name in names if unit in units)}."


def _access(db: Connection) -> Iterator[str]:
    known = {role.value for role in Role}
    if unknown := set(db.values("SELECT DISTINCT role FROM assignmentrole")) - known:
        yield f"Okända roller: {_named(sorted(unknown))}."
    without = db.values(
        "SELECT u.hsa_id FROM unit u WHERE NOT EXISTS (SELECT 1 FROM assignmentrole r JOIN assignment a"
        " ON a.staff_id = r.staff_id AND a.unit_id = r.unit_id WHERE r.unit_id = u.id AND r.role = :admin"
        " AND a.active = 1) ORDER BY u.hsa_id",
        admin=Role.ACCESS_ADMIN.value,
    )
    if without:
        yield f"Ingen är behörighetsadministratör på {_named(without)}. Utse någon med sob personal utse."


def _fences(db: Connection, *, is_server: bool) -> Iterator[str]:
    """Yield a sentence where the database itself no longer refuses to change the log."""
    if is_server:
        found = db.values(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass('log') AND tgenabled = 'O' AND NOT tgisinternal"
        )
        needed = {"log_append_only", "log_keeps"}
    else:
        found = db.values("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'log'")
        needed = {"log_no_update", "log_no_delete", "log_no_replace", "log_no_odd_id"}
    if needed - set(found):
        yield "Databasens eget skydd mot att loggen ändras är borta. Återställ från en säkerhetskopia."


def _log(db: Connection, keys: StoreKeys | None, fault: str | None) -> Iterator[str]:
    """Yield a sentence where the log is not as it was written, or can't be read with the keys.

    `fault` is what was found of its chains; a row that does not open is then told of by that.
    """
    broken, others = 0, 0
    opener = LogOpener(db, keys)
    asked = "SELECT key_id, sealed, at, wall_at, operation, session FROM log WHERE sealed <> ''"
    for rows in db.stream(asked, _TOGETHER):
        for key_id, sealed, at, wall_at, operation_name, session in rows:
            try:
                others += opener.said(key_id, sealed, (at, wall_at, operation_name, session)) is None
            except SealBroken:
                broken += 1
    if fault is not None:
        yield fault
    elif broken:
        yield f"{broken} rader i loggen har ändrats eller skadats: de går inte att läsa med loggens nyckel."
    if others:
        yield f"{others} rader i loggen är förseglade med en annan nyckel."


def _residents(db: Connection, keys: StoreKeys | None) -> Iterator[str]:
    """Yield a sentence where residents lack a key that opens."""
    if keys is None:
        return
    lost = int(db.value("SELECT count(*) FROM resident WHERE id NOT IN (SELECT resident_id FROM resident_key)"))
    for rows in db.stream("SELECT resident_id, wrapped FROM resident_key", _TOGETHER):
        for resident, wrapped in rows:
            try:
                unwrap_resident_key(keys, resident, wrapped)
            except SealBroken:
                lost += 1
    if lost:
        yield f"{lost} invånare har ingen nyckel som går att öppna: deras utkast på disk går inte att läsa."


def _texts(db: Connection) -> Iterator[str]:
    """Yield a sentence for each table whose texts do not all open where they stand, and where plain ones get in."""
    if (seals := db.seals) is None:
        return
    fences = {name for table in seals.tables.values() for name in table.rules()}
    if fences - set(db.values("SELECT conname FROM pg_constraint WHERE contype = 'c'")):
        yield (
            "Databasens eget skydd mot text som inte är förseglad är borta. Kör sob uppgradera med ägarrollens adress."
        )
    for table in seals.tables.values():
        asked = f"SELECT {', '.join(table.texts)} FROM {table.located()} found"
        if broken := sum(seals.broken(db.driver, rows) for rows in db.unopened().stream(asked, _TOGETHER)):
            yield (
                f"{broken} texter i tabellen {table.name} går inte att öppna: de är ändrade, flyttade eller inte "
                "förseglade, eller så saknas invånarens nyckel. Återställ från en säkerhetskopia."
            )


def _latest(db: Connection, operation_name: str) -> Instant | None:
    at = db.value(
        "SELECT max(at) FROM log WHERE operation = :operation AND outcome = 'gjort'", operation=operation_name
    )
    return None if at is None else Instant(at)


def _named(what: Iterable[object]) -> str:
    all_of_them = list(map(str, what))
    more = f" och {len(all_of_them) - _MOST_NAMED} till" if len(all_of_them) > _MOST_NAMED else ""
    return ", ".join(all_of_them[:_MOST_NAMED]) + more
