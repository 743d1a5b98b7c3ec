"""Care providers and units (domain.md §1, §7)."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from store.foundation.connection import Connection


class ServiceArea(StrEnum):
    """Betjäningsområde: whom a unit may serve."""

    WHOLE_COUNTRY = "hela-landet"
    OWN_REGION = "egen-region"


class CareProvider(SQLModel, table=True):
    """Vårdgivare."""

    id: int | None = Field(default=None, primary_key=True)
    hsa_id: str = Field(unique=True)
    name: str


class Unit(SQLModel, table=True):
    """Enhet."""

    id: int | None = Field(default=None, primary_key=True)
    hsa_id: str = Field(unique=True)
    provider_id: int = Field(foreign_key="careprovider.id")
    name: str
    region: str
    """Two-digit county code."""
    service_area: str


class OpenProgram(SQLModel, table=True):
    """A program that is open to a unit."""

    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    program: str = Field(primary_key=True)


def is_open(db: Connection, unit_id: int, program: str) -> bool:
    """Whether the program is open to the unit."""
    return bool(
        db.row(
            "SELECT 1 FROM openprogram WHERE unit_id = :unit_id AND program = :program",
            unit_id=unit_id,
            program=program,
        )
    )


def serves(db: Connection, unit_id: int, region: str) -> bool:
    """Whether the unit's betjäningsområde takes in a resident registered in the region."""
    found = db.row("SELECT region, service_area FROM unit WHERE id = :unit_id", unit_id=unit_id)
    assert found is not None
    return bool(found[1] == ServiceArea.WHOLE_COUNTRY or found[0] == region)
