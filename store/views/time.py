"""Time spent, as it is shown."""

from store.care.moments import MomentSubject, moment_subject
from store.care.time_spent import WeekTime, time_of
from store.foundation.access import Action, DataCategory
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.views.moment import SEES


@operation("Se tid i ett moment", may=SEES, action=Action.READ, category=DataCategory.RECORD, on=moment_subject)
def view_time(work: ReadTransaction, moment: MomentSubject) -> tuple[WeekTime, ...]:
    """Return the weeks in which time was spent on a moment, the latest first."""
    return time_of(work, moment)


@operation("Läsa om tid i ett öppet moment", may=SEES, action=None, category=DataCategory.RECORD, on=moment_subject)
def time_again(work: ReadTransaction, moment: MomentSubject) -> tuple[WeekTime, ...]:
    """Return the weeks again, as an open page does: what was logged when it was opened is not logged anew."""
    return time_of(work, moment)
