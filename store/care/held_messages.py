"""A sent message is held for five seconds, in which its sender can take it back; then it is on its way (domain.md §4).

What is true follows from the time alone: who asks before `release_at` finds the conversation as it was, who asks later
finds it answered, though nobody has written that down yet. `release_held` writes it down: whatever acts in the moment
does so first. There is at most one held message in a moment: sending another lets it go.
"""

from store.care.conversations import oldest_unanswered
from store.care.flags import close_flags
from store.care.moments import MomentSubject, change_moment, load_moment, moment_subject
from store.foundation.access import DataCategory, Role, Standing
from store.foundation.flag_kinds import FlagKind
from store.foundation.operation import operation
from store.foundation.work import Work

HOLD = 5_000
"""Milliseconds for which a message is held."""

ANSWERED = "Meddelandet är besvarat."


@operation(
    "Låta ett skickat meddelande gå iväg",
    may={Standing.RESPONSIBLE, Role.RESIDENT_ADMIN, Standing.OPERATOR},
    action=None,
    category=DataCategory.MESSAGES,
    on=moment_subject,
)
def note_release(work: Work, moment: MomentSubject) -> None:
    """Write down that the moment's message has gone where its time has come; it went by itself."""
    if release_held(work, moment, only_due=True):
        work.changed(moment.unit_id)


def release_held(work: Work, moment: MomentSubject, *, only_due: bool = False) -> bool:
    """Let the moment's held message go, and write down what follows; returns whether there was any.

    Args:
        work: the transaction.
        moment: the moment, locked.
        only_due: leave one whose time has not come.
    """
    found = work.db.pairs(
        "SELECT id, release_at FROM conversation"
        " WHERE resident_id = :resident AND moment_id = :moment AND release_at IS NOT NULL ORDER BY id",
        resident=moment.resident_id,
        moment=moment.moment_id,
    )
    due = [(place, at) for place, at in found if at <= work.now or not only_due]
    for place, release_at in due:
        if release_at > work.now:
            _let_go(work, moment, place, release_at)
        work.db.run(
            "UPDATE conversation SET unanswered_at = unanswered_then, unanswered_then = NULL, release_at = NULL,"
            " release_by = NULL WHERE id = :id",
            id=place,
        )
        close_flags(work, load_moment(work, moment.moment_id), FlagKind.UNANSWERED, about=str(place), why=ANSWERED)
    if due:
        change_moment(work, moment, oldest_unanswered_at=oldest_unanswered(work, moment))
    return bool(due)


def _let_go(work: Work, moment: MomentSubject, conversation: int, release_at: int) -> None:
    """Let a held message go now: its avisering is due at once, unless it waits to be collected."""
    place = {"resident": moment.resident_id, "moment": moment.moment_id, "at": release_at, "now": work.now}
    work.db.run(
        "UPDATE message SET release_at = :now"
        " WHERE resident_id = :resident AND conversation_id = :conversation AND release_at = :at",
        resident=moment.resident_id,
        conversation=conversation,
        at=release_at,
        now=work.now,
    )
    work.db.run(
        "UPDATE notice SET due_at = :now WHERE resident_id = :resident AND moment_id = :moment"
        " AND state = 'vantar' AND message_id IS NOT NULL AND due_at = :at",
        **place,
    )
