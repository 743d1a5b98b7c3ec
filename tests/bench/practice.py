"""Making the practice store beside making an empty one, a crowd in it beside its bare rows, and its clock."""

import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

from store.care.day_run import run_day
from store.foundation.engines import engine_for
from store.foundation.progress import untold
from store.opening import create_store
from store.practice import Crowd, make_practice
from store.practice.clock import move_clock
from store.practice.crowd import NUMBERED, OTHERS, add_crowd
from tests.bench.harness import Measure, compare, seconds
from tests.clinics import Clock

MOMENTS = 2_000
RUNS = 5


def measure() -> Iterator[Measure]:
    """Measure what one waits for at the first start, and with `--stor`."""
    with tempfile.TemporaryDirectory() as name:
        folder, numbers = Path(name), count()

        def ours() -> None:
            make_practice(folder / f"{next(numbers)}.sqlite", clock=Clock()).close()

        def floor() -> None:
            create_store(folder / f"{next(numbers)}.sqlite", kind="practice", clock=Clock()).close()

        yield compare("the practice store made, beside an empty store", ours, floor, 9.0, runs=RUNS)
        yield _crowd(folder)
        yield _weeks(folder)


def _weeks(folder: Path) -> Measure:
    """Measure twelve weeks of the practice clock beside as many runs of the day's rules."""
    moved, stood = (make_practice(folder / f"{name}.sqlite", clock=Clock()) for name in ("moved", "stood"))

    def floor() -> None:
        for _ in range(12 * 7):
            run_day(stood)

    ours = seconds(partial(move_clock, moved, "+12v"))
    measure = Measure("twelve weeks of the clock, beside 84 runs of the day's rules", ours, seconds(floor), 1.5)
    moved.close()
    stood.close()
    return measure


def _crowd(folder: Path) -> Measure:
    store = make_practice(folder / "crowd.sqlite", clock=Clock())
    tables = ("resident", "moment", *NUMBERED, *OTHERS, "log", "residentpart")
    engine = engine_for(folder / "crowd.sqlite")
    db = engine.connect()
    before = {table: set(db.rows(f"SELECT * FROM {table}")) for table in tables}
    engine.begin(db, write=True)
    ours = seconds(partial(add_crowd, engine, db, Crowd(MOMENTS), untold))
    found = {table: [row for row in db.rows(f"SELECT * FROM {table}") if row not in before[table]] for table in tables}
    marks = {table: ", ".join("?" * len(rows[0])) for table, rows in found.items() if rows}
    db.driver.rollback()
    engine.begin(db, write=True)

    def floor() -> None:
        for table, mark in marks.items():
            db.driver.executemany(f"INSERT INTO {table} VALUES ({mark})", found[table])

    measure = Measure(f"{MOMENTS:,} moments more, beside their bare rows", ours, seconds(floor), 4.0)
    db.driver.rollback()
    db.close()
    store.close()
    return measure
