"""A practice store is made whole or not at all, the same each time, and never out of a real one.

How it is made is the same however many live in it: here few do, so that a store is made in a third of the time.
"""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from alembic import command
from alembic.config import Config

from store.care.endings import end_moment
from store.care.modules import read_step
from store.care.starting import start_moment
from store.care.statistics import count_whole_months
from store.foundation import engine, log_chain
from store.foundation.access import OPERATOR
from store.foundation.clock import instant
from store.foundation.errors import Refused, StoreMissing, StoreTooNew
from store.foundation.schema import REVISIONS, SCRIPTS, revision_of
from store.foundation.store import Store
from store.opening import create_store, open_store
from store.people.sign_in import sign_in
from store.practice import NotPractice, StoreExists, act_as_resident, make_practice, open_practice
from tests.clinics import Clock
from tests.small_cast import FREE
from tests.store.practice.conftest import Contents, Rows

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def small(few: Path) -> Path:
    """What is made in this module is made of the small cast."""
    return few


@pytest.fixture
def first(tmp_path: Path) -> Iterator[Store]:
    """A store that no test changes."""
    made = make_practice(tmp_path / "forst.db", clock=Clock())
    yield made
    made.close()


def closed(store: Store) -> None:
    store.close()


def moments(store: Store) -> int:
    with store.lend() as db:
        row = db.row("SELECT count(*) FROM moment")
    assert row
    return int(row[0])


def end_one(store: Store) -> None:
    with store.lend() as db:
        row = db.row(
            "SELECT m.id FROM moment m JOIN staff s ON s.id = m.responsible_id"
            " WHERE s.hsa_id = 'SE2321000040-OV01' AND m.status = 'pagaende' ORDER BY m.id LIMIT 1"
        )
    assert row
    with store.work(sign_in(store, "SE2321000040-OV01")) as work:
        end_moment(work, row[0], "Övrigt")


def test_it_is_made_where_it_is_missing_and_opened_where_it_is(empty: str, contents: Contents) -> None:
    made = open_practice(empty, clock=Clock())
    end_one(made)
    changed = contents(made)
    closed(made)
    opened = open_practice(empty, clock=Clock())
    assert opened.is_practice
    assert contents(opened) == changed
    closed(opened)


def test_another_day_shifts_everything(tmp_path: Path, first: Store, contents: Contents) -> None:
    clock = Clock(instant(datetime(2027, 7, 15, 7, 0, tzinfo=UTC)))
    later = make_practice(tmp_path / "ovning.db", clock=clock)
    there, here = contents(later), contents(first)
    assert there != here
    assert len({row[-2] for row in there["resident"]} & {row[-2] for row in here["resident"]}) == 0  # days of entry
    assert [row[:-2] for row in there["resident"]] == [row[:-2] for row in here["resident"]]
    done = "system"  # which flags are raised by then depends on the working days
    assert sum(done not in row for row in there["event"]) == sum(done not in row for row in here["event"])
    closed(later)


def test_make_refuses_a_place_that_is_taken(empty: str) -> None:
    closed(make_practice(empty, clock=Clock()))
    with pytest.raises(StoreExists):
        make_practice(empty, clock=Clock())


def test_fresh_makes_it_anew(empty: str, first: Store, contents: Contents) -> None:
    opened = open_practice(empty, clock=Clock())
    end_one(opened)
    again = open_practice(empty, fresh=True, clock=Clock())
    assert contents(again) == contents(first)
    assert contents(opened) == contents(first), "who has the store open sees the new one"
    end_one(opened)
    closed(opened)
    closed(again)


def test_what_an_exercise_asks_for_can_be_done(tmp_path: Path) -> None:
    store = make_practice(tmp_path / "ovning.db", clock=Clock())
    with store.work(sign_in(store, "SE2321000040-OV01")) as work:
        moment = start_moment(work, FREE, "komigang-online")
    with store.work(act_as_resident(store, FREE)) as work:
        read_step(work, moment, "sa-fungerar-programmet")
    closed(store)


def test_fresh_makes_one_where_there_is_none(empty: str) -> None:
    made = open_practice(empty, fresh=True, clock=Clock())
    assert moments(made)
    closed(made)


def test_fresh_leaves_nothing_of_the_old_schema(tmp_path: Path) -> None:
    """Whatever a migration adds has to go with the rest."""
    closed(make_practice(tmp_path / "a.db", clock=Clock()))
    closed(make_practice(tmp_path / "b.db", clock=Clock()))
    closed(open_practice(tmp_path / "b.db", fresh=True, clock=Clock()))
    assert schema(tmp_path / "a.db") == schema(tmp_path / "b.db")


def schema(path: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    connection.close()
    return found


@pytest.mark.parametrize("fresh", [False, True])
def test_a_real_store_is_refused_and_left_alone(empty: str, contents: Contents, fresh: bool) -> None:
    real = create_store(empty, kind="real", clock=Clock())
    before = contents(real)
    with pytest.raises(NotPractice, match="ingen övningsmiljö"):
        open_practice(empty, fresh=fresh, clock=Clock())
    with pytest.raises(NotPractice):
        make_practice(empty, clock=Clock())
    assert contents(real) == before
    closed(real)


def test_a_failed_fresh_leaves_the_old_store(empty: str, contents: Contents, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_practice(empty, clock=Clock())
    end_one(first)
    before = contents(first)
    monkeypatch.setattr("store.practice.deeds.end_moment", stumble)
    with pytest.raises(Stumbled):
        open_practice(empty, fresh=True, clock=Clock())
    assert contents(first) == before
    closed(first)


class Stumbled(Exception):
    """What a test lets go wrong in the middle."""


def stumble(*_: object, **__: object) -> None:
    raise Stumbled


def test_a_failed_making_leaves_no_store(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("store.practice.deeds.end_moment", stumble)
        with pytest.raises(Stumbled):
            open_practice(empty, clock=Clock())
    with pytest.raises(StoreMissing):
        open_store(empty)
    made = open_practice(empty, clock=Clock())
    assert moments(made)
    closed(made)


FEW = """
import os, signal, sys
from pathlib import Path
from store.practice import deeds, seed
seed.CAST_FILE, seed.RESIDENTS_FILE = (Path(sys.argv[2], name) for name in ("cast.toml", "residents.toml"))
"""
KILLED = f"""{FEW}
deeds.end_moment = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
from store.practice import open_practice
open_practice(sys.argv[1])
"""


def test_a_killed_making_leaves_no_store(empty: str, few: Path) -> None:
    killed = run(KILLED, empty, few)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(StoreMissing):
        open_store(empty)
    made = open_practice(empty, clock=Clock())
    assert moments(made)
    closed(made)


OPENING = (
    FEW
    + """
from store.foundation import engine
from store.practice import open_practice
engine.BUSY_SECONDS = 60  # as long as the other one takes on a busy machine
store = open_practice(sys.argv[1])
with store.lend() as db:
    print(db.row("SELECT count(*) FROM moment")[0], db.row("SELECT count(*) FROM store_info")[0])
"""
)


def test_two_processes_at_once_end_with_one_store(empty: str, few: Path, first: Store) -> None:
    both = [run(OPENING, empty, few) for _ in range(2)]
    said = [process.communicate()[0].split() for process in both]
    assert said == [[str(moments(first)), "1"]] * 2


def test_threads_at_once_end_with_one_store(
    empty: str, first: Store, contents: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 60)  # as long as the other one takes on a busy machine
    ready = Barrier(2)

    def opened(_: int) -> Rows:
        ready.wait()
        store = open_practice(empty, clock=Clock())
        found = contents(store)
        closed(store)
        return found

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(opened, range(2))) == [contents(first)] * 2


def run(code: str, url: str, few: Path) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", code, url, str(few)], stdout=subprocess.PIPE, text=True, env=environment
    )


@pytest.mark.parametrize("fresh", [False, True])
def test_what_is_not_a_store_is_left_alone(tmp_path: Path, fresh: bool) -> None:
    path = tmp_path / "foton.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE foto (namn TEXT)")
    other.close()
    with pytest.raises(Refused, match="något annat"):
        open_practice(path, fresh=fresh, clock=Clock())
    assert schema(path) == [("foto", "CREATE TABLE foto (namn TEXT)")]


def test_an_older_store_is_brought_up_to_date_and_its_residents_stay(
    tmp_path: Path, contents: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has come into the cast's files since is not added: that is for who makes the store anew."""
    path = tmp_path / "ovning.db"
    with monkeypatch.context() as patch:  # its log is clear
        patch.setattr(log_chain, "seal_row", lambda _values, _keys: None)
        made = make_practice(path, clock=Clock())
        end_one(made)
    before = contents(made)
    _downgrade(made, "0015")
    closed(made)
    opened = open_practice(path, clock=Clock())
    assert revision_of(opened.engine) == REVISIONS[-1]
    count_whole_months(opened, OPERATOR)  # as the day's run does: that table went with its revision
    assert contents(opened) == before
    closed(opened)


def _downgrade(made: Store, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with made.engine.alchemy().begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


@pytest.mark.parametrize("fresh", [False, True])
def test_a_later_programs_store_is_left_alone(tmp_path: Path, fresh: bool) -> None:
    path = tmp_path / "ovning.db"
    closed(make_practice(path, clock=Clock()))
    with sqlite3.connect(path) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    with pytest.raises(StoreTooNew):
        open_practice(path, fresh=fresh, clock=Clock())


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "mapp" / "ovning.db"
    closed(make_practice(path, clock=Clock()))
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [entry.name for entry in path.parent.iterdir()] == ["ovning.db"]
