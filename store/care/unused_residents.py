"""Residents who have been in the register for 12 months without any moment, and their purge (domain.md §3.7).

A moment's purge takes the resident whose last it was, at once: who stands here never had one. A child's guardian stays
as long as the child, and goes with it.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from store.care.purging import forget_resident, resident_uuid
from store.fence.erasing import unused
from store.foundation.access import Action, DataCategory, Role, Subject
from store.foundation.clock import years_after
from store.foundation.errors import NotPermitted, Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.people.residents import in_pieces

NOT_UNUSED = (
    "Invånaren {resident} kan inte gallras för sig: det finns ett moment, eller det har inte gått 12 månader sedan "
    "invånaren kom in i registret. Läs om listan."
)


def unused_until(registered_on: str) -> date:
    """Return the day from which somebody without any moment is to be purged, 12 months after an ISO date."""
    day = date.fromisoformat(registered_on)
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def unused_residents(work: ReadTransaction, among: Sequence[int] | None = None, *, shown: int = 0) -> list[int]:
    """Return who has been without any moment for 12 months and is the unit's to purge, by the day of entry.

    Part of operations.

    Args:
        work: the transaction.
        among: the ids that are asked about; None for all.
        shown: how many of them the transaction sees then, behind a fence.
    """
    last = years_after(work.today, -1).isoformat()
    if work.is_fenced:
        query = "SELECT sob_unused(:last, CAST(:among AS integer[]), :shown)"
        return work.db.values(query, last=last, among=None if among is None else list(among), shown=shown)
    query = f"SELECT r.id FROM resident r WHERE {unused(':last', ':unit')}"
    asked = {"last": last, "unit": work.actor.unit_id}
    if among is None:
        return work.db.values(f"{query} ORDER BY r.registered_on, r.id", **asked)
    pieces = in_pieces(among)
    return [one for ids, named in pieces for one in work.db.values(f"{query} AND r.id IN ({ids})", **asked, **named)]


class Register(NamedTuple):
    """A resident as the register knows them."""

    id: int
    personnummer: str
    name: str
    protection: str
    registered_on: str

    @property
    def subject(self) -> Subject:
        """The resident as what an operation touches."""
        return Subject(self.id, self.personnummer, self.name)


def registered(work: ReadTransaction, residents: Iterable[int]) -> list[Register]:
    """Return residents whom the transaction sees, by the day of entry; part of operations."""
    among = ", ".join(str(int(one)) for one in residents)
    if not among:
        return []
    return work.db.all(
        Register,
        "SELECT r.id, r.personnummer, r.family_name || ', ' || r.given_name AS name, r.protection, r.registered_on"
        f" FROM resident r WHERE r.id IN ({among}) ORDER BY r.registered_on, r.id",
    )


def choose_residents(work: Work, purge: int, residents: Sequence[int], store: str) -> None:
    """Note whom a purge has chosen, all of whom the transaction sees; part of operations. `store` is its UUID."""
    work.db.run_many(
        "INSERT INTO purgedresident (purge_id, resident_id, uuid, state, in_ledger)"
        " VALUES (:purge, :resident, :uuid, 'vald', 0)",
        [
            {"purge": purge, "resident": one.id, "uuid": resident_uuid(store, one.id, one.registered_on)}
            for one in registered(work, residents)
        ],
    )


@operation("Gallra en invånare utan moment", may={Role.DATA_ADMIN}, action=Action.PURGED, category=DataCategory.RECORD)
def purge_resident(work: Work, resident: int, purge: int) -> list[str]:
    """Remove a resident without any moment, whom a purge has chosen, from the register, in this one transaction.

    Guardians whom nobody needs then go along. Returns the numbers of who is gone, for the scan that follows.

    Raises:
        NotPermitted: no purge under way has chosen the resident.
        Refused: there is a moment by now.
    """
    if not work.db.has(
        "SELECT 1 FROM purgedresident c JOIN purge p ON p.id = c.purge_id WHERE p.id = :purge"
        " AND c.resident_id = :resident AND p.unit_id = :unit AND p.finished_at IS NULL AND c.state = 'vald'",
        purge=purge,
        resident=resident,
        unit=work.actor.unit_id,
    ):
        raise NotPermitted
    if not unused_residents(work, [resident], shown=1):
        raise Refused(NOT_UNUSED.format(resident=resident), field="invanare")
    work.db.value(f"SELECT id FROM resident WHERE id = :id{work.for_update('resident')}", id=resident)
    guardians = work.db.values("SELECT guardian_id FROM guardian WHERE child_id = :id", id=resident)
    there = {one.id: one for one in registered(work, [resident, *guardians])}
    gone = _forget(work, resident)
    if not gone:  # a moment was started while the row was waited for
        raise Refused(NOT_UNUSED.format(resident=resident), field="invanare")
    for one in gone:
        work.log(Action.PURGED, there[one].subject, f"gallring {purge}: utan moment")
    work.db.run(
        "UPDATE purgedresident SET state = 'gallrad', at = :now WHERE purge_id = :purge AND resident_id = :resident",
        now=work.now,
        purge=purge,
        resident=resident,
    )
    work.db.run("UPDATE purge SET residents = residents + :number WHERE id = :id", number=len(gone), id=purge)
    return [there[one].personnummer for one in gone]


def _forget(work: Work, resident: int) -> list[int]:
    if work.is_fenced:
        return work.db.values("SELECT sob_forget(:resident)", resident=resident)
    return forget_resident(work.db, resident)


@operation("Lämna en invånare utanför en gallring", may={Role.DATA_ADMIN}, action=Action.CHANGED)
def leave_resident(work: Work, purge: int, resident: int) -> None:
    """Note that a resident whom a purge chose could not be purged, and stays.

    Raises:
        NotPermitted: no such purge is under way on the unit.
    """
    changed = work.db.run(
        "UPDATE purgedresident SET state = 'kvar' WHERE purge_id = :purge AND resident_id = :resident"
        " AND state = 'vald' AND EXISTS (SELECT 1 FROM purge p WHERE p.id = :purge AND p.unit_id = :unit"
        " AND p.finished_at IS NULL)",
        purge=purge,
        resident=resident,
        unit=work.actor.unit_id,
    )
    if not changed:
        raise NotPermitted
    work.log(Action.CHANGED, details=f"gallring {purge}: en invånare utan moment blev kvar")
