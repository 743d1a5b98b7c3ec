"""Addresses from before they were checked where they came in: no notice reaches anybody by them."""

from dataclasses import dataclass

from store.foundation.access import DataCategory, Standing
from store.foundation.contact import ascii_email
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.people.served import serve_moments


@dataclass(frozen=True)
class UnusableAddresses:
    """Where an e-mail address stands that can be none: HSA-ids of staff, and moments whose resident or ombud has it."""

    staff: tuple[str, ...]
    moments: tuple[int, ...]


@operation(
    "Se vilka e-postadresser som inte går att använda",
    may={Standing.SYSTEM, Standing.OPERATOR},
    action=None,
    category=DataCategory.RECORD,
)
def unusable_addresses(work: ReadTransaction) -> UnusableAddresses:
    """Return whose address is to be mended. A resident is named by the moment only, and an ended one tells nobody."""
    staff = work.db.pairs("SELECT hsa_id, email FROM staff WHERE email <> '' ORDER BY hsa_id")
    residents = work.db.pairs(
        "SELECT m.id, r.email FROM moment m JOIN resident r ON r.id = m.resident_id"
        " WHERE r.email <> '' AND m.status <> 'avslutat'"
        " UNION SELECT m.id, r.email FROM moment m JOIN guardian g ON g.child_id = m.resident_id"
        " JOIN resident r ON r.id = g.guardian_id WHERE r.email <> '' AND m.status <> 'avslutat' ORDER BY 1"
    )
    moments = tuple(dict.fromkeys(moment for moment, email in residents if not ascii_email(email)))
    serve_moments(work, "adresser", moments)
    return UnusableAddresses(tuple(hsa_id for hsa_id, email in staff if not ascii_email(email)), moments)
