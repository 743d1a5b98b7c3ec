"""What somebody has done in a moment and can undo: the latest of it, for a day (ours)."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.care.moments import MomentSubject
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import FreeText
from store.foundation.work import Work
from store.people.sign_in import StaffActor, as_staff

DAY = 86_400_000
"""Milliseconds for which an act can be undone, where nothing else stands in the way."""


class ActKind(StrEnum):
    """What was done; the value is stored."""

    MESSAGE = "meddelande"
    SWITCHED = "byte"
    SET_ASIDE = "uppskjutet"
    READ = "last"
    MAINTAINED = "vidmakthallande"
    RESUMED = "aterupptaget"


class Act(SQLModel, table=True):
    """Something that was done by somebody who may undo it. One that is undone has no row."""

    __table_args__ = (Index("act_staff", "staff_id", "moment_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id")
    unit_id: int
    resident_id: int = Field(foreign_key="resident.id")
    moment_id: int = Field(foreign_key="moment.id")
    kind: str
    at: int = Field(sa_type=BigInteger)
    facts: str = Field(sa_type=FreeText)
    """JSON: what is needed to undo it."""


@dataclass(frozen=True)
class DoneAct:
    """An act as it is read. `at` is UTC milliseconds."""

    id: int
    moment: int
    kind: ActKind
    at: int
    facts: str

    @property
    def what(self) -> dict[str, Any]:
        """What was stored of it."""
        found: dict[str, Any] = json.loads(self.facts)
        return found


def record_act(work: Work, moment: MomentSubject, kind: ActKind, **facts: object) -> None:
    """Remember what the one who acts did, so that it can be undone; only staff undo, and what is a day old goes."""
    if not isinstance(work.actor, StaffActor):
        return
    staff_id = work.actor.staff_id
    work.db.run("DELETE FROM act WHERE staff_id = :staff AND at < :before", staff=staff_id, before=work.now - DAY)
    work.add(
        Act(
            staff_id=staff_id,
            unit_id=moment.unit_id,
            resident_id=moment.resident_id,
            moment_id=moment.moment_id,
            kind=kind.value,
            at=work.now,
            facts=json.dumps(facts),
        )
    )


def last_act(work: ReadTransaction, moment: int | None = None) -> DoneAct | None:
    """Return the latest act of the one who acts on the unit, in a moment or in any; None where there is none."""
    actor = as_staff(work.actor)
    where = "" if moment is None else " AND moment_id = :moment"
    return work.db.one(
        DoneAct,
        "SELECT id, moment_id AS moment, kind, at, facts FROM act WHERE staff_id = :staff AND unit_id = :unit"
        f" AND at >= :since{where} ORDER BY id DESC LIMIT 1",
        staff=actor.staff_id,
        unit=actor.unit_id or 0,
        since=work.now - DAY,
        **({} if moment is None else {"moment": moment}),
    )
