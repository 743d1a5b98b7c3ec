"""A sent message is held for five seconds, in which its sender can take it back; then it is on its way (domain.md §4).

What is true follows from the time alone: who asks before `release_at` finds the conversation as it was, who asks later
finds it answered, though nobody has written that down yet. `release_held` writes it down: whatever acts in the moment
does so first, and the day's run, the deliverer and an app that is opened do it for all (`release_due`): the one whose
message it was may have been killed. There is at most one held message in a moment: sending another lets it go.
"""

from collections.abc import Mapping

from store.care.acts import ActKind
from store.care.conversations import oldest_unanswered
from store.care.flags import close_flags
from store.care.moments import MomentSubject, change_moment, load_moment, moment_subject
from store.foundation.access import SYSTEM, Actor, DataCategory, Role, Standing
from store.foundation.errors import NotPermitted, RowDamaged, StoreUnreachable
from store.foundation.flag_kinds import FlagKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.store import Store
from store.foundation.work import Work

HOLD = 5_000
"""Milliseconds for which a message is held."""

ANSWERED = "Meddelandet är besvarat."


@operation(
    "Låta ett skickat meddelande gå iväg",
    may={Standing.RESPONSIBLE, Standing.SUBSTITUTE, Role.RESIDENT_ADMIN, Standing.OPERATOR, Standing.SYSTEM},
    action=None,
    category=DataCategory.MESSAGES,
    on=moment_subject,
)
def note_release(work: Work, moment: MomentSubject) -> None:
    """Write down that the moment's message has gone where its time has come; it went by itself."""
    if release_held(work, moment, only_due=True):
        work.changed(moment.unit_id)


@operation("Se var skickade meddelanden har gått iväg", may={Standing.OPERATOR, Standing.SYSTEM}, action=None)
def due_releases(work: ReadTransaction) -> list[int]:
    """Return the moments in which a held message has gone, and nobody has written it down.

    They are found by their sender's act (`store.care.acts`), which stays for a day, and until the sender acts again.
    """
    return work.db.values(
        "SELECT DISTINCT c.moment_id FROM act a JOIN conversation c ON c.resident_id = a.resident_id"
        " AND c.moment_id = a.moment_id WHERE a.kind = :kind AND c.release_at <= :now ORDER BY c.moment_id",
        kind=ActKind.MESSAGE.value,
        now=work.now,
    )


def release_due(store: Store, actor: Actor = SYSTEM) -> Mapping[int, Exception]:
    """Write down, moment by moment, what has gone; returns by the moment's id where that could not be done, and why.

    Raises:
        StoreUnreachable: the database is gone.
        NotPermitted: the actor may not.
    """
    left: dict[int, Exception] = {}
    with store.work(actor) as work:  # no snapshot: a practice store that is being made has but one transaction
        moments = due_releases(work)
    for moment in moments:
        try:
            with store.work(actor) as work:
                note_release(work, moment)
        except Exception as error:
            if isinstance(error, (StoreUnreachable, NotPermitted)) and not isinstance(error, RowDamaged):
                raise
            left[moment] = error
    return left


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
