"""The recovery key: on paper once, it opens a store's two keys where those who keep them have lost them.

On paper it is eight groups of five: four of 31 letters and digits that no two of can be mistaken for one another, and
a letter that checks the group and its place. The 32 that say something are 158 random bits. They make a private key
(X25519); its public half stands in the store, so that a new data key can be sealed for the paper without the paper.

The file beside the store (`FORMAT`) is JSON: `kind`, `format`, `store` (the store's UUID) and `data` and `log`, lists
of what is sealed for the public half, newest first. While a data key is being exchanged the list has the old one too.
"""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from store.foundation.errors import Refused, SealBroken
from store.foundation.keys import StoreKeys, derived, seal, unseal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
"""31, a prime: then any one wrong letter, and any two that changed places, are seen. No 0, 1, I, O, U."""
GROUPS, GROUP = 8, 4
FORMAT = 1
_KIND = "sob-aterstallning"


def new_recovery_key() -> str:
    """Return a new key, 32 letters and digits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP))


def on_paper(key: str) -> tuple[str, ...]:
    """Return the groups that stand on paper, each with its check."""
    parts = [key[at : at + GROUP] for at in range(0, len(key), GROUP)]
    return tuple(part + _check(place, part) for place, part in enumerate(parts))


def read_group(place: int, typed: str) -> str:
    """Return what a group says without its check; `place` counts from 0.

    Raises:
        Refused: it is not as it was printed.
    """
    group = "".join(typed.split()).replace("-", "").upper()
    part = group[:GROUP]
    if len(group) != GROUP + 1 or not set(group) <= set(ALPHABET) or group[GROUP] != _check(place, part):
        raise Refused(
            f"Grupp {place + 1} av återställningsnyckeln stämmer inte. Läs den en gång till: fem bokstäver och "
            "siffror, utan 0, 1, I, O och U.",
            field="aterstallningsnyckel",
        )
    return part


def read_recovery_key(typed: str) -> str:
    """Return a key as it was typed from the paper, without its checks; spaces, dashes and small letters are as good.

    Raises:
        Refused: it lacks a group, or one is not as it was printed; the sentence says which.
    """
    text = "".join(typed.split()).replace("-", "")
    if len(text) != GROUPS * (GROUP + 1):
        raise Refused(
            f"Återställningsnyckeln är {GROUPS} grupper om {GROUP + 1} tecken, {GROUPS * (GROUP + 1)} i allt, och det "
            f"här är {len(text)}.",
            field="aterstallningsnyckel",
        )
    groups = [text[at : at + GROUP + 1] for at in range(0, len(text), GROUP + 1)]
    return "".join(read_group(place, group) for place, group in enumerate(groups))


def _check(place: int, part: str) -> str:
    values = (weight * ALPHABET.index(letter) for weight, letter in enumerate(part, 1) if letter in ALPHABET)
    return ALPHABET[(sum(values) + 7 * (place + 1)) % len(ALPHABET)]


def public_half(key: str) -> str:
    """Return what seals for a recovery key, in base 64."""
    return b64encode(_private(key).public_key().public_bytes_raw()).decode("ascii")


def sealed_keys(public: str, store: str, data: Sequence[bytes], log: bytes) -> str:
    """Return the file beside the store.

    Args:
        public: the recovery key's public half.
        store: the store's UUID.
        data: its data key, the newest first where it is being exchanged.
        log: its log key.
    """
    found = {
        "kind": _KIND,
        "format": FORMAT,
        "store": store,
        "data": [sealed_for(public, key, f"{store} data") for key in data],
        "log": [sealed_for(public, log, f"{store} log")],
    }
    return json.dumps(found, indent=1) + "\n"


class Recovered(NamedTuple):
    """What the paper and the file give: the store's UUID, and the keys that it may have, the likeliest first."""

    store: str
    keys: tuple[StoreKeys, ...]


def recovered(content: str, key: str) -> Recovered:
    """Open the file beside the store with the key on paper.

    Raises:
        Refused: it is no such file, a later program's, or another key's.
    """
    try:
        found = json.loads(content)
        kind, number, store = found["kind"], found["format"], str(found["store"])
        data, (log, *_) = list(found["data"]), found["log"]
    except (ValueError, KeyError, TypeError):
        raise _unreadable() from None
    if kind != _KIND or number != FORMAT:
        raise _unreadable()
    try:
        log_key = opened_with(key, log, f"{store} log")
        return Recovered(store, tuple(StoreKeys(opened_with(key, one, f"{store} data"), log_key) for one in data))
    except SealBroken:
        raise Refused(
            "Återställningsnyckeln hör till en annan databas. Kontrollera att det är rätt papper, och att filen "
            "bredvid databasen (namnet och .aterstallning) är databasens egen.",
            field="aterstallningsnyckel",
        ) from None


def _unreadable() -> Refused:
    return Refused(
        "Filen bredvid databasen (namnet och .aterstallning) går inte att läsa. Hämta den från en säkerhetskopia, "
        "eller uppdatera programmet om den är skriven av ett nyare."
    )


def sealed_for(public: str, content: bytes, about: str) -> str:
    """Seal for a recovery key by its public half, with a key pair that is used once: `public half of that . seal`."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    once = X25519PrivateKey.generate()
    own, its = once.public_key().public_bytes_raw(), b64decode(public)
    shared = once.exchange(X25519PublicKey.from_public_bytes(its))
    return f"{b64encode(own).decode('ascii')}.{seal(_agreed(shared, own, its), content, about)}"


def opened_with(key: str, sealed: object, about: str) -> bytes:
    """Return what was sealed for a recovery key; raises `SealBroken`."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    once, _, content = str(sealed).partition(".")
    private = _private(key)
    try:
        other = b64decode(once, validate=True)
        shared = private.exchange(X25519PublicKey.from_public_bytes(other))
    except ValueError:
        raise SealBroken from None
    return unseal(_agreed(shared, other, private.public_key().public_bytes_raw()), content, about)


def _agreed(shared: bytes, once: bytes, public: bytes) -> bytes:
    return derived(sha256(shared + once + public).digest(), "recovery seal")


def _private(key: str) -> "X25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(derived(sha256(key.encode()).digest(), "recovery key"))
