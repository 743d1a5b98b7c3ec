"""A store that comes back from a backup: with which keys, and where those are to lie (domain.md §13)."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sob_tui.keys.choosing import Choice, choose
from sob_tui.keys.key_files import DATA, LOG
from sob_tui.keys.making import come_to_be, give_keys, take_keys_back
from sob_tui.keys.places import Keeper, KeyPlace, keeper_of
from sob_tui.progress import bar
from store.fence.roles import owner_of
from store.fenced_opening import Fencing, upgrade_fenced_store
from store.foundation.access import Actor
from store.foundation.checkpoint import Checkpoint
from store.foundation.engines import engine_for
from store.foundation.keys import StoreKeys
from store.upkeep.backup_file import Header, keys_by_paper
from store.upkeep.restoring import Ledger, Restored, restore_store


class Found(NamedTuple):
    """The keys of a store that is to come back, where they are to lie, and what is done to put them there."""

    keys: StoreKeys
    place: KeyPlace
    put: Callable[[], None]
    undo: Callable[[], None]


def kept(place: KeyPlace, ask: Callable[[], str]) -> Found:
    """Return keys that lie where they are to lie; raises `KeyMissing`, `Refused` or `KeyringRefused`."""
    keeper: Keeper = keeper_of(place, ask)
    return Found(StoreKeys(keeper.read(DATA), keeper.read(LOG)), place, _nothing, _nothing)


def from_paper(header: Header, paper: str, choice: Choice) -> Found:
    """Return keys that the recovery key opens, and that are to lie where somebody chooses."""
    keys = keys_by_paper(header, paper)
    place, keeper = choose(choice, header.store)
    return Found(keys, place, partial(give_keys, keeper, keys), partial(take_keys_back, keeper))


class Outside(NamedTuple):
    """What no backup has, and a restore goes by: what was purged since, and how far the log had come."""

    ledger: Ledger | None = None
    checkpoint: Checkpoint | None = None


def come_back(backup: Path, header: Header, path: Path, found: Found, outside: Outside, actor: Actor) -> Restored:
    """Restore a backup into a new file, whole or not at all."""

    def make(half: Path) -> Restored:
        return restore_store(backup, half, found.keys, *outside, actor=actor, show=bar)

    return come_to_be(path, make, found.place, header.recovery, found.put, found.undo)


def come_back_on_server(
    backup: Path, header: Header, url: str, found: Found, outside: Outside, actor: Actor, fencing: Fencing
) -> Restored:
    """Restore a backup into an empty database by its owner's address, and raise its fence.

    Cut off before the last it is refused to everybody until `sob uppgradera` has raised the fence.
    """
    from sob_tui.keys.server import let_be_found

    engine = engine_for(url)
    try:
        with engine.lend() as db:
            owner_of(db)  # before anything is done
    finally:
        engine.close()
    found.put()
    try:
        restored = restore_store(backup, url, found.keys, *outside, actor=actor, show=bar)
    except BaseException:
        found.undo()
        raise
    let_be_found(found.place, header.recovery)
    upgrade_fenced_store(url, found.keys, fencing, actor, lambda _work, _before: None, confirmed=False)
    return restored


def _nothing() -> None:
    pass
