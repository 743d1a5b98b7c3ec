"""What waits in moments that get another clinician: told to the one who has them now, and not to the one before."""

from collections.abc import Sequence
from dataclasses import replace

from store.care.moments import MomentSubject
from store.care.notices import NoticeKind, cancel_message_notice, notify_responsible
from store.foundation.work import Work
from store.people.sign_in import StaffActor


def tell_successor(work: Work, moments: Sequence[MomentSubject], staff_id: int, *, at_least_one: bool = False) -> None:
    """Notify who takes over moments of their unread messages and open prioriterade flaggor; part of operations.

    Nobody is told of what they do themselves.

    Args:
        work: the transaction.
        moments: as they were, with the clinician who had them.
        staff_id: who has them now.
        at_least_one: whether there is a notice though nothing waits: the person was not asked.
    """
    is_own = isinstance(work.actor, StaffActor) and work.actor.staff_id == staff_id
    told = [] if is_own else [(moment, kind) for moment in moments for kind in _waiting(moment)]
    if not told and at_least_one and not is_own:
        told = [(moments[0], NoticeKind.STAFF_MESSAGE)]
    for moment in moments:
        cancel_message_notice(work, moment, moment.responsible_id)
    for moment, kind in told:
        notify_responsible(work, replace(moment, responsible_id=staff_id), kind)


def _waiting(moment: MomentSubject) -> list[NoticeKind]:
    kinds = [NoticeKind.STAFF_MESSAGE] if moment.unread_messages else []
    return [*kinds, NoticeKind.STAFF_PRIORITY] if moment.priority_flags else kinds
