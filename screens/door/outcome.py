"""How the lock of a real store was left."""

from enum import StrEnum


class Left(StrEnum):
    """What whoever came to the lock did there."""

    UNLOCKED = "upplåst"
    SIGNED_OUT = "utloggad"
    OVER = "sessionen är slut"
