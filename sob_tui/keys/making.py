"""Making a real store with its keys, all of it or nothing (domain.md §13)."""

import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from sob_tui.keys.changing import put_keys
from sob_tui.keys.key_files import DATA, LOG, sync_folder, write_owners
from sob_tui.keys.keyrings import FORGETFUL, KeyringRefused
from sob_tui.keys.places import Keeper, KeyPlace, places_file, recovery_file, write_place
from store.foundation.errors import Refused, why_unreadable
from store.foundation.keys import StoreKeys
from store.foundation.recovery import public_half, sealed_keys
from store.foundation.store import Store
from store.foundation.write_queue import claimed
from store.opening import Made, create_store

T = TypeVar("T")

HALF = ".halv"
"""The end of the name of a store that is not whole yet."""


def new_uuid() -> str:
    """Return what a new store is known by."""
    return str(uuid.uuid4())


def require_free(path: Path) -> None:
    """Raise `Refused` where a store is, or what belongs to one: no key is made for what may have another."""
    for taken in (path, places_file(path), recovery_file(path)):
        if taken.exists() or taken.is_symlink():
            what = (
                "Det finns redan en databas där" if taken == path else f"Filen {taken} hör till en databas som var där"
            )
            raise Refused(f"{what}. Välj en annan plats.", field="store")


def make_store(
    path: Path, place: KeyPlace, keeper: Keeper, keys: StoreKeys, paper: str, fill: Callable[[Store], T]
) -> T:
    """Make a store in a file, with its keys where they are to lie, and fill it; returns what filling it gives.

    The file gets its name when the store is whole. Where something goes wrong nothing is left of it.

    Args:
        path: its file.
        place: where the keys are to lie, by the store's UUID.
        keeper: what keeps them there.
        keys: the new keys.
        paper: the recovery key.
        fill: writes what the store begins with.
    """
    public = public_half(paper)

    def make(half: Path) -> T:
        store = create_store(half, kind="real", keys=keys, made=Made(place.store, public))
        try:
            return fill(store)
        finally:
            store.close()

    recovery = sealed_keys(public, place.store, [keys.data], keys.log)
    return come_to_be(path, make, place, recovery, partial(give_keys, keeper, keys), partial(take_keys_back, keeper))


def come_to_be(
    path: Path,
    make: Callable[[Path], T],
    place: KeyPlace,
    recovery: str,
    before: Callable[[], None],
    undo: Callable[[], None],
) -> T:
    """Make a store's file and what belongs beside it; returns what making it gives.

    The file gets its name when the store is whole. Where something goes wrong nothing is left of it.

    Args:
        path: its file.
        make: makes the store in another file, and closes it.
        place: where its keys lie, by its UUID.
        recovery: its keys, sealed for the recovery key; empty where there is none.
        before: is done before it is made.
        undo: takes that back where it was not.

    Raises:
        Refused: something is there, or it can't be written.
    """
    _make_folder(path.parent)
    with claimed(path.with_name(f"{path.name}-ny")) as is_ours:
        if not is_ours:
            raise Refused("Någon annan gör databasen just nu.", field="store")
        require_free(path)
        return _come_to_be(path, make, place, recovery, before, undo)


def _come_to_be(
    path: Path,
    make: Callable[[Path], T],
    place: KeyPlace,
    recovery: str,
    before: Callable[[], None],
    undo: Callable[[], None],
) -> T:
    half = path.with_name(path.name + HALF)
    try:
        _remove_store(half)
        before()
        made = make(half)
        if recovery:
            write_owners(recovery_file(path), recovery.encode())
        write_place(path, place)
        _give_name(half, path)
    except BaseException as error:
        with suppress(OSError):
            _remove_store(half)
            for beside in (places_file(path), recovery_file(path)):
                beside.unlink(missing_ok=True)
        undo()
        if isinstance(error, OSError):
            raise Refused(f"Databasen {path} går inte att göra ({why_unreadable(error)}).", field="store") from None
        raise
    return made


def give_keys(keeper: Keeper, keys: StoreKeys) -> None:
    """Give a new store's keys to a keeper, and know that they are kept; raises `KeyringRefused` where they are not."""
    put_keys(keeper, keys)
    if (keeper.read(DATA), keeper.read(LOG)) != (keys.data, keys.log):
        raise KeyringRefused(FORGETFUL)


def take_keys_back(keeper: Keeper) -> None:
    """Let a keeper keep the keys no longer: they open nothing."""
    for name in (DATA, LOG):
        keeper.remove(name)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Refused(f"Mappen {folder} går inte att skapa ({why_unreadable(error)}).", field="store") from None


def _give_name(half: Path, path: Path) -> None:
    """Give a whole store its name, and never another's: a rename would put it over what came there meanwhile."""
    try:
        os.link(half, path)
        half.unlink()
    except FileExistsError:
        raise Refused("Det finns redan en databas där. Välj en annan plats.", field="store") from None
    except OSError:  # a file system without such links
        half.rename(path)
    sync_folder(path.parent)


def _remove_store(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
