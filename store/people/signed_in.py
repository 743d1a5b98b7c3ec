"""Taking up a session that was opened: who acts in it, as the person is now.

Plain SQL, as in `store.people.sign_in`.
"""

from dataclasses import replace
from typing import NamedTuple

from store.foundation.store import Store
from store.people.session_clock import SessionOver, see_session
from store.people.sign_in import StaffActor, find_staff, sign_in_above


class TakenUp(NamedTuple):
    """A session, by its id, and whose it is."""

    id: str
    hsa_id: str


def token_hash(token: str) -> str:
    """Return what is kept of a session's token in the store; its many bits need no slow hash."""
    from hashlib import sha256  # with OpenSSL behind it: the practice environment, which has no tokens, waits for none

    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def session_by(store: Store, token: str) -> TakenUp:
    """Return the session that a token takes up.

    Raises:
        SessionOver: there is none. One that has ended is refused when something is done in it.
    """
    with store.lend() as db:
        found = db.one(
            TakenUp,
            "SELECT w.id, s.hsa_id FROM staffsession w JOIN staff s ON s.id = w.staff_id WHERE w.token_hash = :hash",
            hash=token_hash(token),
        )
    if found is None:
        raise SessionOver
    return found


def at_work(store: Store, hsa_id: str, session: str, unit_hsa_id: str | None = None) -> StaffActor:
    """Return who has signed in as an actor on a unit; raises as `store.people.sign_in.find_staff` does."""
    return replace(find_staff(store, hsa_id, unit_hsa_id), session=session)


def at_work_above(store: Store, hsa_id: str, session: str) -> StaffActor:
    """Return who has signed in as an actor above the units; raises `NotPermitted`."""
    return replace(sign_in_above(store, hsa_id), session=session)


def note_presence(store: Store, session: str) -> None:
    """Take note that somebody is at the keys; told to nobody and logged nowhere."""
    with store.lend_to_write() as db:
        see_session(db, session, store.clock())
