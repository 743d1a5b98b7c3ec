"""The line to a server, held: what is told of it, after how long, and how many connections there are."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import event

from store.care.starting import start_moment
from store.foundation import engine
from store.foundation.access import OPERATOR
from store.foundation.errors import StoreSilent, StoreUnreachable
from store.foundation.store import Store
from store.opening import open_store
from store.views.lists import Tab, list_headings
from tests.clinics import ADULT, Clinic
from tests.line import Line, line_to

TOLD_SECONDS = 3.5
"""Within which a lost line is told: three, and what a busy machine takes on top."""


@pytest.fixture
def line(served: Clinic) -> Iterator[Line]:
    with line_to(served.store.engine.url) as made:
        yield made


@pytest.fixture
def far(line: Line, served: Clinic) -> Iterator[Store]:
    """The store, over the line."""
    store = open_store(line.address, clock=served.clock)
    yield store
    store.close()


@contextmanager
def told_silent() -> Iterator[None]:
    begun = time.monotonic()
    with pytest.raises(StoreSilent) as error:
        yield
    assert error.value.message == "Ingen kontakt med databasen."
    assert time.monotonic() - begun < TOLD_SECONDS


def test_a_held_line_is_told_and_the_next_one_works(line: Line, far: Store, served: Clinic) -> None:
    def read() -> None:
        with far.read(served.clinician) as work:
            list_headings(work, Tab.MINE)

    def write() -> None:
        with far.work(served.clinician) as work:
            start_moment(work, ADULT, "prov", confirmed=True)

    for reach in (read, write, lambda: far.change_no(served.here)):
        read()
        line.is_held = True
        with told_silent():
            reach()
        line.is_held = False
    write()
    assert served.value("SELECT count(*) FROM moment") == 1


def test_a_line_that_is_held_in_the_middle_of_a_write_keeps_nobody_else(line: Line, far: Store, served: Clinic) -> None:
    with told_silent(), far.work(served.clinician) as work:
        start_moment(work, ADULT, "prov")
        line.is_held = True
        work.db.rows("SELECT 1")
    line.cut()
    with served.store.work(served.clinician) as work:
        start_moment(work, ADULT, "prov")
    assert served.value("SELECT count(*) FROM moment") == 1


def test_a_commit_whose_answer_was_lost_is_settled_by_its_uuid(
    line: Line, far: Store, served: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows then whether it was done: here it was."""
    monkeypatch.setattr(engine, "SILENT_SECONDS", 0.3)
    command, alchemy = uuid4(), far.engine.alchemy()

    def start() -> int:
        with far.work(served.clinician, command=command) as work:
            return start_moment(work, ADULT, "prov")

    def keep_the_answer(_connection: object) -> None:
        line.keeps_answers = True

    event.listen(alchemy, "commit", keep_the_answer)
    with told_silent():
        start()
    event.remove(alchemy, "commit", keep_the_answer)
    line.keeps_answers = False
    assert start() == served.value("SELECT id FROM moment")
    assert served.value("SELECT count(*) FROM event") == 1


DIES = (
    "CREATE FUNCTION dies() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
    " CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON moment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    " EXECUTE FUNCTION dies()"
)
"""Ends the connection once the server has begun to commit."""


def test_what_dies_in_the_midst_of_a_commit_is_not_done_and_the_next_try_does_it_once(served: Clinic) -> None:
    command = uuid4()

    def start() -> int:
        with served.store.work(served.clinician, command=command) as work:
            return start_moment(work, ADULT, "prov")

    with psycopg.connect(served.store.engine.url.replace("+psycopg", ""), autocommit=True) as server:
        server.execute(DIES.encode())
        with pytest.raises(StoreUnreachable):
            start()
        server.execute("DROP TRIGGER dies ON moment; DROP FUNCTION dies()")
    assert served.value("SELECT count(*) FROM moment") == 0
    assert start() == start() == served.value("SELECT id FROM moment")
    assert served.value("SELECT count(*) FROM event") == 1


def test_a_new_connection_is_not_waited_for_longer(line: Line) -> None:
    line.is_held = True
    begun = time.monotonic()
    with pytest.raises(StoreUnreachable):
        open_store(line.address)
    assert time.monotonic() - begun < TOLD_SECONDS


def test_long_work_may_take_its_time(served: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SILENT_SECONDS", 0.2)
    with served.store.work(OPERATOR, is_long=True) as work:
        assert work.db.value("SELECT 1 FROM pg_sleep(0.5)") == 1
    with pytest.raises(StoreSilent), served.store.work(OPERATOR) as work:
        work.db.rows("SELECT pg_sleep(0.5)")


def test_one_after_another_all_use_one_connection(line: Line, far: Store, served: Clinic) -> None:
    for _ in range(3):
        with far.read(served.clinician) as work:
            list_headings(work, Tab.MINE)
        with far.work(served.clinician) as work:
            work.db.rows("SELECT 1")
        far.change_no(served.here)
        assert line.number == 1


def test_what_is_in_use_when_the_store_is_closed_is_closed_with_it(far: Store, served: Clinic) -> None:
    with far.work(served.clinician) as writing, far.read(served.clinician) as reading:
        drivers = [writing.db.driver, reading.db.driver]
        far.close()
    assert all(driver.closed for driver in drivers)


def test_what_threads_opened_beside_it_is_closed(line: Line, far: Store, served: Clinic) -> None:
    def act(number: int) -> None:
        with far.work(served.clinician) if number % 2 else far.read(served.clinician) as work:
            work.db.rows("SELECT pg_sleep(0.05)")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(8)))
    until = time.monotonic() + 15
    while line.number != 1:
        assert time.monotonic() < until
        time.sleep(0)
