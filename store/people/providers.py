"""Whose care provider somebody acts for above the units, and which units are below (domain.md §1)."""

from typing import NamedTuple

from store.foundation.access import Role, Standing, Who
from store.foundation.connection import columns
from store.foundation.errors import NotPermitted, Refused
from store.foundation.hsa_id import hsa_key, same_hsa_id
from store.foundation.read_transaction import ReadTransaction
from store.people.sign_in import StaffActor
from store.people.units import FoundUnit, unit_by_hsa_id

MAY_ABOVE: frozenset[Who] = frozenset({Role.PROVIDER_ADMIN, Standing.OPERATOR})
"""Who sees to what is above the units."""


class FoundProvider(NamedTuple):
    """A care provider that somebody acts for."""

    id: int
    hsa_id: str
    name: str


def provider_for(work: ReadTransaction, hsa_id: str | None = None) -> FoundProvider:
    """Return the care provider that is meant: of a vårdgivaradministratör the own, of the operator the named or only.

    Raises:
        NotPermitted: there is none by that HSA-id, or the one who acts does not stand above it.
        Refused: there are several, and none was named.
    """
    found = work.db.all(FoundProvider, f"SELECT {columns(FoundProvider)} FROM careprovider ORDER BY hsa_id")
    if isinstance(work.actor, StaffActor):
        found = [one for one in found if hsa_key(one.hsa_id) == hsa_key(work.actor.provider_hsa_id)]
    meant = [one for one in found if hsa_id is None or hsa_key(one.hsa_id) == hsa_key(hsa_id)]
    if not meant:
        raise NotPermitted
    if len(meant) > 1:
        named = ", ".join(f"{one.name} ({one.hsa_id})" for one in meant)
        raise Refused(f"Det finns flera vårdgivare: {named}. Ange vilken med --vardgivare.", field="vardgivare")
    return meant[0]


def unit_below(work: ReadTransaction, hsa_id: str) -> FoundUnit:
    """Return a unit that the one who acts stands above.

    Raises:
        NotPermitted: it is another vårdgivare's, or there is none.
    """
    unit = unit_by_hsa_id(work.db, hsa_id)
    if unit is None or not _stands_above(work, unit.id):
        raise NotPermitted
    return unit


def _stands_above(work: ReadTransaction, unit_id: int) -> bool:
    if not isinstance(work.actor, StaffActor):
        return True
    return work.db.has(
        f"SELECT 1 FROM unit u JOIN careprovider c ON c.id = u.provider_id WHERE u.id = :unit"
        f" AND {same_hsa_id('c.hsa_id', 'provider')}",
        unit=unit_id,
        provider=work.actor.provider_hsa_id,
    )
