"""The open flags of moments as lists and pages say them: how urgent, and why. Plain SQL, as `lists`."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from store.foundation.flag_kinds import Severity, rank_in_sql
from store.foundation.read_transaction import ReadTransaction
from store.foundation.store import Store


class OpenFlag(NamedTuple):
    """An unhandled flag: how urgent it is, and its reason in words."""

    severity: Severity
    reason: str


Flags = dict[int, tuple[OpenFlag, ...]]
"""By moment, the most urgent first, of those the oldest."""


def flags_among(work: ReadTransaction, moments: str, **parameters: Any) -> Flags:
    """Return the open flags of some moments; part of operations.

    Args:
        work: the transaction.
        moments: a query of their `id` and `resident_id`, the one that found a page of them: asked again it is cheaper
            than a list of ids.
        parameters: the query's.
    """
    found: Flags = {}
    for row in work.db.all(_Row, _FLAGS.format(moments=moments), **parameters):
        found[row.moment_id] = (*found.get(row.moment_id, ()), OpenFlag(row.severity, row.reason))
    return found


def still_open(store: Store, unit_id: int, flags: Iterable[int]) -> set[int]:
    """Return which of some flags wait on a unit: their ids alone, to one who has written about them."""
    ids = ", ".join(map(str, flags))  # numbers of our own
    with store.lend() as db:
        sql = f"SELECT id FROM flag WHERE unit_id = :unit AND handled_at IS NULL AND id IN ({ids})"
        return set(db.values(sql, unit=unit_id))


class _Row(NamedTuple):
    moment_id: int
    severity: Severity
    reason: str


_FLAGS = (
    "SELECT f.moment_id, f.severity, f.reason FROM ({moments}) AS page"
    " JOIN flag f ON f.resident_id = page.resident_id AND f.moment_id = page.id AND f.handled_at IS NULL"
    f" ORDER BY {rank_in_sql('f.severity')}, f.raised_at, f.id"
)
