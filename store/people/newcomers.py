"""Who an HSA-id means, before anybody is added by it: the name is seen first, as a resident's is (ours)."""

from typing import NamedTuple

from store.foundation.access import Action, DataCategory, Role
from store.foundation.hsa_id import HsaId, same_hsa_id
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.people.assignments import refuse_known


class Newcomer(NamedTuple):
    """Somebody in the store who is not on the unit."""

    hsa_id: str
    """As it was given first."""
    given_name: str
    family_name: str
    units: tuple[str, ...] = ()
    """The names of the units with an active assignment."""


class _Known(NamedTuple):
    hsa_id: str
    given_name: str
    family_name: str


@operation("Se vem som har ett HSA-id", may={Role.ACCESS_ADMIN}, action=Action.LISTED, category=DataCategory.STAFF)
def look_up_staff(work: ReadTransaction, hsa_id: str) -> Newcomer | None:
    """Return who has the HSA-id on another unit, or on none; None where it is new to the store.

    Raises:
        Refused: it is no HSA-id.
        AlreadyThere: the person is on the unit already, active or not.
    """
    value = HsaId.parse(hsa_id).value
    refuse_known(work, value, work.actor.unit_id or 0)
    found = work.db.one(
        _Known,
        f"SELECT hsa_id, given_name, family_name FROM staff WHERE {same_hsa_id('hsa_id')}",
        hsa_id=value,
    )
    work.log(Action.LISTED, details=f"{found.hsa_id if found else value}: {'känd' if found else 'ny'} i databasen")
    if found is None:
        return None
    units = work.db.values(
        "SELECT u.name FROM assignment a JOIN unit u ON u.id = a.unit_id JOIN staff s ON s.id = a.staff_id"
        f" WHERE a.active = 1 AND {same_hsa_id('s.hsa_id')} ORDER BY u.name, u.id",
        hsa_id=value,
    )
    return Newcomer(*found, tuple(map(str, units)))
