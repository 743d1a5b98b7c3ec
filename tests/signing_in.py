"""Accounts and sessions for the tests: passphrases that cost next to nothing, and codes of the test's own clock."""

from typing import TypeVar

from store.foundation.access import OPERATOR
from store.foundation.store import Store
from store.foundation.work import Work
from store.people.accounts import make_account
from store.people.one_time_codes import code_of, new_secret, step_at
from store.people.passphrases import HASHER, Cost
from store.people.sign_in import StaffActor

HASHER.cost = Cost(iterations=1, lanes=1, memory=8)

PASSPHRASE = "korrekt häst batteri"
KEPT = HASHER.hashed(PASSPHRASE)

T = TypeVar("T", bound=StaffActor)


def give_account(work: Work, hsa_id: str, secret: str | None = None) -> tuple[str, list[str]]:
    """Give somebody an account; returns the authenticator's secret and the codes on paper."""
    staff_id = work.db.value("SELECT id FROM staff WHERE hsa_id = :hsa_id", hsa_id=hsa_id)
    secret = secret or new_secret()
    return secret, make_account(work, staff_id, KEPT, secret, 0)


def code_now(store: Store, secret: str, steps: int = 0) -> str:
    """Return what the authenticator shows now, or so many steps of 30 seconds from now."""
    return code_of(secret, step_at(store.clock()) + steps)


def open_one(work: Work, session: str, staff_id: int) -> None:
    """Let there be a session."""
    work.db.run(
        "INSERT INTO staffsession (id, token_hash, staff_id, way, began_at, seen_at)"
        " VALUES (:id, :id, :staff, 'prov', :now, :now)",
        id=session,
        staff=staff_id,
        now=work.now,
    )


def let_in(store: Store, actor: T) -> T:
    """Open the session of an actor, as a real store asks for; returns the actor."""
    with store.work(OPERATOR) as work:
        open_one(work, actor.session, actor.staff_id)
    return actor
