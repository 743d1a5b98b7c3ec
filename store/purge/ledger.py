"""Adding to the ledger what was purged: before a restore asks for it (domain.md §13).

What is purged stands in the store first, and what the ledger lacks of it is added whenever somebody can sign: a kill
between the two leaves nothing out. A line that is there twice says the same.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from store.care.purge_record import not_in_ledger, note_in_ledger
from store.foundation.clock import Instant
from store.foundation.errors import Refused, why_unreadable
from store.foundation.purge_ledger import Purged, ledger_line
from store.foundation.store import Store

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def bring_up(store: Store, path: Path, key: "Ed25519PrivateKey") -> int:
    """Add to a ledger what it lacks of the store's purges; returns how many lines.

    Raises:
        Refused: the file can't be written.
    """
    with store.lend() as db:
        missing = not_in_ledger(db)
        uuid = str(db.value("SELECT uuid FROM store_info"))
    if not missing:
        return 0
    _append(path, [ledger_line(Purged(uuid, one.uuid, Instant(one.at)), key) for one in missing])
    with store.lend_to_write() as db:
        note_in_ledger(db, missing)
    return len(missing)


def _append(path: Path, lines: list[str]) -> None:
    """Add lines to a file that only its owner can read, and wait until they are on the disk."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        with open(handle, "r+b", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            cut = size > 0 and os.pread(file.fileno(), 1, size - 1) != b"\n" if hasattr(os, "pread") else False
            file.write((("\n" if cut else "") + "".join(f"{line}\n" for line in lines)).encode())
            os.fsync(file.fileno())
    except OSError as error:
        raise Refused(f"Gallringens liggare {path} går inte att skriva ({why_unreadable(error)}).") from None
