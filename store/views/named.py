"""Whether what names a resident on screen may still be seen."""

from store.care.handovers import offered_subject
from store.care.moments import moment_subject
from store.foundation.access import Subject
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.views.moment import SEES


def named_subject(work: ReadTransaction, moment: int) -> Subject | None:
    """Return a moment of the unit of the one who acts, or one that is offered to it; None where it is neither."""
    found = moment_subject(work, moment)
    if found is None or found.unit_id == work.actor.unit_id:
        return found
    return offered_subject(work, moment)


@operation("Se om ett moment ännu får visas", may=SEES, action=None, on=named_subject)
def see_moment(_work: ReadTransaction, _moment: Subject) -> None:
    """Return where the moment may be seen; nothing of it is told.

    Raises:
        NotPermitted: it may not, or no longer.
    """
