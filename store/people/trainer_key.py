"""A trainer's own key (Ed25519): it lies in a file of theirs outside every store, and signs what trainees have passed.

A unit knows a key by its fingerprint: the SHA-256 of the public key, 64 hexadecimal digits.
"""

import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from store.foundation.errors import Refused
from store.foundation.files import file_content, write_new

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_MOST_BYTES = 10_000
_FINGERPRINT = re.compile("[0-9a-f]{64}")


def make_trainer_key(path: Path) -> str:
    """Write a new key to a file that only its owner can read; returns its fingerprint.

    Raises:
        Refused: something is there already, or it can't be written.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_new(path, pem, mode=0o600)
    return fingerprint_of(public_bytes(key))


def read_trainer_key(path: Path) -> "Ed25519PrivateKey":
    """Return the key of a file; one that OpenSSL has made will do.

    Raises:
        Refused: it can't be read, or is no such key.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    content = file_content(path, most=_MOST_BYTES)
    found = None
    with suppress(ValueError, TypeError, UnsupportedAlgorithm):
        found = load_pem_private_key(content, password=None)
    if not isinstance(found, Ed25519PrivateKey):
        raise Refused(f"Filen {path} är ingen utbildarnyckel. Gör en med sob ovning utbildarnyckel.", field="nyckel")
    return found


def public_bytes(key: "Ed25519PrivateKey") -> bytes:
    """Return a key's public half, 32 bytes."""
    return key.public_key().public_bytes_raw()


def fingerprint_of(public: bytes) -> str:
    """Return what a unit knows a public key by."""
    return sha256(public).hexdigest()


def parse_fingerprints(text: str) -> tuple[str, ...]:
    """Return the fingerprints of a text, a line each; colons, spaces within and capital letters make no difference.

    Raises:
        Refused: a line is none.
    """
    found = []
    for line in text.splitlines():
        value = re.sub(r"[\s:]", "", line).lower()
        if value and not _FINGERPRINT.fullmatch(value):
            raise Refused(
                "Ett fingeravtryck är 64 tecken, siffror och a–f, som sob ovning utbildarnyckel skriver ut. "
                "Ange ett per rad.",
                field="utbildarnyckel",
            )
        found.append(value)
    return tuple(dict.fromkeys(filter(None, found)))
