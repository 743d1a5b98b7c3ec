"""A disk that is full or only read, and a file that is damaged or something else: what is told, and what goes on."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from store.care.starting import start_moment
from store.foundation import sqlite_engine
from store.foundation.access import Role
from store.foundation.errors import (
    DomainError,
    NotAStore,
    StoreDamaged,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
    StoreUnreachable,
)
from store.foundation.store import Store
from store.opening import create_store, open_store
from store.practice import open_practice
from store.views.lists import Tab, list_headings
from store.views.moment import open_moment
from tests.clinics import GUARDIAN, Clinic, hsa_id_of
from tests.conftest import Stores

TOLD_SECONDS = 2.0


@contextmanager
def told(kind: type[DomainError], sentence: str) -> Iterator[None]:
    """Wait for a refusal that comes at once."""
    begun = time.monotonic()
    with pytest.raises(kind) as error:
        yield
    assert (error.value.message, error.value.exit_code) == (sentence, 5)
    assert time.monotonic() - begun < TOLD_SECONDS


def assert_only_read(begun: Clinic, store: Store, kind: type[StoreUnreachable], sentence: str) -> None:
    """Reading goes on; what is to be written, a log row included, says why it can't be, and shows nothing."""
    moment, shown = begun.value("SELECT min(id) FROM moment"), []
    for _ in range(2):
        with told(kind, sentence), store.work(begun.clinician) as work:
            for turn in range(400):  # more than the room that is left in the pages
                work.db.run("UPDATE staff SET email = :long", long=f"{turn}" * 1000)
            start_moment(work, GUARDIAN, "prov", confirmed=True)
        with told(kind, sentence):
            with store.read(begun.clinician) as reading:
                page = open_moment(reading, moment)
            shown.append(page)
        with store.read(begun.clinician) as reading:
            assert sum(heading.number for heading in list_headings(reading, Tab.MINE)) == 1
        store.change_no(begun.here)
    assert not shown


FULL = "Disken är full. Inget kan sparas i databasen."
READ_ONLY = "Databasen går bara att läsa."


def test_a_full_file(begun: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    if begun.store.engine.pyformat:
        _raise_at_inserts(begun, "53100")
        store = begun.store
    else:
        fill = "PRAGMA max_page_count=1"  # as many as there are, that is
        monkeypatch.setattr(sqlite_engine, "_SQLITE_PRAGMAS", (*sqlite_engine._SQLITE_PRAGMAS, fill))
        store = open_store(begun.store.engine.url, clock=begun.clock)
        with pytest.raises(StoreFull):
            _read_until_refused(begun, store)  # until the room that is left in the pages is filled
    assert_only_read(begun, store, StoreFull, FULL)


def _read_until_refused(begun: Clinic, store: Store) -> None:
    moment = begun.value("SELECT min(id) FROM moment")
    for _ in range(1000):
        with store.read(begun.clinician) as reading:
            open_moment(reading, moment)


def _raise_at_inserts(begun: Clinic, code: str) -> None:
    """Let the server refuse as one whose disk is full."""
    with psycopg.connect(begun.store.engine.url.replace("+psycopg", "")) as server:
        server.execute(
            f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$".encode()
        )
        for table in ("log", "moment", "staff"):
            server.execute(
                f"CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION refuse()".encode()
            )


def test_a_server_that_only_serves_reading(served: Clinic) -> None:
    served.start(program="prov")
    url = served.store.engine.url.replace("+psycopg", "")
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        try:
            store = open_store(served.store.engine.url, clock=served.clock)
            assert_only_read(served, store, StoreReadOnly, READ_ONLY)
            store.close()
        finally:
            server.execute("SET default_transaction_read_only = off")
            server.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())


# --- what is there, but no store that can be read ---


def test_damaged_pages_are_told(filed: Clinic) -> None:
    path = Path(filed.store.engine.url.removeprefix("sqlite:///"))
    filed.store.close()
    with path.open("r+b") as file:
        file.seek(4096 * 2)
        file.write(b"\xff" * 4096 * 120)
    damaged = "Databasen är skadad. Den behöver återställas från en säkerhetskopia."
    with told(StoreDamaged, damaged):
        store = open_store(path, clock=filed.clock)
        with store.lend() as db:
            for table in db.values("SELECT name FROM sqlite_master WHERE type = 'table'"):
                db.rows(f"SELECT * FROM {table}")


@pytest.mark.parametrize("sql", ["DROP TABLE alembic_version", "DELETE FROM alembic_version"])
def test_a_store_without_a_version_is_damaged(url: str, sql: str) -> None:
    store = open_store(url)
    with store.engine.alchemy().begin() as connection:
        connection.exec_driver_sql(sql)
    store.close()
    for attempt in (open_store, open_practice):
        with told(StoreDamaged, "Databasen är skadad. Den behöver återställas från en säkerhetskopia."):
            attempt(url)


@pytest.mark.parametrize("attempt", [open_store, open_practice])
def test_a_text_file_is_left_as_it_is(tmp_path: Path, attempt: object) -> None:
    path = tmp_path / "anteckningar.txt"
    path.write_text("Ring Åsa på torsdag.\n" * 100)
    before = path.read_bytes()
    with told(NotAStore, "Filen är ingen databas. Kontrollera --store eller SOB_STORE."):
        attempt(path)  # type: ignore[operator]
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_could_not_be_made_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_engine, "_SQLITE_PRAGMAS", (*sqlite_engine._SQLITE_PRAGMAS, "PRAGMA max_page_count=20"))
    for make in (open_practice, lambda path: create_store(path, kind="real")):
        with told(StoreFull, FULL):
            make(tmp_path / "ny.db")
        assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreMissing):
        open_store(tmp_path / "ny.db")


# --- a real disk, where one may be mounted ---

ON_A_DISK = """
import os, shutil, subprocess, sys
from pathlib import Path
from store.care.starting import start_moment
from store.foundation.errors import DomainError
from store.foundation.keys import StoreKeys
from store.opening import open_store
from store.people.sign_in import sign_in
from store.practice import open_practice
from store.views.lists import Tab, list_headings, open_list

def attempt(act):
    try:
        act()
    except DomainError as error:
        print(type(error).__name__)
    else:
        print("done")

def write():
    with store.work(who) as work:
        start_moment(work, "200001012384", "komigang-online", confirmed=True)

def read(operation):
    with store.read(who) as work:
        operation(work, Tab.MINE)

disk = Path(sys.argv[2])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], check=True)
shutil.copyfile(sys.argv[1], disk / "o.db")
if sys.argv[3] == "full":
    with open(disk / "fill", "wb", buffering=0) as fill:
        try:
            while True:
                fill.write(bytes(4096))
        except OSError:
            pass
else:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
keys = StoreKeys(b"d" * 32, b"l" * 32) if sys.argv[5] == "sealed" else None
store = open_store(disk / "o.db", keys=keys)
who = sign_in(store, sys.argv[4])
attempt(lambda: read(list_headings))
attempt(lambda: read(open_list))
attempt(write)
attempt(lambda: open_practice(disk / "ny.db"))
store.close()
print(*sorted(path.name for path in disk.iterdir()))
"""


def _can_mount() -> bool:
    unshare = shutil.which("unshare")
    return unshare is not None and subprocess.run([unshare, "-rm", "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(not _can_mount(), reason="no disk of one's own may be mounted here")
@pytest.mark.parametrize(("how", "kind"), [("full", "StoreFull"), ("ro", "StoreReadOnly")])
def test_a_disk_that_is_full_or_only_read(tmp_path: Path, how: str, kind: str) -> None:
    open_practice(tmp_path / "o.db").close()
    disk = tmp_path / "disk"
    disk.mkdir()
    said = on_a_disk(tmp_path / "o.db", disk, how, "SE2321000040-OV01", "plain")
    assert said.stdout.split()[:4] == ["done", kind, kind, kind], said.stderr
    assert "ny.db" not in said.stdout


@pytest.mark.skipif(not _can_mount(), reason="no disk of one's own may be mounted here")
def test_an_encrypted_store_on_a_disk_that_is_only_read(stores: Stores, tmp_path: Path) -> None:
    """It opens, and says what can't be done; a key is no reason to write."""
    disk = tmp_path / "disk"
    disk.mkdir()
    path = Path(stores.sqlite("sealed").removeprefix("sqlite:///"))
    said = on_a_disk(path, disk, "ro", hsa_id_of(Role.CLINICIAN), "sealed")
    assert said.stdout.split()[:4] == ["done", "StoreReadOnly", "StoreReadOnly", "StoreReadOnly"], said.stderr


def on_a_disk(path: Path, disk: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    line = ["unshare", "-rm", sys.executable, "-c", ON_A_DISK, str(path), str(disk), *words]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_a_file_of_somebody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several accounts may share a course's store: whoever may not open it is told so, and not that it is away."""
    path = tmp_path / "o.db"
    path.touch()
    monkeypatch.setattr("store.foundation.sqlite_engine.os.access", lambda *_: False)
    error = OSError()
    error.sqlite_errorcode = 14  # type: ignore[attr-defined]  # as the driver's have it
    lost = sqlite_engine.SqliteEngine(path).why_lost(error)
    assert lost is not None
    assert (lost.message, lost.exit_code) == (sqlite_engine.NOT_ALLOWED, 5)
