import stat
from pathlib import Path

import pytest

from screens import crash

SECRET = "19121212-1212"


def fail(note: str) -> None:
    secret = note
    raise RuntimeError(f"boom {secret}")


def caught(note: str = SECRET) -> Exception:
    try:
        try:
            fail(note)
        except RuntimeError as error:
            raise ValueError(note) from error
    except ValueError as error:
        return error
    raise AssertionError


def test_type_and_positions_are_kept_and_nothing_else(tmp_path: Path) -> None:
    code = crash.record(caught(), tmp_path, version="0.1.0")
    (line,) = (tmp_path / "crash.log").read_text().splitlines()
    assert SECRET not in line
    assert "boom" not in line
    assert code in line
    assert "0.1.0" in line
    assert "ValueError at test_crash.py:" in line
    assert "| RuntimeError at test_crash.py:13:fail < test_crash.py:" in line
    assert crash.sentence(code) == f"Programmet stoppades. Felkod {code}. Inga personuppgifter visas här."


def test_a_group_of_errors_is_told_of_each() -> None:
    told = crash.describe(ExceptionGroup(SECRET, [caught(), KeyError(SECRET)]))
    assert told.startswith("ExceptionGroup at ? | ValueError at ")
    assert "KeyError" in told
    assert SECRET not in told


def test_endless_recursion_keeps_the_innermost_positions() -> None:
    def again() -> None:
        again()

    try:
        again()
    except RecursionError as error:
        told = crash.describe(error)
    assert told.count(" < ") == crash.MOST_POSITIONS - 1


@pytest.mark.skipif(not hasattr(Path, "chmod") or __import__("os").name == "nt", reason="POSIX rights")
def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    crash.record(caught(), folder)
    log = folder / "crash.log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    log.chmod(0o644)
    crash.record(caught(), folder)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert len(log.read_text().splitlines()) == 2


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    (tmp_path / "crash.log").symlink_to(elsewhere)
    assert len(crash.record(caught(), tmp_path)) == 8
    assert elsewhere.read_text() == "mine"


def test_a_log_grown_large_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "crash.log").write_text("x" * (crash.MOST_BYTES + 1))
    crash.record(caught(), tmp_path)
    assert (tmp_path / "crash.log.1").stat().st_size > crash.MOST_BYTES
    assert len((tmp_path / "crash.log").read_text().splitlines()) == 1


def test_a_code_is_given_even_if_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert len(crash.record(caught(), tmp_path / "file")) == 8
    assert len(crash.record(caught(), None)) == 8
