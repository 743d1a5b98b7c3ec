"""What the store costs beside the bare driver: a look-up, a list page, an import; and a list at a million moments.

The floor of a reading runs the same statements, the transaction's and the roles' among them, on the same driver.
"""

import itertools
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from store.care.file_import import RESIDENTS as RESIDENT_FILE
from store.care.file_import import import_rows
from store.care.resident_import import COLUMNS, read_residents
from store.foundation.access import OPERATOR
from store.foundation.clock import local_day
from store.foundation.connection import Connection
from store.foundation.fictional import fictional_numbers
from store.foundation.identity import PersonalNumber
from store.foundation.keys import StoreKeys
from store.foundation.sqlite_engine import SqliteEngine
from store.foundation.store import Store
from store.foundation.text import sort_name
from store.opening import create_store, open_store
from store.people.residents import find_person
from store.people.sign_in import StaffActor
from store.views.lists import Tab, list_headings, list_page
from tests.bench.harness import Measure, compare, seconds
from tests.clinics import Clinic, Clock, enter, populate

IMPORTED = 100_000
MANY, FEW = 1_000_000, 1_000
RESIDENTS = 100_000
PAGE = 100
RUNS = 3
FAMILIES = ("Andersson", "Öberg", "Lindström", "af Ugglas", "Berg-Ek", "Åkerlund", "Nyström", "Holm", "Sjögren", "Ek")
GIVEN = ("Anna", "Åsa", "Nils", "Lars-Erik", "Maja", "Örjan", "Eva Lena", "Ali", "Ines", "Björn")


def names() -> Iterator[tuple[str, str]]:
    """Yield made-up names for ever, the same each time."""
    choose = random.Random(1)
    while True:
        yield choose.choice(FAMILIES) + choose.choice(("", "", f" {choose.choice(FAMILIES)}")), choose.choice(GIVEN)


def filled(path: Path, moments: int, keys: StoreKeys | None = None, *, most_residents: int = RESIDENTS) -> Clinic:
    """Make a store in which one clinician has so many moments; of as many residents, up to so many."""
    store = create_store(path, kind="practice", keys=keys, clock=Clock())
    populate(store)
    clinic = enter(store, Clock())
    residents = min(moments, most_residents)
    people = [(*name, sort_name(*name)) for name in itertools.islice(names(), residents)]
    clinician = clinic.clinician.staff_id
    with store.work(OPERATOR) as work:
        db = work.db
        ((version,),) = db.rows("SELECT id FROM programversion WHERE program = 'prov'")
        indexes = db.rows("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'moment' AND type = 'index'")
        for name, _ in indexes:
            db.run(f"DROP INDEX {name}")
        db.driver.executemany(
            "INSERT INTO resident (id, personnummer, family_name, given_name, sort_name, region, mobile, email,"
            " channel, protection, entered_by_hand) VALUES (?, ?, ?, ?, ?, '05', '', '', 'ingen', '', 0)",
            (
                (1000 + place, number.value, *name)
                for place, (number, name) in enumerate(zip(fictional_numbers(residents), people, strict=True))
            ),
        )
        db.driver.executemany(
            "INSERT INTO moment (resident_id, unit_id, program, version_id, responsible_id, status, started_at,"
            " end_reason, unread_forms, unread_messages, drafts, open_flags, priority_flags, severity_rank, purge_by,"
            " sort_name)"
            " VALUES (?, ?, 'prov', ?, ?, 'pagaende', ?, '', 0, 0, 0, 0, 0, ?, '2028-01-01', ?)",
            (
                (1000 + n % residents, clinic.here, version, clinician, n, n % 4, people[n % residents][2])
                for n in range(moments)
            ),
        )
        for _, sql in indexes:
            db.run(sql)
        db.run(
            "INSERT INTO momentcount VALUES (:unit, :staff, 'prov', 'pagaende', :number)",
            unit=clinic.here,
            staff=clinician,
            number=moments,
        )
    return clinic


def statements(store: Store, act: Callable[[], object]) -> Callable[[], object]:
    """Return what runs the statements of an act again on a bare connection."""
    seen: list[tuple[str, dict[str, Any]]] = []
    select = Connection.select

    def noting(self: Connection, sql: str, parameters: Any) -> Any:
        seen.append((sql, parameters))
        return select(self, sql, parameters)

    with patch.object(Connection, "select", noting):
        act()
    driver = store.engine.connect().driver

    def again() -> None:
        cursor = driver.cursor()
        cursor.execute("BEGIN")
        for sql, parameters in seen:
            cursor.execute(sql, parameters)
            cursor.fetchall()
        cursor.execute("ROLLBACK")

    return again


def reading(store: Store, actor: StaffActor, read: Callable[[Any], object]) -> Callable[[], object]:
    """Return what does something in a reading transaction."""

    def act() -> None:
        with store.read(actor) as work:
            read(work)

    return act


def readings(clinic: Clinic) -> Iterator[Measure]:
    """Yield a look-up and a page beside the same statements on the driver."""
    number = PersonalNumber(clinic.value("SELECT personnummer FROM resident WHERE id = 1500"))
    look_up = reading(clinic.store, clinic.clinician, lambda work: find_person(work, number))
    floor = statements(clinic.store, look_up)
    yield compare("look-up by personnummer / the same SQL on the driver", look_up, floor, 3.0, turns=100)
    page = reading(
        clinic.store, clinic.clinician, lambda work: list_page(work, Tab.MINE, "prov", "pagaende", limit=PAGE)
    )
    name = f"a list page of {PAGE} rows / the same SQL on the driver"
    yield compare(name, page, statements(clinic.store, page), 2.5, turns=20)


def list_at_size(many: Clinic, few: Clinic) -> Iterator[Measure]:
    """Yield headings and first page of both lists at a million moments beside a thousand."""
    for tab in (Tab.MINE, Tab.ALL):

        def act(clinic: Clinic, tab: Tab = tab) -> Callable[[], object]:
            def both(work: Any) -> None:
                for heading in list_headings(work, tab):
                    list_page(work, tab, heading.program, heading.status, limit=PAGE)

            return reading(clinic.store, clinic.clinician if tab is Tab.MINE else clinic.admin, both)

        name = f"headings and first page of {tab.value.capitalize()}: {MANY:,} moments / {FEW:,}"
        yield compare(name, act(many), act(few), 1.1, runs=25, turns=10)


def importing(folder: Path) -> Iterator[Measure]:
    """Yield the import of a file, and what of it is no reading, beside `executemany` of the rows that come of it."""
    template = folder / "empty.sqlite"
    create_store(template, kind="practice", clock=Clock()).close()
    content = csv_file(IMPORTED)
    ours, floors = [], []
    for run in range(RUNS + 1):
        path = shutil.copyfile(template, folder / f"import{run}.sqlite")
        ours.append(import_once(path, content))
        rows = rows_of(path)
        floors.append(seconds(partial(insert_bare, template, folder / f"bare{run}.sqlite", rows)))
    written, whole = (statistics.median(figures) for figures in zip(*ours[1:], strict=True))  # the first warms up
    floor = statistics.median(floors[1:])
    yield Measure(f"CSV import of {IMPORTED:,}: staged and written in pieces / executemany", written, floor, 3.0)
    yield Measure(f"CSV import of {IMPORTED:,}: the whole / executemany", whole, floor, 6.0)


def csv_file(count: int) -> bytes:
    """Return a file of so many residents."""
    lines = [";".join(COLUMNS)]
    for place, (number, (family, given)) in enumerate(zip(fictional_numbers(count), names(), strict=False)):
        lines.append(f"{number.value};{family};{given};05;07017406{5 + place % 95:02d};;namn{place}@example.org;sms")
    return "\n".join(lines).encode()


def import_once(path: Path, content: bytes) -> tuple[float, float]:
    """Return the seconds of what is staged and applied, and of the whole."""
    store = open_store(path, clock=Clock())
    begun = time.process_time()
    rows = read_residents(content, local_day(store.clock()), is_practice=store.is_practice)
    checked = time.process_time()
    import_rows(store, OPERATOR, RESIDENT_FILE, rows)
    ended = time.process_time()
    store.close()
    return ended - checked, ended - begun


TABLES = {"resident": "id", "residentpart": "resident_id", "log": "id"}


def rows_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that an import has written, by table, in the order in which it was written."""
    connection = SqliteEngine(path).connect()
    rows = {table: connection.rows(f"SELECT * FROM {table} ORDER BY {order}") for table, order in TABLES.items()}
    connection.driver.close()
    return rows


def insert_bare(template: Path, path: Path, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    """Write the same rows in one transaction."""
    shutil.copyfile(template, path)
    driver = SqliteEngine(path).connect().driver
    driver.execute("BEGIN IMMEDIATE")
    for table, values in rows.items():
        driver.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values[0]))})", values)
    driver.commit()
    driver.close()


def measure() -> Iterator[Measure]:
    """Yield all; about a minute, half of it to make a million moments."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from importing(folder)
        many, few = filled(folder / "many.sqlite", MANY), filled(folder / "few.sqlite", FEW)
        yield from readings(many)
        yield from list_at_size(many, few)
        many.store.close()
        few.store.close()
