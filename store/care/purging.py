"""Taking a moment out of the store, with all its rows but those of the log (domain.md §13)."""

import uuid
from collections.abc import Callable, Iterable

from store.fence.erasing import erasing, forgetting, needed
from store.foundation.connection import Connection


def moment_uuid(store: str, moment: int, started_at: int) -> str:
    """Return by what a moment is known outside its store, in the ledger of purges: it tells nothing of anybody.

    A number may come again once its moment was purged, and a moment never starts at the same time: so no other has it.

    Args:
        store: the store's UUID.
        moment: its id.
        started_at: UTC milliseconds.
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"sob-tui:{store}:{moment}:{started_at}"))


def resident_uuid(store: str, resident: int, registered_on: str) -> str:
    """Return by what a resident without any moment is known in the ledger of purges: it tells nothing of anybody.

    A number may come again once its resident is gone, which is 12 months after the entry: so no other has it.

    Args:
        store: the store's UUID.
        resident: the id.
        registered_on: the day of entry, an ISO date.
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"sob-tui:{store}:resident:{resident}:{registered_on}"))


def residents_named(db: Connection, store: str, named: Callable[[str], bool]) -> list[int]:
    """Return the residents of a store, without any moment, whose UUIDs are among those that are named."""
    found = db.pairs(
        "SELECT r.id, r.registered_on FROM resident r WHERE NOT EXISTS (SELECT 1 FROM moment m"
        " WHERE m.resident_id = r.id)"
    )
    return [resident for resident, day in found if named(resident_uuid(store, resident, day))]


def moments_named(db: Connection, store: str, named: Callable[[str], bool]) -> list[int]:
    """Return the moments of a store whose UUIDs are among those that are named."""
    found = db.pairs("SELECT id, started_at FROM moment")
    return [moment for moment, started_at in found if named(moment_uuid(store, moment, started_at))]


def erase_moments(db: Connection, moments: Iterable[int]) -> None:
    """Erase moments, whatever state they are in, and count their headings anew; a part of operations."""
    for moment in moments:
        resident = db.value("SELECT resident_id FROM moment WHERE id = :id", id=moment)
        for statement in erasing(":moment", ":resident"):
            db.run(statement, moment=moment, resident=resident)


def forget_resident(db: Connection, resident: int) -> list[int]:
    """Remove a resident without a moment from the register, and guardians without any child left; returns their ids.

    A part of operations.
    """
    if db.has(needed(":resident"), resident=resident):
        return []
    guardians = db.values("SELECT guardian_id FROM guardian WHERE child_id = :resident", resident=resident)
    for statement in forgetting(":resident"):
        db.run(statement, resident=resident)
    return [resident, *(gone for one in guardians for gone in forget_resident(db, one))]


def erase_for_good(db: Connection, moments: Iterable[int]) -> None:
    """Erase moments, and residents whom no moment needs then: what was purged before goes once more after a restore."""
    for moment in moments:
        resident = db.value("SELECT resident_id FROM moment WHERE id = :id", id=moment)
        erase_moments(db, [moment])
        forget_resident(db, resident)
