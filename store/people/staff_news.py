"""What a staff member is told at the next sign-in, once: that an account was reset, for one."""

from collections.abc import Iterable

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.foundation.work import Work


class StaffNews(SQLModel, table=True):
    """A sentence to somebody."""

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    text: str
    """As it is shown; it names the day."""
    at: int = Field(sa_type=BigInteger)
    seen_at: int | None = Field(default=None, sa_type=BigInteger)


def tell_staff(work: Work, staff: Iterable[int], text: str) -> None:
    """Let persons be told something; part of operations."""
    for staff_id in dict.fromkeys(staff):
        work.add(StaffNews(staff_id=staff_id, text=text, at=work.now))


def take_news(work: Work, staff_id: int) -> list[str]:
    """Return what a person has not been told yet, the oldest first, and note that it is told; part of operations."""
    told = work.db.values(
        "SELECT text FROM staffnews WHERE staff_id = :staff AND seen_at IS NULL ORDER BY id", staff=staff_id
    )
    work.db.run(
        "UPDATE staffnews SET seen_at = :now WHERE staff_id = :staff AND seen_at IS NULL", now=work.now, staff=staff_id
    )
    return [str(text) for text in told]
