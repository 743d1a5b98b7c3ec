"""The ledger of what was purged: a file that only grows, beside the checkpoints and on the backup's medium.

One line of `store.foundation.signed_lines` for each moment, and for each resident without any: `format`, `store` and
`moment` (UUIDs) and `at` (milliseconds since 1970, UTC); nothing of who it was about. A restored backup holds
again what was purged after it was made: the ledger says what has to go once more before anybody can sign in (domain.md
§13).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.foundation.clock import Instant
from store.foundation.signed_lines import LineBroken, read_line, signed_line

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = 1


@dataclass(frozen=True)
class Purged:
    """A moment, or a resident without any, that was purged from a store, both by their UUIDs."""

    store: str
    moment: str
    at: Instant


def ledger_line(purged: Purged, key: "Ed25519PrivateKey") -> str:
    """Return the line, signed, to be added to the ledger."""
    return signed_line({"format": FORMAT, "store": purged.store, "moment": purged.moment, "at": purged.at}, key)


def read_ledger(lines: Iterable[str], public: bytes) -> Iterator[Purged]:
    """Yield what the lines say, in order; raises `LineBroken` at the first that does not hold."""
    for line in lines:
        found = read_line(line, public)
        try:
            if found["format"] != FORMAT:
                raise LineBroken
            yield Purged(str(found["store"]), str(found["moment"]), Instant(found["at"]))
        except (KeyError, TypeError, ValueError):
            raise LineBroken from None
