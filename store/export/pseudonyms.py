"""A resident's pseudonym: constant for a recipient, another for each, and by its key alone led back (domain.md §11)."""

import base64
import hmac

from store.care.exports import same_recipient
from store.foundation.keys import derived, key_id


class Pseudonyms:
    """The pseudonyms for one recipient: HMAC-SHA-256 of the personnummer, under a key that the store does not hold.

    It is still personal data (GDPR art. 4.5): who has the key finds the person again.
    """

    def __init__(self, key: bytes, recipient: str) -> None:
        """Make pseudonyms for a recipient by a key of 32 bytes; capitals and spaces make no other recipient."""
        self.key_id = key_id(key)
        self._key = derived(key, f"pseudonyms {same_recipient(recipient)}")

    def of(self, personnummer: str) -> str:
        """Return the pseudonym of twelve digits: `P` and 16 letters and digits."""
        code = hmac.digest(self._key, personnummer.encode("ascii"), "sha256")[:10]
        return "P" + base64.b32encode(code).decode("ascii")
