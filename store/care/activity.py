"""The resident's own acts: what they mean for *Senast aktiv* and for the flags of silence."""

from store.care.flags import close_flags
from store.care.moments import MomentSubject, change_moment
from store.foundation.flag_kinds import FlagKind
from store.foundation.work import Work


def mark_active(work: Work, moment: MomentSubject) -> None:
    """Note that the resident, or an ombud, has done something; who was silent is so no more."""
    change_moment(work, moment, last_active_at=work.now)
    close_flags(work, moment, FlagKind.SILENT, FlagKind.NEVER, why="Invånaren har varit aktiv.")
