"""Care providers and units (domain.md §1, §7)."""

from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from store.foundation.clock import Instant, next_hour
from store.foundation.connection import Connection
from store.foundation.tables import EMPTY

COLLECT_HOUR = 9
"""*Uppsamlat* goes once a day in the forenoon (guide); the hour is ours, unless a unit has its own."""


def _days(days: int) -> Any:
    """A threshold in days; 0 raises nothing."""
    return Field(default=days, sa_column_kwargs={"server_default": str(days)})


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
    collect_hour: int = Field(default=COLLECT_HOUR, sa_column_kwargs={"server_default": str(COLLECT_HOUR)})
    """The hour in Stockholm at which collected aviseringar go out."""
    risk_instruction: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """What to do at a risk answer; shown beside every prioriterad flagga."""
    silent_days: int = _days(14)
    """Without activity, until a flag is raised."""
    never_days: int = _days(7)
    """From the start without a first activity, until a flag is raised."""
    missing_days: int = _days(3)
    """After a form was due, until a flag is raised."""
    unanswered_days: int = _days(2)
    """Working days without an answer to the resident, after which a flag is raised."""


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


def collects_at(db: Connection, unit_id: int, now: Instant) -> Instant:
    """Return when the unit's collected aviseringar go out next."""
    found = db.row("SELECT collect_hour FROM unit WHERE id = :unit_id", unit_id=unit_id)
    assert found is not None
    return next_hour(now, found[0])


def serves(db: Connection, unit_id: int, region: str) -> bool:
    """Whether the unit's betjäningsområde takes in a resident registered in the region."""
    found = db.row("SELECT region, service_area FROM unit WHERE id = :unit_id", unit_id=unit_id)
    assert found is not None
    return bool(found[1] == ServiceArea.WHOLE_COUNTRY or found[0] == region)
