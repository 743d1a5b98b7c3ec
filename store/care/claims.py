"""*Jag tar den*: who is on a flag right now (domain.md §4). It grants no rights, and closes nothing.

A claim ends by itself when its time is out, or when the one who has it may not handle the flag any longer: that is
computed from the dates wherever it is asked for, so nothing has to be written for it.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.care.drafts import WRITERS
from store.care.flags import FlagSubject, flag_subject
from store.care.moments import MOMENT_COLUMNS, MomentSubject
from store.foundation.access import Action, DataCategory, Role, Standing
from store.foundation.clock import Instant, local
from store.foundation.errors import NeedsConfirmation, Refused
from store.foundation.events import EventKind
from store.foundation.flag_kinds import Severity
from store.foundation.hsa_id import hsa_key
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.upsert import upsert
from store.foundation.work import Work
from store.people.sign_in import HELD, STANDS_IN, as_staff


class Claim(SQLModel, table=True):
    """That somebody is on a flag, from a time and until another."""

    __table_args__ = (Index("claim_unit", "unit_id", "until"), Index("claim_moment", "moment_id"))

    flag_id: int = Field(primary_key=True, foreign_key="flag.id")
    moment_id: int = Field(foreign_key="moment.id")
    unit_id: int = Field(foreign_key="unit.id")
    staff_id: int = Field(foreign_key="staff.id")
    session: str
    """The sign-in in which it was taken: it ends with that."""
    taken_at: int = Field(sa_type=BigInteger)
    until: int = Field(sa_type=BigInteger)


class Taken(NamedTuple):
    """Who is on a flag. Instants are UTC milliseconds."""

    flag: int
    hsa_id: str
    given_name: str
    name: str
    """Förnamn Efternamn."""
    taken_at: int
    until: int

    @property
    def said(self) -> str:
        """`Karin tar den sedan 10.42`."""
        return f"{self.given_name} tar den sedan {local(Instant(self.taken_at)):%H.%M}"


_TAKEN = (
    "SELECT c.flag_id AS flag, s.hsa_id, s.given_name, s.given_name || ' ' || s.family_name AS name,"
    " c.taken_at, c.until"
    " FROM claim c JOIN staff s ON s.id = c.staff_id JOIN flag f ON f.id = c.flag_id"
    " JOIN moment m ON m.id = c.moment_id"
    " WHERE {where} AND c.until > :now AND f.handled_at IS NULL AND f.unit_id = c.unit_id"
    " AND EXISTS (SELECT 1 FROM assignment a"
    " JOIN assignmentrole r ON r.staff_id = a.staff_id AND r.unit_id = a.unit_id"
    " WHERE a.staff_id = c.staff_id AND a.unit_id = c.unit_id AND a.active = 1"
    f" AND {HELD} AND (r.role = '{Role.RESIDENT_ADMIN}' OR (r.role = '{Role.CLINICIAN}'"
    f" AND (f.severity = '{Severity.PRIORITY}' OR m.responsible_id = c.staff_id OR EXISTS (SELECT 1 FROM substitution w"
    " WHERE w.unit_id = c.unit_id AND w.staff_id = m.responsible_id AND w.substitute_id = c.staff_id"
    f" AND {STANDS_IN})))))"
)
"""Who is on a flag: while the one who took it may handle it."""


def taken_on(work: ReadTransaction, unit_id: int) -> Mapping[int, Taken]:
    """Return by flag who is on the unit's flags; part of operations."""
    return _taken(work, "c.unit_id = :unit", unit=unit_id)


def taken_in(work: ReadTransaction, moment: MomentSubject) -> Mapping[int, Taken]:
    """Return by flag who is on a moment's flags; part of operations."""
    return _taken(work, "c.moment_id = :moment", moment=moment.moment_id)


def _taken(work: ReadTransaction, where: str, **parameters: Any) -> dict[int, Taken]:
    sql = _TAKEN.format(where=where)
    rows = work.db.all(Taken, sql, **parameters, now=work.now, today=work.today.isoformat())
    return {row.flag: row for row in rows}


@operation(
    "Säga att man tar en flagga",
    may=WRITERS | {Standing.WATCHING},
    action=Action.CHANGED,
    category=DataCategory.FLAGS,
    event=True,
    on=flag_subject,
)
def take_flag(work: Work, flag: FlagSubject, *, instead_of: str = "", confirmed: bool = False) -> int:
    """Say that one is on a flag; returns until when (UTC milliseconds). Who has it takes it anew.

    Args:
        work: the transaction.
        flag: the flag's id.
        instead_of: HSA-id of the one from whom it is taken over.
        confirmed: whether it is taken over from whoever has it.

    Raises:
        Refused: the flag is handled.
        NeedsConfirmation: somebody else has it; the sentence says who and since when.
    """
    if not flag.is_open:
        raise Refused("Flaggan är redan hanterad.")
    actor = as_staff(work.actor)
    other = taken_in(work, flag).get(flag.flag_id)
    if other is not None and hsa_key(other.hsa_id) == hsa_key(actor.hsa_id or ""):
        other = None
    if other is not None and not confirmed and hsa_key(other.hsa_id) != hsa_key(instead_of):
        raise NeedsConfirmation([f"{other.name} tar den sedan {local(Instant(other.taken_at)):%H.%M}."])
    minutes = int(work.db.value("SELECT claim_minutes FROM unit WHERE id = :unit", unit=flag.unit_id))
    until = Instant(work.now + minutes * 60_000)
    named = {"moment_id": flag.moment_id, "unit_id": flag.unit_id, "staff_id": actor.staff_id}
    work.db.run(
        upsert("claim", ["flag_id"], replaced=[*named, "session", "taken_at", "until"]),
        flag_id=flag.flag_id,
        **named,
        session=actor.session,
        taken_at=work.now,
        until=until,
    )
    if other is None:
        work.event(flag, EventKind.FLAG_TAKEN, flag=flag.flag_id)
    else:
        work.event(flag, EventKind.FLAG_TAKEN_OVER, flag=flag.flag_id, holder=other.name)
    return until


@operation(
    "Släppa en flagga som man har tagit",
    may=WRITERS | {Standing.WATCHING},
    action=Action.CHANGED,
    category=DataCategory.FLAGS,
    on=flag_subject,
)
def release_flag(work: Work, flag: FlagSubject) -> bool:
    """Give up a flag that one is on; returns whether one was. Somebody else's stays."""
    mine = {"flag": flag.flag_id, "staff": as_staff(work.actor).staff_id}
    return _end(work, "c.flag_id = :flag AND c.staff_id = :staff", **mine) > 0


@operation(
    "Släppa det man har tagit, när man slutar arbeta",
    may={Role.CLINICIAN, Role.RESIDENT_ADMIN},
    action=None,
    category=DataCategory.FLAGS,
)
def release_claims(work: Work) -> int:
    """Give up all flags that one has taken since one signed in; returns how many."""
    actor = as_staff(work.actor)
    return _end(work, "c.staff_id = :staff AND c.session = :session", staff=actor.staff_id, session=actor.session)


def end_claims(work: Work, moments: str, **parameters: Any) -> None:
    """End the claims in some moments that change hands; part of operations.

    Args:
        work: the transaction.
        moments: a condition on the moment `m`.
        parameters: the condition's.
    """
    _end(work, moments, **parameters)


def end_claims_of(work: Work, unit_id: int, staff_id: int) -> None:
    """End the claims of somebody who may handle no flags on a unit any longer; part of operations."""
    _end(work, "c.unit_id = :unit AND c.staff_id = :staff", unit=unit_id, staff=staff_id)


class _Ended(NamedTuple):
    flag: int
    holder: str
    moment: int


def _end(work: Work, where: str, **parameters: Any) -> int:
    """End what a condition on claims `c` and their moments `m` finds, each with its event and log row.

    Returns how many. What has run out is over by itself.
    """
    claims = f"claim c JOIN moment m ON m.id = c.moment_id JOIN staff s ON s.id = c.staff_id WHERE {where}"
    limits = {**parameters, "now": work.now}
    moments = {
        subject.moment_id: subject
        for subject in work.db.all(
            MomentSubject,
            f"SELECT {MOMENT_COLUMNS} FROM moment m JOIN resident r ON r.id = m.resident_id"
            f" WHERE m.id IN (SELECT c.moment_id FROM {claims} AND c.until > :now) ORDER BY m.id{work.for_update('m')}",
            **limits,
        )
    }
    if not moments:
        return 0
    found = work.db.all(
        _Ended,
        "SELECT c.flag_id AS flag, s.given_name || ' ' || s.family_name AS holder, c.moment_id AS moment"
        f" FROM {claims} AND c.until > :now ORDER BY c.flag_id",
        **limits,
    )
    for one in found:
        work.db.run("DELETE FROM claim WHERE flag_id = :flag", flag=one.flag)
        work.event(moments[one.moment], EventKind.FLAG_RELEASED, flag=one.flag, holder=one.holder)
        work.log(Action.CHANGED, moments[one.moment], f"flagga {one.flag} släppt av {one.holder}")
    return len(found)
