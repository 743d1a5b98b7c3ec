"""Where a store's checkpoints are found, and by which key they are read (domain.md §8)."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from store.foundation.errors import Refused

if TYPE_CHECKING:
    from store.foundation.checkpoint import Checkpoint
    from store.foundation.store import Store


class Outside(NamedTuple):
    """What lies outside a store of its log."""

    file: Path
    checkpoints: "tuple[Checkpoint, ...] | None"
    """Oldest first; none of them where there is no file, None where no key is there to read one by."""
    public: bytes | None
    """The public half of the key that signed."""


def outside(store: "Store", file: Path | None = None, key: Path | None = None) -> Outside:
    """Return a store's checkpoints.

    Args:
        store: the store.
        file: where they lie; else where `sob dygn` puts them.
        key: the public half of the key that signed them; else the operator's own.

    Raises:
        Refused: a file can't be read, or a signature does not hold; a file is named, and no key to read it by.
    """
    from sob_tui.keys.changing import identity_of
    from sob_tui.keys.signing_key import checkpoint_file, public_file, read_public
    from store.upkeep.checkpoints import read_checkpoints

    uuid = identity_of(store).uuid
    place, where = key or public_file(uuid), file or checkpoint_file(uuid)
    if key is None and not place.exists():
        if file is not None:
            raise Refused(
                f"Nyckeln som kontrollpunkterna är underskrivna med finns inte här ({place}). Ange den öppna nyckeln "
                "med --nyckel.",
                field="nyckel",
            )
        return Outside(where, None, None)
    if file is not None and not file.exists():
        raise Refused(f"Filen {file} går inte att läsa (den finns inte).", field="kontrollpunkter")
    public = read_public(place, "nyckel")
    return Outside(where, tuple(read_checkpoints(where, public, uuid)), public)
