"""Staff, their assignments on units, and their trainings (domain.md §7)."""

from dataclasses import dataclass

from sqlmodel import Field, SQLModel

from store.foundation.access import Role
from store.foundation.connection import Connection
from store.foundation.tables import BYTEWISE


class Staff(SQLModel, table=True):
    """Personal: a person, who may have assignments on several units. Never deleted."""

    id: int | None = Field(default=None, primary_key=True)
    hsa_id: str = Field(unique=True)
    family_name: str
    given_name: str
    sort_name: str = Field(sa_type=BYTEWISE)
    email: str = ""
    mobile: str = ""
    notify_email: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """1 where the person receives notifieringar by e-mail, as is so until it is changed (ours)."""
    notify_mobile: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Assignment(SQLModel, table=True):
    """Uppdrag: that a person works on a unit."""

    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    unit_id: int = Field(primary_key=True, foreign_key="unit.id", index=True)
    active: int = 1
    """1 or 0: the two drivers agree on numbers, not on booleans."""


class AssignmentRole(SQLModel, table=True):
    """A role that an assignment carries."""

    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    role: str = Field(primary_key=True)


class ProviderAdmin(SQLModel, table=True):
    """Vårdgivaradministratör: a role above the units."""

    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    provider_id: int = Field(primary_key=True, foreign_key="careprovider.id")


class Training(SQLModel, table=True):
    """A training that a person has gone through, for a program (its id) or for a role (its word)."""

    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    subject: str = Field(primary_key=True)


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
    "SELECT s.id, s.hsa_id, s.given_name, s.family_name FROM staff s"
    " JOIN assignment a ON a.staff_id = s.id AND a.unit_id = :unit_id AND a.active = 1"
    " JOIN assignmentrole r ON r.staff_id = s.id AND r.unit_id = a.unit_id AND r.role = :role"
)


def clinicians_of(db: Connection, unit_id: int) -> list[Colleague]:
    """Return the unit's active clinicians in Swedish order."""
    rows = db.rows(f"{_CLINICIANS} ORDER BY s.sort_name, s.id", unit_id=unit_id, role=Role.CLINICIAN.value)
    return [Colleague(*row) for row in rows]


def clinician_on(db: Connection, unit_id: int, hsa_id: str) -> Colleague | None:
    """Return the unit's active clinician with the HSA-id, or None."""
    row = db.row(f"{_CLINICIANS} WHERE s.hsa_id = :hsa_id", unit_id=unit_id, role=Role.CLINICIAN.value, hsa_id=hsa_id)
    return Colleague(*row) if row else None


def colleague_on(db: Connection, unit_id: int, hsa_id: str) -> Colleague | None:
    """Return who has, or had, an assignment on the unit by the HSA-id, or None."""
    row = db.row(
        "SELECT s.id, s.hsa_id, s.given_name, s.family_name FROM staff s"
        " JOIN assignment a ON a.staff_id = s.id AND a.unit_id = :unit_id WHERE s.hsa_id = :hsa_id",
        unit_id=unit_id,
        hsa_id=hsa_id,
    )
    return Colleague(*row) if row else None


def is_trained(db: Connection, staff_id: int, subject: str) -> bool:
    """Whether a training for the program or role is recorded."""
    return bool(
        db.row(
            "SELECT 1 FROM training WHERE staff_id = :staff_id AND subject = :subject",
            staff_id=staff_id,
            subject=subject,
        )
    )
