"""Keys in files: bare ones that only their owner can read, for servers, and ones that a passphrase opens.

The data key lies in the file that is named, the log's beside it with `.logg` at its end. A bare file is one line of
base 64. A wrapped one is JSON: `kind`, `format`, `argon2id` (how the passphrase becomes a key) and `sealed`. A file
under `$CREDENTIALS_DIRECTORY/` is one that systemd hands to the service (`LoadCredential=`), with rights of its own.
"""

import json
import os
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sob_tui.password_places import is_open_to_others
from store.foundation.errors import KeyMissing, Refused, SealBroken, why_unreadable
from store.foundation.keys import KEY_BYTES, seal, unseal

CREDENTIALS = "$CREDENTIALS_DIRECTORY/"
DATA, LOG, NEXT, PSEUDONYM, SIGNING = "data", "logg", "ny", "pseudonym", "underskrift"
"""The names of keys.

`NEXT` is a data key that is to take the other's place, `PSEUDONYM` makes those of exports, `SIGNING` is the operator's.
"""
MOST_BYTES = 10_000
_SUFFIXES = {DATA: "", LOG: ".logg", NEXT: ".ny", PSEUDONYM: ".pseudonym", SIGNING: ".underskrift"}
_KIND, _FORMAT = "sob-nyckel", 1

PASSPHRASE_LEAST = 12
COST = {"iterations": 3, "lanes": 4, "memory_cost": 65_536}
"""What argon2id takes: RFC 9106's second choice, 64 MiB (kibibytes here)."""


class FileKeys:
    """A store's keys in bare files."""

    def __init__(self, path: str) -> None:
        """Name the file of the data key; the log key's lies beside it."""
        self._path = path

    def read(self, name: str) -> bytes:
        """Return a key.

        Raises:
            KeyMissing: there is no such file.
            Refused: it can't be read, is no key, or others than its owner can read it.
        """
        path = self.path(name)
        key = None
        with suppress(ValueError):
            key = b64decode(_content(path, is_bare=not self._path.startswith(CREDENTIALS)).strip(), validate=True)
        if key is None or len(key) != KEY_BYTES:
            raise Refused(f"Nyckelfilen {path} innehåller ingen nyckel.", field="nyckelfil")
        return key

    def write(self, name: str, key: bytes) -> None:
        """Write a key's file, whole or not at all; raises `Refused`."""
        write_owners(self.path(name), b64encode(key) + b"\n")

    def remove(self, name: str) -> None:
        """Remove a key's file, where it is."""
        remove_file(self.path(name))

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return self.path(name).exists()

    def path(self, name: str) -> Path:
        """Return where a key lies."""
        return _placed(self._path, name)


class PassphraseKeys:
    """A store's keys in files that a passphrase opens."""

    def __init__(self, path: str, passphrase: Callable[[], str]) -> None:
        """Name the file of the data key, and the function that asks for its passphrase, which is called once."""
        self._path = path
        self._ask = passphrase
        self._passphrase: str | None = None

    def read(self, name: str) -> bytes:
        """Return a key.

        Raises:
            KeyMissing: there is no such file.
            Refused: it can't be read, is no wrapped key, or the passphrase is another.
        """
        path = self.path(name)
        found = _wrapped(path, _content(path, is_bare=False))
        try:
            return unseal(_stretched(self._given(), **found["argon2id"]), found["sealed"], f"key file {name}")
        except SealBroken:
            self._passphrase = None
            raise Refused(f"Lösenfrasen är inte den som nyckelfilen {path} öppnas med.", field="losenfras") from None

    def write(self, name: str, key: bytes) -> None:
        """Write a key's file, whole or not at all; raises `Refused`."""
        how: dict[str, Any] = {"salt": b64encode(os.urandom(16)).decode("ascii"), **COST}
        sealed = seal(_stretched(self._given(), **how), key, f"key file {name}")
        found = {"kind": _KIND, "format": _FORMAT, "argon2id": how, "sealed": sealed}
        write_owners(self.path(name), json.dumps(found, indent=1).encode() + b"\n")

    def remove(self, name: str) -> None:
        """Remove a key's file, where it is."""
        remove_file(self.path(name))

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return self.path(name).exists()

    def path(self, name: str) -> Path:
        """Return where a key lies."""
        return _placed(self._path, name)

    def _given(self) -> str:
        if self._passphrase is None:
            self._passphrase = self._ask()
        return self._passphrase


def passphrase_in(path: Path) -> str:
    """Return the passphrase that a file holds, which nobody but its owner can read; raises `Refused`."""
    try:
        found = _content(path, is_bare=True).decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Refused(f"Filen {path} är inte UTF-8. Spara om den med kodningen UTF-8.", field="losenfras") from None
    except KeyMissing:
        raise Refused(f"Filen {path} med lösenfrasen finns inte.", field="losenfras") from None
    return found


def check_passphrase(passphrase: str) -> None:
    """Raise `Refused` for one that is too short."""
    if len(passphrase) < PASSPHRASE_LEAST:
        raise Refused(
            f"Lösenfrasen ska ha minst {PASSPHRASE_LEAST} tecken. Ta några ord som inte hör ihop.", field="losenfras"
        )


def write_owners(path: Path, content: bytes) -> None:
    """Write a file that nobody but its owner can read, over what was there, whole or not at all.

    Raises:
        Refused: it can't be written.
    """
    half = path.with_name(f"{path.name}.halv")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    try:
        half.unlink(missing_ok=True)
        with open(os.open(half, flags | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise Refused(f"Filen {path} går inte att skriva ({why_unreadable(error)}).", field="nyckelfil") from None


def remove_file(path: Path) -> None:
    """Remove a file, where it is."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Let a file's new name outlive a power cut, where the system can say so."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _placed(path: str, name: str) -> Path:
    if path.startswith(CREDENTIALS):
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if not folder:
            raise KeyMissing(
                f"Nyckeln ska komma från systemd ({path}), men CREDENTIALS_DIRECTORY är inte satt. Starta kommandot i "
                "den tjänst som har LoadCredential=."
            )
        path = f"{folder}/{path.removeprefix(CREDENTIALS)}"
    return Path(f"{path}{_SUFFIXES[name]}")


def _content(path: Path, *, is_bare: bool) -> bytes:
    """Return a file's bytes; `is_bare` where whoever reads it has the secret."""
    try:
        with path.open("rb") as file:
            if is_bare and is_open_to_others(os.fstat(file.fileno()).st_mode):
                raise Refused(f"Filen {path} kan läsas av andra än ägaren. Kör: chmod 600 {path}", field="nyckelfil")
            return file.read(MOST_BYTES)
    except FileNotFoundError:
        raise KeyMissing(
            f"Nyckelfilen {path} finns inte. Är den borta läggs en ny dit med sob nyckel aterstall."
        ) from None
    except OSError as error:
        raise Refused(f"Filen {path} går inte att läsa ({why_unreadable(error)}).", field="nyckelfil") from None


def _wrapped(path: Path, content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
        how = found["argon2id"]
        costs = {name: int(how[name]) for name in COST}
        if (found["kind"], found["format"]) != (_KIND, _FORMAT) or costs["memory_cost"] > 4 * COST["memory_cost"]:
            raise ValueError
        return {"argon2id": {"salt": str(how["salt"]), **costs}, "sealed": str(found["sealed"])}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused(f"Nyckelfilen {path} är ingen nyckel med lösenfras.", field="nyckelfil") from None


def _stretched(passphrase: str, *, salt: str, iterations: int, lanes: int, memory_cost: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    try:
        made = Argon2id(
            salt=b64decode(salt), length=KEY_BYTES, iterations=iterations, lanes=lanes, memory_cost=memory_cost
        )
    except ValueError:
        raise SealBroken from None
    return made.derive(unicodedata.normalize("NFC", passphrase).encode())  # a terminal may send å as a and a ring
