"""The command line's sessions: a file for each store and person, that only the system user can read.

A file and not the system's keyring: a session is of use for twelve hours at most, a server has no keyring, and asking
one costs every command a quarter of a second.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sob_tui.password_places import is_open_to_others
from sob_tui.settings import state_folder
from store.foundation.errors import Refused, why_unreadable
from store.foundation.hsa_id import hsa_key
from store.foundation.store import Store


class KeptSession(NamedTuple):
    """A session as it is kept."""

    hsa_id: str
    token: str
    path: Path


def keep_session(store: Store, hsa_id: str, token: str) -> None:
    """Keep a session, in the place of an earlier one of the same person in the same store.

    Raises:
        Refused: the file can't be written.
    """
    path = _path(store, hsa_id)
    new = path.with_suffix(".ny")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new.unlink(missing_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8") as file:
            json.dump({"hsa_id": hsa_id, "token": token}, file)
        new.replace(path)
    except OSError as error:
        raise Refused(f"Inloggningen går inte att spara i {path} ({why_unreadable(error)}).") from None


def kept_session(store: Store, hsa_id: str) -> KeptSession | None:
    """Return a person's session in a store; None where none is kept."""
    return _read(_path(store, hsa_id))


def kept_sessions(store: Store) -> Iterator[KeptSession]:
    """Yield the sessions of this system user in a store."""
    for path in sorted(_folder(store).glob("*.json")):
        if found := _read(path):
            yield found


def forget_session(session: KeptSession) -> None:
    """Let a session be kept no longer."""
    session.path.unlink(missing_ok=True)


def _read(path: Path) -> KeptSession | None:
    """Return what a file keeps; what others can read, or have written, is none of ours."""
    with suppress(OSError, ValueError, KeyError, TypeError), path.open(encoding="utf-8") as file:
        if not is_open_to_others(os.fstat(file.fileno()).st_mode):
            found = json.load(file)
            return KeptSession(str(found["hsa_id"]), str(found["token"]), path)
    return None


def _path(store: Store, hsa_id: str) -> Path:
    return _folder(store) / f"{hashlib.sha256(hsa_key(hsa_id).encode()).hexdigest()[:32]}.json"


def _folder(store: Store) -> Path:
    with store.lend() as db:
        return state_folder() / "sessioner" / str(db.value("SELECT uuid FROM store_info"))
