"""Taking a moment out of the store, with all its rows but those of the log (domain.md §13)."""

import uuid
from collections.abc import Callable, Iterable

from store.foundation.connection import Connection

TABLES = (
    "message",
    "flagattempt",
    "draft",
    "activity",
    "safetyplan",
    "refusedanswer",
    "handover",
    "formanswer",
    "flag",
    "conversation",
    "activityplan",
    "act",
    "notice",
    "timespent",
    "stepread",
    "setaside",
    "momentmodule",
    "hiddenpart",
    "formrequest",
    "event",
    "activitymark",
)
"""All that say whose a row is and of which moment, but for the log, which outlives it; those first that name others.

Beside them `claim` and `exportedmoment`, which say the moment alone, and `flagseen`, which says the flag.
"""


def moment_uuid(store: str, moment: int, started_at: int) -> str:
    """Return by what a moment is known outside its store, in the ledger of purges: it tells nothing of anybody.

    A number may come again once its moment was purged, and a moment never starts at the same time: so no other has it.

    Args:
        store: the store's UUID.
        moment: its id.
        started_at: UTC milliseconds.
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"sob-tui:{store}:{moment}:{started_at}"))


def moments_named(db: Connection, store: str, named: Callable[[str], bool]) -> list[int]:
    """Return the moments of a store whose UUIDs are among those that are named."""
    found = db.pairs("SELECT id, started_at FROM moment")
    return [moment for moment, started_at in found if named(moment_uuid(store, moment, started_at))]


def erase_moments(db: Connection, moments: Iterable[int]) -> None:
    """Erase moments, whatever state they are in, and count their headings anew; a part of operations."""
    for moment in moments:
        whose = {"moment": moment, "resident": db.value("SELECT resident_id FROM moment WHERE id = :id", id=moment)}
        db.run(f"DELETE FROM flagseen WHERE flag_id IN (SELECT id FROM flag WHERE {_WHOSE})", **whose)
        db.run("DELETE FROM claim WHERE moment_id = :moment", moment=moment)
        db.run("DELETE FROM exportedmoment WHERE moment_id = :moment", moment=moment)
        for table in TABLES:
            db.run(f"DELETE FROM {table} WHERE {_WHOSE}", **whose)
        db.run(
            "UPDATE momentcount SET number = number - 1 WHERE EXISTS (SELECT 1 FROM moment m WHERE m.id = :moment"
            " AND m.unit_id = momentcount.unit_id AND m.responsible_id = momentcount.responsible_id"
            " AND m.program = momentcount.program AND m.status = momentcount.status)",
            moment=moment,
        )
        db.run("DELETE FROM moment WHERE id = :moment", moment=moment)


_WHOSE = "resident_id = :resident AND moment_id = :moment"
