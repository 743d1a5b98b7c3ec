"""Who practises alone on a machine, without a course and without `SOB_DELTAGARE`: an exercise goes on the next time."""

from contextlib import suppress

from sob_tui.settings import state_folder, trainee
from store.foundation.log import new_session
from store.foundation.store import Store
from store.people.seats import seats

FILE = "ovar"
"""In the state folder; the name in it is drawn."""


def begin_trainee(store: Store) -> None:
    """Let what an app does in a practice store be a trainee's (domain.md §9).

    In a course it is nobody's in particular before somebody signs in: many may share the machine's user.
    """
    if store.is_practice:
        store.access_log.begin_trainee(trainee() or _name(store))


def _name(store: Store) -> str:
    with store.lend() as db:
        in_course = bool(seats(db))
    return new_session() if in_course else _kept()


def _kept() -> str:
    """Return the name that the machine keeps for its user; a new one each time where none can be kept."""
    path, drawn = state_folder() / FILE, new_session()
    with suppress(OSError, UnicodeDecodeError):
        if len(known := path.read_text("utf-8")) == len(drawn) and known.isalnum():
            return known
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(drawn, "utf-8")
    return drawn
