"""A practice store is made whole or not at all, the same each time, and never out of a real one."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest

from store.care.endings import end_moment
from store.care.modules import read_step
from store.care.starting import start_moment
from store.foundation import engine
from store.foundation.clock import instant
from store.foundation.errors import Refused, StoreMissing, StoreTooNew
from store.foundation.store import Store
from store.opening import create_store, open_store
from store.people.sign_in import sign_in
from store.practice import NotPractice, StoreExists, act_as_resident, make_practice, open_practice
from tests.clinics import Clock
from tests.store.practice.conftest import Rows

ROOT = Path(__file__).parents[3]
Contents = Callable[[Store], Rows]


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


def test_both_databases_hold_the_same(empty: str, practice: Store, contents: Contents) -> None:
    made = make_practice(empty, clock=Clock())
    assert contents(made) == contents(practice)
    closed(made)


def test_the_day_counts_not_the_hour(tmp_path: Path, practice: Store, contents: Contents) -> None:
    late = make_practice(tmp_path / "ovning.db", clock=Clock(instant(datetime(2026, 3, 2, 21, 30, tzinfo=UTC))))
    assert contents(late) == contents(practice)
    closed(late)


def test_another_day_shifts_everything(tmp_path: Path, practice: Store, contents: Contents) -> None:
    clock = Clock(instant(datetime(2027, 7, 15, 7, 0, tzinfo=UTC)))
    later = make_practice(tmp_path / "ovning.db", clock=clock)
    there, here = contents(later), contents(practice)
    assert there != here
    assert there["resident"] == here["resident"]
    done = "system"  # which flags are raised by then depends on the working days
    assert sum(done not in row for row in there["event"]) == sum(done not in row for row in here["event"])
    closed(later)


def test_make_refuses_a_place_that_is_taken(empty: str) -> None:
    closed(make_practice(empty, clock=Clock()))
    with pytest.raises(StoreExists):
        make_practice(empty, clock=Clock())


def test_fresh_makes_it_anew(empty: str, practice: Store, contents: Contents) -> None:
    first = open_practice(empty, clock=Clock())
    end_one(first)
    again = open_practice(empty, fresh=True, clock=Clock())
    assert contents(again) == contents(practice)
    assert contents(first) == contents(practice), "who has the store open sees the new one"
    end_one(first)
    closed(first)
    closed(again)


def test_what_an_exercise_asks_for_can_be_done(tmp_path: Path) -> None:
    store = make_practice(tmp_path / "ovning.db", clock=Clock())
    with store.work(sign_in(store, "SE2321000040-OV01")) as work:
        moment = start_moment(work, "20000101-2384", "komigang-online")
    with store.work(act_as_resident(store, "20000101-2384")) as work:
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
    monkeypatch.setattr("store.practice.replay.end_moment", stumble)
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
        patch.setattr("store.practice.replay.end_moment", stumble)
        with pytest.raises(Stumbled):
            open_practice(empty, clock=Clock())
    with pytest.raises(StoreMissing):
        open_store(empty)
    made = open_practice(empty, clock=Clock())
    assert moments(made)
    closed(made)


KILLED = """
import os, signal, sys
import store.practice.replay as play
play.end_moment = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
from store.practice import open_practice
open_practice(sys.argv[1])
"""


def test_a_killed_making_leaves_no_store(empty: str) -> None:
    killed = run(KILLED, empty)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(StoreMissing):
        open_store(empty)
    made = open_practice(empty, clock=Clock())
    assert moments(made)
    closed(made)


OPENING = """
import sys
from store.foundation import engine
from store.practice import open_practice
engine.BUSY_SECONDS = 60  # as long as the other one takes on a busy machine
store = open_practice(sys.argv[1])
with store.lend() as db:
    print(db.row("SELECT count(*) FROM moment")[0], db.row("SELECT count(*) FROM store_info")[0])
"""


def test_two_processes_at_once_end_with_one_store(empty: str, practice: Store) -> None:
    both = [run(OPENING, empty) for _ in range(2)]
    said = [process.communicate()[0].split() for process in both]
    assert said == [[str(moments(practice)), "1"]] * 2


def test_threads_at_once_end_with_one_store(
    empty: str, practice: Store, contents: Contents, monkeypatch: pytest.MonkeyPatch
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
        assert list(threads.map(opened, range(2))) == [contents(practice)] * 2


def run(code: str, url: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", code, url], stdout=subprocess.PIPE, text=True, env=environment)


@pytest.mark.parametrize("fresh", [False, True])
def test_what_is_not_a_store_is_left_alone(tmp_path: Path, fresh: bool) -> None:
    path = tmp_path / "foton.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE foto (namn TEXT)")
    other.close()
    with pytest.raises(Refused, match="något annat"):
        open_practice(path, fresh=fresh, clock=Clock())
    assert schema(path) == [("foto", "CREATE TABLE foto (namn TEXT)")]


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
