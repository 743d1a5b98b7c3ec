"""Ending a moment (guide; domain.md §3.4). It can never be reopened."""

from store.care.flags import close_flags
from store.care.held_messages import release_held
from store.care.messages import post_message
from store.care.moments import UNTIL_ENDED, MomentStatus, MomentSubject, change_moment, moment_subject
from store.care.notices import cancel_notices
from store.care.programs import program_of
from store.care.starting import start_moment
from store.foundation.access import Action, DataCategory, Standing
from store.foundation.errors import NeedsConfirmation, Refused
from store.foundation.events import EventKind
from store.foundation.flag_kinds import FlagKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.people.unit_programs import own_end_reasons

MESSAGE_HEADING = "Programmet är avslutat"


@operation(
    "Avsluta ett moment",
    may={Standing.RESPONSIBLE},
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    event=True,
    on=moment_subject,
    statuses=UNTIL_ENDED.unless_offered,
)
def end_moment(
    work: Work,
    moment: MomentSubject,
    reason: str,
    *,
    message: str | None = None,
    new_program: str | None = None,
    confirmed: bool = False,
) -> int | None:
    """End a moment; returns the id of the new moment where one was started in the same breath.

    Args:
        moment: the moment's id.
        reason: one of the program's avslutningsorsaker, letter by letter.
        message: a farewell to the resident; it goes before the end, from maintenance too.
        new_program: the id of a program to start with the same clinician.
        confirmed: whether what is left undone, and the new start's warnings, have been confirmed.

    Raises:
        Refused: it is ended already, or the reason is not the program's.
        NeedsConfirmation: something is left undone.
    """
    reasons = end_reasons(work, moment)
    if reason not in reasons:
        raise Refused(f"Välj en avslutningsorsak: {', '.join(reasons)}.", field="orsak")
    release_held(work, moment)
    warnings = left_undone(moment)
    if message is not None:
        post_message(work, moment, message, MESSAGE_HEADING)
    change_moment(work, moment, status=MomentStatus.ENDED.value, ended_at=work.now, end_reason=reason)
    cancel_notices(work, moment)
    close_flags(work, moment, *FlagKind, why="Momentet avslutades.")
    work.event(moment, EventKind.ENDED, reason=reason)
    started = None
    if new_program is not None:
        try:
            started = start_moment(work, moment.personnummer, new_program, confirmed=confirmed)
        except NeedsConfirmation as more:
            warnings += more.warnings
    if warnings and not confirmed:
        raise NeedsConfirmation(warnings)
    return started


def end_reasons(work: ReadTransaction, moment: MomentSubject) -> tuple[str, ...]:
    """Return the reasons there are: the program's, and what the unit has beside them."""
    own = own_end_reasons(work, moment.unit_id, moment.program)
    return tuple(dict.fromkeys((*program_of(work.db, moment.version_id).end_reasons, *own)))


def left_undone(moment: MomentSubject) -> tuple[str, ...]:
    """Return what waits in a moment, a sentence each."""
    waiting = (
        (moment.priority_flags, "ohanterad prioriterad flagga", "ohanterade prioriterade flaggor"),
        (moment.unread_messages, "oläst meddelande", "olästa meddelanden"),
        (moment.unread_forms, "oläst formulär", "olästa formulär"),
        (moment.drafts, "utkast som inte har skickats", "utkast som inte har skickats"),
    )
    return tuple(f"{number} {one if number == 1 else many}" for number, one, many in waiting if number)
