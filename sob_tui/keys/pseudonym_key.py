"""The key of the pseudonyms that a dataexport gives: kept where the store's keys are, never in the store.

A store that says nowhere where its keys are, as the practice environment's, has one of its own in the user's data
folder, by the store's UUID.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sob_tui.keys.key_files import PSEUDONYM, FileKeys
from sob_tui.keys.opening import ask_passphrase, place_of
from sob_tui.settings import pseudonyms_folder
from store.foundation.errors import Refused, why_unreadable
from store.foundation.keys import new_key

if TYPE_CHECKING:
    from sob_tui.keys.places import Keeper
    from store.foundation.store import Store


class PseudonymKey:
    """The key of a store's pseudonyms: what was kept before, else a new one that is kept once somebody says so."""

    def __init__(self, store: "Store", place: str, ask: Callable[[], str] = ask_passphrase) -> None:
        """Look for the key of the store at a place; raises `KeyMissing`, `Refused` or `KeyringRefused`.

        `ask` returns the passphrase that opens the keys, where it takes one.
        """
        self._keeper = _keeper(store, place, ask)
        self._is_kept = self._keeper.has(PSEUDONYM)
        self.key = self._keeper.read(PSEUDONYM) if self._is_kept else new_key()

    def keep(self) -> None:
        """Keep it, where it is new; raises `Refused` or `KeyringRefused`."""
        if not self._is_kept:
            self._keeper.write(PSEUDONYM, self.key)
            self._is_kept = True


def refuse_to_ask() -> str:
    """Refuse: the app has the screen, so nobody can be asked there for the passphrase that opens the keys."""
    raise Refused(
        "Databasens nycklar öppnas med en lösenfras. Gör exporten på kommandoraden i stället: sob exportera PROGRAM "
        "--identitet pseudonym.",
        field="identitet",
    )


def _keeper(store: "Store", place: str, ask: Callable[[], str]) -> "Keeper":
    if (found := place_of(place)) is not None:
        from sob_tui.keys.places import keeper_of

        return keeper_of(found, ask)
    with store.lend() as db:
        uuid = str(db.value("SELECT uuid FROM store_info"))
    folder = pseudonyms_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"Mappen {folder} går inte att göra ({why_unreadable(error)}).", field="identitet") from None
    return FileKeys(str(folder / uuid))
