"""How far an attempt has come is stored: for its trainer, and for when the app is closed."""

from store.foundation.store import Store
from store.people.attempts import keep_attempt, leave_attempts
from store.practice.exercises.judging import Attempt, Standing


def keep(store: Store, attempt: Attempt, standing: Standing, *, worked: int, keys: int) -> None:
    """Store how far an attempt has come, how many milliseconds were worked on it, and the key presses."""
    with store.lend_to_write() as db:
        keep_attempt(
            db,
            attempt.id,
            answers=attempt.answers,
            done=sorted(standing.done),
            mistakes=[(one.row, one.explanation) for one in standing.mistakes],
            worked=worked,
            keys=keys,
            finished_at=store.machine_clock() if standing.is_solved else None,
        )


def leave(store: Store, attempt: Attempt) -> None:
    """Note that the trainee has given an attempt up."""
    with store.lend_to_write() as db:
        leave_attempts(db, attempt.trainee, store.machine_clock())
