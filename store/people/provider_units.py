"""A care provider's units: added, and what they are called and who is asked, as seen from above (domain.md §7)."""

from store.foundation.access import Action
from store.foundation.contact import parse_region
from store.foundation.errors import Refused
from store.foundation.hsa_id import HsaId
from store.foundation.operation import operation
from store.foundation.text import clean
from store.foundation.work import Work
from store.people.provider_changes import unit_changed
from store.people.providers import MAY_ABOVE, provider_for, unit_below
from store.people.units import ServiceArea, Unit, unit_by_hsa_id

LINE_LIMIT = 200


@operation("Lägga till en enhet", may=MAY_ABOVE, action=Action.CHANGED)
def add_unit(
    work: Work, hsa_id: str, name: str, *, region: str = "", contact: str = "", provider: str | None = None
) -> int:
    """Add a unit to a care provider; returns its id. It serves the whole country, as every unit should (FAQ).

    Args:
        hsa_id: the unit's, as typed.
        name: what it is called.
        region: the county's two digits; empty for that of the provider's other units, where it is one.
        contact: whom the provider turns to there; may be empty.
        provider: HSA-id, where the operator has to name it.

    Raises:
        NotPermitted: as `provider_for`.
        Refused: it is no HSA-id, it is there already, or name or region is missing or wrong.
    """
    found = provider_for(work, provider)
    value = HsaId.parse(hsa_id).value
    name, contact = _name(name), _contact(contact)
    work.serialize("units")
    if unit_by_hsa_id(work.db, value) is not None:
        raise Refused(f"Enheten med HSA-id {value} finns redan.", field="hsaid")
    unit = work.add(
        Unit(
            hsa_id=value,
            provider_id=found.id,
            name=name,
            region=_region(work, region, found.id),
            service_area=ServiceArea.WHOLE_COUNTRY.value,
            contact=contact,
        )
    )
    work.log(Action.CHANGED, details=f"enheten {value} tillagd: {name}", unit_id=unit)
    unit_changed(work, unit)
    return unit


@operation("Ändra en enhets namn och kontakt", may=MAY_ABOVE, action=Action.CHANGED)
def name_unit(work: Work, unit_hsa_id: str, *, name: str | None = None, contact: str | None = None) -> None:
    """Change what a unit is called, or whom the care provider turns to there; None leaves it as it is.

    Raises:
        NotPermitted: the unit is another vårdgivare's, or there is none.
        Refused: nothing is named, or a text will not do.
    """
    unit = unit_below(work, unit_hsa_id)
    given = {
        "name": None if name is None else _name(name),
        "contact": None if contact is None else _contact(contact),
    }
    changes = {column: value for column, value in given.items() if value is not None}
    if not changes:
        raise Refused("Ange namn eller kontakt.", field="namn")
    work.db.run(
        f"UPDATE unit SET {', '.join(f'{column} = :{column}' for column in changes)} WHERE id = :id",
        **changes,
        id=unit.id,
    )
    said = ", ".join(f"{_WORDS[column]} {value or 'borttagen'}" for column, value in changes.items())
    work.log(Action.CHANGED, details=f"{unit.hsa_id}: {said}", unit_id=unit.id)
    unit_changed(work, unit.id)


_WORDS = {"name": "namn", "contact": "kontakt"}


def _name(text: str) -> str:
    name = " ".join(clean(text, multiline=False, limit=LINE_LIMIT, field="namn").split())
    if not any(character.isalpha() for character in name):
        raise Refused("Enhetens namn saknas." if not name else "Enhetens namn måste ha minst en bokstav.", field="namn")
    return name


def _contact(text: str) -> str:
    return clean(text, multiline=False, limit=LINE_LIMIT, field="kontakt").strip()


def _region(work: Work, typed: str, provider: int) -> str:
    if typed.strip():
        return parse_region(typed)
    regions = work.db.values("SELECT DISTINCT region FROM unit WHERE provider_id = :id", id=provider)
    if len(regions) != 1:
        raise Refused("Ange enhetens region: länets två siffror.", field="region")
    return str(regions[0])
