"""Looking through a store after a purge: every page of a file for the numbers of who is gone, every table for rows.

An encrypted file is read as SQLCipher 4 writes it with a raw key: pages of 4,096 bytes, AES-256 in CBC mode, each with
an initialisation vector and a code (80 bytes) at its end; the first page begins with a salt of 16 bytes.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from store.fence.erasing import TABLES
from store.foundation.connection import Connection
from store.foundation.progress import Progress, untold

PAGE_BYTES = 4096
_SALT_BYTES, _VECTOR_BYTES, _RESERVED = 16, 16, 80
_TWELVE_DIGITS = re.compile(rb"(?=((?:18|19|20)\d{10}))")
_TOLD = 1000
"""Pages between two words of how far it has come."""


class Scan(NamedTuple):
    """What looking through a store found."""

    pages: int
    """Pages of a file that were read; 0 where there is none."""
    numbers: int
    """How many residents' numbers were looked for in them."""
    found: int
    """How many of those are still there."""
    rows: int
    """Rows about a moment that is there no more."""


def pages_of(path: Path, cipher: str = "") -> Iterator[bytes]:
    """Yield a file's pages as SQLite reads them; `cipher` is its raw key in hexadecimal digits, where it has one."""
    with path.open("rb") as file:
        number = 0
        while page := file.read(PAGE_BYTES):
            number += 1
            yield _opened(page, bytes.fromhex(cipher), is_first=number == 1) if cipher else page


def _opened(page: bytes, key: bytes, *, is_first: bool) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    begin, end = (_SALT_BYTES if is_first else 0), len(page) - _RESERVED
    decryptor = Cipher(algorithms.AES(key), modes.CBC(page[end : end + _VECTOR_BYTES])).decryptor()
    return decryptor.update(page[begin:end]) + decryptor.finalize()


def numbers_in(path: Path, numbers: Collection[str], cipher: str = "", progress: Progress = untold) -> tuple[int, int]:
    """Return how many pages a file has, and how many of the numbers are in any of them."""
    wanted, found, pages = {number.encode() for number in numbers}, set[bytes](), 0
    total = -(-path.stat().st_size // PAGE_BYTES)
    for pages, page in enumerate(pages_of(path, cipher), 1):
        found.update(number for number in _TWELVE_DIGITS.findall(page) if number in wanted)
        if not pages % _TOLD:
            progress(pages, total)
    return pages, len(found)


def rows_left(db: Connection, purge: int) -> int:
    """Return how many rows there are about moments that a purge has taken."""
    return sum(
        int(
            db.value(
                f"SELECT count(*) FROM {table} t WHERE t.moment_id IN (SELECT p.moment_id FROM purgedmoment p"
                " WHERE p.purge_id = :purge AND p.state = 'gallrad')"
                " AND NOT EXISTS (SELECT 1 FROM moment m WHERE m.id = t.moment_id)",
                purge=purge,
            )
        )
        for table in (*TABLES, "claim", "exportedmoment")
    )
