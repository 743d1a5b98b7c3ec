"""What somebody who is signed in changes in their own account: the passphrase, and the codes on paper (domain.md §13).

Both are asked for what proves that it is still the same person, and end all the person's other sessions.
"""

from store.foundation.access import Action, DataCategory, Standing
from store.foundation.errors import Refused
from store.foundation.operation import operation
from store.foundation.store import Store
from store.foundation.work import Work
from store.people.accounts import KnownAccount, make_backup_codes
from store.people.one_time_codes import is_totp
from store.people.passphrases import HASHER, check_passphrase
from store.people.session_clock import Over
from store.people.sessions import begin_sign_in, proved, require_own
from store.people.sign_in import StaffActor
from store.people.throttling import forget_attempt
from store.people.ways_in import PassphraseAlone, PassphraseAndCode, ProofRefused, Visitor, WayIn, visitor

_MAY = frozenset({Standing.AT_THE_DOOR})
WRONG_PASSPHRASE = "Lösenfrasen stämmer inte. Skriv den som du loggar in med."
WRONG_PROOF = "Lösenfrasen eller koden stämmer inte. Skriv den lösenfras som du loggar in med, och koden i appen."
NO_CODE = "Skriv koden som din app för engångskoder visar nu, sex siffror. En reservkod räcker inte för att få nya."
THE_SAME = "Det är lösenfrasen som du har. Välj en ny."


@operation("Byta lösenfras", may=_MAY, action=Action.CHANGED, category=DataCategory.STAFF)
def change_passphrase(work: Work, hsa_id: str, place: str, way: WayIn, new: str, *, is_right: bool) -> None:
    """Change somebody's passphrase, and end all the person's sessions but the actor's.

    Args:
        work: the transaction.
        hsa_id: whose.
        place: from where.
        way: by what the old one is proved.
        new: what is kept of the new one.
        is_right: what came of examining the old one.

    Raises:
        ProofRefused: it is not proved.
        SessionOver: the actor's session has ended.
    """
    account = _of_one_signed_in(work, hsa_id, way, is_right=is_right)
    work.db.run("UPDATE account SET passphrase = :new WHERE staff_id = :staff", new=new, staff=account.staff_id)
    _finish(work, account, place, "lösenfrasen bytt")


@operation("Skapa nya reservkoder", may=_MAY, action=Action.CHANGED, category=DataCategory.STAFF)
def renew_backup_codes(work: Work, hsa_id: str, place: str, way: WayIn, *, is_right: bool) -> tuple[str, ...]:
    """Make somebody's codes on paper anew, and end all the person's sessions but the actor's.

    Returns the codes, which can't be seen again; those of before are good no longer. Arguments and errors as those of
    `change_passphrase`.

    Raises:
        CodeRefused: the code has been used, or is of another time.
    """
    account = _of_one_signed_in(work, hsa_id, way, is_right=is_right)
    codes = make_backup_codes(work, account.staff_id)
    _finish(work, account, place, "nya reservkoder")
    return tuple(codes)


def _of_one_signed_in(work: Work, hsa_id: str, way: WayIn, *, is_right: bool) -> KnownAccount:
    account, _ = proved(work, hsa_id, way, is_right=is_right)
    require_own(work, account)
    return account


def _finish(work: Work, account: KnownAccount, place: str, what: str) -> None:
    """End the person's other sessions, and let the log say what was done."""
    work.db.run(
        "UPDATE staffsession SET ended = :why, ended_at = :now WHERE staff_id = :staff AND ended = '' AND id <> :own",
        why=Over.SIGNED_OUT.value,
        now=work.now,
        staff=account.staff_id,
        own=work.actor.session,
    )
    forget_attempt(work, account.hsa_id, place)
    work.log(Action.CHANGED, details=f"{account.hsa_id}: {what}")


# The whole of each: the proof is examined between two transactions, since that is slow by design.


def replace_passphrase(
    store: Store, actor: StaffActor, old: str, new: str, place: str, *, again: str | None = None
) -> None:
    """Change the passphrase of somebody who is signed in.

    Args:
        store: the store.
        actor: who.
        old: the present one.
        new: the new one.
        place: from where.
        again: what was typed to see that the new one was meant; None where nobody was asked.

    Raises:
        Refused: the old one is wrong (field `gammal`), or the new one will not do (`losenfras`, `igen`).
        Throttled: it was wrong too often.
        SessionOver: the actor's session has ended.
    """
    check_passphrase(new, again)
    if new == old:
        raise Refused(THE_SAME, field="losenfras")
    who, way = _visitor(store, actor), PassphraseAlone(old)
    is_right, kept = _examined(store, who, way, place), HASHER.hashed(new)
    try:
        with store.work(who) as work:
            change_passphrase(work, who.hsa_id or "", place, way, kept, is_right=is_right)
    except ProofRefused:
        raise Refused(WRONG_PASSPHRASE, field="gammal") from None


def new_backup_codes(store: Store, actor: StaffActor, passphrase: str, code: str, place: str) -> tuple[str, ...]:
    """Return new codes on paper for somebody who is signed in.

    Raises:
        Refused: passphrase or code is wrong, or it is no code of the authenticator's (field `kod`).
        Throttled: they were wrong too often.
        SessionOver: the actor's session has ended.
    """
    if not is_totp(code):
        raise Refused(NO_CODE, field="kod")
    who, way = _visitor(store, actor), PassphraseAndCode(passphrase, code)
    is_right = _examined(store, who, way, place)
    try:
        with store.work(who) as work:
            return renew_backup_codes(work, who.hsa_id or "", place, way, is_right=is_right)
    except ProofRefused:
        raise Refused(WRONG_PROOF) from None


def _visitor(store: Store, actor: StaffActor) -> Visitor:
    return visitor(store, actor.hsa_id or "", actor.session, actor.unit_id)


def _examined(store: Store, who: Visitor, way: WayIn, place: str) -> bool:
    with store.work(who) as work:
        account = begin_sign_in(work, who.hsa_id or "", place)
    return way.examine(account)
