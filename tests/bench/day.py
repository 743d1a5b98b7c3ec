"""The day's run over many moments of which few raise something, and the queue, beside the same SQL on the driver."""

import shutil
import statistics
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from store.care.day_run import run_day
from store.foundation.access import OPERATOR
from store.foundation.clock import days_after
from store.foundation.connection import Connection
from store.foundation.sqlite_engine import SqliteEngine
from store.foundation.work import Work
from store.opening import create_store, open_store
from store.views.lists import Tab, list_page
from store.views.todo import todo_again
from tests.bench.harness import Measure, compare, seconds
from tests.bench.store import PAGE, reading, statements
from tests.clinics import MONDAY, Clinic, Clock, enter, populate

MOMENTS = 100_000
ON_UNIT, OWN = 10_000, 40
RAISING = 100
"""One moment in so many raises something."""
LOOKED = 7
"""In one in so many a form may be missing: those with a weekly measurement are looked at once a week."""
RUNS = 3
RESIDENTS = 1_000


def filled(path: Path, moments: int) -> Clinic:
    """Make a store with so many running moments; one in a hundred is silent, unanswered or without its form."""
    store = create_store(path, kind="practice", clock=Clock())
    populate(store)
    clinic = enter(store, Clock())
    days = [days_after(MONDAY, -day) for day in range(40)]
    with store.work(OPERATOR) as work:
        ((version,),) = work.db.rows("SELECT id FROM programversion WHERE program = 'prov'")
        work.db.run_many(
            "INSERT INTO resident (id, personnummer, family_name, given_name, sort_name, region, mobile, email,"
            " channel, protection, entered_by_hand)"
            " VALUES (:id, :id, 'Prov', 'Eva', 'prov eva', '05', '', '', 'ingen', '', 0)",
            ({"id": 1000 + one} for one in range(RESIDENTS)),
        )
        place = {"unit": clinic.here, "version": version}
        work.db.run_many(_MOMENT, (_moment(nth, days, clinic) | place for nth in range(moments)))
        work.db.run_many(_ANSWER, (_answer(nth, days) for nth in range(moments)))
        work.db.run_many(_TALK, (_talk(nth, days) for nth in range(0, moments, 10)))
        work.db.run("UPDATE unit SET silent_days = 14")
    return clinic


_MOMENT = (
    "INSERT INTO moment (id, resident_id, unit_id, program, version_id, responsible_id, status, started_at,"
    " last_active_at, end_reason, unread_forms, unread_messages, drafts, oldest_unanswered_at, open_flags,"
    " priority_flags, severity_rank, purge_by, forms_look_at, sort_name) VALUES (:id, :resident, :unit, 'prov',"
    " :version, :staff, 'pagaende', :started, :active, '', 0, 0, 0, :unanswered, 0, 0, 3, '2028-01-01', :look, 'prov')"
)
_ANSWER = (
    "INSERT INTO formanswer (resident_id, moment_id, form, answers, saved_at, saved_by, read_at, read_by)"
    " VALUES (:resident, :moment, 'maende', '{}', :at, '', 1, '')"
)
_TALK = (
    "INSERT INTO conversation (resident_id, moment_id, heading, started_at, latest_at, unread, unanswered_at)"
    " VALUES (:resident, :moment, 'Hej', :at, :at, 0, :unanswered)"
)


def _is_silent(nth: int) -> bool:
    return nth % (RAISING * 3) == 0


def _is_unanswered(nth: int) -> bool:
    return nth % (RAISING * 3) == RAISING


def _is_missing(nth: int) -> bool:
    return nth % (RAISING * 3) == RAISING * 2


def _moment(nth: int, days: list[Any], clinic: Clinic) -> dict[str, Any]:
    looks = nth % LOOKED == 0 or _is_missing(nth)
    return {
        "id": nth + 1,
        "resident": 1000 + nth % RESIDENTS,
        "staff": (clinic.clinician if nth % (ON_UNIT // OWN) == 0 else clinic.colleague).staff_id,
        "started": days[10],
        "active": days[20 if _is_silent(nth) else 1],
        "unanswered": days[5] if _is_unanswered(nth) else None,
        "look": days[0] if looks else days_after(days[0], 3),
    }


def _answer(nth: int, days: list[Any]) -> dict[str, Any]:
    """Every occasion that is due by now is answered: those at the start and after a week."""
    return {"resident": 1000 + nth % RESIDENTS, "moment": nth + 1, "at": days[10 if _is_missing(nth) else 3]}


def _talk(nth: int, days: list[Any]) -> dict[str, Any]:
    unanswered = days[5] if _is_unanswered(nth) else None
    return {"resident": 1000 + nth % RESIDENTS, "moment": nth + 1, "at": days[5], "unanswered": unanswered}


Statement = tuple[str, Any, bool]
"""SQL, its parameters, and whether they are many."""

Transactions = list[list[Statement]]


@contextmanager
def noting(transactions: Transactions) -> Iterator[None]:
    """Note every statement that is executed meanwhile, by transaction."""
    select, run, run_many, close = Connection.select, Connection.run, Connection.run_many, Work.close
    transactions.append([])

    def noting_select(self: Connection, sql: str, parameters: Any) -> Any:
        transactions[-1].append((sql, parameters, False))
        return select(self, sql, parameters)

    def noting_run(self: Connection, sql: str, /, **parameters: Any) -> int:
        transactions[-1].append((sql, parameters, False))
        return run(self, sql, **parameters)

    def noting_many(self: Connection, sql: str, parameters: Iterable[Mapping[str, object]]) -> None:
        kept = list(parameters)
        transactions[-1].append((sql, kept, True))
        run_many(self, sql, kept)

    def noting_close(self: Work) -> None:
        close(self)
        transactions.append([])

    with (
        patch.object(Connection, "select", noting_select),
        patch.object(Connection, "run", noting_run),
        patch.object(Connection, "run_many", noting_many),
        patch.object(Work, "close", noting_close),
    ):
        yield


def run_bare(path: Path, transactions: Transactions) -> None:
    """Execute the statements on the driver."""
    driver = SqliteEngine(path).connect().driver
    for transaction in transactions:
        driver.execute("BEGIN IMMEDIATE")
        cursor = driver.cursor()
        for sql, parameters, is_many in transaction:
            if is_many:
                cursor.executemany(sql, parameters)
            else:
                cursor.execute(sql, parameters)
                cursor.fetchall()
        driver.execute("COMMIT")
    driver.close()


def the_days_run(folder: Path) -> Iterator[Measure]:
    """Yield the run, and a second one that finds nothing, beside their statements on the driver."""
    template = folder / "many.sqlite"
    filled(template, MOMENTS).store.close()
    first, second = noted(shutil.copyfile(template, folder / "noted.sqlite"))
    figures: list[tuple[float, ...]] = []
    for turn in range(RUNS):
        path, bare = (shutil.copyfile(template, folder / f"{name}{turn}.sqlite") for name in ("ours", "bare"))
        store = open_store(path, clock=Clock())
        ours = [seconds(partial(run_day, store)) for _ in range(2)]
        store.close()
        figures.append((*ours, *(seconds(partial(run_bare, bare, one)) for one in (first, second))))
    once, again, floor, floor_again = map(statistics.median, zip(*figures, strict=True))
    yield Measure(f"day's run, {MOMENTS:,} moments, 1 % raise something / the same SQL", once, floor, 5)
    yield Measure("day's run again, which finds nothing / the same SQL", again, floor_again, 5)


def noted(path: Path) -> tuple[Transactions, Transactions]:
    """Return the statements of a run and of a second one."""
    store = open_store(path, clock=Clock())
    first: Transactions = []
    second: Transactions = []
    for transactions, expected in ((first, MOMENTS // RAISING), (second, 0)):
        with noting(transactions):
            raised = run_day(store).raised
        assert raised == expected, raised
    store.close()
    return first, second


def the_queue(folder: Path) -> Iterator[Measure]:
    """Yield the queue of a clinician with few moments on a unit with many, and a page of another's list."""
    clinic = filled(folder / "unit.sqlite", ON_UNIT)
    run_day(clinic.store)
    act = reading(clinic.store, clinic.clinician, todo_again)
    name = f"the queue, {OWN} moments of a unit's {ON_UNIT:,} / the same SQL"
    yield compare(name, act, statements(clinic.store, act), 5, turns=20)
    with clinic.store.work(OPERATOR) as work:
        work.db.run(_FLAG_EACH)
        work.db.run("UPDATE moment SET severity_rank = 1")
    of = (Tab.MINE, "prov", "pagaende")
    page = reading(clinic.store, clinic.colleague, lambda work: list_page(work, *of, limit=PAGE))
    name = f"a list page of {PAGE} rows with a flag each / the same SQL"
    yield compare(name, page, statements(clinic.store, page), 2.5, turns=20)
    clinic.store.close()


_FLAG_EACH = (
    "INSERT INTO flag (resident_id, moment_id, unit_id, kind, about, cause, severity, reason, due_on, raised_at,"
    " raised_by, handled_by, note)"
    " SELECT resident_id, id, unit_id, 'egen', '', 'egen:1', 'varning', 'Ring.', '', 1, '', '', '' FROM moment"
)


def measure() -> Iterator[Measure]:
    """Yield all."""
    with tempfile.TemporaryDirectory() as name:
        yield from the_queue(Path(name))
        yield from the_days_run(Path(name))
