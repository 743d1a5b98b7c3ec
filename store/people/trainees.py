"""The trainees of a course in a practice store: which unit is whose, and what everybody is called there (domain.md §9).

What reads them is plain SQL: `store/people/seats.py`.
"""

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel


class Trainee(SQLModel, table=True):
    """A trainee's place: the newest is the one that is worked in, the others are there to be gone through."""

    __table_args__ = (UniqueConstraint("number", "round"),)

    id: int | None = Field(default=None, primary_key=True)
    number: int
    """From 1."""
    round: int
    """1, and one more each time the trainee begins anew."""
    staff_id: int = Field(foreign_key="staff.id")
    unit_id: int = Field(foreign_key="unit.id")
    begun_at: int = Field(sa_type=BigInteger)
    """By the machine's own clock, which nobody moves."""


class TraineeName(SQLModel, table=True):
    """What somebody or something of the cast's, or of an exercise's, is called at a trainee's place."""

    trainee_id: int = Field(foreign_key="trainee.id", primary_key=True)
    name: str = Field(primary_key=True)
    """The cast's: an HSA-id, a personnummer, the name of a unit or of whose part the trainee plays."""
    own: str
