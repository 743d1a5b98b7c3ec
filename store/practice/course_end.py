"""When a course ends: what is recorded of its trainees goes with the store (domain.md §9). Plain SQL, for the start."""

from contextlib import suppress
from datetime import date

from store.foundation.clock import Instant, days_after, local_day
from store.foundation.connection import Connection
from store.foundation.errors import StoreUnreachable
from store.foundation.store import Store

KEPT_DAYS = 90
"""How long after the course began what is recorded of its trainees is kept at most."""


def erased_on(db: Connection) -> date | None:
    """Return the day on which the course is erased at the latest; None where there is none."""
    begun = db.value("SELECT min(begun_at) FROM trainee")
    return None if begun is None else local_day(days_after(Instant(begun), KEPT_DAYS))


def forget_old_attempts(store: Store, now: Instant) -> None:
    """Erase attempts at exercises that are as old as a course may be, by the machine's clock."""
    before = days_after(now, -KEPT_DAYS)
    old = "FROM exerciseattempt WHERE made_at <= :before"
    with store.lend() as db:
        if not db.has(f"SELECT 1 {old}", before=before):
            return
    with suppress(StoreUnreachable), store.lend_to_write() as db:  # else the next one who opens the store
        db.run(f"DELETE {old}", before=before)


def told_to_trainees(day: date) -> str:
    """Return what whoever opens a course is told."""
    return f"Det här är en kurs. Utbildaren kan gå igenom vad du gör här, och allt raderas med kursen, senast {day}."
