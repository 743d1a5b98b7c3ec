"""The file of the log's checkpoints: what `sob dygn` signs, outside the store (domain.md §8)."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from store.foundation.access import Action, DataCategory, Standing
from store.foundation.checkpoint import Checkpoint, checkpoint_line, read_checkpoint
from store.foundation.errors import Refused
from store.foundation.files import add_line, file_content
from store.foundation.log_chain import Head, log_positions
from store.foundation.operation import operation
from store.foundation.signed_lines import LineBroken
from store.foundation.work import Work

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@operation(
    "Skriva en kontrollpunkt över loggen",
    may={Standing.OPERATOR},
    action=Action.CHANGED,
    category=DataCategory.LOG,
)
def sign_checkpoint(work: Work, key: "Ed25519PrivateKey", file: Path) -> None:
    """Sign how far each chain of the log has come, and add it to a file.

    The row that says so is in the log from then on: where the file lacks the line, that is found. A line whose
    transaction failed says what was so, and harms nothing.

    Raises:
        Refused: the file can't be written.
    """
    chains = tuple((one.chain, Head(one.number, one.mac)) for one in log_positions(work.db))
    uuid = str(work.db.value("SELECT uuid FROM store_info"))
    add_line(file, checkpoint_line(Checkpoint(uuid, work.now, chains), key))
    work.log(Action.CHANGED, details=f"kontrollpunkt över {sum(head.number for _, head in chains)} rader")


def read_checkpoints(file: Path, public: bytes, store: str) -> list[Checkpoint]:
    """Return a file's checkpoints of one store, oldest first; none where there is no file.

    Raises:
        Refused: the file can't be read, or a line's signature does not hold.
    """
    return list(_checkpoints(file, public, store)) if file.exists() else []


def _checkpoints(file: Path, public: bytes, store: str) -> Iterator[Checkpoint]:
    lines = file_content(file).decode("utf-8", "replace").splitlines()
    for number, line in enumerate(lines, 1):
        try:
            found = read_checkpoint(line, public)
        except LineBroken:
            raise Refused(
                f"Kontrollpunkterna {file}, rad {number}: underskriften stämmer inte. Raden är ändrad, eller "
                "underskriven med en annan nyckel.",
                field="kontrollpunkter",
            ) from None
        if found.store == store:
            yield found
