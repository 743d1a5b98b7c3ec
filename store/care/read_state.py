"""What of a moment is read: a state of the moment, not of a person (domain.md §4)."""

from store.care.moments import MomentSubject, change_moment
from store.foundation.events import EventKind
from store.foundation.work import Work


def set_answer_read(work: Work, moment: MomentSubject, answer: int) -> bool:
    """Mark an answer of the moment as read by the one who acts; returns False where it was, or is another's."""
    form = work.db.value(
        "SELECT max(form) FROM formanswer"
        " WHERE id = :id AND resident_id = :resident AND moment_id = :moment AND read_at IS NULL",
        id=answer,
        resident=moment.resident_id,
        moment=moment.moment_id,
    )
    if form is None:
        return False
    work.db.run(
        "UPDATE formanswer SET read_at = :now, read_by = :name WHERE id = :id",
        now=work.now,
        name=work.actor.name,
        id=answer,
    )
    change_moment(work, moment, unread_forms=moment.unread_forms - 1)
    work.event(moment, EventKind.FORM_READ, answer=answer, form=form)
    return True
