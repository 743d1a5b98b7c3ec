"""What a purge takes, in SQL: a moment with all that is of it, and a resident of whom no moment is left.

On a server with a fence the same statements stand in functions of the owner's (`store.fence.rules`).
"""

from collections.abc import Iterator

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
    "purgestop",
    "event",
    "activitymark",
)
"""All that say whose a row is and of which moment, but for the log, which outlives it; those first that name others.

Beside them `claim` and `exportedmoment`, which say the moment alone, and `flagseen`, which says the flag.
"""


def erasing(moment: str, resident: str) -> Iterator[str]:
    """Yield the statements that erase a moment, and count its heading anew.

    Args:
        moment: what stands for the moment's id in them.
        resident: what stands for its resident's.
    """
    whose = f"resident_id = {resident} AND moment_id = {moment}"
    yield f"DELETE FROM flagseen WHERE flag_id IN (SELECT id FROM flag WHERE {whose})"
    yield f"DELETE FROM claim WHERE moment_id = {moment}"
    yield f"DELETE FROM exportedmoment WHERE moment_id = {moment}"
    yield from (f"DELETE FROM {table} WHERE {whose}" for table in TABLES)
    yield (
        f"UPDATE momentcount SET number = number - 1 WHERE EXISTS (SELECT 1 FROM moment m WHERE m.id = {moment}"
        " AND m.unit_id = momentcount.unit_id AND m.responsible_id = momentcount.responsible_id"
        " AND m.program = momentcount.program AND m.status = momentcount.status)"
    )
    yield f"DELETE FROM moment WHERE id = {moment}"


def needed(resident: str) -> str:
    """Return the query of whether somebody has to stay in the register: for a moment of their own, or a child's."""
    return (
        f"SELECT 1 FROM moment WHERE resident_id = {resident}"
        f" UNION ALL SELECT 1 FROM guardian WHERE guardian_id = {resident}"
    )


def unused(last: str, unit: str) -> str:
    """Return the condition on a resident `r` whom a unit may purge: without any moment, and nobody's guardian.

    Args:
        last: what stands for the last day of entry, an ISO date.
        unit: what stands for the unit's id. Whom no unit entered, each of them may purge.
    """
    return (
        f"r.registered_on <> '' AND r.registered_on <= {last} AND r.registered_unit_id IN (0, {unit})"
        " AND NOT EXISTS (SELECT 1 FROM moment m WHERE m.resident_id = r.id)"
        " AND r.id NOT IN (SELECT g.guardian_id FROM guardian g)"
    )


def forgetting(resident: str) -> Iterator[str]:
    """Yield the statements that take a resident out of the register, with their key."""
    yield f"DELETE FROM guardian WHERE child_id = {resident}"
    yield f"DELETE FROM residentpart WHERE resident_id = {resident}"
    yield f"DELETE FROM resident_key WHERE resident_id = {resident}"
    yield f"DELETE FROM resident WHERE id = {resident}"
