"""Checks the proof of a loggutdrag (JSON) by itself: needs Python, the package cryptography and this file alone.

    python check_log_proof.py BEVIS [NYCKEL]

NYCKEL is the care provider's public key (Ed25519, base64), got by another way than the proof; without it the proof's
own is used, and its fingerprint is to be compared. Each row is a leaf of a Merkle tree (RFC 6962) over all of the log,
whose root was signed. Exit code 0 where all holds, else 3.
"""

import json
import sys
from base64 import b64decode
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SHOWN = ("at", "unit_hsa_id", "provider_hsa_id", "actor_kind", "acted_as", "action", "category", "outcome")


def check_proof(content: str, public: bytes | None = None) -> dict[str, Any]:
    """Return what a proof proves: `personnummer`, `rows`, `store`, `at` and `fingerprint` of the key that signed.

    Args:
        content: the file's.
        public: the public key, 32 bytes; None for the one that the file names.

    Raises:
        ValueError: it proves nothing; the sentence says why.
    """
    try:
        proof = json.loads(content)
        key = public or bytes.fromhex(proof["public_key"])
        signed = json.loads(proof["checkpoint"])
        _check_signature(signed, key)
        root, total = bytes.fromhex(signed["root"]), int(signed["rows"])
        rows = [_checked(one, proof["personnummer"], root, total) for one in proof["rows"]]
    except (KeyError, TypeError, AttributeError, RecursionError, json.JSONDecodeError):
        raise ValueError("Filen är inget bevis till ett loggutdrag.") from None
    if proof.get("format") != 1 or not rows or len({one["place"] for one in proof["rows"]}) != len(rows):
        raise ValueError("Filen är inget bevis till ett loggutdrag.")
    said = {"personnummer": proof["personnummer"], "rows": rows, "store": signed["store"], "at": signed["at"]}
    return {**said, "fingerprint": sha256(key).hexdigest()}


def _check_signature(signed: dict[str, object], key: bytes) -> None:
    """Raise `ValueError` where the checkpoint was not signed with the key."""
    fields = {name: value for name, value in signed.items() if name != "signature"}
    written = json.dumps(fields, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(b64decode(str(signed["signature"])), written)
    except (InvalidSignature, ValueError):
        raise ValueError("Underskriften stämmer inte: beviset är ändrat, eller nyckeln en annan.") from None


def _checked(one: dict[str, Any], number: str, root: bytes, total: int) -> dict[str, Any]:
    """Return a row that leads to the root; raises `ValueError` for one that does not."""
    row, place = dict(one["row"]), int(one["place"])
    shown = json.dumps([*(row[name] for name in SHOWN), number], ensure_ascii=True, separators=(",", ":")).encode()
    half = sha256(bytes.fromhex(one["salt"]) + shown).digest()
    found = sha256(b"\0" + half + bytes.fromhex(one["rest"])).digest()
    path, at, wide = list(one["path"]), place, total
    while wide > 1 and 0 <= at < wide:
        if at ^ 1 < wide:
            beside = bytes.fromhex(path.pop(0)) if path else b""
            found = sha256(b"\1" + (beside + found if at % 2 else found + beside)).digest()
        at, wide = at // 2, (wide + 1) // 2
    if path or wide != 1 or at != 0 or found != root or set(row) != set(SHOWN):
        raise ValueError(f"Rad {place} stämmer inte med det som skrevs under: den är ändrad, eller hör inte dit.")
    return row


def main() -> int:
    """Check the file that is named, and say what came of it."""
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            content = file.read()
        public = None
        if len(sys.argv) > 2:
            with open(sys.argv[2], "rb") as file_of_key:
                public = b64decode(file_of_key.read().strip())
        found = check_proof(content, public)
    except (OSError, IndexError, ValueError) as error:
        print(error, file=sys.stderr)
        return 3
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
