"""Who works on a unit, with which roles: added, activated, trained, given roles (FAQ; domain.md §7).

A unit always has an active behörighetsadministratör. Staff are never removed.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from store.foundation.access import Action, DataCategory, Role, Standing
from store.foundation.coming_day import check_coming_day
from store.foundation.contact import parse_email
from store.foundation.errors import NeedsConfirmation, Refused
from store.foundation.hsa_id import HsaId, same_hsa_id
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import clean, clean_name, sort_name
from store.foundation.upsert import upsert
from store.foundation.work import Work
from store.people.members import (
    REASON_LIMIT,
    Member,
    hold_staff,
    log_change,
    member_of,
    other_admins,
    set_active,
    set_role,
)
from store.people.provider_changes import unit_changed
from store.people.staff import Assignment, Known, Staff, hold_people, is_trained, person_by_hsa_id
from store.people.units import unit_by_hsa_id


class AlreadyThere(Refused):
    """The platform's own sentence (FAQ); `is_inactive` where *Aktivera* is the way out."""

    def __init__(self, hsa_id: str, unit_hsa_id: str, *, is_inactive: bool) -> None:
        super().__init__(
            f"Användaren med hsaid: {hsa_id} finns redan på enheten med hsaid: {unit_hsa_id}",
            field="hsaid",
            helps=("activate_staff",) if is_inactive else ("give_role",),
        )
        self.is_inactive = is_inactive
        self.hsa_id = hsa_id


@operation(
    "Lägga till en person på enheten", may={Role.ACCESS_ADMIN}, action=Action.CHANGED, category=DataCategory.STAFF
)
def add_staff(
    work: Work,
    hsa_id: str,
    *,
    family_name: str | None = None,
    given_name: str | None = None,
    email: str | None = None,
    roles: Sequence[Role] = (),
    reason: str = "",
    trainings: Sequence[str] = (),
    confirmed: bool = False,
) -> None:
    """Add somebody to the unit, with roles and trainings where some are named, all or nothing.

    Args:
        hsa_id: as typed.
        family_name: asked for only where the HSA-id is new to the store; so are the others.
        given_name: see there.
        email: may be empty.
        roles: what the person is given at once, without an end.
        reason: why; it must be given where a role is.
        trainings: what the person has gone through: roles' words, programs' ids.
        confirmed: whether the warnings have been confirmed.

    Raises:
        Refused: it is no HSA-id, a name is missing or wrong, a role isn't given here or has no reason, or a training
            is none.
        AlreadyThere: the person is on the unit already, active or not.
        NeedsConfirmation: a role is given without its training.
    """
    hold_staff(work)
    value = HsaId.parse(hsa_id).value
    unit = work.actor.unit_id or 0
    refuse_known(work, value, unit)
    someone = _known_or_new(work, value, family_name, given_name, email)
    work.add(Assignment(staff_id=someone.id, unit_id=unit, active=1, sort_name=someone.sort_name))
    log_change(work, member_of(work, value), "tillagd")
    for subject in dict.fromkeys(trainings):
        record_training(work, value, subject)
    _give_first_roles(work, member_of(work, value), tuple(dict.fromkeys(roles)), reason, confirmed=confirmed)


def _give_first_roles(work: Work, member: Member, roles: Sequence[Role], reason: str, *, confirmed: bool) -> None:
    """Give roles to somebody who has none yet; all that is warned of is told at once."""
    reason = clean(reason, multiline=False, limit=REASON_LIMIT, field="skal").strip()
    for role in roles:
        _check_role(work, member, role, reason, None)
    warned = [sentence for role in roles for sentence, _ in _warnings(work, member, role, None)]
    if warned and not confirmed:
        raise NeedsConfirmation(warned, helps=("record_training",))
    for role in roles:
        set_role(work, member.staff_id, work.actor.unit_id or 0, role, reason)
        log_change(work, member, f"rollen {role} given: {reason}")


@operation("Aktivera en person på enheten", may={Role.ACCESS_ADMIN}, action=Action.CHANGED, category=DataCategory.STAFF)
def activate_staff(work: Work, hsa_id: str) -> None:
    """Activate somebody again, with the roles held before; one whose end has passed meanwhile does not come back.

    Raises:
        Refused: the person is active.
    """
    hold_staff(work)
    member = member_of(work, hsa_id)
    if member.is_active:
        raise Refused(f"{member.name} är redan aktiv på enheten.")
    _forget_ended_roles(work, member.staff_id, work.actor.unit_id or 0)
    set_active(work, member, active=True)
    log_change(work, member, "aktiverad")


@operation("Ge en person en roll", may={Role.ACCESS_ADMIN}, action=Action.CHANGED, category=DataCategory.STAFF)
def give_role(
    work: Work, hsa_id: str, role: Role, reason: str, *, until: date | None = None, confirmed: bool = False
) -> None:
    """Give somebody a role, or another end of one that is held.

    Args:
        hsa_id: to whom.
        role: a role on a unit.
        reason: why; it must be given.
        until: the last day on which it is held; None for no end.
        confirmed: whether the warnings have been confirmed.

    Raises:
        Refused: there is no reason, the day has passed, the person is inactive, or the role isn't given here.
        NeedsConfirmation: no training for the role is recorded, or nobody else is administrator after the end.
    """
    hold_staff(work)
    member = member_of(work, hsa_id)
    reason = clean(reason, multiline=False, limit=REASON_LIMIT, field="skal").strip()
    _check_role(work, member, role, reason, until)
    if not confirmed and (warnings := list(_warnings(work, member, role, until))):
        helps = tuple(dict.fromkeys(operation for _, operation in warnings))
        raise NeedsConfirmation([sentence for sentence, _ in warnings], helps=helps)
    set_role(work, member.staff_id, work.actor.unit_id or 0, role, reason, until)
    log_change(work, member, f"rollen {role} given{f' till och med {until}' if until else ''}: {reason}")


@operation("Registrera en utbildning", may={Role.ACCESS_ADMIN}, action=Action.CHANGED, category=DataCategory.STAFF)
def record_training(work: Work, hsa_id: str, subject: str, *, done: bool = True) -> None:
    """Record that somebody has gone through a training, or take the record away.

    Args:
        hsa_id: who.
        subject: a role's word, or a program's id.
        done: False takes it away.

    Raises:
        Refused: there is no such role or program.
    """
    hold_staff(work)
    member = member_of(work, hsa_id)
    require_known_subject(work, subject, field="utbildning")
    what = {"staff_id": member.staff_id, "subject": subject}
    if done:  # another unit's administrator may be recording the same
        work.db.run(upsert("training", ["staff_id", "subject"]), **what)
    else:
        work.db.run("DELETE FROM training WHERE staff_id = :staff_id AND subject = :subject", **what)
    log_change(work, member, f"utbildning {subject} {'registrerad' if done else 'borttagen'}")


def require_known_subject(work: ReadTransaction, subject: str, *, field: str) -> None:
    """Raise `Refused` for what no training can be in: it is neither a role's word nor a program's id."""
    known = {role.value for role in Role} | {*work.db.values("SELECT DISTINCT program FROM programversion")}
    if subject not in known:
        raise Refused(f"{subject} är varken en roll eller ett programs id.", field=field)


@operation(
    "Utse en behörighetsadministratör", may={Standing.OPERATOR}, action=Action.CHANGED, category=DataCategory.STAFF
)
def appoint_admin(
    work: Work,
    hsa_id: str,
    unit_hsa_id: str,
    decision: str,
    *,
    family_name: str | None = None,
    given_name: str | None = None,
    email: str | None = None,
) -> str:
    """Make somebody the unit's behörighetsadministratör, as its head has decided: the way out when the only is ill.

    Returns the person's HSA-id as it was given first.

    Args:
        hsa_id: whom.
        unit_hsa_id: the unit.
        decision: what the head has decided, and when; it goes into the log.
        family_name: where the HSA-id is new to the store; so the others.
        given_name: see there.
        email: may be empty.

    Raises:
        Refused: no such unit, no decision, a name is missing, or the person has the role without an end.
    """
    unit = unit_by_hsa_id(work.db, unit_hsa_id)
    if unit is None:
        raise Refused(f"Ingen enhet har HSA-id {unit_hsa_id.strip()}. Ange den med --enhet.", field="enhet")
    decision = clean(decision, multiline=False, limit=REASON_LIMIT, field="beslut").strip()
    if not decision:
        raise Refused("Ange verksamhetschefens beslut: vad som är beslutat, av vem och när.", field="beslut")
    work.serialize(f"staff:{unit.id}")
    someone = _known_or_new(work, HsaId.parse(hsa_id).value, family_name, given_name, email)
    if _is_lasting_admin(work, someone.id, unit.id):
        raise Refused(f"{someone.hsa_id} är redan behörighetsadministratör på {unit.hsa_id}.", field="hsaid")
    _forget_ended_roles(work, someone.id, unit.id)
    work.db.run(
        upsert("assignment", ["staff_id", "unit_id"], replaced=["active"], kept=["sort_name"]),
        staff_id=someone.id,
        unit_id=unit.id,
        active=1,
        sort_name=someone.sort_name,
    )
    set_role(work, someone.id, unit.id, Role.ACCESS_ADMIN, decision)
    what = f"{someone.hsa_id}: utsedd till behörighetsadministratör på {unit.hsa_id}: {decision}"
    work.log(Action.CHANGED, details=what, unit_id=unit.id)
    unit_changed(work, unit.id)
    return someone.hsa_id


def _forget_ended_roles(work: Work, staff_id: int, unit_id: int) -> None:
    """Remove the roles of somebody inactive that have ended: nobody gets back by being activated what has run out."""
    work.db.run(
        "DELETE FROM assignmentrole WHERE staff_id = :staff AND unit_id = :unit AND until <> '' AND until < :today"
        " AND EXISTS (SELECT 1 FROM assignment a WHERE a.staff_id = :staff AND a.unit_id = :unit AND a.active = 0)",
        staff=staff_id,
        unit=unit_id,
        today=work.today.isoformat(),
    )


def _is_lasting_admin(work: Work, staff_id: int, unit_id: int) -> bool:
    """Whether somebody active is the unit's administrator, without an end."""
    return work.db.has(
        "SELECT 1 FROM assignmentrole r JOIN assignment a ON a.staff_id = r.staff_id AND a.unit_id = r.unit_id"
        " WHERE r.staff_id = :staff AND r.unit_id = :unit AND r.role = :role AND r.until = '' AND a.active = 1",
        staff=staff_id,
        unit=unit_id,
        role=Role.ACCESS_ADMIN.value,
    )


def refuse_known(work: ReadTransaction, hsa_id: str, unit: int) -> None:
    """Raise `AlreadyThere` for who is on the unit, active or not; part of operations."""
    there = work.db.one(
        _There,
        "SELECT s.hsa_id, u.hsa_id AS unit_hsa_id, a.active AS is_active FROM assignment a"
        " JOIN staff s ON s.id = a.staff_id JOIN unit u ON u.id = a.unit_id"
        f" WHERE {same_hsa_id('s.hsa_id')} AND a.unit_id = :unit",
        hsa_id=hsa_id,
        unit=unit,
    )
    if there is not None:
        raise AlreadyThere(there.hsa_id, there.unit_hsa_id, is_inactive=not there.is_active)


class _There(NamedTuple):
    hsa_id: str
    unit_hsa_id: str
    is_active: bool


def _known_or_new(work: Work, hsa_id: str, family_name: str | None, given_name: str | None, email: str | None) -> Known:
    """Return the person; somebody new to the store is added."""
    if known := person_by_hsa_id(work, hsa_id):
        return known
    if family_name is None or given_name is None:
        field = "efternamn" if family_name is None else "fornamn"
        raise Refused("HSA-id:t är nytt här. Ange efternamn och förnamn, och e-post om den finns.", field=field)
    family, given = clean_name(family_name, "efternamn"), clean_name(given_name, "fornamn")
    address = parse_email(email) if email else ""
    hold_people(work)
    if known := person_by_hsa_id(work, hsa_id):
        return known
    name = sort_name(family, given)
    added = Staff(hsa_id=hsa_id, family_name=family, given_name=given, sort_name=name, email=address)
    return Known(work.add(added), hsa_id, name)


def check_role_on_unit(work: ReadTransaction, role: Role) -> None:
    """Raise `Refused` for a role that isn't given on a unit of this store."""
    if role is Role.PROVIDER_ADMIN:
        raise Refused("Vårdgivaradministratör är ingen roll på en enhet.", field="roll")
    if role is Role.TRAINER and not work.is_practice:
        raise Refused("Utbildare finns bara i en övningsmiljö.", field="roll")


def _check_role(work: Work, member: Member, role: Role, reason: str, until: date | None) -> None:
    check_role_on_unit(work, role)
    if not reason:
        raise Refused("Skriv varför rollen ges.", field="skal")
    if not member.is_active:
        raise Refused(f"{member.name} är inaktiv på enheten. Aktivera först.", helps=("activate_staff",))
    if until is not None:
        check_coming_day(until, work.today, field="till-och-med")


def _warnings(work: ReadTransaction, member: Member, role: Role, until: date | None) -> Iterator[tuple[str, str]]:
    """Yield what should be confirmed before a role is given, each with the operation that is the way out."""
    if wants_training(work) and not is_trained(work.db, member.staff_id, role.value):
        untrained = f"{member.name} har ingen registrerad utbildning för rollen {role}. En roll ges efter utbildning."
        yield untrained, "record_training"
    if role is Role.ACCESS_ADMIN and until is not None and not other_admins(work, member, after=until):
        yield (
            f"Ingen annan är behörighetsadministratör på enheten efter {until}. Rollen gäller ändå för {member.name} "
            "tills någon annan har den. Ge den till en till person i tid.",
            "give_role",
        )


def wants_training(work: ReadTransaction) -> bool:
    """Whether the unit gives a role after its training only."""
    return bool(work.db.value("SELECT role_training FROM unit WHERE id = :unit", unit=work.actor.unit_id))
