"""How fast moments are purged: one transaction a moment, against the bare deletes of the same rows, as many commits.

By the clock on the wall: most of either is waiting for the disk. Ours asks anew who acts, looks for a gallringsstopp
and for exports, writes the log's row with its chain, the purge's own record and the counts, and looks the store through
when all is done.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.care.purges import begin_purge
from store.fence.erasing import erasing, forgetting
from store.foundation.access import Role
from store.purge.purging import Signer, carry_out_purge
from tests.bench.export import live
from tests.bench.harness import Measure, seconds
from tests.bench.store import filled
from tests.clinics import Clinic

MOMENTS = 1_000
LEFT = 1_000
"""Moments that stay, so that the tables don't run empty."""


def measure() -> Iterator[Measure]:
    """Yield it; some ten seconds."""
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = (_ended(Path(folder, name)) for name in ("ours.sqlite", "bare.sqlite"))
        signer = Signer(Ed25519PrivateKey.generate(), Path(folder, "liggare"))
        took = seconds(lambda: _purge(ours, signer), clock=time.perf_counter)
        floor = seconds(lambda: _delete(bare), clock=time.perf_counter)
        assert ours.value("SELECT count(*) FROM moment") == bare.value("SELECT count(*) FROM moment") == LEFT
        yield Measure(f"{MOMENTS:,} moments purged / the bare deletes, a commit each", took, floor, 6.0)
        for clinic in (ours, bare):
            clinic.store.close()


def _ended(path: Path) -> Clinic:
    """Return a store with moments that have ended, of a resident each, with something that has happened in them."""
    clinic = filled(path, MOMENTS + LEFT, most_residents=MOMENTS + LEFT)
    live(clinic)
    clinic.run("UPDATE careprovider SET purge_decision = 'Gallras.'")
    clinic.run("UPDATE moment SET status = 'avslutat', ended_at = started_at")
    return clinic


def _first(clinic: Clinic) -> list[tuple[int, int]]:
    """Return the moments that are to go, each with its resident."""
    return [(row[0], row[1]) for row in clinic.rows(f"SELECT id, resident_id FROM moment ORDER BY id LIMIT {MOMENTS}")]


def _purge(clinic: Clinic, signer: Signer) -> None:
    actor = clinic.someone(Role.DATA_ADMIN)
    with clinic.store.work(actor) as work:
        number = begin_purge(work, [moment for moment, _ in _first(clinic)], MOMENTS, confirmed=True)
    carry_out_purge(clinic.store, actor, number, signer)


def _delete(clinic: Clinic) -> None:
    db = clinic.store.engine.connect()
    for moment, resident in _first(clinic):
        db.driver.execute("BEGIN IMMEDIATE")
        for statement in (*erasing(str(moment), str(resident)), *forgetting(str(resident))):
            db.run(statement)
        db.driver.execute("COMMIT")
    db.close()
