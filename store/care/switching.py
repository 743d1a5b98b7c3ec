"""Changing ansvarig behandlare (guide; domain.md §3.2)."""

from collections.abc import Sequence

from store.care.acts import ActKind, record_act
from store.care.claims import end_claims
from store.care.held_messages import release_held
from store.care.messages import post_message, why_not_write
from store.care.moments import UNTIL_ENDED, MomentSubject, change_moment, moment_subject, running_moments
from store.care.successors import tell_successor
from store.care.training import check_training
from store.foundation.access import Action, DataCategory, Role, Standing
from store.foundation.errors import NotPermitted, Refused
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.work import Work
from store.people.staff import colleague_on, hold_clinician

MESSAGE_HEADING = "Ny behandlare"


@operation(
    "Byta ansvarig behandlare",
    may={Standing.RESPONSIBLE, Role.RESIDENT_ADMIN},
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    event=True,
    on=moment_subject,
    statuses=UNTIL_ENDED.unless_offered,
)
def switch_clinician(
    work: Work, moment: MomentSubject, to: str, *, message: str | None = None, confirmed: bool = False
) -> None:
    """Assign the moment to another clinician of the unit; the open flags and all else follow it.

    Args:
        moment: the moment's id.
        to: HSA-id of the new clinician.
        message: a text to the resident about it, sent in the same transaction.
        confirmed: whether the warnings have been confirmed.

    Raises:
        Refused: not an active clinician of the unit, the same as before, or the moment is ended; a message in
            maintenance.
        NeedsConfirmation: the new clinician lacks the training for the program.
    """
    new = hold_clinician(work, moment.unit_id, to)
    if new is None:
        raise Refused(f"{to} är inte aktiv behandlare på enheten. Välj en annan behandlare.", field="behandlare")
    if new.staff_id == moment.responsible_id:
        raise Refused(f"{new.name} är redan ansvarig behandlare.", field="behandlare")
    check_training(work, moment.unit_id, [(moment, new)], confirmed=confirmed)
    if message is not None:
        if reason := why_not_write(moment):
            raise Refused(f"{reason} Byt utan meddelande.", field="meddelande")
        post_message(work, moment, message, MESSAGE_HEADING)
    release_held(work, moment)
    end_claims(work, "m.id = :moment", moment=moment.moment_id)
    before = work.db.value("SELECT hsa_id FROM staff WHERE id = :id", id=moment.responsible_id)
    change_moment(work, moment, responsible_id=new.staff_id)
    record_act(work, moment, ActKind.SWITCHED, before=before, to=new.staff_id, told=message is not None)
    tell_successor(work, [moment], new.staff_id)
    work.event(moment, EventKind.SWITCHED, to=new.name)


@operation(
    "Byta ansvarig behandlare för en behandlares alla moment",
    may={Role.RESIDENT_ADMIN},
    action=None,
    category=DataCategory.RECORD,
)
def switch_all(
    work: Work, of: str, to: str, *, message: str | None = None, leave: Sequence[int] = (), confirmed: bool = False
) -> int:
    """Assign all moments of one clinician, but those to `leave`, to another, or none of them; returns how many.

    Each is a switch of its own, with its event and its log row. The one they are taken from may have stopped working.

    Args:
        of: HSA-id of the one who has them.
        to: HSA-id of the new clinician.
        message: a text to each resident about it; where nothing may be written, in maintenance, it is left out.
        leave: ids of moments that stay where they are.
        confirmed: whether the warnings have been confirmed.

    Raises:
        NotPermitted: nobody by the HSA-id `of` works or has worked on the unit.
        Refused: there is nothing to move, or what `switch_clinician` refuses.
        NeedsConfirmation: the new clinician lacks the training for some of the programs.
    """
    unit = work.actor.unit_id or 0
    before = colleague_on(work.db, unit, of)
    if before is None:
        raise NotPermitted
    found = running_moments(work, unit, before.staff_id)
    if not found:
        raise Refused(f"{before.name} har inga moment att flytta.")
    moments = [moment for moment in found if moment.moment_id not in set(leave)]
    if not moments:
        raise Refused("Välj minst ett moment att flytta.", field="moment")
    new = hold_clinician(work, unit, to)
    if new is not None and new.staff_id != before.staff_id:  # else the first switch refuses it
        check_training(work, unit, [(moment, new) for moment in moments], confirmed=confirmed)
    for moment in moments:
        told = None if why_not_write(moment) else message
        switch_clinician(work, moment.moment_id, to, message=told, confirmed=True)
    return len(moments)
