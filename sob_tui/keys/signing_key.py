"""The operator's key (Ed25519): it signs the log's checkpoints, the ledger of purges and certificates (domain.md §13).

It lies in the data folder of the account that runs `sob dygn`, by the store's UUID: `UUID.underskrift`, readable by its
owner alone, and the public half beside it in `UUID.underskrift.pub` (base64), to be given to who checks. It is made
when it is first needed. The checkpoints lie there too, in `UUID.kontrollpunkter`, unless another file is named.
"""

from base64 import b64decode, b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from sob_tui.keys.key_files import SIGNING, FileKeys, write_owners
from sob_tui.settings import operators_folder
from store.foundation.errors import Refused, why_unreadable
from store.foundation.files import file_content
from store.foundation.keys import new_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def signing_key(store: str) -> "Ed25519PrivateKey":
    """Return the key that signs for the store with a UUID; a new one where there is none yet.

    Raises:
        Refused: it can't be read or written, or others than its owner can read it.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    keeper = FileKeys(str(_folder() / store))
    if not keeper.has(SIGNING):
        keeper.write(SIGNING, new_key())
    key = Ed25519PrivateKey.from_private_bytes(keeper.read(SIGNING))
    public = b64encode(key.public_key().public_bytes_raw()) + b"\n"
    place = public_file(store)
    if not place.exists() or place.read_bytes() != public:
        write_owners(place, public)
    return key


def public_file(store: str) -> Path:
    """Return where the public half of a store's signing key lies."""
    return operators_folder() / f"{store}.underskrift.pub"


def checkpoint_file(store: str) -> Path:
    """Return where a store's checkpoints lie, unless somebody says elsewhere."""
    return operators_folder() / f"{store}.kontrollpunkter"


def read_public(file: Path, field: str) -> bytes:
    """Return the public half in a file; raises `Refused`."""
    try:
        public = b64decode(file_content(file, most=1000).strip(), validate=True)
    except ValueError:
        public = b""
    if len(public) != 32:
        raise Refused(f"Filen {file} innehåller ingen öppen nyckel (Ed25519, base64).", field=field)
    return public


def _folder() -> Path:
    folder = operators_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"Mappen {folder} går inte att göra ({why_unreadable(error)}).") from None
    return folder
