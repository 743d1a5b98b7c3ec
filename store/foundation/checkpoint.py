"""A signed checkpoint of the log: how far each chain had come, kept outside the store (domain.md §8).

One line of `store.foundation.signed_lines`: `format`, `store` (its UUID), `at` (milliseconds since 1970, UTC) and
`chains`, for each chain how many rows it has and the code (MAC) of the last. A log that has fewer, or another code at
that number, was cut or rolled back.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.foundation.clock import Instant
from store.foundation.log_chain import Head
from store.foundation.signed_lines import LineBroken, read_line, signed_line

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = 1


@dataclass(frozen=True)
class Checkpoint:
    """What the heads of a store's chains were at a time; a chain is named by its unit's HSA-id, or by nothing."""

    store: str
    at: Instant
    chains: tuple[tuple[str, Head], ...]


def checkpoint_line(checkpoint: Checkpoint, key: "Ed25519PrivateKey", **more: int | str) -> str:
    """Return the line, signed, to be added to the file of checkpoints; `more` is signed with it."""
    chains = {name: list(head) for name, head in checkpoint.chains}
    said = {"format": FORMAT, "store": checkpoint.store, "at": checkpoint.at, "chains": chains, **more}
    return signed_line(said, key)


def read_checkpoint(line: str, public: bytes) -> Checkpoint:
    """Return what a line says; raises `LineBroken`."""
    found = read_line(line, public)
    try:
        chains = tuple((str(name), Head(int(number), str(mac))) for name, (number, mac) in found["chains"].items())
        if found["format"] != FORMAT:
            raise LineBroken
        return Checkpoint(str(found["store"]), Instant(found["at"]), chains)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise LineBroken from None
