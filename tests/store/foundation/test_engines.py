"""The database goes away and comes back; what is a fault of ours is never taken for that."""

import shutil
from pathlib import Path

import psycopg
import pytest

from store.care.maintenance import maintain_moment, resume_moment
from store.care.starting import start_moment
from store.foundation.access import OPERATOR
from store.foundation.connection import Connection
from store.foundation.engines import engine_for
from store.foundation.errors import (
    DomainError,
    NeedsConfirmation,
    NotAStore,
    NotPermitted,
    Refused,
    StoreMissing,
    StoreUnreachable,
)
from store.foundation.sqlite_engine import SqliteEngine
from store.foundation.store import Store
from store.opening import create_store, open_store
from store.views.lists import Tab, list_headings
from store.views.moment import open_moment
from tests.clinics import ADULT, Clinic


def file_of(clinic: Clinic) -> Path:
    assert isinstance(clinic.store.engine, SqliteEngine)
    return clinic.store.engine.path


def with_companions(path: Path) -> list[Path]:
    return [found for end in ("", "-wal", "-shm") if (found := Path(f"{path}{end}")).exists()]


def read(clinic: Clinic) -> int:
    with clinic.store.read(clinic.clinician) as work:
        return sum(heading.number for heading in list_headings(work, Tab.MINE))


def write(clinic: Clinic) -> None:
    with clinic.store.work(clinic.clinician) as work:
        start_moment(work, ADULT, "prov", confirmed=True)


def assert_lost(clinic: Clinic, sentence: str = "Ingen kontakt med databasen.") -> None:
    for reach in (read, write, read, write):
        with pytest.raises(StoreUnreachable) as error:
            reach(clinic)
        assert error.value.message == sentence
    with pytest.raises(StoreUnreachable):
        clinic.store.change_no(clinic.here)


def assert_works(clinic: Clinic) -> None:
    before = read(clinic)
    write(clinic)
    assert read(clinic) == before + 1


# --- a file ---


def test_a_file_that_was_moved_away_is_not_written_to_and_not_made_anew(filed: Clinic, tmp_path: Path) -> None:
    assert_works(filed)
    path = file_of(filed)
    away = [(found, tmp_path / found.name) for found in with_companions(path)]
    for found, hidden in away:
        found.rename(hidden)
    assert_lost(filed)
    assert not path.exists()
    for found, hidden in away:
        hidden.rename(found)
    assert_works(filed)


def test_another_file_in_its_place_is_opened_anew(filed: Clinic, tmp_path: Path) -> None:
    """A copy that was put back, say; what was done since the copy is gone with the file."""
    path = file_of(filed)
    filed.store.close()
    shutil.copyfile(path, tmp_path / "copy")
    assert_works(filed)
    for found in with_companions(path):
        found.unlink()
    (tmp_path / "copy").rename(path)
    assert read(filed) == 0
    assert_works(filed)


def test_a_file_that_is_no_database(filed: Clinic, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = file_of(filed)
    filed.store.close()
    path.rename(tmp_path / "away")
    path.write_bytes(b"nothing " * 2000)
    assert_lost(filed, "Filen är ingen databas. Kontrollera --store eller SOB_STORE.")
    with pytest.raises(NotAStore):
        open_store(path)
    path.unlink()
    (tmp_path / "away").rename(path)
    assert_works(filed)
    assert capfd.readouterr().err == ""


def test_a_folder_in_its_place(filed: Clinic, tmp_path: Path) -> None:
    path = file_of(filed)
    filed.store.close()
    path.rename(tmp_path / "away")
    path.mkdir()
    assert_lost(filed)
    path.rmdir()
    (tmp_path / "away").rename(path)
    assert_works(filed)


def test_a_file_that_another_holds_too_long(filed: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.foundation.engine.BUSY_SECONDS", 0.05)
    store = open_store(file_of(filed), clock=filed.clock)
    with filed.store.work(OPERATOR), pytest.raises(StoreUnreachable), store.work(OPERATOR):
        pytest.fail("let in")
    with store.work(OPERATOR):
        pass
    store.close()


@pytest.mark.parametrize("sql", ["SELECT locked FROM moment", "SELECT 1 FROM disk", "readonly", "SELECT :unable"])
def test_a_fault_of_ours_is_not_taken_for_a_lost_file(filed: Clinic, sql: str) -> None:
    for reach in (filed.store.read, filed.store.work):
        with pytest.raises(Exception) as error, reach(OPERATOR) as work:  # noqa: PT011
            work.db.rows(sql)
        assert not isinstance(error.value, StoreUnreachable)


def test_a_new_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "nytt åäö % ?#.sqlite"
    create_store(path, kind="real").close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    opened = open_store(f"sqlite:///{path}")
    assert opened.kind == "real"
    opened.close()


def test_a_file_has_the_settings_that_keep_it_safe(filed: Clinic) -> None:
    with filed.store.lend() as db:
        settings = [
            db.row(f"PRAGMA {name}") for name in ("foreign_keys", "journal_mode", "synchronous", "secure_delete")
        ]
    assert settings == [(1,), ("wal",), (2,), (1,)]


# --- a server ---


def cut_off(clinic: Clinic) -> None:
    """End every connection to the store."""
    connection = engine_for(clinic.store.engine.url).connect()
    connection.rows(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    connection.driver.close()


def test_idle_connections_that_died_are_replaced_unseen(served: Clinic) -> None:
    assert_works(served)
    for _ in range(2):
        cut_off(served)
        assert_works(served)


def test_a_connection_that_dies_under_way_is_said_and_the_next_works(served: Clinic) -> None:
    def reading() -> None:
        with served.store.read(served.clinician) as work:
            cut_off(served)
            list_headings(work, Tab.MINE)

    def between_two() -> None:
        with served.store.work(served.clinician) as work:
            moment = start_moment(work, ADULT, "prov")
            cut_off(served)
            maintain_moment(work, moment)

    def before_the_end() -> None:
        with served.store.work(served.clinician) as work:
            start_moment(work, ADULT, "prov")
            cut_off(served)

    for dies in (reading, between_two, before_the_end):
        with pytest.raises(StoreUnreachable):
            dies()
    assert read(served) == 0
    assert_works(served)


def test_a_server_that_refuses_is_unreachable_until_it_does_not(served: Clinic) -> None:
    name = served.store.engine.url.partition("?")[0].rpartition("/")[2]
    assert_works(served)

    def allow(whether: bool) -> None:
        other = served.store.engine.url.replace("+psycopg", "").replace(f"/{name}?", "/postgres?")
        with psycopg.connect(other, autocommit=True) as server:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {whether}".encode())
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))

    allow(False)
    assert_lost(served)
    allow(True)
    assert_works(served)


def test_a_lock_that_another_holds_too_long(served: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.foundation.engine.BUSY_SECONDS", 0.05)
    moment = served.start()
    store = open_store(served.store.engine.url.replace("connect_timeout=5", ""), clock=served.clock)
    with served.store.work(served.clinician) as work:
        maintain_moment(work, moment)
        with pytest.raises(StoreUnreachable), store.work(served.clinician) as other:
            resume_moment(other, moment)
    with store.work(served.clinician) as other:
        resume_moment(other, moment)
    store.close()


@pytest.mark.parametrize("sql", ["SELECT locked FROM moment", "SELECT 1 FROM disk", "readonly", "SELECT 1 / 0"])
def test_a_fault_of_ours_is_not_taken_for_a_lost_server(served: Clinic, sql: str) -> None:
    for reach in (served.store.read, served.store.work):
        with pytest.raises(psycopg.Error) as error, reach(OPERATOR) as work:
            work.db.rows(sql)
        assert served.store.engine.why_lost(error.value) is None
    assert_works(served)


# --- both ---


def test_after_a_refusal_the_connection_is_good(clinic: Clinic) -> None:
    moment = clinic.start()

    def fail() -> None:
        with clinic.store.read(clinic.clinician) as work:
            open_moment(work, moment)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert_works(clinic)


def test_what_a_rule_says_takes_no_new_connection(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = clinic.start()
    assert_works(clinic)
    monkeypatch.setattr(clinic.store.engine, "connect", lambda: pytest.fail("a second connection"))

    def refuse(error: DomainError) -> None:
        with clinic.store.read(clinic.clinician) as work:
            open_moment(work, moment)
            raise error

    for error in (Refused("Nej."), NotPermitted(), NeedsConfirmation(["Är du säker?"])):
        with pytest.raises(type(error)):
            refuse(error)
        assert_works(clinic)


def test_a_colon_is_a_parameter_only_before_a_name(store: Store) -> None:
    with store.lend() as db:
        assert db.row("SELECT '10:30', :word, '100 %'", word="a:b %s") == ("10:30", "a:b %s", "100 %")
        if store.engine.pyformat:
            assert db.row("SELECT :word::int", word="7") == (7,)


def test_many_rows_at_once(store: Store) -> None:
    with store.work(OPERATOR) as work:
        rows = [{"unit": unit, "number": 1} for unit in range(1, 4)]
        work.db.run_many("INSERT INTO change (unit_id, change_no) VALUES (:unit, :number)", rows)
        work.db.run_many("INSERT INTO change (unit_id, change_no) VALUES (:unit, :number)", [])
        assert work.db.run("UPDATE change SET change_no = 2 WHERE unit_id > :unit", unit=1) == 2


@pytest.mark.parametrize("url", ["mysql://host/db", "https://example.org/store"])
def test_an_address_of_neither_kind(url: str) -> None:
    with pytest.raises(StoreUnreachable, match="Ange en sökväg"):
        engine_for(url)


def test_a_plain_path_may_begin_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert engine_for("~/store.sqlite").url == f"sqlite:///{tmp_path}/store.sqlite"


def test_there_is_no_store(tmp_path: Path) -> None:
    for path in (tmp_path / "none.sqlite", tmp_path / "no" / "folder.sqlite"):
        with pytest.raises(StoreMissing):
            open_store(path)
    (tmp_path / "empty.sqlite").touch()
    with pytest.raises(StoreMissing):
        open_store(tmp_path / "empty.sqlite")
    assert list(tmp_path.iterdir()) == [tmp_path / "empty.sqlite"]


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(StoreUnreachable):
        open_store("postgresql+psycopg://nobody@/nothing?host=/nowhere")


def test_a_connection_tells_rows_apart(store: Store) -> None:
    with store.lend() as db:
        assert isinstance(db, Connection)
        assert db.row("SELECT 1 WHERE 1 = 0") is None
