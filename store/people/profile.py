"""Min profil: where a staff member is told of what waits (guide)."""

from dataclasses import dataclass

from store.foundation.access import Action, Role
from store.foundation.contact import parse_mobile
from store.foundation.errors import Refused
from store.foundation.operation import operation
from store.foundation.work import ReadTransaction, Work
from store.people.sign_in import as_staff


@dataclass(frozen=True)
class Profile:
    """What the person can be told by, and wishes to be. The e-mail comes from HSA and is not edited."""

    hsa_id: str
    name: str
    """Förnamn Efternamn."""
    email: str
    notify_email: bool
    mobile: str
    notify_mobile: bool
    fault: str
    """Why the latest notifiering did not arrive; empty where it did."""


@operation("Se sin profil", may=frozenset(Role), action=None)
def my_profile(work: ReadTransaction) -> Profile:
    """Return the profile of the one who acts."""
    staff_id = _staff(work)
    row = work.db.one_row(
        "SELECT hsa_id, given_name, family_name, email, notify_email, mobile, notify_mobile FROM staff WHERE id = :id",
        id=staff_id,
    )
    hsa_id, given, family, email, by_email, mobile, by_mobile = row
    return Profile(hsa_id, f"{given} {family}", email, bool(by_email), mobile, bool(by_mobile), _fault(work, staff_id))


@operation("Ändra sin profil", may=frozenset(Role), action=Action.CHANGED)
def save_profile(work: Work, mobile: str, *, notify_email: bool, notify_mobile: bool) -> None:
    """Change where the one who acts is told of what waits.

    Args:
        mobile: a mobile number of the form 07XXXXXXXX, or nothing.
        notify_email: whether notifieringar come by e-mail.
        notify_mobile: whether they come by sms.

    Raises:
        Refused: it is no mobile number, or there is none to send an sms to.
    """
    mobile = parse_mobile(mobile) if mobile.strip() else ""
    if notify_mobile and not mobile:
        raise Refused("Ange ett mobilnummer för att ta emot notifieringar som sms.", field="mobil")
    work.db.run(
        "UPDATE staff SET mobile = :mobile, notify_email = :by_email, notify_mobile = :by_mobile WHERE id = :id",
        mobile=mobile,
        by_email=int(notify_email),
        by_mobile=int(notify_mobile),
        id=_staff(work),
    )
    work.log(Action.CHANGED, details="profil")


def _staff(work: ReadTransaction) -> int:
    return as_staff(work.actor).staff_id


def _fault(work: ReadTransaction, staff_id: int) -> str:
    fault = work.db.value(
        "SELECT fault FROM notice WHERE staff_id = :id AND done_at IS NOT NULL ORDER BY done_at DESC, id DESC LIMIT 1",
        id=staff_id,
    )
    return str(fault or "")
