"""Who is handed out by lists, queues and searches: each resident has a row in the log, once a visit (domain.md §8).

Plain SQL: the first list is on screen before SQLModel is imported.
"""

from collections.abc import Iterable
from typing import NamedTuple

from store.foundation.access import Subject
from store.foundation.read_transaction import ReadTransaction


class _Served(NamedTuple):
    resident_id: int
    personnummer: str
    name: str
    moment_id: int
    unit_id: int
    responsible_id: int
    is_watched: bool


def serve_moments(work: ReadTransaction, place: str, moments: Iterable[int]) -> None:
    """Say in the log whose moments are handed out; see `ReadTransaction.serve`. Part of operations."""
    found = subjects_of(work, work.not_served(place, moments))
    if found:
        work.serve(place, found)


def subjects_of(work: ReadTransaction, moments: Iterable[int]) -> list[Subject]:
    """Return moments as what an operation touches, in order."""
    wanted = list(moments)
    if not wanted:
        return []
    among = ", ".join(map(str, wanted))  # numbers of our own; SQLite binds many parameters slowly
    rows = work.db.all(
        _Served,
        "SELECT m.resident_id, r.personnummer, r.family_name || ', ' || r.given_name AS name, m.id AS moment_id,"
        " m.unit_id, m.responsible_id, m.priority_flags > 0 AS is_watched"
        f" FROM moment m JOIN resident r ON r.id = m.resident_id WHERE m.id IN ({among})",
    )
    found = {row.moment_id: Subject(*row) for row in rows}
    return [found[moment] for moment in wanted]
