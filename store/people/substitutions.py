"""Ställföreträdare: who stands in for a colleague on a unit, from one day to another (domain.md §7).

The standing is computed from the days wherever it is asked for (`store.people.sign_in.STANDS_IN`): it begins and
ends by itself.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.foundation.access import DataCategory, Role
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import EMPTY
from store.foundation.work import Work
from store.people.sign_in import STANDS_IN, as_staff
from store.people.staff import Colleague


class Substitution(SQLModel, table=True):
    """That somebody stands in for a colleague on a unit, both days included."""

    __table_args__ = (
        Index("substitution_of", "unit_id", "staff_id", "last_day"),
        Index("substitution_by", "unit_id", "substitute_id", "last_day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    staff_id: int = Field(foreign_key="staff.id")
    """Whose moments they are."""
    substitute_id: int = Field(foreign_key="staff.id")
    first_day: str
    """ISO date."""
    last_day: str
    """ISO date."""
    set_by: str
    """Förnamn Efternamn."""
    set_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    """When it was ended before its last day; None where it was not."""
    fell_away: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """Why it ended, where nobody meant it to: who stood in is no longer behandlare here. Empty otherwise."""
    seen_at: int | None = Field(default=None, sa_type=BigInteger)
    """When the one whose moments they are has seen that it fell away; None before."""


@dataclass(frozen=True)
class StandIn:
    """Somebody who stands in for somebody. Days are ISO dates."""

    of: str
    """HSA-id of the one whose moments they are."""
    of_name: str
    """Förnamn Efternamn."""
    by: str
    """HSA-id of the one who stands in."""
    by_name: str
    first_day: str
    last_day: str
    stands: bool
    """Whether it gives its standing today."""
    fell_away: str
    """Why it has ended before its time, though nobody meant it to."""
    is_seen: bool = True
    """Whether the one whose moments they are has seen that it fell away."""

    @property
    def days(self) -> str:
        """`2026-07-01 till och med 2026-07-14`."""
        return f"{self.first_day} till och med {self.last_day}"


_STAND_INS = (
    "SELECT s.hsa_id AS of, s.given_name || ' ' || s.family_name AS of_name, t.hsa_id AS by,"
    " t.given_name || ' ' || t.family_name AS by_name, w.first_day, w.last_day,"
    f" CASE WHEN {STANDS_IN} THEN 1 ELSE 0 END AS stands, w.fell_away,"
    " w.seen_at IS NOT NULL AS is_seen"
    " FROM substitution w JOIN staff s ON s.id = w.staff_id JOIN staff t ON t.id = w.substitute_id"
    " WHERE w.unit_id = :unit AND w.last_day >= :today AND (w.ended_at IS NULL OR w.fell_away <> '') AND {which}"
    " ORDER BY w.first_day, w.id"
)


def stand_ins_of(work: ReadTransaction, unit_id: int, staff_id: int) -> list[StandIn]:
    """Return who stands, or is to stand, in for somebody, and what has fallen away; part of operations."""
    return _stand_ins(work, unit_id, "w.staff_id = :staff", staff=staff_id)


def stand_ins_by(work: ReadTransaction, unit_id: int, staff_id: int) -> list[StandIn]:
    """Return for whom somebody stands, or is to stand, in; part of operations."""
    return _stand_ins(work, unit_id, "w.substitute_id = :staff AND w.ended_at IS NULL", staff=staff_id)


def stand_ins_on(work: ReadTransaction, unit_id: int) -> dict[str, list[StandIn]]:
    """Return who stands, or is to stand, in on a unit, by the HSA-id of whose moments they are; part of operations."""
    found: dict[str, list[StandIn]] = {}
    for one in _stand_ins(work, unit_id, "1 = 1"):
        found.setdefault(one.of, []).append(one)
    return found


def substitutes_today(work: ReadTransaction, unit_id: int, staff_id: int) -> list[int]:
    """Return the ids of those who stand in for somebody today; part of operations."""
    return work.db.values(
        f"SELECT w.substitute_id FROM substitution w WHERE w.unit_id = :unit AND w.staff_id = :staff AND {STANDS_IN}",
        unit=unit_id,
        staff=staff_id,
        today=work.today.isoformat(),
    )


def covered_today(work: ReadTransaction, unit_id: int, staff_id: int) -> dict[int, Colleague]:
    """Return for whom somebody stands in today, by id; part of operations."""
    found = work.db.all(
        Colleague,
        "SELECT s.id AS staff_id, s.hsa_id, s.given_name, s.family_name FROM substitution w"
        " JOIN staff s ON s.id = w.staff_id"
        f" WHERE w.unit_id = :unit AND w.substitute_id = :staff AND {STANDS_IN}",
        unit=unit_id,
        staff=staff_id,
        today=work.today.isoformat(),
    )
    return {one.staff_id: one for one in found}


@operation(
    "Se sina ställföreträdare",
    may={Role.CLINICIAN, Role.RESIDENT_ADMIN},
    action=None,
    category=DataCategory.STAFF,
)
def my_stand_ins(work: ReadTransaction) -> tuple[list[StandIn], list[StandIn]]:
    """Return who stands in for the one who acts, and for whom that one stands in. Concerns no resident."""
    actor = as_staff(work.actor)
    unit = actor.unit_id or 0
    return stand_ins_of(work, unit, actor.staff_id), stand_ins_by(work, unit, actor.staff_id)


@operation(
    "Ha sett att ens ställföreträdare har fallit bort",
    may={Role.CLINICIAN, Role.RESIDENT_ADMIN},
    action=None,
    category=DataCategory.STAFF,
)
def see_lost_stand_ins(work: Work) -> int:
    """Note that the one who acts has seen which of one's own stand-ins fell away; returns how many are news."""
    actor = as_staff(work.actor)
    return work.db.run(
        "UPDATE substitution SET seen_at = :now"
        " WHERE unit_id = :unit AND staff_id = :staff AND fell_away <> '' AND seen_at IS NULL",
        now=work.now,
        unit=actor.unit_id,
        staff=actor.staff_id,
    )


def lost_stand_ins(work: ReadTransaction) -> tuple[str, ...]:
    """Return what is said of one's own stand-ins that fell away until one has seen it; part of operations."""
    actor = as_staff(work.actor)
    own = stand_ins_of(work, actor.unit_id or 0, actor.staff_id)
    return tuple(said_of(one, work.today, own=True) for one in own if one.fell_away and not one.is_seen)


def said_of(one: StandIn, today: date, *, own: bool) -> str:
    """Return what is said of a substitution; `own` to the one whose moments they are, else to an administrator."""
    whose = "din ställföreträdare" if own else f"ställföreträdare för {one.of_name}"
    alone = "Du har själv hand om dina moment" if own else f"{one.of_name} har själv hand om sina moment"
    if one.fell_away:
        return f"{one.by_name} är inte längre {whose}: {one.fell_away}. {alone} {one.days}."
    if not one.stands and one.first_day <= today.isoformat():
        why = "hen är inte behandlare på enheten längre"
        return f"{one.by_name} kan inte vara {whose}: {why}. {alone} {one.days}."
    return f"{one.by_name} är {whose} {one.days}."


def _stand_ins(work: ReadTransaction, unit_id: int, which: str, **parameters: int) -> list[StandIn]:
    return work.db.all(
        StandIn, _STAND_INS.format(which=which), unit=unit_id, today=work.today.isoformat(), **parameters
    )
