"""Whether a log that has come back is what a signed checkpoint knows of it (domain.md §13)."""

from store.foundation.checkpoint import Checkpoint
from store.foundation.clock import Instant, iso_local
from store.foundation.connection import Connection
from store.foundation.errors import Refused


class LogCut(Refused):
    """The log lacks rows that were in it, or has others."""

    def __init__(self, at: Instant) -> None:
        super().__init__(
            f"Loggen i säkerhetskopian stämmer inte med kontrollpunkten av {iso_local(at)}: rader är borta eller "
            "utbytta. Ingenting är återställt. Använd en annan kopia, och anmäl det.",
            field="kontrollpunkter",
        )


def missing_rows(db: Connection, store: str, made: Instant, checkpoint: Checkpoint) -> int:
    """Return how many rows were written after a backup, as far as a checkpoint knows: they are in no log any more.

    Args:
        db: the restored store.
        store: its UUID.
        made: when the backup was made.
        checkpoint: what the log's heads were.

    Raises:
        Refused: the checkpoint is another store's.
        LogCut: at the checkpoint the log was another than the one that has come back.
    """
    if checkpoint.store != store:
        raise Refused(f"Kontrollpunkten gäller databasen {checkpoint.store}, inte {store}.", field="kontrollpunkter")
    missing = 0
    for chain, head in checkpoint.chains:
        number = int(db.value("SELECT coalesce(max(chain_number), 0) FROM log WHERE chain = :chain", chain=chain))
        if number < head.number:
            missing += head.number - number
            if checkpoint.at <= made:
                raise LogCut(checkpoint.at)
        elif not db.has(
            "SELECT 1 FROM log WHERE chain = :chain AND chain_number = :number AND mac = :mac"
            " UNION SELECT 1 FROM logexpiry WHERE chain = :chain AND number >= :number",
            chain=chain,
            number=head.number,
            mac=head.mac,
        ):
            raise LogCut(checkpoint.at)
    return missing
