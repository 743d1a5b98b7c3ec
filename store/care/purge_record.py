"""The record of purges: what each chose, what is done of it, and what the ledger has (domain.md §3.7).

It names moments, and residents without any, by their numbers and UUIDs, and nobody but who purges: it outlives what was
purged.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.care.purge_stops import IS_STOPPED
from store.foundation.clock import Instant
from store.foundation.connection import Connection
from store.foundation.read_transaction import ReadTransaction


class State(StrEnum):
    """What came of a moment, or a resident without any, that was chosen."""

    CHOSEN = "vald"
    PURGED = "gallrad"
    LEFT = "kvar"
    """It was stopped, or left the unit, after it was chosen; a resident: has a moment by now."""


class Purge(SQLModel, table=True):
    """A purge. One that is cut off has no `finished_at`; it names nobody but who purges."""

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(index=True)
    actor_hsa_id: str
    actor_name: str
    begun_at: int = Field(sa_type=BigInteger)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
    decision: str
    """The gallringsbeslut as it was: text, reference and day."""
    reference: str
    decided_on: str
    chosen: int
    residents: int = 0
    """How many left the register, guardians whom nobody needed among them."""
    certificate: str = ""
    """As it was signed, or JSON without a signature; empty until the purge is finished."""


class PurgedMoment(SQLModel, table=True):
    """A moment that a purge has chosen, and when it was purged."""

    __table_args__ = {"sqlite_with_rowid": False}

    purge_id: int = Field(primary_key=True)
    moment_id: int = Field(primary_key=True)
    uuid: str
    """As in the ledger (`store.care.purging.moment_uuid`)."""
    program: str
    started_in: str
    """The month, as YYYY-MM: the certificate says from when the moments were."""
    state: str = State.CHOSEN.value
    at: int | None = Field(default=None, sa_type=BigInteger)
    in_ledger: int = 0


class PurgedResident(SQLModel, table=True):
    """A resident without any moment whom a purge has chosen, and when they left the register."""

    __table_args__ = {"sqlite_with_rowid": False}

    purge_id: int = Field(primary_key=True)
    resident_id: int = Field(primary_key=True)
    uuid: str
    """As in the ledger (`store.care.purging.resident_uuid`)."""
    state: str = State.CHOSEN.value
    at: int | None = Field(default=None, sa_type=BigInteger)
    in_ledger: int = 0


class PurgedExport(SQLModel, table=True):
    """How many of a purge's moments an export held: who got them is to be told."""

    __table_args__ = {"sqlite_with_rowid": False}

    purge_id: int = Field(primary_key=True)
    export_id: int = Field(primary_key=True)
    moments: int


class Unfinished(NamedTuple):
    """A purge that was cut off."""

    id: int
    chosen: int
    left: int
    """Moments, and residents without any, that are still to be purged."""


class Standing(NamedTuple):
    """How a unit stands with its purges, for its duties."""

    last_at: Instant | None
    """When a purge was finished last."""
    overdue: int
    """Moments whose *Gallras senast* has passed, running ones too, but for those with a gallringsstopp."""
    next_day: str
    """The next *Gallras senast*, an ISO date; empty where there is none."""


def unfinished_purge(work: ReadTransaction) -> Unfinished | None:
    """Return the unit's purge that was cut off, None where there is none; part of operations."""
    return work.db.one(
        Unfinished,
        "SELECT p.id, p.chosen, (SELECT count(*) FROM purgedmoment c WHERE c.purge_id = p.id AND c.state = 'vald')"
        " + (SELECT count(*) FROM purgedresident c WHERE c.purge_id = p.id AND c.state = 'vald')"
        ' AS "left" FROM purge p WHERE p.unit_id = :unit AND p.finished_at IS NULL ORDER BY p.id LIMIT 1',
        unit=work.actor.unit_id,
    )


def moments_left(db: Connection, purge: int) -> list[int]:
    """Return the moments that a purge has chosen and not purged yet, in order."""
    return db.values(
        "SELECT moment_id FROM purgedmoment WHERE purge_id = :id AND state = 'vald' ORDER BY moment_id", id=purge
    )


def residents_left(db: Connection, purge: int) -> list[int]:
    """Return the residents whom a purge has chosen and not purged yet, in order."""
    return db.values(
        "SELECT resident_id FROM purgedresident WHERE purge_id = :id AND state = 'vald' ORDER BY resident_id", id=purge
    )


def purged_moments(db: Connection, moments: Sequence[int]) -> dict[int, int]:
    """Return when each of some moments was purged, the latest time; those that were not are left out."""
    if not moments:
        return {}
    among = ", ".join(str(int(one)) for one in set(moments))
    return dict(
        db.pairs(
            f"SELECT moment_id, max(at) FROM purgedmoment WHERE state = 'gallrad' AND moment_id IN ({among})"
            " GROUP BY moment_id"
        )
    )


class NotInLedger(NamedTuple):
    """A purged moment, or resident, that no line of the ledger tells of yet."""

    purge_id: int
    moment_id: int
    """0 where it is a resident without any."""
    resident_id: int
    """0 where it is a moment."""
    uuid: str
    at: int


def not_in_ledger(db: Connection) -> list[NotInLedger]:
    """Return what the ledger lacks, the oldest first; of all units."""
    return db.all(
        NotInLedger,
        "SELECT purge_id, moment_id, 0 AS resident_id, uuid, at FROM purgedmoment WHERE state = 'gallrad'"
        " AND in_ledger = 0 UNION ALL SELECT purge_id, 0, resident_id, uuid, at FROM purgedresident"
        " WHERE state = 'gallrad' AND in_ledger = 0 ORDER BY at, purge_id, moment_id, resident_id",
    )


def note_in_ledger(db: Connection, lines: Sequence[NotInLedger]) -> None:
    """Note that the ledger has them."""
    db.run_many(
        "UPDATE purgedmoment SET in_ledger = 1 WHERE purge_id = :purge_id AND moment_id = :moment_id",
        [{"purge_id": one.purge_id, "moment_id": one.moment_id} for one in lines if one.moment_id],
    )
    db.run_many(
        "UPDATE purgedresident SET in_ledger = 1 WHERE purge_id = :purge_id AND resident_id = :resident_id",
        [{"purge_id": one.purge_id, "resident_id": one.resident_id} for one in lines if one.resident_id],
    )


def purge_standing(db: Connection, unit: int, today: date) -> Standing:
    """Return how a unit stands with its purges: what a recurring duty asks; part of operations."""
    day = today.isoformat()
    held = f"m.unit_id = :unit AND NOT {IS_STOPPED}"
    return Standing(
        db.value("SELECT max(finished_at) FROM purge WHERE unit_id = :unit", unit=unit),
        db.value(f"SELECT count(*) FROM moment m WHERE {held} AND m.purge_by < :today", unit=unit, today=day),
        db.value(
            f"SELECT coalesce(min(m.purge_by), '') FROM moment m WHERE {held} AND m.purge_by >= :today",
            unit=unit,
            today=day,
        ),
    )
