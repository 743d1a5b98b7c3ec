"""Lines of a file that only grows, each signed by itself with the operator's key (Ed25519).

A line is a JSON object; `key` is the SHA-256 of the public half in hex, `signature` Ed25519 over all other fields,
written in one way (sorted names, no spaces, ASCII). The private half is readable by the operator's account alone: who
holds a store and its keys can change what it says, and not what was signed before.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from store.foundation.errors import DomainError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class LineBroken(DomainError):
    """A line was not signed with the key, or has been changed since."""

    def __init__(self) -> None:
        super().__init__("Underskriften stämmer inte: raden är ändrad, eller underskriven med en annan nyckel.")


def signed_line(fields: Mapping[str, object], key: "Ed25519PrivateKey") -> str:
    """Return the line that says the fields, signed; without a line break."""
    said = {**fields, "key": sha256(key.public_key().public_bytes_raw()).hexdigest()}
    return _written({**said, "signature": b64encode(key.sign(_written(said).encode())).decode("ascii")})


def read_line(line: str, public: bytes) -> dict[str, Any]:
    """Return the fields of a line whose signature holds.

    Args:
        line: without what ends it.
        public: the public half, 32 bytes.

    Raises:
        LineBroken: it does not, or the line is no such thing.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        found: dict[str, Any] = json.loads(line)
        signature = b64decode(found.pop("signature"), validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _written(found).encode())
        if found.pop("key") != sha256(public).hexdigest():
            raise LineBroken
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, InvalidSignature):
        raise LineBroken from None
    return found


def _written(fields: Mapping[str, object]) -> str:
    return json.dumps(fields, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
