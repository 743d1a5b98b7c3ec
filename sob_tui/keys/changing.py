"""Exchanging a store's data key, and getting its keys back from paper."""

from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sob_tui.keys.key_files import DATA, LOG, NEXT, remove_file, write_owners
from sob_tui.keys.places import Keeper, recovery_file
from sob_tui.progress import bar
from store.foundation.access import Fixed
from store.foundation.errors import DomainError, KeyWrong, NeedsConfirmation, Refused, StoreUnreachable, why_unreadable
from store.foundation.keys import StoreKeys, new_key
from store.foundation.recovery import recovered, sealed_keys
from store.foundation.write_queue import claimed
from store.opening import open_store, open_without_log_key
from store.people.key_change import HALF, LOST_FOR_GOOD, change_data_key, note_recovered_keys, replace_log_key
from store.people.operators import require_operator
from store.people.wrapping_key import change_wrapping_key

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


class Exchange(NamedTuple):
    """How a store gets a new data key, and what lies beside it."""

    beside: Path
    """The file's path, or what stands for it where the store is on a server: names of what lies beside begin so."""
    change: Callable[[StoreKeys, StoreKeys], None]
    """Gives the store the second keys in place of the first."""
    what: str
    """What is shown while that is done."""
    is_whole_or_not: bool = True
    """Whether a change that fails was not made: of a server's last answer nobody knows, where it is lost."""


def in_file(path: Path, actor: Fixed) -> Exchange:
    """Return how a store in a file gets a new data key."""
    return Exchange(path, lambda old, new: change_data_key(path, old, new, actor=actor), "Krypterar databasen på nytt")


def on_server(address: str, beside: Path, actor: Fixed) -> Exchange:
    """Return how a store on a server gets a new data key, by the operator's address."""

    def change(old: StoreKeys, new: StoreKeys) -> None:
        with closing(open_store(address, keys=old)) as store:
            change_wrapping_key(store, new, actor=actor)

    return Exchange(beside, change, "Låser om invånarnas nycklar", is_whole_or_not=False)


def exchange(how: Exchange, opened: "Callable[[], Store]", keeper: Keeper) -> None:
    """Give a store a new data key; a kill in the midst leaves it with the old or the new one, and both at hand.

    Args:
        how: where it is, and how its key is changed.
        opened: opens it.
        keeper: what keeps its keys.

    Raises:
        Refused: somebody has it open, or it has no keys.
    """
    beside = how.beside
    with claimed(beside.with_name(f"{beside.name}-nyckel")) as is_ours:  # two new keys would be kept in one place
        if not is_ours:
            raise Refused("Någon annan byter nyckeln just nu. Ingenting är gjort.")
        with closing(opened()) as store:
            known, old = identity_of(store), store.keys
        if old is None:
            raise Refused("Databasen har inga nycklar att byta.")
        new = StoreKeys(new_key(), old.log)
        keeper.write(NEXT, new.data)
        _seal_for_paper(beside, known, new, old)
        try:
            with bar(how.what):
                how.change(old, new)
        except DomainError as error:
            if how.is_whole_or_not or not isinstance(error, StoreUnreachable):  # nothing was exchanged
                _seal_for_paper(beside, known, old)
                keeper.remove(NEXT)
            raise
        _settle(beside, known, keeper, new)


def settle(store: "Store", keeper: Keeper, beside: Path) -> None:
    """Let the new data key be the one, after a change that was cut off once the store had it."""
    if store.keys is not None:
        _settle(beside, identity_of(store), keeper, store.keys)


def recover(store: str | Path, paper: str, beside: Path | None = None) -> "Recovery":
    """Return a store's keys, opened with the recovery key, once the store has been opened with them.

    Args:
        store: its path or address.
        paper: the recovery key.
        beside: see `Exchange`; None where `store` is a path.

    Raises:
        Refused: the file beside the store can't be read, or is another paper's.
        KeyWrong: the keys that it gives are not the store's.
    """
    sealed = recovery_file(beside or Path(store))
    try:
        content = sealed.read_text("utf-8")
    except (OSError, ValueError) as error:
        why = why_unreadable(error) if isinstance(error, OSError) else "den är inte UTF-8"
        raise Refused(f"Filen {sealed}, som återställningsnyckeln öppnar, går inte att läsa ({why}).") from None
    uuid, candidates = recovered(content, paper)
    for keys in candidates:
        with suppress(KeyWrong):
            open_store(store, keys=keys).close()
            return Recovery(uuid, keys)
    raise KeyWrong


def put_back(store: str | Path, keeper: Keeper, keys: StoreKeys, actor: Fixed) -> None:
    """Give recovered keys to a keeper, once the log says so."""
    with closing(open_store(store, keys=keys)) as opened:
        require_operator(opened)
        with opened.work(actor) as work:
            note_recovered_keys(work)
    put_keys(keeper, keys)


def replace_lost_log_key(
    store: str | Path, beside: Path, keeper: Keeper, actor: Fixed, *, confirmed: bool = False
) -> None:
    """Give a store whose log key is lost a new one.

    Cut off before the new key is kept, that one is lost too, and the same command makes another.

    Raises:
        NeedsConfirmation: the rows of before can never be read again, and that is not `confirmed`.
        Refused: a log key is there.
    """
    if keeper.has(LOG):
        raise Refused("Det finns en loggnyckel där den ska ligga. Är det en annan databas: flytta undan den först.")
    if not confirmed:  # before anything: a refusal's row would be sealed with a key that is thrown away
        raise NeedsConfirmation([LOST_FOR_GOOD])
    keys = StoreKeys(keeper.read(DATA), new_key())
    with closing(open_without_log_key(store, keys)) as opened:
        require_operator(opened)
        known = identity_of(opened)
        with opened.work(actor) as work:
            replace_log_key(work, keys.log_id)
    keeper.write(LOG, keys.log)
    _seal_for_paper(beside, known, keys)


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
