"""Enrolment: an invitation becomes an account, with a passphrase, an authenticator and codes on paper."""

from store.foundation.access import Action, DataCategory, Standing
from store.foundation.errors import Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.store import Store
from store.foundation.work import Work
from store.people.accounts import KnownAccount, make_account
from store.people.invitations import find_invitation, use_invitations
from store.people.one_time_codes import matching_step
from store.people.sessions import Opened, begin_session, begin_sign_in, recognise
from store.people.staff_news import tell_staff
from store.people.throttling import forget_attempt
from store.people.ways_in import Visitor, visitor

_MAY = frozenset({Standing.AT_THE_DOOR})
_UNUSED = -1_000


REVIEWED = (
    "Allt du läser och gör här loggas, och enheten granskar loggen regelbundet. Öppna bara det du behöver för arbetet."
)
"""What staff are told at their first sign-in."""


@operation("Se om en inbjudan gäller", may=_MAY, action=None)
def see_invitation(work: ReadTransaction, hsa_id: str, invitation: str) -> str:
    """Return the HSA-id, as it was given first, of whom an invitation is for; raises `InvitationRefused`."""
    return find_invitation(work, hsa_id, invitation).hsa_id


@operation("Skapa sitt konto", may=_MAY, action=Action.CHANGED, category=DataCategory.STAFF)
def enrol(
    work: Work, hsa_id: str, place: str, invitation: str, passphrase: str, secret: str, *, code: str | None = None
) -> Opened:
    """Make an account, use up the invitation, and open a session.

    Args:
        work: the transaction.
        hsa_id: who it says it is.
        place: from where.
        invitation: the code.
        passphrase: what is kept of it.
        secret: the authenticator's.
        code: what the authenticator shows; None where a script keeps the secret for itself.

    Raises:
        InvitationRefused: it is of no use.
        Refused: the code is not the authenticator's.
    """
    someone: KnownAccount = find_invitation(work, hsa_id, invitation)
    step = _UNUSED
    if code is not None:
        found = matching_step(secret, code, work.now, _UNUSED)
        if found is None:
            raise Refused(
                "Koden stämmer inte med den hemliga nyckeln. Läs in QR-koden igen och skriv den kod som visas nu.",
                field="kod",
            )
        step = found
    recognise(work, someone)
    use_invitations(work, someone.staff_id)
    codes = make_account(work, someone.staff_id, passphrase, secret, max(step, 0))
    work.log(Action.CHANGED, details=f"{someone.hsa_id}: konto skapat")
    told = "SELECT 1 FROM staffnews WHERE staff_id = :staff AND text = :text"
    if not work.db.has(told, staff=someone.staff_id, text=REVIEWED):  # once, though an account is made anew
        tell_staff(work, [someone.staff_id], REVIEWED)
    opened = begin_session(work, someone, "inbjudan")
    forget_attempt(work, hsa_id, place)
    return opened._replace(backup_codes=tuple(codes))


def look_at_invitation(store: Store, hsa_id: str, invitation: str, place: str) -> Visitor:
    """Return who may enrol by an invitation.

    Raises:
        InvitationRefused: it is of no use.
        Throttled: others have been tried too often.
    """
    who = visitor(store, hsa_id)
    with store.work(who) as work:
        begin_sign_in(work, who.hsa_id or "", place)
    with store.read(who) as work:
        see_invitation(work, who.hsa_id or "", invitation)
    return who
