"""Opening and making a store."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from store.foundation.clock import Instant, MovedClock, wall_clock
from store.foundation.engine import Engine
from store.foundation.engines import engine_for
from store.foundation.errors import DomainError, Refused, StoreDamaged, StoreUnreachable
from store.foundation.progress import Show, unseen
from store.foundation.schema import bring_up_to_date, migrate, revision_of
from store.foundation.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection as AlchemyConnection

Kind = Literal["practice", "real"]


def open_store(
    url: str | Path,
    *,
    clock: Callable[[], Instant] = wall_clock,
    show: Show = unseen,
    confirmed: bool = False,
) -> Store:
    """Open a store: a path, a `sqlite:///` or a `postgresql+psycopg://` address. An older one is migrated first.

    An import that was cut off is finished; `Store.said` tells of it. `show` shows what takes long.

    Raises:
        NeedsConfirmation: the migration warns of something, and that is not `confirmed`.
        StoreMissing: there is no store.
        StoreTooNew: it was made by a later version of the program.
        StoreUnreachable: the database does not answer, or is damaged.
    """
    engine = engine_for(url)
    try:
        bring_up_to_date(engine, show=show, confirmed=confirmed)
        return _opened(engine, _clock(engine, clock), show)
    except BaseException:
        engine.close()
        raise


def _opened(engine: Engine, clock: Callable[[], Instant], show: Show) -> Store:
    store = Store(engine, "", clock)
    with store.lend() as db:
        found = db.one(_Found, _WHAT_IT_IS)
    if found is None:
        raise StoreDamaged
    store.kind = found.kind
    if store.is_practice:
        store.clock = MovedClock(clock, found.clock_ahead)
    if found.is_cut_off:
        from store.care.file_import import finish_imports

        with suppress(StoreUnreachable):  # what can only be read is opened all the same
            store.said = finish_imports(store, show)
    return store


def kind_of(url: str | Path) -> str | None:
    """Return whether a store is a practice store or a real one, and leave it as it is: an older one is not migrated.

    None where there is no store, or the database doesn't answer.
    """
    with suppress(DomainError):
        engine = engine_for(url)
        try:
            if revision_of(engine) is not None:
                with Store(engine, "", wall_clock).lend() as db:
                    return str(db.value("SELECT kind FROM store_info"))
        finally:
            engine.close()
    return None


class _Found(NamedTuple):
    kind: str
    clock_ahead: int
    is_cut_off: bool


_WHAT_IT_IS = "SELECT kind, clock_ahead, EXISTS (SELECT 1 FROM fileimport) AS is_cut_off FROM store_info"


def create_store(url: str | Path, *, kind: Kind, clock: Callable[[], Instant] = wall_clock) -> Store:
    """Make an empty store and open it.

    Raises:
        Refused: there is one already.
    """
    engine = engine_for(url)
    if revision_of(engine) is not None:
        engine.close()
        raise Refused(_TAKEN, field="store")
    store = Store(engine, kind, _clock(engine, clock))
    engine.make()
    try:
        with store.told_in_words():
            migrate(engine, also=lambda connection: _name_it(connection, kind, clock()))
    except BaseException:
        engine.unmake()
        engine.close()
        raise
    return store


def _clock(engine: Engine, given: Callable[[], Instant]) -> Callable[[], Instant]:
    """Return the store's clock: the database's own, unless another is given."""
    return engine.clock if given is wall_clock else given


_TAKEN = "Det finns redan en databas där. Välj en annan plats."


def _name_it(connection: "AlchemyConnection", kind: Kind, now: Instant) -> None:
    """Say what the store is, in the transaction that makes it: no half-made store is ever left."""
    from sqlalchemy import insert

    from store.foundation.tables import StoreInfo

    if connection.exec_driver_sql("SELECT 1 FROM store_info").first():  # another was quicker
        raise Refused(_TAKEN, field="store")
    connection.execute(insert(StoreInfo).values(StoreInfo(kind=kind, created_at=now).model_dump()))
