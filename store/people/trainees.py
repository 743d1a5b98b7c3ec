"""The trainees of a course in a practice store: which unit is whose (domain.md §9)."""

from typing import NamedTuple

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.foundation.connection import Connection


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


class Seat(NamedTuple):
    """A trainee's place as it is now."""

    number: int
    round: int
    hsa_id: str
    """To sign in as."""
    unit_hsa_id: str
    unit_name: str


def seats(db: Connection) -> list[Seat]:
    """Return the trainees, each with the unit that is worked in; nothing where there is no course."""
    return db.all(
        Seat,
        "SELECT t.number, t.round, s.hsa_id, u.hsa_id AS unit_hsa_id, u.name AS unit_name FROM trainee t"
        " JOIN staff s ON s.id = t.staff_id JOIN unit u ON u.id = t.unit_id"
        " WHERE t.round = (SELECT max(o.round) FROM trainee o WHERE o.number = t.number) ORDER BY t.number",
    )
