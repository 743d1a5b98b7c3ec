"""A key for each resident, made with them in a store with keys, and wrapped by its data key (domain.md §13).

It seals what is kept of a resident outside the store's own encryption: drafts on disk. Whoever destroys it has
destroyed all that was sealed with it, wherever copies of that lie.
"""

from collections.abc import Iterable

from sqlmodel import Field, SQLModel

from store.foundation.connection import Connection
from store.foundation.errors import InvariantBroken, RowDamaged
from store.foundation.keys import StoreKeys, new_key, unwrap_resident_key, wrap_resident_key
from store.foundation.store import Store
from store.foundation.work import Work


class ResidentKey(SQLModel, table=True):
    """A resident's own key; a store without keys has none."""

    __tablename__ = "resident_key"

    resident_id: int = Field(primary_key=True, foreign_key="resident.id")
    wrapped: str
    """Sealed with the store's data key (`store.foundation.keys.wrap_resident_key`)."""


def number_residents(work: Work, number: int) -> list[int]:
    """Number new residents and make the keys that `give_keys` gives them; part of operations.

    Only where their own rows are sealed with those: elsewhere none are numbered.
    """
    seals = work.db.seals
    if seals is None:
        return []
    ids = seals.new_ids(work.db.driver, "resident", number)
    for one in ids:
        seals.learn(one, new_key())
    return ids


def give_keys(work: Work, residents: Iterable[int]) -> None:
    """Give new residents their keys; part of operations. A store without keys gives none."""
    if (keys := work.keys) is not None:
        work.db.run_many(
            "INSERT INTO resident_key (resident_id, wrapped) VALUES (:resident_id, :wrapped)",
            [{"resident_id": one, "wrapped": wrap_resident_key(keys, one, _new_key(work, one))} for one in residents],
        )


def _new_key(work: Work, resident: int) -> bytes:
    if work.db.seals is None:
        return new_key()
    key = work.db.seals.known(resident)
    if key is None:
        raise InvariantBroken("a resident came into the register without `number_residents`")
    return key


def resident_key(db: Connection, keys: StoreKeys, resident_id: int) -> bytes:
    """Return a resident's key, 32 bytes. Leaves no log row: it tells nothing of the resident.

    Raises:
        RowDamaged: there is none, or it does not open.
    """
    wrapped = db.value("SELECT wrapped FROM resident_key WHERE resident_id = :resident", resident=resident_id)
    if wrapped is None:
        raise RowDamaged
    return unwrap_resident_key(keys, resident_id, wrapped)


def moment_key(store: Store, moment: int) -> bytes | None:
    """Return the key of the resident of a moment; None where the store has no keys, or there is no such moment.

    Raises:
        RowDamaged: it does not open.
        StoreUnreachable: the database is gone.
    """
    if store.keys is None:
        return None
    with store.lend() as db:
        resident = db.value("SELECT resident_id FROM moment WHERE id = :moment", moment=moment)
        return None if resident is None else resident_key(db, store.keys, resident)


def rewrap_keys(db: Connection, old: StoreKeys, new: StoreKeys) -> None:
    """Wrap every resident's key anew: the data key is another one."""
    wrapped = db.pairs("SELECT resident_id, wrapped FROM resident_key")
    db.run_many(
        "UPDATE resident_key SET wrapped = :wrapped WHERE resident_id = :resident_id",
        [
            {"resident_id": one, "wrapped": wrap_resident_key(new, one, unwrap_resident_key(old, one, sealed))}
            for one, sealed in wrapped
        ],
    )
