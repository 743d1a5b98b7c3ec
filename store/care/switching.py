"""Changing ansvarig behandlare (guide; domain.md §3.2)."""

from store.care.messages import post_message, why_not_write
from store.care.moments import MomentStatus, change_moment, load_moment, moment_subject, require, require_not_offered
from store.foundation.access import Action, Role, Standing, operation
from store.foundation.errors import NotPermitted, Refused
from store.foundation.events import EventKind
from store.foundation.work import Work
from store.people.staff import colleague_on, hold_clinician

MESSAGE_HEADING = "Ny behandlare"


@operation(
    "Byta ansvarig behandlare",
    may={Standing.RESPONSIBLE, Role.RESIDENT_ADMIN},
    action=Action.CHANGED,
    event=True,
    on=moment_subject,
)
def switch_clinician(work: Work, moment: int, to: str, *, message: str | None = None) -> None:
    """Assign the moment to another clinician of the unit; the open flags and all else follow it.

    Args:
        moment: the moment's id.
        to: HSA-id of the new clinician.
        message: a text to the resident about it, sent in the same transaction.

    Raises:
        Refused: not an active clinician of the unit, the same as before, or the moment is ended; a message in
            maintenance.
    """
    here = load_moment(work, moment)
    require(here, MomentStatus.RUNNING, MomentStatus.MAINTENANCE)
    require_not_offered(here)
    assert here.unit_id is not None
    new = hold_clinician(work, here.unit_id, to)
    if new is None:
        raise Refused(f"{to} är inte aktiv behandlare på enheten. Välj en annan behandlare.", field="behandlare")
    if new.staff_id == here.responsible_id:
        raise Refused(f"{new.name} är redan ansvarig behandlare.", field="behandlare")
    if message is not None:
        if reason := why_not_write(here):
            raise Refused(f"{reason} Byt utan meddelande.", field="meddelande")
        post_message(work, here, message, MESSAGE_HEADING)
    change_moment(work, here, responsible_id=new.staff_id)
    work.event(here, EventKind.SWITCHED, to=new.name)


@operation("Byta ansvarig behandlare för en behandlares alla moment", may={Role.RESIDENT_ADMIN}, action=None)
def switch_all(work: Work, of: str, to: str, *, message: str | None = None) -> int:
    """Assign all moments of one clinician to another of the unit, or none of them; returns how many.

    Each is a switch of its own, with its event and its log row. The one they are taken from may have stopped working.

    Args:
        of: HSA-id of the one who has them.
        to: HSA-id of the new clinician.
        message: a text to each resident about it; where nothing may be written, in maintenance, it is left out.

    Raises:
        NotPermitted: nobody by the HSA-id `of` works or has worked on the unit.
        Refused: there is nothing to move, or what `switch_clinician` refuses.
    """
    unit = work.actor.unit_id or 0
    before = colleague_on(work.db, unit, of)
    if before is None:
        raise NotPermitted
    rows = work.db.rows(
        "SELECT m.id FROM moment m WHERE m.unit_id = :unit AND m.responsible_id = :staff"
        f" AND m.status <> :ended ORDER BY m.id{work.for_update('m')}",
        unit=unit,
        staff=before.staff_id,
        ended=MomentStatus.ENDED.value,
    )
    if not rows:
        raise Refused(f"{before.name} har inga moment att flytta.")
    for (moment,) in rows:
        switch_clinician(work, moment, to, message=None if why_not_write(load_moment(work, moment)) else message)
    return len(rows)
