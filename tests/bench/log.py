"""What the log's chain costs: verifying all rows, beside reading them and HMAC over the same bytes."""

import hmac
import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from store.foundation.connection import Connection
from store.foundation.log_chain import CONTENT, chain_rows, move_heads
from store.opening import create_store, open_store
from store.upkeep.log_verifying import verify_log
from tests.bench.harness import Measure, compare
from tests.clinics import SEALING, Clock, populate

ROWS = 1_000_000
"""In a region; a tenth of it, unless `SOB_BENCH_LOG` says how many."""
BUDGET = 6.0
_COLUMNS = (*CONTENT, "mac")
_INSERT = f"INSERT INTO log ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + name for name in _COLUMNS)})"
_ALL = f"SELECT id, {', '.join(_COLUMNS)} FROM log ORDER BY id"


def measure() -> Iterator[Measure]:
    """Yield how long it takes to verify a log in a file."""
    number = int(os.environ.get("SOB_BENCH_LOG", ROWS // 10))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.sqlite"
        with closing(create_store(path, kind="practice", keys=SEALING, clock=Clock())) as store:
            populate(store)
            with store.lend_to_write() as db:
                _fill(db, number)
        with closing(open_store(path, keys=SEALING, clock=Clock())) as store, store.lend() as db:

            def verify() -> None:
                assert verify_log(db, SEALING, ()).fault is None

            yield compare(f"verify {number} log rows / reading and HMAC", verify, lambda: _floor(db), BUDGET, runs=3)


def _fill(db: Connection, number: int) -> None:
    """Add so many rows, as a clinic writes them."""
    [row] = [dict(zip(CONTENT, one, strict=True)) for one in db.rows(f"SELECT {', '.join(CONTENT)} FROM log LIMIT 1")]
    row |= {
        "sealed": "s" * 180,
        "number_hmac": "h" * 64,
        "session": "0123456789abcdef",
        "acted_as": "ansvarig behandlare",
    }
    for start in range(0, number, 10_000):
        rows = [{**row, "moment_id": at} for at in range(start, min(start + 10_000, number))]
        move_heads(db, chain_rows(db, SEALING, rows))
        db.run_many(_INSERT, rows)


def _floor(db: Connection) -> None:
    """Read all rows by the bare driver, and make a code over the bytes of each."""
    for row in db.driver.execute(_ALL):
        hmac.digest(SEALING.log, "".join(map(str, row)).encode(), "sha256")
