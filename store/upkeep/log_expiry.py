"""Rows of the log that have been kept as long as the care provider has decided go, from the front of each chain alone.

How long is a setting of the care provider's (`log_years`): at least five years, longer with a decision. Before anything
goes a checkpoint is signed that names the last row that goes, its number and its code; verifying begins after it. The
database lets no other row go (the triggers of revision 0033).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from store.foundation.access import Action, DataCategory, Standing
from store.foundation.checkpoint import Checkpoint, checkpoint_line
from store.foundation.clock import Instant, start_of, years_after
from store.foundation.connection import Connection
from store.foundation.files import add_line
from store.foundation.log_chain import Head
from store.foundation.operation import operation
from store.foundation.upsert import upsert
from store.foundation.work import Work
from store.people.units import LOG_YEARS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@operation("Gallra utgångna rader i loggen", may={Standing.OPERATOR}, action=None, category=DataCategory.LOG)
def expire_log(work: Work, key: "Ed25519PrivateKey", file: Path) -> int:
    """Remove the rows of the log that have been kept long enough; returns how many went. It says so in the log.

    Args:
        work: the transaction.
        key: the operator's, which signs how far they go.
        file: of checkpoints.

    Raises:
        Refused: the file can't be written.
    """
    expired = dict(_expired(work))
    if not expired:
        return 0
    uuid = str(work.db.value("SELECT uuid FROM store_info"))
    line = checkpoint_line(Checkpoint(uuid, work.now, tuple(expired.items())), key)
    add_line(file, line)
    gone = sum(_remove(work, chain, head, line) for chain, head in expired.items())
    work.log(Action.PURGED, details=f"utgångna rader i loggen: {gone}, i {len(expired)} kedjor")
    return gone


def _expired(work: Work) -> Iterator[tuple[str, Head]]:
    """Yield the chains at whose front rows have expired, with the last of those."""
    years = dict(work.db.pairs("SELECT u.hsa_id, p.log_years FROM unit u JOIN careprovider p ON p.id = u.provider_id"))
    longest = max(years.values(), default=LOG_YEARS)
    oldest = work.db.value("SELECT at FROM log ORDER BY id LIMIT 1")
    if oldest is None or oldest >= _before(work, min(years.values(), default=LOG_YEARS)):
        return  # the log is read through where something may go, and not each day
    for chain in work.db.values("SELECT chain FROM loghead ORDER BY chain"):
        kept = years.get(chain.partition("/")[0], longest)
        if (head := _last(work.db, chain, _before(work, kept))) is not None:
            yield chain, head


def _before(work: Work, years: int) -> Instant:
    """Return the first instant that is kept, of whole days."""
    return start_of(years_after(work.today, -max(years, LOG_YEARS)))


def _last(db: Connection, chain: str, before: Instant) -> Head | None:
    """Return the last row of a chain's front that is older; what came after a younger one stays with it."""
    kept = db.value(
        "SELECT min(chain_number) FROM log WHERE chain = :chain AND at >= :before", chain=chain, before=before
    )
    to = "" if kept is None else f" AND chain_number < {int(kept)}"
    found = f"SELECT chain_number, mac FROM log WHERE chain = :chain{to} ORDER BY chain_number DESC LIMIT 1"
    row = db.pair(found, chain=chain)
    return None if row is None else Head(*row)


def _remove(work: Work, chain: str, head: Head, line: str) -> int:
    """Remove a chain's rows up to one; the database refuses to, unless it is noted first how far they may go."""
    work.db.run(
        upsert("logexpiry", ["chain"], replaced=["number", "mac", "at", "checkpoint"]),
        chain=chain,
        number=head.number,
        mac=head.mac,
        at=work.now,
        checkpoint=line,
    )
    return work.db.run(
        "DELETE FROM log WHERE chain = :chain AND chain_number <= :number", chain=chain, number=head.number
    )
