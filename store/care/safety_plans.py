"""Säkerhetsplan: what the resident and the care have agreed on for a crisis, in versions (domain.md §4).

A plan is the resident's on a unit: two moments of one person there have the same one, and another unit has its own. A
version is never changed. Who writes on a version that is no longer the newest changes nothing; that text is kept
beside the plan, with who wrote it, and so is a plan that comes from another unit where one is already.
"""

from dataclasses import asdict, replace
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.care.activity import mark_active
from store.care.drafts import WRITERS
from store.care.flags import Cause, close_flags, raise_flag
from store.care.moments import (
    UNTIL_ENDED,
    WHILE_RUNNING,
    WRONG_STATUS,
    MomentStatus,
    MomentSubject,
    load_moment,
    moment_subject,
)
from store.care.safety_plan_text import PARTS, SafetyTexts, checked_texts
from store.foundation.access import Action, DataCategory, Standing
from store.foundation.clock import Instant, local
from store.foundation.connection import columns
from store.foundation.errors import Refused
from store.foundation.events import EventKind
from store.foundation.flag_kinds import FlagKind, Severity
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import FreeText
from store.foundation.work import Work
from store.people.sign_in import StaffActor

_CLOSED = "Momentet är avslutat. Säkerhetsplanen går att läsa, men inte att ändra."
CHANGEABLE = replace(UNTIL_ENDED, wrong_status={**WRONG_STATUS, MomentStatus.ENDED: _CLOSED})
"""When staff can change the plan."""
OWN_CHANGEABLE = replace(
    WHILE_RUNNING,
    wrong_status={
        **WRONG_STATUS,
        MomentStatus.MAINTENANCE: "Programmet är i vidmakthållande läge: planen går att läsa, men inte att ändra.",
        MomentStatus.ENDED: "Programmet är avslutat: planen går att läsa, men inte att ändra.",
    },
)
"""When the resident can."""
RESIDENT_CHANGED = "Invånaren har ändrat säkerhetsplanen"


class Beside(StrEnum):
    """Why a text stands beside the plan; the value is stored."""

    CONCURRENT = "krock"
    HANDED_OVER = "overlamnad"


class SafetyPlan(SQLModel, table=True):
    """A version of a plan; with `beside`, a text that became none. The newest has the highest id."""

    __table_args__ = (Index("safetyplan_place", "resident_id", "unit_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id")
    unit_id: int = Field(foreign_key="unit.id")
    moment_id: int = Field(foreign_key="moment.id")
    """In which moment it was written."""
    version: int
    """1 for the first; of a text beside the plan, the version that it was written on."""
    beside: str = ""
    """A value of `Beside`; empty for a version."""
    warning_signs: str = Field(sa_type=FreeText)
    what_helps: str = Field(sa_type=FreeText)
    whom_to_call: str = Field(sa_type=FreeText)
    care_numbers: str = Field(sa_type=FreeText)
    safe_means: str = Field(sa_type=FreeText)
    saved_at: int = Field(sa_type=BigInteger)
    saved_by: str
    """Förnamn Efternamn."""
    saved_as: str
    """What the writer is: `personal`, `invånare` or `ombud`."""
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    """None where the resident's side wrote it."""


class SafetyVersion(NamedTuple):
    """A version, or a text beside the plan, as it is shown. `saved_at` is UTC milliseconds."""

    id: int
    version: int
    beside: str
    warning_signs: str
    what_helps: str
    whom_to_call: str
    care_numbers: str
    safe_means: str
    saved_at: int
    saved_by: str
    saved_as: str
    staff_id: int | None

    @property
    def texts(self) -> SafetyTexts:
        """What stands in it."""
        return SafetyTexts(*(getattr(self, part.name) for part in PARTS))

    @property
    def by_resident(self) -> bool:
        """Whether the resident's side wrote it."""
        return self.staff_id is None


def refusal_of(newer: str) -> Refused | None:
    """Return why a change was not made; to be raised once what was written is kept.

    Args:
        newer: what the saving returned: who had saved a version since, and when; empty where the change was made.
    """
    if not newer:
        return None
    return Refused(
        f"{newer} har ändrat planen sedan du läste den, så din ändring är inte gjord. Båda texterna är sparade: den "
        "andra är planen, och din står bredvid den.",
        field="plan",
    )


def planned_moment(work: ReadTransaction, moment: int) -> MomentSubject | None:
    """Return a moment; where its plan is to be changed, who else changes it has to wait."""
    if lock := work.for_update("r"):
        work.db.value(
            f"SELECT r.id FROM moment m JOIN resident r ON r.id = m.resident_id WHERE m.id = :id{lock}", id=moment
        )
    return moment_subject(work, moment)


@operation(
    "Ändra en säkerhetsplan",
    may=WRITERS,
    action=Action.CHANGED,
    category=DataCategory.PLANS,
    event=True,
    on=planned_moment,
    statuses=CHANGEABLE,
)
def change_safety_plan(work: Work, moment: MomentSubject, texts: SafetyTexts, version: int) -> str:
    """Save a new version; one that was written on an older version is kept beside the plan (see `refusal_of`).

    Args:
        moment: a moment of the resident's on the unit.
        texts: the whole plan.
        version: the one that was read; 0 where there was none.

    Raises:
        Refused: a part is too long, nothing is changed, or the moment is ended.
    """
    newer = _save(work, moment, texts, version)
    if not newer:
        close_flags(work, moment, FlagKind.SAFETY_PLAN, why="Behandlaren har ändrat planen.")
    return newer


@operation(
    "Ändra sin egen säkerhetsplan",
    may={Standing.RESIDENT, Standing.PROXY},
    action=Action.CHANGED,
    category=DataCategory.PLANS,
    event=True,
    on=planned_moment,
    statuses=OWN_CHANGEABLE,
)
def change_own_safety_plan(work: Work, moment: MomentSubject, texts: SafetyTexts, version: int) -> str:
    """Save a new version as the resident; a flag tells those who have running moments there. See `change_safety_plan`.

    Raises:
        Refused: a part is too long, nothing is changed, or the moment is not running.
    """
    newer = _save(work, moment, texts, version)
    mark_active(work, moment)
    key = str(versions_of(work, moment.resident_id, moment.unit_id)[0].id)
    for one in _running(work, moment):
        close_flags(work, one, FlagKind.SAFETY_PLAN, why="Planen är ändrad igen.")
        cause = Cause(FlagKind.SAFETY_PLAN, Severity.NOTE, RESIDENT_CHANGED, key=key)
        raise_flag(work, load_moment(work, one.moment_id), cause)
    return newer


def versions_of(work: ReadTransaction, resident_id: int, unit_id: int, until: int | None = None) -> list[SafetyVersion]:
    """Return a plan's versions and the texts beside it, the newest first; part of operations.

    Args:
        work: the transaction.
        resident_id: whose plan it is.
        unit_id: on which unit.
        until: the moment's end, where what came later is not that moment's; None for all.
    """
    return work.db.all(
        SafetyVersion,
        f"SELECT {columns(SafetyVersion)} FROM safetyplan WHERE {_PLACE} ORDER BY id DESC",
        **_values(resident_id, unit_id, until),
    )


def take_safety_plan_along(work: Work, moment: MomentSubject, unit_id: int) -> None:
    """Give the unit that takes a moment over the plan as it is; one that has its own finds it beside that."""
    newest = _newest(work, moment.resident_id, moment.unit_id)
    there = _newest(work, moment.resident_id, unit_id)
    if newest is None or (there is not None and there.texts == newest.texts):
        return
    beside = Beside.HANDED_OVER if there else ""
    _insert(work, moment, unit_id, newest.texts, there.version if there else 1, beside, by=newest)


_PLACE = "resident_id = :resident AND unit_id = :unit AND saved_at <= :until"
_FOREVER = 2**62


def _values(resident_id: int, unit_id: int, until: int | None) -> dict[str, int]:
    return {"resident": resident_id, "unit": unit_id, "until": _FOREVER if until is None else until}


def _newest(work: ReadTransaction, resident_id: int, unit_id: int, until: int | None = None) -> SafetyVersion | None:
    return work.db.one(
        SafetyVersion,
        f"SELECT {columns(SafetyVersion)} FROM safetyplan WHERE {_PLACE} AND beside = '' ORDER BY id DESC LIMIT 1",
        **_values(resident_id, unit_id, until),
    )


def _save(work: Work, moment: MomentSubject, texts: SafetyTexts, version: int) -> str:
    texts = checked_texts(texts)
    newest = _newest(work, moment.resident_id, moment.unit_id)
    if texts == (newest.texts if newest else SafetyTexts()):
        raise Refused("Det finns inget att ändra: planen säger redan det.", field="plan")
    if newest is not None and newest.version != version:
        return _keep_beside(work, moment, texts, version, newest)
    made = version + 1 if newest is not None else 1
    _insert(work, moment, moment.unit_id, texts, made)
    work.event(moment, EventKind.SAFETY_PLAN_CHANGED, version=made)
    work.log(Action.CHANGED, moment, f"säkerhetsplan, version {made}")
    return ""


def _keep_beside(work: Work, moment: MomentSubject, texts: SafetyTexts, version: int, newest: SafetyVersion) -> str:
    """Keep a text that was written on an older version."""
    _insert(work, moment, moment.unit_id, texts, version, Beside.CONCURRENT)
    work.event(moment, EventKind.SAFETY_PLAN_BESIDE, version=newest.version)
    work.log(Action.CHANGED, moment, f"säkerhetsplan, text sparad bredvid version {newest.version}")
    return f"{_who(work, newest)} ({local(Instant(newest.saved_at)):%Y-%m-%d kl. %H.%M})"


def _who(work: ReadTransaction, newest: SafetyVersion) -> str:
    """Return who wrote a version; staff by name only to staff."""
    if newest.by_resident:
        return "Ombudet" if newest.saved_as == "ombud" else "Invånaren"
    return newest.saved_by if isinstance(work.actor, StaffActor) else "Din behandlare"


def _insert(
    work: Work,
    moment: MomentSubject,
    unit_id: int,
    texts: SafetyTexts,
    version: int,
    beside: str = "",
    *,
    by: SafetyVersion | None = None,
) -> None:
    """Add a version or a text; `by` is the version that it is a copy of."""
    actor = work.actor
    work.add(
        SafetyPlan(
            resident_id=moment.resident_id,
            unit_id=unit_id,
            moment_id=moment.moment_id,
            version=version,
            beside=beside,
            **asdict(texts),
            saved_at=work.now,
            saved_by=by.saved_by if by else actor.name,
            saved_as=by.saved_as if by else actor.kind,
            staff_id=by.staff_id if by else actor.staff_id if isinstance(actor, StaffActor) else None,
        )
    )


def _running(work: ReadTransaction, moment: MomentSubject) -> list[MomentSubject]:
    """Return the resident's running moments on the unit, by id, each locked in its turn."""
    ids = work.db.values(
        "SELECT id FROM moment WHERE resident_id = :resident AND unit_id = :unit AND status = :running ORDER BY id",
        resident=moment.resident_id,
        unit=moment.unit_id,
        running=MomentStatus.RUNNING.value,
    )
    return [load_moment(work, one) for one in ids]
