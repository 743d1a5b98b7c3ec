"""Choosing and ending a ställföreträdare (domain.md §7): a clinician's moments on a unit, for some days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from store.care.messages import post_message, why_not_write
from store.care.moments import MomentSubject, running_moments
from store.care.successors import tell_successor
from store.care.training import check_training
from store.foundation.access import Action, DataCategory, Role, Standing
from store.foundation.coming_day import check_coming_day
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.work import Work
from store.people.members import Member, hold_staff, log_change, member_of
from store.people.sign_in import CAN_STAND_IN, as_staff
from store.people.staff import Colleague, hold_clinician
from store.people.substitutions import Substitution, stand_ins_by, stand_ins_of

MESSAGE_HEADING = "Ställföreträdare"
MOST_DAYS = 366

Days = tuple[date, date]
"""The first and the last, both included."""

_MAY = frozenset({Role.CLINICIAN, Role.RESIDENT_ADMIN, Role.ACCESS_ADMIN})


@operation("Utse en ställföreträdare", may=_MAY, action=Action.CHANGED, category=DataCategory.STAFF)
def set_substitute(
    work: Work,
    of: str,
    to: str,
    first: date,
    last: date,
    *,
    message: str | None = None,
    confirmed: bool = False,
) -> int:
    """Let a colleague stand in for a clinician; returns how many residents were written to.

    Clinicians choose for themselves, an invånaradministratör or a behörighetsadministratör for others too.

    Args:
        work: the transaction.
        of: HSA-id of the clinician whose moments they are.
        to: HSA-id of the one who stands in.
        first: the first day of it.
        last: the last day of it.
        message: a text to the resident of each running moment; where nothing may be written it is left out.
        confirmed: whether the warnings have been confirmed.

    Raises:
        NotPermitted: it is for another, by one who may only choose for oneself.
        Refused: the days or the persons can't be so.
        NeedsConfirmation: who is to stand in lacks a training, or has somebody to stand in for.
    """
    hold_staff(work)
    member, days = _of(work, of), (first, last)
    check_days(days, work.today)
    new = _chosen(work, member, to)
    _check_overlaps(work, member, new, days)
    moments = running_moments(work, work.actor.unit_id or 0, member.staff_id)
    if not confirmed:
        _warn(work, member, new, days, moments)
    _store(work, member, new, days)
    _tell_moments(work, member, new, days, moments)
    return 0 if message is None else _tell_residents(work, member, moments, message)


def _chosen(work: Work, member: Member, to: str) -> Colleague:
    """Return who is to stand in; raises `Refused` where one of the two can't be it."""
    unit = work.actor.unit_id or 0
    if hold_clinician(work, unit, member.hsa_id) is None:
        raise Refused(f"{member.name} är inte aktiv behandlare på enheten.", field="hsaid")
    new = hold_clinician(work, unit, to)
    if new is None:
        raise Refused(f"{to} är inte aktiv behandlare på enheten. Välj någon annan.", field="till")
    if new.staff_id == member.staff_id:
        raise Refused("Ingen kan vara sin egen ställföreträdare. Välj någon annan.", field="till")
    return new


def _store(work: Work, member: Member, new: Colleague, days: Days) -> None:
    first, last = days
    work.add(
        Substitution(
            unit_id=work.actor.unit_id or 0,
            staff_id=member.staff_id,
            substitute_id=new.staff_id,
            first_day=first.isoformat(),
            last_day=last.isoformat(),
            set_by=work.actor.name,
            set_at=work.now,
        )
    )


def _tell_moments(work: Work, member: Member, new: Colleague, days: Days, moments: Sequence[MomentSubject]) -> None:
    """Write in each moment, and in the log, who stands in and when."""
    first, last = days
    facts: dict[str, object] = {"to": new.name, "first": first.isoformat(), "last": last.isoformat()}
    work.event_in_many(EventKind.SUBSTITUTE_SET, [(moment, facts) for moment in moments])
    said = f"ställföreträdare {new.hsa_id} {first} till och med {last}"
    for moment in moments:
        work.log(Action.CHANGED, moment, said)
    log_change(work, member, said)


@operation("Avsluta ett ställföreträdarskap", may=_MAY, action=Action.CHANGED, category=DataCategory.STAFF)
def end_substitute(work: Work, of: str, *, first: date | None = None) -> int:
    """End what stands, or is to stand, in for a clinician; returns how many there were.

    Args:
        work: the transaction.
        of: HSA-id of the clinician whose moments they are.
        first: the first day of the one that is meant; None for all.

    Raises:
        NotPermitted: it is another's, and the one who acts may only choose for oneself.
        Refused: there is none.
    """
    hold_staff(work)
    member = _of(work, of)
    ended = _end(work, _open(work, "staff_id", member.staff_id, first))
    if not ended:
        raise Refused(f"{member.name} har ingen ställföreträdare att avsluta.", field="fran" if first else "hsaid")
    return ended


def end_substitutes_with(work: Work, member: Member, why: str) -> None:
    """End what somebody who stops being behandlare on the unit has to do with substitutes; part of operations.

    Their moments are with the ansvarig behandlare alone again, who is told.

    Args:
        work: the transaction.
        member: who stops.
        why: `hens uppdrag på enheten är inaktiverat`.
    """
    _end(work, _open(work, "staff_id", member.staff_id, None))
    for one in _open(work, "substitute_id", member.staff_id, None):
        _fall_away(work, one, why)


@operation(
    "Avsluta ställföreträdarskap vars ställföreträdare inte är behandlare längre",
    may={Standing.SYSTEM, Standing.OPERATOR},
    action=None,
    category=DataCategory.STAFF,
)
def end_lost_substitutes(work: Work) -> int:
    """End what gives no standing any longer: the role of the one who stands in has run out; returns how many.

    What inactivation and a role taken end is ended with them; a role's last day passes by itself.
    """
    lost = _found(work, f"NOT {CAN_STAND_IN}")
    for one in lost:
        _fall_away(work, one, "hens roll som behandlare har gått ut")
    return len(lost)


def _fall_away(work: Work, one: "_Open", why: str) -> None:
    """End what nobody meant to end, and tell the ansvarig behandlare, whose moments they are alone again."""
    _end(work, [one], fell_away=why)
    if moments := running_moments(work, one.unit_id, one.staff_id):
        tell_successor(work, moments, one.staff_id, at_least_one=True)


@dataclass(frozen=True)
class _Open:
    id: int
    unit_id: int
    staff_id: int
    of: str
    by: str
    by_name: str


def _open(work: Work, column: str, staff_id: int, first: date | None) -> list[_Open]:
    """Return what has not ended, of somebody or by somebody on the unit of the one who acts."""
    where, unit = f"w.unit_id = :unit AND w.{column} = :staff", work.actor.unit_id
    if first is None:
        return _found(work, where, unit=unit, staff=staff_id)
    return _found(work, f"{where} AND w.first_day = :first", unit=unit, staff=staff_id, first=first.isoformat())


def _found(work: Work, where: str, **parameters: object) -> list[_Open]:
    """Return what has not ended and a condition on `w` finds, locked: two must not end the same."""
    return work.db.all(
        _Open,
        "SELECT w.id, w.unit_id, w.staff_id, s.hsa_id AS of, t.hsa_id AS by,"
        " t.given_name || ' ' || t.family_name AS by_name"
        " FROM substitution w JOIN staff s ON s.id = w.staff_id JOIN staff t ON t.id = w.substitute_id"
        f" WHERE w.ended_at IS NULL AND w.last_day >= :today AND {where} ORDER BY w.id{work.for_update('w')}",
        **parameters,
        today=work.today.isoformat(),
    )


def _end(work: Work, found: Sequence[_Open], *, fell_away: str = "") -> int:
    for one in found:
        work.db.run(
            "UPDATE substitution SET ended_at = :now, fell_away = :why WHERE id = :id",
            now=work.now,
            why=fell_away,
            id=one.id,
        )
        moments = running_moments(work, one.unit_id, one.staff_id)
        work.event_in_many(EventKind.SUBSTITUTE_ENDED, [(moment, {"holder": one.by_name}) for moment in moments])
        said = f"ställföreträdare {one.by} avslutad"
        for moment in moments:
            work.log(Action.CHANGED, moment, said)
        work.log(Action.CHANGED, details=f"{one.of}: {said}", unit_id=one.unit_id)
        work.changed(one.unit_id)
    return len(found)


def _of(work: Work, hsa_id: str) -> Member:
    """Return whose moments they are; raises `NotPermitted` where the one who acts may not choose for that one."""
    actor = as_staff(work.actor)
    member = member_of(work, hsa_id)
    if member.staff_id != actor.staff_id and not actor.roles & {Role.RESIDENT_ADMIN, Role.ACCESS_ADMIN}:
        raise NotPermitted
    return member


def check_days(days: Days, today: date) -> None:
    """Raise `Refused` for days that no substitution can have, at the field of the day that is wrong."""
    first, last = days
    check_coming_day(first, today, field="fran")
    if last < first:
        raise Refused("Den sista dagen är före den första.", field="till-och-med")
    if last - first >= timedelta(days=MOST_DAYS):
        raise Refused("En ställföreträdare kan utses för högst ett år i taget.", field="till-och-med")


def _check_overlaps(work: Work, member: Member, new: Colleague, days: Days) -> None:
    unit = work.actor.unit_id or 0
    for one in stand_ins_of(work, unit, member.staff_id):
        if not one.fell_away and _meet(one.first_day, one.last_day, days):
            raise Refused(
                f"{member.name} har redan en ställföreträdare {one.days}: {one.by_name}. "
                "Avsluta den först, eller välj andra dagar.",
                field="fran",
                helps=("end_substitute",),
            )
    for one in stand_ins_of(work, unit, new.staff_id):
        if not one.fell_away and _meet(one.first_day, one.last_day, days):
            raise Refused(
                f"{new.name} har själv en ställföreträdare {one.days}. Välj någon annan.",
                field="till",
            )


def _meet(first: str, last: str, days: Days) -> bool:
    return first <= days[1].isoformat() and last >= days[0].isoformat()


def _warn(work: Work, member: Member, new: Colleague, days: Days, moments: Sequence[MomentSubject]) -> None:
    """Raise `NeedsConfirmation` of what the one who chooses should think of."""
    unit = work.actor.unit_id or 0
    warnings = [
        f"{member.name} är själv ställföreträdare för {one.of_name} {one.days}. Det tar ingen över."
        for one in stand_ins_by(work, unit, member.staff_id)
        if _meet(one.first_day, one.last_day, days)
    ]
    warnings += _role_ends(work, new, days)
    try:
        check_training(work, unit, [(moment, new) for moment in moments], confirmed=False)
    except NeedsConfirmation as untrained:
        warnings += untrained.warnings
    if warnings:
        raise NeedsConfirmation(warnings)


def _role_ends(work: Work, new: Colleague, days: Days) -> list[str]:
    """Return the warning that the role of who is to stand in ends before the last day."""
    until = work.db.value(
        "SELECT until FROM assignmentrole WHERE staff_id = :staff AND unit_id = :unit AND role = :role",
        staff=new.staff_id,
        unit=work.actor.unit_id,
        role=Role.CLINICIAN.value,
    )
    if not until or until >= days[1].isoformat():
        return []
    return [f"{new.name} är behandlare på enheten bara till och med {until}. Sedan står ingen i stället."]


def _tell_residents(work: Work, member: Member, moments: Sequence[MomentSubject], message: str) -> int:
    actor = as_staff(work.actor)
    if member.staff_id != actor.staff_id and Role.RESIDENT_ADMIN not in actor.roles:
        raise Refused(
            "Bara behandlaren själv eller en invånaradministratör kan skriva till invånarna. Utse utan meddelande.",
            field="meddelande",
        )
    told = [moment for moment in moments if not why_not_write(moment)]
    for moment in told:
        post_message(work, moment, message, MESSAGE_HEADING)
    return len(told)
