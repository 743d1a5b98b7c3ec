"""Care providers and units (domain.md §1, §7)."""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Column, Index, Integer, text
from sqlmodel import Field, SQLModel

from store.foundation.clock import Instant, next_hour
from store.foundation.connection import Connection, columns
from store.foundation.flag_kinds import THRESHOLDS
from store.foundation.hsa_id import same_hsa_id
from store.foundation.tables import EMPTY
from store.people.session_clock import IDLE_MINUTES, LOCK_MINUTES

COLLECT_HOUR = 9
"""*Uppsamlat* goes once a day in the forenoon (guide); the hour is ours, unless a unit has its own."""


CLAIM_MINUTES = 30
"""How long somebody is on a flag after *Jag tar den*, unless a unit has its own; ours (domain.md §4)."""


SUPPORT = "IT-kundservice, telefon 14141, eller ett ärende i Tjänstekatalogen."
"""Where questions of the platform go (FAQ), unless a unit has its own words."""


THRESHOLD = 5
"""Statistics hide a number below it (domain.md §7), unless a vårdgivare has its own."""


LOG_YEARS = 5
"""How long the log is kept at least (HSLF-FS 2016:40 4 kap. 9 §), and unless a vårdgivare has decided otherwise."""


class ServiceArea(StrEnum):
    """Betjäningsområde: whom a unit may serve."""

    WHOLE_COUNTRY = "hela-landet"
    OWN_REGION = "egen-region"


class CareProvider(SQLModel, table=True):
    """Vårdgivare."""

    __table_args__ = (Index("careprovider_hsa_id", text("lower(hsa_id)"), unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    hsa_id: str = Field(unique=True)
    name: str
    purge_decision: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """Gallringsbeslut: what it says. See `store.people.provider_settings` for this and all that follows."""
    purge_reference: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    purge_decided_on: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """ISO day."""
    agreement: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """The reference of a private vårdgivare's agreement; empty for who is none."""
    agreement_ends: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """Its last ISO day; empty for no end."""
    statistics_threshold: int = Field(default=THRESHOLD, sa_column_kwargs={"server_default": str(THRESHOLD)})
    log_years: int = Field(default=LOG_YEARS, sa_column_kwargs={"server_default": str(LOG_YEARS)})
    log_decision: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    backup_days: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Days for which backups are kept; 0 where nobody has said."""


class Unit(SQLModel, table=True):
    """Enhet."""

    __table_args__ = (Index("unit_hsa_id", text("lower(hsa_id)"), unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    hsa_id: str = Field(unique=True)
    provider_id: int = Field(foreign_key="careprovider.id")
    name: str
    region: str
    """Two-digit county code."""
    service_area: str
    contact: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """Whom the vårdgivare turns to at the unit, and how that one is reached."""
    collect_hour: int = Field(default=COLLECT_HOUR, sa_column_kwargs={"server_default": str(COLLECT_HOUR)})
    """The hour in Stockholm at which collected aviseringar go out."""
    risk_instruction: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """What to do at a risk answer; shown beside every prioriterad flagga."""
    support: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """Whom staff turn to with questions of the platform; empty for the region's (`SUPPORT`)."""
    super_users: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """The unit's superanvändare, whom colleagues ask first, and how they are reached; empty where nobody is named."""
    trainer_keys: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """Fingerprints of the trainers' keys whose signature the unit relies on, a line each."""
    claim_minutes: int = Field(default=CLAIM_MINUTES, sa_column_kwargs={"server_default": str(CLAIM_MINUTES)})
    """Minutes after which *Jag tar den* ends by itself."""
    crisis_numbers_confirmed: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """ISO day on which the unit confirmed the crisis numbers; empty where it has not."""
    lock_minutes: int = Field(default=LOCK_MINUTES, sa_column_kwargs={"server_default": str(LOCK_MINUTES)})
    """Minutes without a key after which the screen is covered, in a real store."""
    idle_minutes: int = Field(default=IDLE_MINUTES, sa_column_kwargs={"server_default": str(IDLE_MINUTES)})
    """Minutes without a key, or a command, after which a session is over."""
    role_training: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """1 where giving a role without its training recorded is warned."""


# A unit's thresholds of flags are declared with their kinds, and are columns here: days, 0 for never.
for _threshold in THRESHOLDS:
    _column = Column(_threshold.column, Integer, nullable=False, server_default=str(_threshold.default))
    Unit.__table__.append_column(_column)  # type: ignore[attr-defined]


class OpenProgram(SQLModel, table=True):
    """A program that is open to a unit."""

    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    program: str = Field(primary_key=True)
    contact_name: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """The unit's own contact person for the program; empty for the program's."""
    contact_email: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    contact_phone: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    end_reasons: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """The unit's own avslutningsorsaker beside the program's, a line each."""
    training: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """`ja` or `nej` where the unit has decided who must have training; empty for what the program says."""


class FoundUnit(NamedTuple):
    """A unit that somebody has named by its HSA-id."""

    id: int
    hsa_id: str
    """As it was given first."""
    name: str


def unit_by_hsa_id(db: Connection, hsa_id: str) -> FoundUnit | None:
    """Return the unit, None where there is none."""
    return db.one(FoundUnit, f"SELECT {columns(FoundUnit)} FROM unit WHERE {same_hsa_id('hsa_id')}", hsa_id=hsa_id)


def is_of_same_provider(db: Connection, unit_id: int, other_id: int | None) -> bool:
    """Whether two units are the same vårdgivare's."""
    return db.has(
        "SELECT 1 FROM unit a JOIN unit b ON b.provider_id = a.provider_id WHERE a.id = :unit AND b.id = :other",
        unit=unit_id,
        other=other_id,
    )


def is_open(db: Connection, unit_id: int, program: str) -> bool:
    """Whether the program is open to the unit."""
    return db.has(
        "SELECT 1 FROM openprogram WHERE unit_id = :unit_id AND program = :program", unit_id=unit_id, program=program
    )


def collects_at(db: Connection, unit_id: int, now: Instant) -> Instant:
    """Return when the unit's collected aviseringar go out next."""
    return next_hour(now, db.value("SELECT collect_hour FROM unit WHERE id = :unit_id", unit_id=unit_id))


def super_users_of(db: Connection, unit_id: int | None) -> str:
    """Return who the unit's superanvändare are; empty where nobody is named."""
    return str(db.value("SELECT super_users FROM unit WHERE id = :unit_id", unit_id=unit_id or 0) or "")


def trainer_keys_of(db: Connection, unit_id: int | None) -> str:
    """Return the fingerprints of the trainers' keys that the unit has recorded, a line each."""
    return str(db.value("SELECT trainer_keys FROM unit WHERE id = :unit_id", unit_id=unit_id or 0) or "")


def own_support(db: Connection, unit_id: int | None) -> str:
    """Return whom the unit has said that its staff turn to; empty where it is the region's."""
    return str(db.value("SELECT support FROM unit WHERE id = :unit_id", unit_id=unit_id or 0) or "")


_ASK_THE_PLATFORM = "ring IT-kundservice på 14141 eller skriv önskemålet i Tjänstekatalogen."
"""Where the FAQ sends who wants a program opened, unless the unit has its own support."""


def way_to_open(db: Connection, unit_id: int) -> str:
    """Return how a program that is not open to a unit is asked for."""
    asking = f"vänd dig till: {own}" if (own := own_support(db, unit_id)) else _ASK_THE_PLATFORM
    return f"Kontakta din chef; när du har fått ok, {asking}"


def serves(db: Connection, unit_id: int, region: str) -> bool:
    """Whether the unit's betjäningsområde takes in a resident registered in the region."""
    unit = db.single(_Serves, f"SELECT {columns(_Serves)} FROM unit WHERE id = :unit_id", unit_id=unit_id)
    return unit.service_area is ServiceArea.WHOLE_COUNTRY or unit.region == region


class _Serves(NamedTuple):
    region: str
    service_area: ServiceArea
