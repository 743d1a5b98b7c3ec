"""Which prioriterade flaggor wait on a unit; imports little, since it is asked for at every sign-in."""

from store.foundation.connection import Connection
from store.foundation.flag_kinds import Severity


def unhandled_priority_flags(db: Connection, unit_id: int | None) -> frozenset[int]:
    """Return the ids of a unit's prioriterade flaggor that nobody has handled (domain.md §4)."""
    return frozenset(
        db.values(
            "SELECT id FROM flag WHERE unit_id = :unit AND severity = :priority AND handled_at IS NULL",
            unit=unit_id,
            priority=Severity.PRIORITY.value,
        )
    )
