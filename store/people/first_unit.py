"""What a real store begins with: a care provider, one unit, and the first person, who lets the others in."""

from dataclasses import dataclass

from store.foundation.access import Action, DataCategory, Role, Standing
from store.foundation.contact import parse_region
from store.foundation.errors import Refused
from store.foundation.hsa_id import HsaId, same_hsa_id
from store.foundation.operation import operation
from store.foundation.text import clean_name, sort_name
from store.foundation.work import Work
from store.people.members import set_role
from store.people.provider_changes import unit_changed
from store.people.staff import Assignment, ProviderAdmin, Staff
from store.people.units import CareProvider, ServiceArea, Unit

FIRST = "den första personen i databasen"
"""Why the first administrator has the role."""


@dataclass(frozen=True)
class First:
    """What is asked when a store is made, as it was typed."""

    provider_hsa_id: str
    provider_name: str
    unit_hsa_id: str
    unit_name: str
    region: str
    hsa_id: str
    """The first person's."""
    family_name: str
    given_name: str

    def checked(self) -> "First":
        """Return it as it is written; raises `Refused` at the field that is wrong, the first first."""
        found = First(
            HsaId.parse(self.provider_hsa_id, field="vardgivare").value,
            clean_name(self.provider_name, "vardgivarnamn"),
            HsaId.parse(self.unit_hsa_id, field="enhet").value,
            clean_name(self.unit_name, "enhetsnamn"),
            parse_region(self.region),
            HsaId.parse(self.hsa_id, field="forsta").value,
            clean_name(self.family_name, "efternamn"),
            clean_name(self.given_name, "fornamn"),
        )
        if found.provider_hsa_id.casefold() == found.unit_hsa_id.casefold():
            raise Refused("Enheten ska ha ett eget HSA-id, inte vårdgivarens.", field="enhet")
        return found


@operation(
    "Börja en databas med vårdgivare, enhet och första person",
    may={Standing.OPERATOR},
    action=Action.CHANGED,
    category=DataCategory.STAFF,
)
def begin_store(work: Work, first: First) -> None:
    """Write the care provider, its unit, and the first person: behörighetsadministratör there and above the units.

    Raises:
        Refused: the provider or the person is there already, or something can't be what it should.
    """
    given = first.checked()
    for table, hsa_id, field in (
        ("careprovider", given.provider_hsa_id, "vardgivare"),
        ("staff", given.hsa_id, "forsta"),
    ):
        if work.db.has(f"SELECT 1 FROM {table} WHERE {same_hsa_id('hsa_id')}", hsa_id=hsa_id):
            raise Refused(f"{hsa_id} finns redan i databasen.", field=field)
    provider = work.add(CareProvider(hsa_id=given.provider_hsa_id, name=given.provider_name))
    unit = work.add(
        Unit(
            hsa_id=given.unit_hsa_id,
            provider_id=provider,
            name=given.unit_name,
            region=given.region,
            service_area=ServiceArea.WHOLE_COUNTRY.value,
        )
    )
    name = sort_name(given.family_name, given.given_name)
    person = work.add(
        Staff(
            hsa_id=given.hsa_id,
            family_name=given.family_name,
            given_name=given.given_name,
            sort_name=name,
            email="",
        )
    )
    work.add(Assignment(staff_id=person, unit_id=unit, sort_name=name))
    set_role(work, person, unit, Role.ACCESS_ADMIN, FIRST)
    work.add(ProviderAdmin(staff_id=person, provider_id=provider))
    what = f"{given.hsa_id}: behörighetsadministratör på {given.unit_hsa_id} och vårdgivaradministratör, {FIRST}"
    work.log(Action.CHANGED, details=what, unit_id=unit)
    unit_changed(work, unit)
