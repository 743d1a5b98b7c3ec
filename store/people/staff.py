"""Staff, their assignments on units, and their trainings (domain.md §7)."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Index, Integer, text
from sqlmodel import Field, SQLModel

from store.foundation.access import Role
from store.foundation.connection import Connection, columns
from store.foundation.hsa_id import same_hsa_id
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import BYTEWISE, EMPTY
from store.foundation.work import Work
from store.people.channels import CHANNELS
from store.people.sign_in import HELD


class Staff(SQLModel, table=True):
    """Personal: a person, who may have assignments on several units. Never deleted."""

    __table_args__ = (Index("staff_hsa_id", text("lower(hsa_id)"), unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    hsa_id: str = Field(unique=True)
    family_name: str
    given_name: str
    sort_name: str = Field(sa_type=BYTEWISE)
    email: str = ""
    mobile: str = ""
    protection: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """Skyddade personuppgifter: staff can have them too (domain.md §1)."""


# By which channels a person is told is declared with them, and is a column for each here: 1 where it is wished.
for _channel in CHANNELS.values():
    _wish = Column(_channel.wish, Integer, nullable=False, server_default=str(int(_channel.is_wished_at_first)))
    Staff.__table__.append_column(_wish)  # type: ignore[attr-defined]


class Assignment(SQLModel, table=True):
    """Uppdrag: that a person works on a unit."""

    __table_args__ = (Index("assignment_list", "unit_id", "active", "sort_name", "staff_id"),)

    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    unit_id: int = Field(primary_key=True, foreign_key="unit.id", index=True)
    active: int = 1
    """1 or 0: the two drivers agree on numbers, not on booleans."""
    sort_name: str = Field(default="", sa_type=BYTEWISE, sa_column_kwargs={"server_default": EMPTY})
    """The person's, kept here so that *Personal* is one index range."""


class AssignmentRole(SQLModel, table=True):
    """A role that an assignment carries."""

    __table_args__ = (Index("assignmentrole_unit", "unit_id", "role", "until"),)

    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    role: str = Field(primary_key=True)
    given_by: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """Förnamn Efternamn; empty for what came with the store."""
    given_at: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    reason: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    until: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """The last ISO day on which it is held; empty for no end. See `HELD`."""


class ProviderAdmin(SQLModel, table=True):
    """Vårdgivaradministratör: a role above the units."""

    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    provider_id: int = Field(primary_key=True, foreign_key="careprovider.id")


class Training(SQLModel, table=True):
    """A training that a person has gone through, for a program (its id) or for a role (its word)."""

    __table_args__ = (Index("training_renewal", "renew_on", "staff_id"),)

    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    subject: str = Field(primary_key=True)
    passed_on: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """ISO day, as a trainer's signed file says; empty for what an administrator has recorded by hand."""
    renew_on: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """ISO day on which a refresher is due; empty for never."""
    signed_by: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """The fingerprint of the trainer's key; empty as `passed_on` is."""


@dataclass(frozen=True)
class Colleague:
    """A staff member as the others see them."""

    staff_id: int
    hsa_id: str
    given_name: str
    family_name: str

    @property
    def name(self) -> str:
        """Förnamn Efternamn."""
        return f"{self.given_name} {self.family_name}"


_CLINICIANS = (
    "SELECT s.id AS staff_id, s.hsa_id, s.given_name, s.family_name FROM staff s"
    " JOIN assignment a ON a.staff_id = s.id AND a.unit_id = :unit_id AND a.active = 1"
    f" JOIN assignmentrole r ON r.staff_id = s.id AND r.unit_id = a.unit_id AND r.role = :role AND {HELD}"
)


def clinicians_of(work: ReadTransaction, unit_id: int) -> list[Colleague]:
    """Return the unit's active clinicians in Swedish order."""
    return work.db.all(Colleague, f"{_CLINICIANS} ORDER BY s.sort_name, s.id", **_clinicians(work, unit_id))


def clinician_on(work: ReadTransaction, unit_id: int, hsa_id: str) -> Colleague | None:
    """Return the unit's active clinician with the HSA-id, or None."""
    here = _clinicians(work, unit_id)
    return work.db.one(Colleague, f"{_CLINICIANS} WHERE {same_hsa_id('s.hsa_id')}", **here, hsa_id=hsa_id)


def colleague_on(db: Connection, unit_id: int, hsa_id: str) -> Colleague | None:
    """Return who has, or had, an assignment on the unit by the HSA-id, or None."""
    return db.one(
        Colleague,
        "SELECT s.id AS staff_id, s.hsa_id, s.given_name, s.family_name FROM staff s"
        " JOIN assignment a ON a.staff_id = s.id AND a.unit_id = :unit_id"
        f" WHERE {same_hsa_id('s.hsa_id')}",
        unit_id=unit_id,
        hsa_id=hsa_id,
    )


class Known(NamedTuple):
    """A person in the store, on whatever unit."""

    id: int
    hsa_id: str
    """As it was given first."""
    sort_name: str


def person_by_hsa_id(work: ReadTransaction, hsa_id: str) -> Known | None:
    """Return the person in the store; None where there is none."""
    where = same_hsa_id("hsa_id")
    return work.db.one(Known, f"SELECT {columns(Known)} FROM staff WHERE {where}", hsa_id=hsa_id)


def hold_people(work: Work) -> None:
    """Let one transaction at a time add persons to the store: two units may be about to add the same."""
    work.serialize("staff")


def hold_clinician(work: Work, unit_id: int, hsa_id: str) -> Colleague | None:
    """Return the unit's active clinician who is to have a moment, or None.

    Until the transaction ends the person stays one: nobody inactivates, or takes the role, in between.
    """
    work.db.has(
        "SELECT 1 FROM assignment a JOIN staff s ON s.id = a.staff_id"
        f" WHERE a.unit_id = :unit_id AND {same_hsa_id('s.hsa_id')}" + work.for_share("a"),
        unit_id=unit_id,
        hsa_id=hsa_id,
    )
    return clinician_on(work, unit_id, hsa_id)


def _clinicians(work: ReadTransaction, unit_id: int) -> dict[str, object]:
    return {"unit_id": unit_id, "role": Role.CLINICIAN.value, "today": work.today.isoformat()}


YOUR_CLINICIAN = "din behandlare"
"""What a resident is told in the place of the name of a staff member with skyddade personuppgifter (ours)."""


def name_for_residents(work: ReadTransaction, staff_id: int) -> str:
    """Return a staff member's name, Förnamn Efternamn, as residents may know it."""
    row = work.db.single(_Name, f"SELECT {columns(_Name)} FROM staff WHERE id = :id", id=staff_id)
    return YOUR_CLINICIAN if row.protection else f"{row.given_name} {row.family_name}"


class _Name(NamedTuple):
    given_name: str
    family_name: str
    protection: str


def is_trained(db: Connection, staff_id: int, subject: str) -> bool:
    """Whether a training for the program or role is recorded."""
    return db.has(
        "SELECT 1 FROM training WHERE staff_id = :staff_id AND subject = :subject", staff_id=staff_id, subject=subject
    )
