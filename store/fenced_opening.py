"""How a real store on a server is made and upgraded by its owner's address, with roles and fence."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from store.foundation.access import Actor
from store.foundation.connection import Connection
from store.foundation.engine import Engine
from store.foundation.errors import Refused, StoreMissing, StoreTooNew
from store.foundation.keys import StoreKeys
from store.foundation.log import AccessLog
from store.foundation.schema import REVISIONS, migrate, revision_of
from store.foundation.store import Store
from store.foundation.work import Work
from store.opening import TAKEN, WHAT_IT_IS, FoundStore, Made, check_keys, engine_with, is_taken, name_store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection as AlchemyConnection

T = TypeVar("T")


class Fencing(NamedTuple):
    """With which roles a store on a server is made."""

    runtime: str
    operator: str


def create_fenced_store(
    url: str, keys: StoreKeys, made: Made, fencing: Fencing, actor: Actor, fill: Callable[[Work], T]
) -> T:
    """Make a real store on a server by its owner's address, roles and fence and first rows, in one transaction.

    Args:
        url: the address, with the role that is to own it.
        keys: its new keys.
        made: by what it is known.
        fencing: the roles that it will be used through; they are made where they are not there.
        actor: the operator.
        fill: writes what it begins with; what it returns is returned.

    Raises:
        Refused: there is one already, or the roles can't be what they should.
    """
    from store.fence.raising import raise_fence
    from store.fence.roles import make_roles, owner_of
    from store.fence.rules import Roles

    engine = engine_with(url, keys)
    filled: list[T] = []

    def finish(sql: "AlchemyConnection") -> None:
        db = engine.speaking(sql.connection.driver_connection)
        roles = Roles(owner_of(db), *fencing)
        make_roles(db, roles)
        name_store(sql, "real", engine.clock(), keys, made)
        raise_fence(db, roles)
        filled.append(_carried_out(engine, sql, keys, actor, fill))

    try:
        if is_taken(engine):
            raise Refused(TAKEN, field="store")
        with engine.lend() as db:
            owner_of(db)
        with Store(engine, "real").told_in_words():
            migrate(engine, also=finish)
    finally:
        engine.close()
    return filled[0]


def upgrade_fenced_store(
    url: str,
    keys: StoreKeys | None,
    fencing: Fencing,
    actor: Actor,
    note: Callable[[Work, str], None],
    *,
    confirmed: bool,
) -> str:
    """Bring a real store on a server up to date by its owner's address, and raise its fence anew.

    Args:
        url: the address, with the role that owns it.
        keys: its keys.
        fencing: the roles that it is to be used through, where it was restored or moved there and has none yet.
        actor: the operator.
        note: says in the log from which revision it was brought.
        confirmed: whether what a migration warns of is confirmed.

    Returns:
        The revision that it was at.

    Raises:
        FenceBroken: the address is not its owner's.
        Refused: it is a practice store, or the roles can't be what they should.
        NeedsConfirmation, StoreMissing, StoreTooNew: as `open_store`.
    """
    from store.fence.raising import PASS
    from store.fence.roles import require_owner

    engine = engine_with(url, keys)

    def begin(sql: "AlchemyConnection") -> None:
        require_owner(engine.speaking(sql.connection.driver_connection))
        sql.exec_driver_sql(PASS)

    def finish(sql: "AlchemyConnection") -> None:
        _raise_fence_anew(engine.speaking(sql.connection.driver_connection), keys, fencing)
        _carried_out(engine, sql, keys, actor, lambda work: note(work, before))

    try:
        before = _known_revision(engine)
        with Store(engine, "real").told_in_words():
            migrate(engine, first=begin, also=finish, confirmed=confirmed, keys=keys)
    finally:
        engine.close()
    return before


def _known_revision(engine: Engine) -> str:
    """Return the revision that a store is at; raises `StoreMissing` and `StoreTooNew`."""
    found = revision_of(engine)
    if found is None:
        raise StoreMissing
    if found not in REVISIONS:
        raise StoreTooNew
    return found


def _raise_fence_anew(db: Connection, keys: StoreKeys | None, fencing: Fencing) -> None:
    """Raise a real store's fence for the roles that it knows, or for those given where it knows none.

    Raises:
        Refused: it is a practice store, these are not its keys, or the roles can't be what they should.
    """
    from store.fence.raising import raise_fence
    from store.fence.roles import make_roles, owner_of
    from store.fence.rules import Roles

    found = db.single(FoundStore, WHAT_IT_IS)
    check_keys(found, keys)
    if found.kind != "real":
        raise Refused(NO_FENCE)
    roles = Roles(owner_of(db), found.runtime_role or fencing.runtime, found.operator_role or fencing.operator)
    make_roles(db, roles)
    raise_fence(db, roles)


NO_FENCE = "En övningsmiljö uppgraderas av den som öppnar den. Det här gäller en databas med riktiga invånare."


def _carried_out(
    engine: Engine, sql: "AlchemyConnection", keys: StoreKeys | None, actor: Actor, act: Callable[[Work], T]
) -> T:
    """Carry something out in the transaction that makes or upgrades a store, as its owner."""
    from store.fence.raising import PASS

    sql.exec_driver_sql(PASS)
    work = Work(engine, "real", actor, engine.clock(), sql, None, AccessLog(keys=keys), keys)
    done = act(work)
    work.close()
    return done
