"""How long a message waits to be sent while a file of residents is imported, on each database."""

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path

from store.care.file_import import RESIDENTS, import_rows
from store.care.messages import send_message
from store.care.resident_import import ResidentRow, read_residents
from store.foundation.access import OPERATOR
from store.foundation.clock import local_day
from store.opening import create_store, open_store
from tests.bench.harness import Measure
from tests.bench.load import lend_server
from tests.bench.store import IMPORTED, csv_file
from tests.clinics import Clinic, Clock, enter, populate

ALLOWED = 0.5
"""Seconds that a send may wait, at most."""
PAUSE = 0.05
"""Seconds between two sends."""


def measure() -> Iterator[Measure]:
    """Import into a file and into a server."""
    rows = read_residents(csv_file(IMPORTED), local_day(Clock().now), is_practice=True)
    with tempfile.TemporaryDirectory() as folder:
        yield _longest_wait("file", f"sqlite:///{Path(folder, 'import.sqlite')}", rows)
    with lend_server() as address:
        yield _longest_wait("server", address, rows)


def _longest_wait(name: str, url: str, rows: list[ResidentRow]) -> Measure:
    store = create_store(url, kind="practice", clock=Clock())
    populate(store)
    clinic = enter(store, Clock())
    moment = clinic.start(program="prov")
    store.engine.dispose()

    def run() -> None:
        opened = open_store(url, clock=Clock())
        import_rows(opened, OPERATOR, RESIDENTS, rows)
        opened.close()

    importer = multiprocessing.get_context("fork").Process(target=run)
    begun = time.monotonic()
    importer.start()
    waits = _sends(clinic, moment, importer)
    importer.join()
    took = time.monotonic() - begun
    there = clinic.value("SELECT count(*) FROM resident")
    assert importer.exitcode == 0
    assert there >= len(rows), there
    store.close()
    median = statistics.median(waits) * 1000
    print(f"import, {name}: {len(rows):,} rows in {took:.1f} s, {len(waits)} sends meanwhile, p50 {median:.0f} ms")
    return Measure(
        f"import of {len(rows):,} into a {name}: the longest wait of a send / 0.5 s", max(waits), ALLOWED, 1.0
    )


def _sends(clinic: Clinic, moment: int, importer: BaseProcess) -> list[float]:
    """Send a message now and then for as long as the import goes on; returns how long each took."""
    waits = []
    for number in count(1):
        asked = time.monotonic()
        with clinic.store.work(clinic.clinician) as work:
            send_message(work, moment, "Hej", heading=f"Prov {number}")
        waits.append(time.monotonic() - asked)
        importer.join(PAUSE)
        if not importer.is_alive():
            break
    return waits
