"""Opening and making a store."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from store.foundation.clock import Instant, MovedClock, wall_clock
from store.foundation.engine import Engine
from store.foundation.engines import engine_for
from store.foundation.errors import (
    MOVED,
    MOVING,
    DomainError,
    FenceBroken,
    KeyMissing,
    KeyWrong,
    Refused,
    StoreDamaged,
    StoreMoved,
    StoreMoving,
    StoreUnreachable,
)
from store.foundation.keys import StoreKeys
from store.foundation.postgres_engine import PostgresEngine
from store.foundation.progress import Show, unseen
from store.foundation.reach import Reach
from store.foundation.schema import bring_up_to_date, migrate, revision_of
from store.foundation.seals import SealedTable
from store.foundation.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection as AlchemyConnection

Kind = Literal["practice", "real"]
T = TypeVar("T")


def open_store(
    url: str | Path,
    *,
    keys: StoreKeys | None = None,
    clock: Callable[[], Instant] = wall_clock,
    show: Show = unseen,
    confirmed: bool = False,
    upgrade: bool = False,
) -> Store:
    """Open a store: a path, a `sqlite:///` or a `postgresql+psycopg://` address. An older one is migrated first.

    A real one is where it is said to `upgrade` it.
    An import that was cut off is finished; `Store.said` tells of it. `show` shows what takes long.

    Raises:
        KeyMissing: it was made with keys, and none are given.
        KeyWrong: it was made with others, or with none.
        NeedsConfirmation: the migration warns of something, and that is not `confirmed`.
        StoreMissing: there is no store.
        StoreMoved: it has moved to a server.
        StoreMoving: it is on its way here.
        StoreOlder: it is a real one of an earlier version, and is not to be upgraded.
        StoreTooNew: it was made by a later version of the program.
        StoreUnreachable: the database does not answer, or is damaged.
    """
    engine = engine_with(url, keys)
    try:
        bring_up_to_date(engine, show=show, confirmed=confirmed, upgrade=upgrade, keys=keys)
        return _opened(engine, keys, _clock(engine, clock), show)
    except BaseException:
        engine.close()
        raise


def open_without_log_key(url: str | Path, keys: StoreKeys) -> Store:
    """Open a store whose log key is lost; `keys` has another one, which is to take its place.

    Raises: as `open_store`, of an older revision `StoreOlder`.
    """
    engine = engine_with(url, keys)
    try:
        bring_up_to_date(engine, upgrade=False)
        return _opened(engine, keys, engine.clock, unseen, is_log_key_lost=True)
    except BaseException:
        engine.close()
        raise


def engine_with(url: str | Path, keys: StoreKeys | None) -> Engine:
    """Return the engine for an address, with all that a store's keys seal; opens nothing."""
    return engine_for(url, keys, _sealed_tables)


def _sealed_tables() -> "Mapping[str, SealedTable]":
    from store.tables import sealed_tables  # with all tables, which a file needs for its first write and not before

    return sealed_tables()


def _opened(
    engine: Engine, keys: StoreKeys | None, clock: Callable[[], Instant], show: Show, *, is_log_key_lost: bool = False
) -> Store:
    store = Store(engine, "", clock, keys)
    with store.lend() as db:
        found = db.one(FoundStore, WHAT_IT_IS)
    if found is None:
        raise StoreDamaged
    if found.kind == MOVING:
        raise StoreMoving
    check_keys(found, keys, is_log_key_lost=is_log_key_lost)
    if found.kind == MOVED:
        with store.lend() as db:
            raise StoreMoved(str(db.value("SELECT address FROM moved_to")))
    store.kind = found.kind
    _look_at_fence(store, found)
    if store.is_practice:
        store.clock = MovedClock(clock, found.clock_ahead)
    if found.is_cut_off:
        from store.care.file_import import finish_imports

        with suppress(StoreUnreachable):  # what can only be read is opened all the same
            store.said = finish_imports(store, show)
    return store


def check_keys(found: "FoundStore", keys: StoreKeys | None, *, is_log_key_lost: bool = False) -> None:
    """Raise `KeyMissing` or `KeyWrong` where the keys are not those that the store is sealed with."""
    if keys is None and found.data_key_id:
        raise KeyMissing
    if keys is None:
        return
    if keys.data_id != found.data_key_id or (keys.log_id != found.log_key_id and not is_log_key_lost):
        raise KeyWrong


def kind_of(url: str | Path) -> str | None:
    """Return whether a store is a practice store or a real one, and leave it as it is: an older one is not migrated.

    None where there is no store, or the database doesn't answer. Only a real one is encrypted.
    """
    with suppress(DomainError):
        try:
            return _kind_of(url)
        except KeyMissing:
            return "real"
    return None


def _kind_of(url: str | Path) -> str | None:
    engine = engine_for(url)
    try:
        if revision_of(engine) is None:
            return None
        with Store(engine, "", wall_clock).lend() as db:
            return str(db.value("SELECT kind FROM store_info"))
    finally:
        engine.close()


def _look_at_fence(store: Store, found: "FoundStore") -> None:
    """Open no store on a server whose fence between the units is not whole."""
    engine = store.engine
    if not isinstance(engine, PostgresEngine) or (store.is_practice and not found.runtime_role):
        return
    from store.fence.checking import NOT_SET, check_fence

    with store.lend() as db:
        standing = check_fence(db, found.runtime_role, found.operator_role)
    engine.fence_in(is_operators=standing.is_operator)
    if not standing.is_operator:
        with engine.lend() as db:
            engine.begin(db, write=False, reach=Reach(unit_id=1))
            if db.value("SELECT current_setting('sob.unit', true)") != "1":
                raise FenceBroken(NOT_SET)


class FoundStore(NamedTuple):
    """What a database says of itself before it is opened; the roles are empty where it has no fence."""

    kind: str
    clock_ahead: int
    data_key_id: str
    log_key_id: str
    is_cut_off: bool
    runtime_role: str
    operator_role: str


WHAT_IT_IS = (
    "SELECT kind, clock_ahead, data_key_id, log_key_id, EXISTS (SELECT 1 FROM fileimport) AS is_cut_off,"
    " runtime_role, operator_role FROM store_info"
)


class OnServer(NamedTuple):
    """What a store on a server is, as anybody who reaches it may know."""

    kind: str
    uuid: str


def on_server(url: str) -> OnServer | None:
    """Return what the store at a server's address is; None where there is none, or one of an older program.

    Raises:
        StoreUnreachable: the server doesn't answer.
    """
    engine = engine_for(url)
    try:
        if revision_of(engine) is None:
            return None
        with engine.lend() as db:
            return db.one(OnServer, "SELECT kind, uuid FROM store_info")
    finally:
        engine.close()


class Made(NamedTuple):
    """What a store is made with, besides its kind."""

    uuid: str = ""
    """By which its keys are found; empty for a new one."""
    recovery_key: str = ""
    """The public half of the recovery key."""


def create_store(
    url: str | Path,
    *,
    kind: Kind,
    keys: StoreKeys | None = None,
    made: Made = Made(),  # noqa: B008
    clock: Callable[[], Instant] = wall_clock,
) -> Store:
    """Make an empty store and open it; with keys it is sealed from its first row.

    Raises:
        Refused: there is one already.
    """
    engine = engine_with(url, keys)
    if is_taken(engine):
        engine.close()
        raise Refused(TAKEN, field="store")
    store = Store(engine, kind, _clock(engine, clock), keys)
    engine.make()
    try:
        with store.told_in_words():
            migrate(engine, also=lambda connection: name_store(connection, kind, clock(), keys, made))
    except BaseException:
        engine.unmake()
        engine.close()
        raise
    return store


def is_taken(engine: Engine) -> bool:
    """Whether a store is there, whatever it is."""
    try:
        return revision_of(engine) is not None
    except (KeyMissing, KeyWrong):
        return True


def _clock(engine: Engine, given: Callable[[], Instant]) -> Callable[[], Instant]:
    """Return the store's clock: the database's own, unless another is given."""
    return engine.clock if given is wall_clock else given


TAKEN = "Det finns redan en databas där. Välj en annan plats."


def name_store(connection: "AlchemyConnection", kind: Kind, now: Instant, keys: StoreKeys | None, made: Made) -> None:
    """Say what the store is, in the transaction that makes it: no half-made store is ever left."""
    from sqlalchemy import insert

    from store.foundation.tables import StoreInfo

    if connection.exec_driver_sql("SELECT 1 FROM store_info").first():  # another was quicker
        raise Refused(TAKEN, field="store")
    info = StoreInfo(kind=kind, created_at=now, recovery_key=made.recovery_key)
    if made.uuid:
        info.uuid = made.uuid
    if keys is not None:
        info.data_key_id, info.log_key_id = keys.data_id, keys.log_id
    connection.execute(insert(StoreInfo).values(info.model_dump()))
