"""Vidmakthållande läge and back (FAQ; domain.md §3.3): the resident may only read again."""

from store.care.flags import OF_A_RUNNING_MOMENT, close_flags
from store.care.moments import MomentStatus, change_moment, load_moment, moment_subject, require, require_not_offered
from store.foundation.access import Action, Standing, operation
from store.foundation.events import EventKind
from store.foundation.work import Work


@operation(
    "Sätta i vidmakthållande läge", may={Standing.RESPONSIBLE}, action=Action.CHANGED, event=True, on=moment_subject
)
def maintain_moment(work: Work, moment: int) -> None:
    """Put a running moment in maintenance.

    Raises:
        Refused: it is not running, or offered to another unit.
    """
    here = load_moment(work, moment)
    require(here, MomentStatus.RUNNING)
    require_not_offered(here)
    change_moment(work, here, status=MomentStatus.MAINTENANCE.value)
    close_flags(work, here, *OF_A_RUNNING_MOMENT, why="Momentet sattes i vidmakthållande läge.")
    work.event(here, EventKind.MAINTAINED)


@operation(
    "Återuppta från vidmakthållande läge",
    may={Standing.RESPONSIBLE},
    action=Action.CHANGED,
    event=True,
    on=moment_subject,
)
def resume_moment(work: Work, moment: int) -> None:
    """Take a moment back from maintenance.

    Raises:
        Refused: it is not in maintenance, or offered to another unit.
    """
    here = load_moment(work, moment)
    require(here, MomentStatus.MAINTENANCE)
    require_not_offered(here)
    change_moment(work, here, status=MomentStatus.RUNNING.value, forms_look_at=work.now)
    work.event(here, EventKind.RESUMED)
