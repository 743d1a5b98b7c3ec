"""Sessions: somebody who has signed in to a real store, in the app or for the command line (domain.md §13)."""

import secrets
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.foundation.access import Action, DataCategory, Standing
from store.foundation.errors import NotPermitted
from store.foundation.operation import operation
from store.foundation.store import Store
from store.foundation.tables import EMPTY
from store.foundation.work import Work
from store.people.accounts import KnownAccount, account_of
from store.people.members import works_somewhere
from store.people.session_clock import Over, require_open_session, see_session
from store.people.sign_in import StaffActor
from store.people.signed_in import token_hash
from store.people.staff_news import take_news
from store.people.throttling import forget_attempt, note_attempt
from store.people.ways_in import PassphraseAlone, ProofRefused, WayIn, visitor


class StaffSession(SQLModel, table=True):
    """A sign-in. Its id stands in the log; who has its token alone can take it up."""

    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    way: str
    began_at: int = Field(sa_type=BigInteger)
    seen_at: int = Field(sa_type=BigInteger)
    """When a key was pressed, or a command given, last."""
    ended: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """Why it is over, where that does not follow from its times (`store.people.session_clock.Over`)."""
    ended_at: int | None = Field(default=None, sa_type=BigInteger)


class Opened(NamedTuple):
    """A session that was just opened."""

    id: str
    token: str
    """What takes it up again; kept nowhere in the store."""
    hsa_id: str
    news: tuple[str, ...]
    """What the person has not been told yet, a sentence each."""
    backup_codes: tuple[str, ...] = ()
    """Those of a new account."""


_MAY = frozenset({Standing.AT_THE_DOOR})


@operation("Börja logga in", may=_MAY, action=None, category=DataCategory.STAFF)
def begin_sign_in(work: Work, hsa_id: str, place: str) -> KnownAccount | None:
    """Count an attempt, which is failed until it has succeeded; returns what is to be compared with.

    Raises:
        Throttled: it comes too soon after others.
    """
    note_attempt(work, hsa_id, place)
    return account_of(work, hsa_id)


@operation("Logga in", may=_MAY, action=Action.CHANGED, category=DataCategory.STAFF)
def open_session(work: Work, hsa_id: str, place: str, way: WayIn, *, is_right: bool) -> Opened:
    """Let somebody in.

    Args:
        work: the transaction.
        hsa_id: who it says it is.
        place: from where, as for `begin_sign_in`.
        way: by what that is proved.
        is_right: what came of examining it.

    Raises:
        ProofRefused: it is not proved.
        CodeRefused: the code has been used, or is of another time.
        NotPermitted: the person works nowhere any longer.
    """
    account, said = proved(work, hsa_id, way, is_right=is_right)
    opened = begin_session(work, account, way.name)
    forget_attempt(work, hsa_id, place)
    return opened._replace(news=tuple(filter(None, (said, *opened.news))))


@operation("Låsa upp skärmen", may=_MAY, action=None, category=DataCategory.STAFF)
def unlock_session(work: Work, hsa_id: str, place: str, way: WayIn, *, is_right: bool) -> None:
    """Let somebody go on in the actor's session; arguments and errors as those of `open_session`.

    Raises:
        SessionOver: it has ended meanwhile.
    """
    account, _ = proved(work, hsa_id, way, is_right=is_right)
    require_own(work, account)
    see_session(work.db, work.actor.session, work.now)
    forget_attempt(work, hsa_id, place)
    work.log(Action.CHANGED, details="skärmen upplåst")


@operation("Logga ut", may=_MAY, action=Action.CHANGED, category=DataCategory.STAFF)
def end_session(work: Work) -> None:
    """End the actor's session; one that is over stays so."""
    work.db.run(
        "UPDATE staffsession SET ended = :why, ended_at = :now WHERE id = :session AND ended = ''",
        why=Over.SIGNED_OUT.value,
        now=work.now,
        session=work.actor.session,
    )
    work.log(Action.CHANGED, details="utloggad")


def proved(work: Work, hsa_id: str, way: WayIn, *, is_right: bool) -> tuple[KnownAccount, str]:
    """Return who it is, and what the person should be told of the way in; from here on the log names the person.

    Part of operations. Raises `ProofRefused`, and what spending the way in raises.
    """
    account = account_of(work, hsa_id)
    if account is None or not account.is_enrolled or not is_right:
        raise ProofRefused
    said = way.spend(work, account)
    recognise(work, account)
    return account, said


def recognise(work: Work, account: KnownAccount) -> None:
    """Let the log name the person, who has proved who it is; part of operations."""
    work.actor = replace(work.actor, kind="personal", name=account.name)


def require_own(work: Work, account: KnownAccount) -> None:
    """Raise `SessionOver` where the actor's session is not the person's, or has ended; part of operations."""
    require_open_session(work.db, work.actor.session, account.staff_id, work.actor.unit_id, work.now)


def begin_session(work: Work, account: KnownAccount, way: str) -> Opened:
    """Open a session under the actor's name for it; part of operations.

    Raises:
        NotPermitted: the person works nowhere.
    """
    if not works_somewhere(work, account.staff_id):
        raise NotPermitted
    token = secrets.token_urlsafe(32)
    row = StaffSession(
        id=work.actor.session,
        token_hash=token_hash(token),
        staff_id=account.staff_id,
        way=way,
        began_at=work.now,
        seen_at=work.now,
    )
    values = row.model_dump()
    work.db.run(
        f"INSERT INTO staffsession ({', '.join(values)}) VALUES ({', '.join(f':{name}' for name in values)})", **values
    )
    work.log(Action.CHANGED, details=f"inloggad, {way}")
    return Opened(work.actor.session, token, account.hsa_id, tuple(take_news(work, account.staff_id)))


# Whole sign-ins: each proof is examined between two transactions, since that is slow by design.


def sign_in_by(store: Store, hsa_id: str, way: WayIn, place: str) -> Opened:
    """Sign somebody in to a real store; raises as `begin_sign_in` and `open_session` do."""
    who = visitor(store, hsa_id)
    named = who.hsa_id or ""
    with store.work(who) as work:
        account = begin_sign_in(work, named, place)
    is_right = way.examine(account)
    with store.work(who) as work:
        return open_session(work, named, place, way, is_right=is_right)


def unlock(store: Store, actor: StaffActor, passphrase: str, place: str) -> None:
    """Let somebody go on in a session, who has locked the screen; raises as `unlock_session` does."""
    who, way = visitor(store, actor.hsa_id or "", actor.session, actor.unit_id), PassphraseAlone(passphrase)
    with store.work(who) as work:
        account = begin_sign_in(work, who.hsa_id or "", place)
    is_right = way.examine(account)
    with store.work(who) as work:
        unlock_session(work, who.hsa_id or "", place, way, is_right=is_right)


def sign_out(store: Store, hsa_id: str, session: str) -> None:
    """End a session."""
    with store.work(visitor(store, hsa_id, session)) as work:
        end_session(work)
