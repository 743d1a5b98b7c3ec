"""Gallringsstopp: why a moment is not purged for now, until when, and who said so (domain.md §3.7)."""

from datetime import date

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.care.moments import MomentSubject, moment_subject
from store.foundation.access import Action, DataCategory, Role
from store.foundation.errors import Refused
from store.foundation.operation import operation
from store.foundation.tables import FreeText
from store.foundation.text import clean
from store.foundation.work import Work

GROUND_LIMIT = 200
"""Characters of a ground."""
NO_STOP = "Momentet har inget gallringsstopp som gäller."


class PurgeStop(SQLModel, table=True):
    """A gallringsstopp; it holds until it is lifted, and through its last day."""

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id", index=True)
    moment_id: int = Field(foreign_key="moment.id", index=True)
    of_resident: int = 0
    """1 where it holds for all moments that the resident has on the moment's unit."""
    ground: str = Field(sa_type=FreeText)
    until: str
    """ISO date, the last day."""
    actor_hsa_id: str
    actor_name: str
    set_at: int = Field(sa_type=BigInteger)
    lifted_at: int | None = Field(default=None, sa_type=BigInteger)
    lifted_by: str = ""
    """Who lifted it, by HSA-id."""


STOPS = (
    "s.resident_id = m.resident_id AND s.lifted_at IS NULL AND s.until >= :today AND (s.moment_id = m.id"
    " OR s.of_resident = 1 AND EXISTS (SELECT 1 FROM moment o WHERE o.id = s.moment_id AND o.unit_id = m.unit_id))"
)
"""Whether a stop `s` holds for a moment `m` on the day `:today`, in SQL."""
IS_STOPPED = f"EXISTS (SELECT 1 FROM purgestop s WHERE {STOPS})"
"""Whether any stop holds for a moment `m` on the day `:today`, in SQL."""


@operation(
    "Sätta gallringsstopp",
    may={Role.DATA_ADMIN},
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    on=moment_subject,
)
def stop_purge(work: Work, moment: MomentSubject, ground: str, until: date, *, of_resident: bool = False) -> int:
    """Keep a moment from being purged through a day; returns the stop's id. A stop that held is replaced.

    Args:
        work: the transaction.
        moment: the moment's id.
        ground: why.
        until: the last day.
        of_resident: whether it holds for all moments that the resident has on the unit.

    Raises:
        Refused: no ground is given, or the day has been.
    """
    said = clean(ground, multiline=False, limit=GROUND_LIMIT, field="grund").strip()
    if not said:
        raise Refused("Ange grunden för gallringsstoppet, till exempel ett pågående ärende.", field="grund")
    check_last_day(until, work.today)
    _lift(work, moment)
    stop = work.add(
        PurgeStop(
            resident_id=moment.resident_id,
            moment_id=moment.moment_id,
            of_resident=int(of_resident),
            ground=said,
            until=until.isoformat(),
            actor_hsa_id=work.actor.hsa_id or "",
            actor_name=work.actor.name,
            set_at=work.now,
        )
    )
    whom = "för invånarens alla moment på enheten" if of_resident else "för momentet"
    work.log(Action.CHANGED, moment, f"gallringsstopp {whom} till och med {until.isoformat()}")
    return stop


def check_last_day(until: date, today: date) -> None:
    """Raise `Refused` for a last day that has passed."""
    if until < today:
        raise Refused(f"Dagen {until.isoformat()} har redan varit. Ange stoppets sista dag.", field="till")


@operation(
    "Häva gallringsstopp",
    may={Role.DATA_ADMIN},
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    on=moment_subject,
)
def lift_stop(work: Work, moment: MomentSubject) -> None:
    """Lift the stops that hold for a moment, that of the resident's moments too; raises `Refused` where none does."""
    if not _lift(work, moment):
        raise Refused(NO_STOP, helps=("stop_purge",))
    work.log(Action.CHANGED, moment, "gallringsstopp hävt")


def _lift(work: Work, moment: MomentSubject) -> int:
    return work.db.run(
        "UPDATE purgestop SET lifted_at = :now, lifted_by = :who WHERE id IN"
        f" (SELECT s.id FROM purgestop s JOIN moment m ON m.id = :moment WHERE {STOPS})",
        now=work.now,
        who=work.actor.hsa_id or "",
        moment=moment.moment_id,
        today=work.today.isoformat(),
    )
