"""Behovs- och riskanalys: what a role on the unit rests on, in the unit's own words (domain.md §7; IMY)."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlmodel import Field, SQLModel

from store.foundation.access import Action, Role
from store.foundation.errors import Refused
from store.foundation.operation import operation
from store.foundation.text import clean
from store.foundation.upsert import upsert
from store.foundation.work import ReadTransaction, Work

TEXT_LIMIT = 4_000
LOOK_AFTER_DAYS = 365
"""A text that is older should be looked at: once a year."""
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
def write_analysis(work: Work, role: Role, text: str) -> None:
    """Write the text for a role, in the place of the one before, dated today.

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
