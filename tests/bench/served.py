"""What it costs that everyone in a list is in the log: the rows beside one row's commit, and the list as it is painted.

In seconds of the clock: a commit waits for the disk, and so does whoever opens a list.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from textual.app import App

from screens.list_columns import columns_for
from screens.list_source import TabSource
from screens.store_client import StoreClient
from screens.widgets.paged_list import PagedList
from store.foundation.clock import local_day
from store.foundation.read_transaction import ReadTransaction
from store.views.lists import Tab, list_page, open_list
from tests.bench.harness import Measure
from tests.bench.paged_list import SIZE, painted
from tests.bench.store import filled
from tests.clinics import Clinic

MOMENTS = 1_000
ROWS = 40
RUNS = 25


def measure() -> Iterator[Measure]:
    """Yield both; some seconds."""
    with tempfile.TemporaryDirectory() as folder:
        clinic = filled(Path(folder, "served.sqlite"), MOMENTS)
        try:
            ours, floor = _medians(lambda: _list(clinic), _commit(clinic))
            yield Measure(f"{ROWS} rows of a list with their log rows / one row's commit", ours, floor, 8.0)
            painted, silent = asyncio.run(_paintings(clinic))
            yield Measure("a list painted with its log rows / without them", painted, silent, 1.3)
        finally:
            clinic.store.close()


def _list(clinic: Clinic) -> None:
    """Open a list and read its first rows; their log rows are in the store when this returns."""
    with clinic.store.read(clinic.clinician) as work:
        open_list(work, Tab.MINE)
        assert len(list_page(work, Tab.MINE, "prov", "pagaende", limit=ROWS)) == ROWS


def _commit(clinic: Clinic) -> Callable[[], None]:
    """Return what writes one row of the log on the bare driver."""
    driver = clinic.store.engine.connect().driver
    columns = "at, wall_at, actor_kind, actor_name, action, operation, details"

    def commit() -> None:
        driver.execute("BEGIN IMMEDIATE")
        driver.execute(f"INSERT INTO log ({columns}) VALUES (1, 1, 'personal', 'Kim', 'listade', 'open_list', '')")
        driver.execute("COMMIT")

    return commit


def _medians(ours: Callable[[], object], floor: Callable[[], object]) -> tuple[float, float]:
    """Return the medians of runs that take turns; the first warms up."""
    pairs = [(_seconds(ours), _seconds(floor)) for _ in range(RUNS + 1)][1:]
    return statistics.median(our for our, _ in pairs), statistics.median(its for _, its in pairs)


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


async def _paintings(clinic: Clinic) -> tuple[float, float]:
    pairs = []
    for _ in range(RUNS + 1):
        with_rows = await _painting(clinic)
        with patch.object(ReadTransaction, "not_served", lambda *_: []):
            pairs.append((with_rows, await _painting(clinic)))
    return statistics.median(one for one, _ in pairs[1:]), statistics.median(other for _, other in pairs[1:])


async def _painting(clinic: Clinic) -> float:
    """Return the seconds from mounting a list until its rows are painted."""
    client = StoreClient("", practice=True, store=clinic.store)
    client.actor = clinic.clinician
    app = App[None]()
    async with app.run_test(size=SIZE):
        await painted(app)
        columns = columns_for(Tab.MINE, local_day(clinic.clock()), hide_numbers=False)
        begun = time.perf_counter()
        source = TabSource(client, Tab.MINE)
        rows = PagedList[Any](columns, source, fetch=lambda call: client.run_together(call, TabSource))
        rows.styles.height = SIZE[1] - PagedList.AROUND  # as under the tabs
        await app.mount(rows)
        await painted(app)
        return time.perf_counter() - begun
