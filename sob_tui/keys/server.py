"""A real store on a server: where its keys are, and making it with them, all of it or nothing (domain.md §13).

Its keys' places stand in `nycklar.toml` in the folder of the settings file, a table for each store by its UUID: the
same store has several addresses.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

from sob_tui.keys.key_files import write_owners
from sob_tui.keys.making import give_keys, take_keys_back
from sob_tui.keys.places import Keeper, KeyPlace, places_file, read_places, recovery_file, write_place
from sob_tui.settings import settings_file
from store.fenced_opening import Fencing, create_fenced_store
from store.foundation.access import Actor
from store.foundation.errors import KeyMissing, StoreUnreachable
from store.foundation.files import file_content
from store.foundation.keys import StoreKeys
from store.foundation.recovery import public_half, sealed_keys
from store.foundation.work import Work
from store.opening import Made, on_server

T = TypeVar("T")

OWNERS = frozenset({"user", "password", "passfile", "service", "sslcert", "sslkey", "sslpassword"})
"""What an address says of the one who uses it: another role has its own."""


def beside_settings(name: str = "nycklar") -> Path:
    """Return the name that a server's store goes by where a file's store has its own."""
    return settings_file().absolute().with_name(name)


def beside_server(uuid: str) -> Path:
    """Return how the names begin of what lies here of a store on a server."""
    return beside_settings(f"nycklar-{uuid}")


def paper_file(uuid: str) -> Path:
    """Return where the keys of a store on a server lie, sealed for the recovery key."""
    return recovery_file(beside_server(uuid))


def write_server_place(place: KeyPlace) -> None:
    """Write where the keys of a store on a server are, beside those of other stores; raises `Refused`."""
    folder = beside_settings()
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_place(folder, place, [one for one in read_places(folder) if one.store != place.store])


def server_place(url: str) -> KeyPlace | None:
    """Return where the keys of a store on a server are; None for a practice store, or where none is.

    Raises:
        KeyMissing: it is a real one, and nothing says where its keys are.
        StoreUnreachable: the server doesn't answer.
    """
    found = on_server(url)
    if found is None or found.kind != "real":
        return None
    for place in read_places(beside_settings()):
        if place.store == found.uuid:
            return place
    raise KeyMissing(
        f"Databasens nycklar finns, men {places_file(beside_settings())} säger inte var. Där ska stå en tabell med "
        f'namnet ["{found.uuid}"], som sob init skrev den.'
    )


def take_place_along(file: Path, place: KeyPlace) -> None:
    """Let a store's keys be found where it is going, from a file to a server: their place, and the paper's file.

    Raises:
        Refused: something can't be read or written.
    """
    there = recovery_file(file)
    let_be_found(place, file_content(there).decode() if there.exists() else "")


def let_be_found(place: KeyPlace, recovery: str) -> None:
    """Say beside the settings where a server's store has its keys; `recovery` is what is sealed for the paper."""
    folder = beside_settings()
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_place(folder, place, [one for one in read_places(folder) if one.store != place.store])
    if recovery:
        write_owners(paper_file(place.store), recovery.encode())


def make_server_store(
    url: str,
    place: KeyPlace,
    keeper: Keeper,
    keys: StoreKeys,
    paper: str,
    fencing: Fencing,
    actor: Actor,
    fill: Callable[[Work], T],
) -> T:
    """Make a store on a server by its owner's address, with its keys where they are to lie.

    Where something goes wrong nothing is left of it; but where the answer to the last step was lost the store may be
    there, and its keys are kept.

    Args:
        url: the address, with the role that is to own it.
        place: where the keys are to lie, by the store's UUID.
        keeper: what keeps them there.
        keys: the new keys.
        paper: the recovery key.
        fencing: the roles that it will be used through.
        actor: the operator.
        fill: writes what the store begins with; what it returns is returned.
    """
    public, folder = public_half(paper), beside_settings()
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    others = [one for one in read_places(folder) if one.store != place.store]

    def undo() -> None:
        take_keys_back(keeper)
        paper_file(place.store).unlink(missing_ok=True)
        if others:
            write_place(folder, others[-1], others[:-1])
        else:
            places_file(folder).unlink(missing_ok=True)

    try:
        give_keys(keeper, keys)
        write_owners(paper_file(place.store), sealed_keys(public, place.store, [keys.data], keys.log).encode())
        write_place(folder, place, others)
        return create_fenced_store(url, keys, Made(place.store, public), fencing, actor, fill)
    except BaseException as error:
        if isinstance(error, StoreUnreachable) and _may_be_there(url, place.store):
            kept = f"Nycklarna ligger kvar, som {places_file(folder)} säger."
            error.add(f" Det är inte känt om databasen blev gjord. {kept}")
            raise
        with suppress(OSError):
            undo()
        raise


def _may_be_there(url: str, uuid: str) -> bool:
    """Whether a store that was being made is there, or nobody knows."""
    try:
        found = on_server(url)
    except StoreUnreachable:
        return True
    return found is not None and found.uuid == uuid


def address_for(url: str, role: str) -> str:
    """Return a server's address for another role, without anything that is the first one's own."""
    parts = urlsplit(url)
    options = [(name, value) for name, value in parse_qsl(parts.query) if name not in OWNERS]
    netloc = f"{quote(role)}@{parts.netloc.rpartition('@')[2]}"
    return SplitResult("postgresql+psycopg", netloc, parts.path, urlencode(options, safe="/"), "").geturl()
