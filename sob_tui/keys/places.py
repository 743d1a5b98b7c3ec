"""`PLATS.toml` beside a store: where its keys are. Places, never secrets.

A table for each store, by its UUID: `nyckel` (`nyckelring`, `fil` or `losenfras`), `nyckelfil` for the last two, and
`nyckelfras_fil` where a file has the passphrase. `nyckelfil` may begin with `$CREDENTIALS_DIRECTORY/`.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from sob_tui.keys.key_files import FileKeys, PassphraseKeys, passphrase_in, write_owners
from sob_tui.keys.keyrings import KeyringKeys
from store.foundation.errors import Refused

KEYRING, FILE, PASSPHRASE = "nyckelring", "fil", "losenfras"
KINDS = (KEYRING, FILE, PASSPHRASE)

_ABOUT = (
    "# Var nycklarna till databasen bredvid ligger. Här står inga hemligheter. Skriven av sob init och sob nyckel.\n"
    "# Varje tabell är en databas, med dess UUID.\n"
)


class KeyPlace(NamedTuple):
    """Where the keys of a store are, by its UUID."""

    store: str
    kind: str
    """One of `KINDS`."""
    file: str = ""
    """The data key's, for `FILE` and `PASSPHRASE`."""
    passphrase_file: str = ""
    """For `PASSPHRASE`; empty where it is asked for at a terminal."""


class Keeper(Protocol):
    """What keeps keys by name."""

    def read(self, name: str) -> bytes:
        """Return a key; raises `KeyMissing`, `Refused` or `KeyringRefused`."""

    def write(self, name: str, key: bytes) -> None:
        """Keep a key, and know that it is kept; raises `Refused` or `KeyringRefused`."""

    def remove(self, name: str) -> None:
        """Keep a key no longer."""

    def has(self, name: str) -> bool:
        """Whether there is such a key."""


def keeper_of(place: KeyPlace, ask: Callable[[], str]) -> Keeper:
    """Return what keeps the keys at a place; `ask` gives the passphrase where it lies in no file."""
    if place.kind == KEYRING:
        return KeyringKeys(place.store)
    if place.kind == FILE:
        return FileKeys(place.file)
    given = (lambda: passphrase_in(Path(place.passphrase_file))) if place.passphrase_file else ask
    return PassphraseKeys(place.file, given)


def file_of(store: str) -> Path | None:
    """Return the file of a store that lies in a file; None for a server's."""
    if store.startswith("sqlite:///"):
        return Path(store.removeprefix("sqlite:///")).expanduser()
    return None if "://" in store else Path(store).expanduser()


def places_file(store: Path) -> Path:
    """Return where the places of a store's keys stand."""
    return store.with_name(f"{store.name}.toml")


def recovery_file(store: Path) -> Path:
    """Return where a store's keys lie, sealed for the recovery key."""
    return store.with_name(f"{store.name}.aterstallning")


def read_places(store: Path) -> tuple[KeyPlace, ...]:
    """Return where the keys of the store in a file are; nothing where no file says.

    Raises:
        Refused: the file can't be read, or says what can be no place.
    """
    path = places_file(store)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError:
        raise _unreadable(path) from None
    import tomllib

    try:
        found = tomllib.loads(content.decode("utf-8-sig"))
    except ValueError:
        raise _unreadable(path) from None
    return tuple(_place(path, uuid, table) for uuid, table in found.items())


def write_place(store: Path, place: KeyPlace, others: Iterable[KeyPlace] = ()) -> None:
    """Write where a store's keys are, and those of others in the same file; raises `Refused`."""
    tables = [_table(one) for one in (*others, place)]
    write_owners(places_file(store), (_ABOUT + "\n".join(tables)).encode())


def _table(place: KeyPlace) -> str:
    lines = [f"[{json.dumps(place.store)}]", f"nyckel = {json.dumps(place.kind)}"]
    for name, value in (("nyckelfil", place.file), ("nyckelfras_fil", place.passphrase_file)):
        if value:
            lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def _place(path: Path, uuid: str, table: Any) -> KeyPlace:
    known = {"nyckel", "nyckelfil", "nyckelfras_fil"}
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise _unreadable(path)
    if unknown := sorted(set(table) - known):
        raise Refused(f"Filen {path} har en okänd nyckel: {unknown[0]}. De som finns är {', '.join(sorted(known))}.")
    kind, file = table.get("nyckel", ""), table.get("nyckelfil", "")
    if kind not in KINDS or (kind != KEYRING and not file):
        raise Refused(f"I filen {path} ska nyckel vara {', '.join(KINDS)}, och nyckelfil anges för de två sista.")
    return KeyPlace(uuid, kind, file, table.get("nyckelfras_fil", ""))


def _unreadable(path: Path) -> Refused:
    return Refused(f"Filen {path}, som säger var databasens nycklar ligger, går inte att läsa.")
