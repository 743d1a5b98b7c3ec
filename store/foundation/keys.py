"""The keys of a real store, and what is sealed with them (domain.md §13).

A store has two: the data key encrypts the file (SQLCipher) and wraps each resident's own key, the log key seals the
log. Each use has a key of its own, derived from one of the two, so that nothing sealed for one use opens in another.
A seal is AES-256-GCM with a fresh nonce of 96 bits, written as `base64(nonce ‖ ciphertext ‖ tag)`; what it is bound to
(`about`) is authenticated, not stored: a seal that was moved elsewhere does not open.
"""

import os
from base64 import b64decode, b64encode
from functools import cached_property
from typing import TYPE_CHECKING

from store.foundation.errors import SealBroken

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12


class StoreKeys:
    """The two keys of a store, 32 random bytes each. Never printed: it has no `repr` of its own."""

    def __init__(self, data: bytes, log: bytes) -> None:
        self.data = data
        self.log = log

    @cached_property
    def cipher(self) -> str:
        """SQLCipher's raw key, as 64 hexadecimal digits."""
        return derived(self.data, "sqlcipher").hex()

    @cached_property
    def residents(self) -> bytes:
        """Wraps the residents' keys."""
        return derived(self.data, "resident keys")

    @cached_property
    def of_log(self) -> "LogKeys":
        """Seals the rows of the log."""
        return LogKeys(self.log)

    @cached_property
    def accounts(self) -> bytes:
        """Seals the secrets of the staff's authenticators."""
        return derived(self.data, "accounts")

    @cached_property
    def texts(self) -> bytes:
        """Seals free texts that are about no resident in particular."""
        return derived(self.data, "free texts")

    @cached_property
    def backups(self) -> bytes:
        """Wraps the keys of backups."""
        return derived(self.data, "backups")

    @cached_property
    def data_id(self) -> str:
        """Tells which data key it is, and nothing of it."""
        return key_id(self.data)

    @cached_property
    def log_id(self) -> str:
        """Tells which log key it is, and nothing of it."""
        return key_id(self.log)


class KeyedHash:
    """HMAC-SHA-256 with one key, which is worked in once: of something short that is half of the work."""

    def __init__(self, key: bytes) -> None:
        import hmac  # with OpenSSL; not what every command needs

        self._begun = hmac.new(key, digestmod="sha256")

    def hex(self, content: bytes) -> str:
        """Return the code of a content, in hexadecimal digits."""
        of_this = self._begun.copy()
        of_this.update(content)
        return of_this.hexdigest()


class LogKeys:
    """What seals rows of the log, made of the log key; in a store without keys, of a chain's own (domain.md §8)."""

    def __init__(self, key: bytes) -> None:
        """Derive them from a key of 32 bytes."""
        self.rows = derived(key, "log rows")
        self.numbers = KeyedHash(derived(key, "log numbers"))
        """Makes of a personnummer what finds it in the log."""
        self.id = key_id(key)
        """Stands in each row that is sealed so."""

    def seal(self, content: bytes, about: str) -> str:
        """Seal a row's content with `rows`, as `seal` does; what encrypts is made once for all rows."""
        return _sealed(self._cipher, content, about)

    @cached_property
    def _cipher(self) -> "AESGCM":
        return _aes_gcm(self.rows)


def new_keys() -> StoreKeys:
    """Return keys that no other store has."""
    return StoreKeys(new_key(), new_key())


def new_key() -> bytes:
    """Return 32 random bytes from the system."""
    return os.urandom(KEY_BYTES)


def derived(key: bytes, use: str) -> bytes:
    """Return the key for one use: HMAC-SHA-256, as HKDF's expansion has it (RFC 5869) for 32 bytes."""
    return keyed_hash(key, f"sob-tui {use}".encode() + b"\x01")


def key_id(key: bytes) -> str:
    """Return what a key is known by: 16 hexadecimal digits that tell nothing of it."""
    return derived(key, "key id")[:8].hex()


def number_code(keys: LogKeys, number: str) -> str:
    """Return what a personnummer is found by where it stands sealed: HMAC-SHA-256 under a key of its own, in hex."""
    return keys.numbers.hex(number.encode())


def keyed_hash(key: bytes, content: bytes) -> bytes:
    """Return HMAC-SHA-256."""
    import hmac  # with OpenSSL; not what every command needs

    return hmac.digest(key, content, "sha256")


def seal(key: bytes, content: bytes, about: str) -> str:
    """Seal bytes with a key.

    Args:
        key: 32 bytes.
        content: what nobody is to read.
        about: what the seal is bound to: it opens only where the same is said.
    """
    return _sealed(_aes_gcm(key), content, about)


def _aes_gcm(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # 5 ms, and not what every command needs

    return AESGCM(key)


def _sealed(cipher: "AESGCM", content: bytes, about: str) -> str:
    nonce = os.urandom(_NONCE_BYTES)
    return b64encode(nonce + cipher.encrypt(nonce, content, about.encode())).decode("ascii")


def unseal(key: bytes, sealed: str, about: str) -> bytes:
    """Return what was sealed.

    Raises:
        SealBroken: another key, another place, or not as it was written.
    """
    from cryptography.exceptions import InvalidTag

    try:
        found = b64decode(sealed, validate=True)
        return _aes_gcm(key).decrypt(found[:_NONCE_BYTES], found[_NONCE_BYTES:], about.encode())
    except (ValueError, InvalidTag):  # a nonce that is too short is a ValueError
        raise SealBroken from None


def wrap_resident_key(keys: StoreKeys, resident_id: int, key: bytes) -> str:
    """Return a resident's key, sealed under the data key."""
    return seal(keys.residents, key, f"resident {resident_id}")


def unwrap_resident_key(keys: StoreKeys, resident_id: int, wrapped: str) -> bytes:
    """Return a resident's key; raises `SealBroken`."""
    return unseal(keys.residents, wrapped, f"resident {resident_id}")
