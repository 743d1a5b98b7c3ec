"""What a purge needs of where the program runs: what signs, and what this workstation keeps outside the store."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sob_tui.keys.changing import identity_of
from sob_tui.keys.signing_key import signing_key
from sob_tui.settings import drafts_folder, operators_folder

if TYPE_CHECKING:
    from store.foundation.store import Store
    from store.purge.purging import Signer


def signer_for(store: "Store") -> "Signer":
    """Return what signs a store's certificates, and its ledger where who runs the program owns the store.

    Elsewhere the ledger is the operator's: the day's run brings it up.

    Raises:
        Refused: the key can't be read or written.
    """
    from store.purge.purging import Signer

    uuid = identity_of(store).uuid
    is_ours = store.is_practice or store.engine.is_owned()
    return Signer(signing_key(uuid), ledger_file(uuid) if is_ours else None)


def ledger_file(store: str) -> Path:
    """Return where the ledger of a store's purges lies, by its UUID."""
    return operators_folder() / f"{store}.gallringar"


def forget_drafts(store: "Store") -> None:
    """Remove what this workstation keeps of moments that were purged."""
    from screens.kept_drafts import forget_purged
    from store.care.purge_record import purged_moments

    def when_purged(moments: list[int]) -> Mapping[int, int]:
        with store.lend() as db:
            return purged_moments(db, moments)

    forget_purged(drafts_folder(), store.draft_key(), when_purged)
