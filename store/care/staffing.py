"""What a change of staff means for the moments they have: no running moment is without a clinician (domain.md §7)."""

from collections.abc import Mapping

from store.care.claims import end_claims, end_claims_of
from store.care.moments import assign_moments, running_moments
from store.care.notices import cancel_notices_to
from store.care.substituting import end_substitutes_with
from store.care.successors import tell_successor
from store.care.training import check_training
from store.foundation.access import Action, DataCategory, Role
from store.foundation.errors import Refused
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.text import clean
from store.foundation.work import Work
from store.people.members import (
    REASON_LIMIT,
    Member,
    hold_staff,
    log_change,
    member_of,
    remove_role,
    require_another_admin,
    set_active,
)
from store.people.staff import Colleague, hold_clinician


@operation(
    "Inaktivera en person på enheten", may={Role.ACCESS_ADMIN}, action=Action.CHANGED, category=DataCategory.STAFF
)
def inactivate_staff(
    work: Work, hsa_id: str, *, to: str | None = None, each: Mapping[int, str] | None = None, confirmed: bool = False
) -> int:
    """Inactivate somebody on the unit, after the running moments were handed to others; returns how many were.

    Args:
        hsa_id: whom.
        to: HSA-id of the clinician who takes all moments that `each` does not name.
        each: moment's id → HSA-id of the one who takes it.
        confirmed: whether the warnings have been confirmed.

    Raises:
        Refused: the last behörighetsadministratör; inactive already; moments that nobody takes, or who can't.
        NeedsConfirmation: who takes over lacks the training for a program.
    """
    member = _leaving(work, hsa_id)
    if Role.ACCESS_ADMIN in member.roles:
        require_another_admin(work, member)
    moved = _hand_over(work, member, to, each or {}, confirmed=confirmed)
    set_active(work, member, active=False)
    end_substitutes_with(work, member, "hens uppdrag på enheten är inaktiverat")
    end_claims_of(work, work.actor.unit_id or 0, member.staff_id)
    cancel_notices_to(work, work.actor.unit_id or 0, member.staff_id)
    log_change(work, member, "inaktiverad")
    return moved


@operation("Ta en roll från en person", may={Role.ACCESS_ADMIN}, action=Action.CHANGED, category=DataCategory.STAFF)
def take_role(
    work: Work, hsa_id: str, role: Role, reason: str, *, to: str | None = None, confirmed: bool = False
) -> int:
    """Take a role from somebody; returns how many moments were handed over.

    Args:
        hsa_id: from whom.
        role: which.
        reason: why; it must be given.
        to: HSA-id of the clinician who takes the running moments.
        confirmed: whether the warnings have been confirmed.

    Raises:
        Refused: the last behörighetsadministratör; the person has no such role; moments that nobody takes.
        NeedsConfirmation: who takes over lacks the training for a program.
    """
    hold_staff(work)
    member = member_of(work, hsa_id)
    if role not in member.held:
        raise Refused(f"{member.name} har inte rollen {role}.", field="roll")
    reason = clean(reason, multiline=False, limit=REASON_LIMIT, field="skal").strip()
    if not reason:
        raise Refused("Skriv varför rollen tas bort.", field="skal")
    if role is Role.ACCESS_ADMIN and member.is_active:
        require_another_admin(work, member)
    moved = _hand_over(work, member, to, {}, confirmed=confirmed) if role is Role.CLINICIAN else 0
    end_claims_of(work, work.actor.unit_id or 0, member.staff_id)
    remove_role(work, member.staff_id, work.actor.unit_id or 0, role)
    if role is Role.CLINICIAN:
        end_substitutes_with(work, member, "hen har inte längre rollen behandlare")
    log_change(work, member, f"rollen {role} borttagen: {reason}")
    return moved


def _leaving(work: Work, hsa_id: str) -> Member:
    hold_staff(work)
    member = member_of(work, hsa_id)
    if not member.is_active:
        raise Refused(f"{member.name} är redan inaktiv på enheten.")
    return member


def _hand_over(work: Work, member: Member, to: str | None, each: Mapping[int, str], *, confirmed: bool) -> int:
    """Assign the running moments to others; events, counts and log rows as when a clinician is switched."""
    unit = work.actor.unit_id or 0
    moments = running_moments(work, unit, member.staff_id)
    if unknown := set(each) - {moment.moment_id for moment in moments}:
        raise Refused(f"Moment {min(unknown)} är inte ett pågående moment hos {member.name}.", field="behandlare")
    takers = {hsa_id: _taker(work, member, hsa_id) for hsa_id in {*each.values(), *([to] if to else [])}}
    chosen = [takers.get(each.get(moment.moment_id, to or "")) for moment in moments]
    taken = [(moment, taker) for moment, taker in zip(moments, chosen, strict=True) if taker is not None]
    if len(taken) < len(moments):
        raise Refused(_who_takes(member, len(moments), len(moments) - len(taken)), field="behandlare")
    check_training(work, unit, taken, confirmed=confirmed)
    end_claims(work, "m.unit_id = :unit AND m.responsible_id = :staff", unit=unit, staff=member.staff_id)
    assign_moments(work, [(moment, taker.staff_id) for moment, taker in taken])
    work.event_in_many(EventKind.SWITCHED, [(moment, {"to": taker.name}) for moment, taker in taken])
    for moment, taker in taken:
        work.log(Action.CHANGED, moment, f"ny ansvarig behandlare {taker.hsa_id}")
    for staff_id in dict.fromkeys(taker.staff_id for _, taker in taken):
        theirs = [moment for moment, taker in taken if taker.staff_id == staff_id]
        tell_successor(work, theirs, staff_id, at_least_one=True)
    return len(moments)


def _taker(work: Work, member: Member, hsa_id: str) -> Colleague:
    found = hold_clinician(work, work.actor.unit_id or 0, hsa_id)
    if found is None or found.staff_id == member.staff_id:
        raise Refused(f"{hsa_id} är inte en annan aktiv behandlare på enheten. Välj någon annan.", field="behandlare")
    return found


def _who_takes(member: Member, number: int, left: int) -> str:
    moments = "ett moment" if number == 1 else f"{number} moment"
    which = "" if left == number else f" {left} av dem"
    return f"{member.name} är ansvarig behandlare för {moments}. Välj vem som tar över{which}."
