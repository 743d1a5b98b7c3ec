"""Exchanging a store's data key, and getting its keys back from paper."""

from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sob_tui.keys.key_files import DATA, LOG, NEXT, remove_file, write_owners
from sob_tui.keys.places import Keeper, recovery_file
from sob_tui.progress import bar
from store.foundation.access import Fixed
from store.foundation.errors import DomainError, KeyWrong, Refused, why_unreadable
from store.foundation.keys import StoreKeys, new_key
from store.foundation.recovery import recovered, sealed_keys
from store.foundation.write_queue import claimed
from store.opening import open_store
from store.people.key_change import HALF, change_data_key, note_recovered_keys

if TYPE_CHECKING:
    from store.foundation.store import Store


class Identity(NamedTuple):
    """What a store is known by outside, and for which paper its keys are sealed."""

    uuid: str
    recovery_key: str


def identity_of(store: "Store") -> Identity:
    """Return what a store is known by."""
    with store.lend() as db:
        return db.single(Identity, "SELECT uuid, recovery_key FROM store_info")


def exchange(path: Path, opened: "Callable[[], Store]", keeper: Keeper, actor: Fixed) -> None:
    """Give a store a new data key; a kill in the midst leaves it with the old or the new one, and both at hand.

    Args:
        path: its file.
        opened: opens it.
        keeper: what keeps its keys.
        actor: the operator.

    Raises:
        Refused: somebody has it open, or it has no keys.
    """
    with claimed(path.with_name(f"{path.name}-nyckel")) as is_ours:  # two new keys would be kept in the same place
        if not is_ours:
            raise Refused("Någon annan byter nyckeln just nu. Ingenting är gjort.")
        with closing(opened()) as store:
            known, old = identity_of(store), store.keys
        if old is None:
            raise Refused("Databasen har inga nycklar att byta.")
        new = StoreKeys(new_key(), old.log)
        keeper.write(NEXT, new.data)
        _seal_for_paper(path, known, new, old)
        try:
            with bar("Krypterar databasen på nytt"):
                change_data_key(path, old, new, actor=actor)
        except DomainError:  # nothing was exchanged
            _seal_for_paper(path, known, old)
            keeper.remove(NEXT)
            raise
        _settle(path, known, keeper, new)


def settle(store: "Store", keeper: Keeper) -> None:
    """Let the new data key be the one, after a change that was cut off once the store had it."""
    if store.keys is not None:
        path = Path(store.engine.url.removeprefix("sqlite:///"))
        _settle(path, identity_of(store), keeper, store.keys)


def recover(path: Path, paper: str) -> "Recovery":
    """Return a store's keys, opened with the recovery key, once the store has been opened with them.

    Raises:
        Refused: the file beside the store can't be read, or is another paper's.
        KeyWrong: the keys that it gives are not the store's.
    """
    beside = recovery_file(path)
    try:
        content = beside.read_text("utf-8")
    except (OSError, ValueError) as error:
        why = why_unreadable(error) if isinstance(error, OSError) else "den är inte UTF-8"
        raise Refused(f"Filen {beside}, som återställningsnyckeln öppnar, går inte att läsa ({why}).") from None
    uuid, candidates = recovered(content, paper)
    for keys in candidates:
        with suppress(KeyWrong):
            open_store(path, keys=keys).close()
            return Recovery(uuid, keys)
    raise KeyWrong


def put_back(path: Path, keeper: Keeper, keys: StoreKeys, actor: Fixed) -> None:
    """Give recovered keys to a keeper, once the log says so."""
    store = open_store(path, keys=keys)
    try:
        with store.work(actor) as work:
            note_recovered_keys(work)
    finally:
        store.close()
    put_keys(keeper, keys)


class Recovery(NamedTuple):
    """The keys of a store, by its UUID."""

    uuid: str
    keys: StoreKeys


def put_keys(keeper: Keeper, keys: StoreKeys) -> None:
    """Give a store's keys to a keeper."""
    keeper.write(DATA, keys.data)
    keeper.write(LOG, keys.log)


def _settle(path: Path, known: Identity, keeper: Keeper, keys: StoreKeys) -> None:
    keeper.write(DATA, keys.data)
    _seal_for_paper(path, known, keys)
    keeper.remove(NEXT)
    remove_file(path.with_name(path.name + HALF))


def _seal_for_paper(path: Path, known: Identity, *keys: StoreKeys) -> None:
    if known.recovery_key:
        data = [one.data for one in keys]
        content = sealed_keys(known.recovery_key, known.uuid, data, keys[0].log)
        write_owners(recovery_file(path), content.encode())
