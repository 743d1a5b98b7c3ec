"""Fifty writers killed under load on a sealed store in a file and on a server: acknowledged against found."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from store.opening import create_store
from tests.bench.harness import Measure
from tests.bench.load import lend_server
from tests.clinics import SEALING, Clock, begin, enter
from tests.kills import Place, kill_writers

KILLS = 50


def measure() -> Iterator[Measure]:
    """Kill on each database."""
    with tempfile.TemporaryDirectory() as folder:
        yield _killed("a file", f"sqlite:///{Path(folder, 'kills.sqlite')}")
    with lend_server() as address:
        yield _killed("a server", address)


def _killed(name: str, url: str) -> Measure:
    store = create_store(url, kind="practice", keys=SEALING, clock=Clock())
    begin(store)
    clinic = enter(store, Clock())
    place = Place(url, SEALING, clinic.clinician, clinic.value("SELECT min(id) FROM moment"))
    store.close()
    toll = kill_writers(place, KILLS, seed=1)
    print(
        f"kills, {name}: {toll.kills} kills, {len(toll.acknowledged)} acknowledged, {len(toll.found)} found, "
        f"{toll.untold} done without an answer, {len(toll.by_half)} by half; {' '.join(toll.faults) or 'whole'}",
        flush=True,
    )
    return Measure(f"kills: lost or by half on {name}", len(toll.lost) + len(toll.by_half) + len(toll.faults), 1, 0)
