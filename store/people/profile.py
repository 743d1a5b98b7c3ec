"""Min profil: where a staff member is told of what waits (guide)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from store.foundation.access import Action, DataCategory, Role
from store.foundation.connection import columns
from store.foundation.contact import parse_mobile
from store.foundation.errors import Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.people.channels import CHANNELS
from store.people.sign_in import as_staff


@dataclass(frozen=True)
class Profile:
    """What the person can be told by, and wishes to be. The e-mail comes from HSA and is not edited."""

    hsa_id: str
    name: str
    """Förnamn Efternamn."""
    email: str
    mobile: str
    wishes: Mapping[str, bool]
    """By which channels, by name, the person wishes to be told."""
    fault: str
    """Why the latest notifiering did not arrive; empty where it did."""


@operation("Se sin profil", may=frozenset(Role), action=None, category=DataCategory.STAFF)
def my_profile(work: ReadTransaction) -> Profile:
    """Return the profile of the one who acts."""
    staff_id = _staff(work)
    row = work.db.single(_Row, f"SELECT {columns(_Row)} FROM staff WHERE id = :id", id=staff_id)
    return Profile(
        hsa_id=row.hsa_id,
        name=f"{row.given_name} {row.family_name}",
        email=row.email,
        mobile=row.mobile,
        wishes=wishes_of(work, staff_id),
        fault=_fault(work, staff_id),
    )


class _Row(NamedTuple):
    hsa_id: str
    given_name: str
    family_name: str
    email: str
    mobile: str


def wishes_of(work: ReadTransaction, staff_id: int) -> dict[str, bool]:
    """Return whether a staff member wishes to be told, by each channel; part of operations."""
    each = (f"SELECT '{one.name}' AS name, {one.wish} AS wish FROM staff WHERE id = :id" for one in CHANNELS.values())
    return {name: bool(wish) for name, wish in work.db.pairs(" UNION ALL ".join(each), id=staff_id)}


@operation("Ändra sin profil", may=frozenset(Role), action=Action.CHANGED, category=DataCategory.STAFF)
def save_profile(work: Work, mobile: str, wishes: Mapping[str, bool]) -> None:
    """Change where the one who acts is told of what waits.

    Args:
        mobile: a mobile number of the form 07XXXXXXXX, or nothing.
        wishes: whether notifieringar come by a channel, by its name; one that is not named stays as it is.

    Raises:
        Refused: it is no mobile number, or there is none for a channel that needs one.
    """
    mobile = parse_mobile(mobile) if mobile.strip() else ""
    changed = {CHANNELS[name]: is_wished for name, is_wished in wishes.items()}
    for channel, is_wished in changed.items():
        if is_wished and channel.address == "mobile" and not mobile:
            sentence = f"Ange ett mobilnummer för att ta emot notifieringar som {channel.word}."
            raise Refused(sentence, field="mobil")
    sets = ", ".join(f"{name} = :{name}" for name in ("mobile", *(channel.wish for channel in changed)))
    work.db.run(
        f"UPDATE staff SET {sets} WHERE id = :id",
        mobile=mobile,
        id=_staff(work),
        **{channel.wish: int(is_wished) for channel, is_wished in changed.items()},
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
