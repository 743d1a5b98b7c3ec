"""Opening a store, whichever it is: a real one with its keys. The only way to one (domain.md §13)."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sob_tui.progress import bar
from store.foundation.errors import KeyMissing, KeyWrong, Refused, StoreUnreachable

if TYPE_CHECKING:
    from sob_tui.keys.places import Keeper, KeyPlace
    from store.foundation.keys import StoreKeys
    from store.foundation.store import Store


def open_configured_store(store: str, *, confirmed: bool = False, upgrade: bool = False) -> "Store":
    """Open the store at a path or an address; see `open_store`.

    Raises:
        KeyMissing: it is encrypted, and a key is not where it should be.
        KeyWrong: the keys are another store's.
        KeyringRefused: the keyring can't be used.
        Refused: a key's file can't be used, or the passphrase is another.
    """
    place = place_of(store)
    if place is None:
        from store.opening import open_store

        return open_store(store, show=bar, confirmed=confirmed, upgrade=upgrade)
    from sob_tui.keys.places import keeper_of

    return open_with(store, keeper_of(place, ask_passphrase), confirmed=confirmed, upgrade=upgrade)


def place_of(store: str) -> "KeyPlace | None":
    """Return where a store's keys are; None where nothing beside it says so, as with a practice store."""
    if "://" in store and not store.startswith("sqlite:///"):
        from sob_tui.keys.server import server_place

        return server_place(store)
    path = Path(store.removeprefix("sqlite:///")).expanduser()
    if not path.with_name(f"{path.name}.toml").exists():
        return None
    from sob_tui.keys.places import read_places

    found = read_places(path)
    if len(found) != 1:
        raise Refused(f"Filen {path}.toml ska säga var en databas nycklar ligger, och säger det för {len(found)}.")
    return found[0]


def keys_of(store: str) -> "StoreKeys | None":
    """Return the keys of a store, where it has any; raises as `open_configured_store`."""
    place = place_of(store)
    if place is None:
        return None
    from sob_tui.keys.key_files import DATA, LOG
    from sob_tui.keys.places import keeper_of
    from store.foundation.keys import StoreKeys

    keeper = keeper_of(place, ask_passphrase)
    return StoreKeys(keeper.read(DATA), keeper.read(LOG))


def open_with(store: str, keeper: "Keeper", *, confirmed: bool = False, upgrade: bool = False) -> "Store":
    """Open a store with the keys of a keeper; a change of the data key that was cut off is finished."""
    from sob_tui.keys.key_files import DATA, LOG, NEXT
    from store.foundation.keys import StoreKeys
    from store.opening import open_store

    keys = StoreKeys(keeper.read(DATA), keeper.read(LOG))
    try:
        return open_store(store, keys=keys, show=bar, confirmed=confirmed, upgrade=upgrade)
    except KeyWrong:
        if not keeper.has(NEXT):
            if keeper.read(DATA) == keys.data:
                raise
            return open_with(store, keeper, confirmed=confirmed, upgrade=upgrade)  # it was exchanged meanwhile
        new = StoreKeys(keeper.read(NEXT), keys.log)
    opened = open_store(store, keys=new, show=bar, confirmed=confirmed, upgrade=upgrade)
    from sob_tui.keys.changing import settle
    from sob_tui.keys.places import file_of

    with suppress(StoreUnreachable, Refused):  # it opens all the same; the next one tries again
        settle(opened, keeper, file_of(opened.engine.url) or _beside_server(opened))
    return opened


def _beside_server(store: "Store") -> Path:
    from sob_tui.keys.changing import identity_of
    from sob_tui.keys.server import beside_server

    return beside_server(identity_of(store).uuid)


def ask_passphrase() -> str:
    """Ask for the passphrase that opens the keys; only at a terminal.

    Raises:
        KeyMissing: nobody is there to ask.
    """
    if not sys.stdin.isatty():
        raise KeyMissing(
            "Databasens nycklar öppnas med en lösenfras, som frågas efter i en terminal. För skript: lägg den i en fil "
            "med rättigheterna 600 och ange den som nyckelfras_fil i filen bredvid databasen."
        )
    from getpass import getpass

    return getpass("Lösenfras för databasens nycklar: ")
