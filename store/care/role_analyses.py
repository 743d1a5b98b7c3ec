"""Behovs- och riskanalys: what a role on the unit rests on, in the unit's own words (domain.md §7; IMY)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlmodel import Field, SQLModel

from store.care.duties import DutyKind, note_done
from store.foundation.access import Action, Role
from store.foundation.errors import Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import clean
from store.foundation.upsert import upsert
from store.foundation.work import Work
from store.people.sign_in import HELD

TEXT_LIMIT = 4_000
LOOK_AFTER_DAYS = 365
"""A text that is older should be looked at: once a year."""
ALL_SEEN = "Texten är skriven eller bekräftad för alla roller som används."
NONE_YET = "Ingen behovs- och riskanalys är skriven för rollen."


class RoleAnalysis(SQLModel, table=True):
    """The text for a role on a unit."""

    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    role: str = Field(primary_key=True)
    text: str
    written_on: str
    """ISO day."""
    written_by: str


@dataclass(frozen=True)
class Analysis:
    """A role's text as it is shown; empty, and so its day, where none is written."""

    role: Role
    text: str = ""
    written_on: str = ""
    written_by: str = ""
    is_old: bool = False
    """Whether it was written more than a year ago."""

    @property
    def said(self) -> str:
        """What is said of it where the role is given."""
        if not self.text:
            return NONE_YET
        old = " Den är äldre än ett år: se över den." if self.is_old else ""
        return f"Behovs- och riskanalys {self.written_on}: {' '.join(self.text.split())}{old}"


@operation("Se enhetens behovs- och riskanalyser", may={Role.ACCESS_ADMIN}, action=None)
def role_analyses(work: ReadTransaction) -> list[Analysis]:
    """Return a text for each role that a unit has, in the order of `Role`; concerns no resident."""
    rows = work.db.all(
        _Written,
        "SELECT role, text, written_on, written_by FROM roleanalysis WHERE unit_id = :unit",
        unit=work.actor.unit_id,
    )
    written = {row.role: row for row in rows}
    return [_analysis(work, role, written.get(role.value)) for role in Role if role is not Role.PROVIDER_ADMIN]


@operation("Skriva en behovs- och riskanalys", may={Role.ACCESS_ADMIN}, action=Action.CHANGED)
def write_analysis(work: Work, role: Role, text: str) -> tuple[Role, ...]:
    """Write the text for a role in the place of the one before, or confirm it as it is: it is dated today.

    Returns the roles in use whose text has yet to be written or confirmed. Once there are none the unit's duty is done,
    which is noted: one round goes from the day on which it was done last, and no text in it is over a year old.

    Raises:
        Refused: there is no text, or the role is none on a unit.
    """
    said = clean(text, multiline=True, limit=TEXT_LIMIT, field="riskanalys").strip()
    if role is Role.PROVIDER_ADMIN:
        raise Refused("Vårdgivaradministratör är ingen roll på enheten.", field="roll")
    if not said:
        raise Refused("Skriv vilka behov och risker rollen vilar på.", field="riskanalys")
    work.db.run(
        upsert("roleanalysis", ["unit_id", "role"], replaced=["text", "written_on", "written_by"]),
        unit_id=work.actor.unit_id,
        role=role.value,
        text=said,
        written_on=work.today.isoformat(),
        written_by=work.actor.name,
    )
    work.log(Action.CHANGED, details=f"behovs- och riskanalys för {role.value}")
    done_on = _done_on(work)
    if done_on == work.today.isoformat():
        return ()
    left = _left(work, done_on)
    if not left:
        note_done(work, DutyKind.ANALYSIS, ALL_SEEN)
    return left


def left_words(left: Sequence[Role]) -> str:
    """Return a sentence on which roles are left after a text is written, as `write_analysis` returns them."""
    return f"Kvar att se över: {', '.join(left)}." if left else ALL_SEEN


def _done_on(work: ReadTransaction) -> str:
    """Return the ISO day on which the unit's duty was done last; empty for never."""
    done = "SELECT max(done_on) FROM dutydone WHERE unit_id = :unit AND kind = :kind"
    return work.db.value(done, unit=work.actor.unit_id, kind=DutyKind.ANALYSIS.value) or ""


def _left(work: ReadTransaction, done_on: str) -> tuple[Role, ...]:
    """Return the roles in use on the unit without a text from after a day that is at most a year old."""
    first = max((date.fromisoformat(done_on) + timedelta(1)) if done_on else date.min, work.today - _YEAR)
    left = set(work.db.values(_LEFT, unit=work.actor.unit_id, today=work.today.isoformat(), first=first.isoformat()))
    return tuple(role for role in Role if role.value in left and role is not Role.PROVIDER_ADMIN)


_YEAR = timedelta(LOOK_AFTER_DAYS)
_LEFT = (
    "SELECT DISTINCT r.role FROM assignmentrole r"
    " JOIN assignment a ON a.staff_id = r.staff_id AND a.unit_id = r.unit_id"
    f" WHERE r.unit_id = :unit AND a.active = 1 AND {HELD} AND NOT EXISTS (SELECT 1 FROM roleanalysis w"
    " WHERE w.unit_id = r.unit_id AND w.role = r.role AND w.written_on >= :first)"
)


class _Written(NamedTuple):
    role: str
    text: str
    written_on: str
    written_by: str


def _analysis(work: ReadTransaction, role: Role, written: _Written | None) -> Analysis:
    if written is None:
        return Analysis(role)
    age = (work.today - date.fromisoformat(written.written_on)).days
    return Analysis(role, written.text, written.written_on, written.written_by, is_old=age > LOOK_AFTER_DAYS)
