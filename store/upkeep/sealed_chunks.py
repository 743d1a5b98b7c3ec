"""A stream that is sealed in numbered chunks, the last of them marked: what was cut, moved or changed does not open.

Each chunk is AES-256-GCM over `CHUNK` bytes, the last over at most as many. Its nonce is its number (8 bytes,
big-endian), three zero bytes, and 1 for the last one, else 0; a key seals one stream only. All are bound to what stands
before the stream.
"""

from collections.abc import Iterator
from typing import IO

from store.foundation.errors import SealBroken

CHUNK = 1 << 18
_TAG = 16


class SealedWriter:
    """Seals what is written to it."""

    def __init__(self, file: IO[bytes], key: bytes, about: bytes) -> None:
        """Take a key that seals nothing else, and what all chunks are bound to."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._file, self._cipher, self._about = file, AESGCM(key), about
        self._waiting = bytearray()
        self._number = 0

    def write(self, content: bytes) -> None:
        """Write more."""
        self._waiting += content
        while len(self._waiting) > CHUNK:  # the last chunk is never empty where anything is written
            self._seal(CHUNK, is_last=False)

    def finish(self) -> None:
        """Write the last chunk."""
        self._seal(len(self._waiting), is_last=True)

    def _seal(self, size: int, *, is_last: bool) -> None:
        content = bytes(self._waiting[:size])
        del self._waiting[:size]
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last), content, self._about))
        self._number += 1


def opened_chunks(file: IO[bytes], key: bytes, about: bytes) -> Iterator[bytes]:
    """Yield what was sealed, chunk by chunk, from where the file stands.

    Raises:
        SealBroken: a chunk does not open, or the last one is missing. What was yielded before is as it was written.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher = AESGCM(key)
    number, sealed = 0, file.read(CHUNK + _TAG)
    while True:
        after = file.read(CHUNK + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, not after), sealed, about)
        except (InvalidTag, ValueError):  # one that is shorter than a tag is a ValueError
            raise SealBroken from None
        if not after:
            return
        number, sealed = number + 1, after


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(8, "big") + bytes((0, 0, 0, is_last))
