"""Passphrases: what one must be, and what is kept of it (argon2id, RFC 9106).

Slow by design, so never in a transaction.
"""

import base64
import os
import unicodedata
from typing import NamedTuple

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from store.foundation.errors import Refused

LEAST, MOST = 12, 200
"""Characters."""

_SALT, _TAG = 16, 32
"""Bytes."""


class Cost(NamedTuple):
    """What a guess costs: rounds, threads, and memory in KiB."""

    iterations: int
    lanes: int
    memory: int


STANDARD = Cost(3, 4, 64 * 1024)
"""RFC 9106's second recommended choice."""


class Hasher:
    """Hashes passphrases, and compares. Kept texts are PHC strings, which say themselves what they cost."""

    def __init__(self, cost: Cost = STANDARD) -> None:
        self.cost = cost

    def hashed(self, passphrase: str) -> str:
        """Return what is kept of a passphrase."""
        iterations, lanes, memory = self.cost
        salt = os.urandom(_SALT)
        function = Argon2id(salt=salt, length=_TAG, iterations=iterations, lanes=lanes, memory_cost=memory)
        return function.derive_phc_encoded(_bytes(passphrase))

    def is_right(self, passphrase: str, kept: str) -> bool:
        """Whether it is the passphrase that was kept; as slow where nothing was (an empty text), and false."""
        try:
            Argon2id.verify_phc_encoded(_bytes(passphrase), kept or self._nobodys())
        except InvalidKey:
            return False
        return bool(kept)

    def _nobodys(self) -> str:
        """Return what is kept of a passphrase that nobody knows: it costs as much to compare with."""
        iterations, lanes, memory = self.cost
        salt, tag = (base64.b64encode(os.urandom(size)).decode().rstrip("=") for size in (_SALT, _TAG))
        return f"$argon2id$v=19$m={memory},t={iterations},p={lanes}${salt}${tag}"


HASHER = Hasher()
"""What is used; tests make it cheap."""


def check_passphrase(passphrase: str, again: str | None = None) -> None:
    """Refuse what is no passphrase.

    Args:
        passphrase: as typed.
        again: what was typed to see that it was meant; None where nobody was asked.

    Raises:
        Refused: too short or too long, a single character over and over, or not the same twice.
    """
    if len(passphrase) < LEAST:
        raise Refused(f"Lösenfrasen behöver minst {LEAST} tecken, till exempel några ord.", field="losenfras")
    if len(passphrase) > MOST:
        raise Refused(f"Lösenfrasen får ha högst {MOST} tecken.", field="losenfras")
    if len(set(passphrase.casefold())) < 5:
        raise Refused("Lösenfrasen har för få olika tecken. Skriv till exempel några ord.", field="losenfras")
    if again is not None and _bytes(passphrase) != _bytes(again):
        raise Refused("Lösenfraserna är inte lika. Skriv samma två gånger.", field="igen")


def _bytes(passphrase: str) -> bytes:
    """Return what is hashed: the same whichever keyboard composed its letters."""
    return unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
