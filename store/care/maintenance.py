"""Vidmakthållande läge and back (FAQ; domain.md §3.3): the resident may only read again."""

from store.care.acts import ActKind, record_act
from store.care.flags import close_flags
from store.care.held_messages import release_held
from store.care.moments import IN_MAINTENANCE, WHILE_RUNNING, MomentStatus, MomentSubject, change_moment, moment_subject
from store.foundation.access import Action, DataCategory, Standing
from store.foundation.events import EventKind
from store.foundation.flag_kinds import OF_A_RUNNING_MOMENT
from store.foundation.operation import operation
from store.foundation.work import Work


@operation(
    "Sätta i vidmakthållande läge",
    may={Standing.RESPONSIBLE},
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    event=True,
    on=moment_subject,
    statuses=WHILE_RUNNING.unless_offered,
)
def maintain_moment(work: Work, moment: MomentSubject) -> None:
    """Put a running moment in maintenance.

    Raises:
        Refused: it is not running, or offered to another unit.
    """
    release_held(work, moment)
    change_moment(work, moment, status=MomentStatus.MAINTENANCE.value)
    close_flags(work, moment, *OF_A_RUNNING_MOMENT, why="Momentet sattes i vidmakthållande läge.")
    record_act(work, moment, ActKind.MAINTAINED)
    work.event(moment, EventKind.MAINTAINED)


@operation(
    "Återuppta från vidmakthållande läge",
    may={Standing.RESPONSIBLE},
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    event=True,
    on=moment_subject,
    statuses=IN_MAINTENANCE.unless_offered,
)
def resume_moment(work: Work, moment: MomentSubject) -> None:
    """Take a moment back from maintenance.

    Raises:
        Refused: it is not in maintenance, or offered to another unit.
    """
    change_moment(work, moment, status=MomentStatus.RUNNING.value, forms_look_at=work.now)
    record_act(work, moment, ActKind.RESUMED)
    work.event(moment, EventKind.RESUMED)
