"""Skjuta upp: a matter of the queue that waits until a day, with a reason (ours). A prioriterad flagga never does."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.care.acts import ActKind, record_act
from store.care.drafts import WRITERS
from store.care.moments import MomentSubject, moment_subject
from store.foundation.access import Action, DataCategory
from store.foundation.errors import Refused
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.tables import FreeText, of_moment
from store.foundation.text import clean
from store.foundation.upsert import upsert
from store.foundation.work import Work

REASON_LIMIT = 200


class SetAside(SQLModel, table=True):
    """That a matter is not to be shown until a day, unless something new comes to it."""

    __table_args__ = {"sqlite_with_rowid": False}

    resident_id: int = Field(primary_key=True)
    moment_id: int = Field(primary_key=True)
    matter: str = Field(primary_key=True)
    mark: int = Field(sa_type=BigInteger)
    """The matter's own when it was set aside; with another there is news."""
    until: str
    """ISO day on which it is shown again."""
    reason: str = Field(sa_type=FreeText)
    set_by: str
    unit_id: int = of_moment()


@operation(
    "Skjuta upp ett ärende",
    may=WRITERS,
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    event=True,
    on=moment_subject,
)
def set_aside(work: Work, moment: MomentSubject, matter: str, until: date, reason: str, *, mark: int = 0) -> None:
    """Leave a matter out of the queue until a day.

    Args:
        moment: the moment's id.
        matter: the matter's id (`store.views.matters`).
        until: the day on which it comes back; later than today.
        reason: why; it must be given.
        mark: the matter's own.

    Raises:
        Refused: the day or the reason is missing or wrong.
    """
    reason = clean(reason, multiline=False, limit=REASON_LIMIT, field="skal").strip()
    if not reason:
        raise Refused("Skriv varför ärendet skjuts upp.", field="skal")
    check_until(until, work.today)
    before = stored_aside(work, moment, matter)
    write_aside(work, moment, matter, AsideRow(mark, until.isoformat(), reason, work.actor.name))
    record_act(work, moment, ActKind.SET_ASIDE, matter=matter, before=before, set=stored_aside(work, moment, matter))
    work.event(moment, EventKind.MATTER_SET_ASIDE, matter=matter.partition("-")[0], until=until.isoformat())


def check_until(until: date, today: date) -> None:
    """Raise `Refused` for a day on which nothing can come back: it is later than today."""
    if until <= today:
        raise Refused("Ange en dag efter i dag.", field="till")


def stored_aside(work: Work, moment: MomentSubject, matter: str) -> "AsideRow | None":
    """Return how a matter is set aside; None where it is not."""
    return work.db.one(
        AsideRow,
        "SELECT mark, until, reason, set_by FROM setaside"
        " WHERE resident_id = :resident AND moment_id = :moment AND matter = :matter",
        resident=moment.resident_id,
        moment=moment.moment_id,
        matter=matter,
    )


def write_aside(work: Work, moment: MomentSubject, matter: str, row: "AsideRow") -> None:
    """Let a matter be set aside so; part of operations."""
    place = {"resident_id": moment.resident_id, "moment_id": moment.moment_id, "matter": matter}
    work.db.run(
        upsert("setaside", list(place), replaced=list(AsideRow._fields)),
        **work.db.sealed("setaside", {**place, **row._asdict()}),
    )


class AsideRow(NamedTuple):
    """How a matter is set aside, as it is stored."""

    mark: int
    until: str
    reason: str
    set_by: str
