"""Where the store is."""

from pathlib import Path

import pytest

from sob_tui.options import UsageFault
from sob_tui.settings import configured_store, practice_store
from store.foundation.errors import Refused


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file that SOB_SETTINGS names."""
    path = tmp_path / "mina.toml"
    path.write_text('store = "postgresql://i-filen"')
    monkeypatch.setenv("SOB_SETTINGS", str(path))
    return path


@pytest.mark.usefixtures("settings")
def test_the_option_comes_before_the_variable_and_the_variable_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert configured_store(None) == "postgresql://i-filen"
    monkeypatch.setenv("SOB_STORE", "i-miljon.db")
    assert configured_store(None) == "i-miljon.db"
    assert configured_store("given.db") == "given.db"


def test_a_path_in_the_file_is_counted_from_the_file(settings: Path) -> None:
    settings.write_text('store = "data/a.db"')
    assert configured_store(None) == str(settings.parent / "data" / "a.db")


def test_the_file_lies_in_the_users_own_folder_unless_said(home: Path) -> None:
    folder = home / "sob-tui"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text('store = "postgresql://mitt"')
    assert configured_store(None) == "postgresql://mitt"


def test_without_any_it_says_how_to_begin(home: Path) -> None:
    with pytest.raises(UsageFault) as told:
        configured_store(None)
    for word in ("sob ovning", "--store", "SOB_STORE", str(home / "sob-tui" / "settings.toml")):
        assert word in told.value.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"store = ", "går inte att läsa"),
        (b"\xff", "går inte att läsa"),
        (b"store = 3", "ska store vara en"),
        (b'store = ""', "ska store vara en"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(settings: Path, content: bytes, words: str) -> None:
    settings.write_bytes(content)
    with pytest.raises(Refused, match=words):
        configured_store(None)


def test_a_file_that_is_named_must_be_there(settings: Path) -> None:
    settings.unlink()
    with pytest.raises(Refused, match="finns inte"):
        configured_store(None)


@pytest.mark.usefixtures("settings")
def test_the_practice_store_is_never_the_one_in_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert practice_store(None) == str(home / "sob-tui" / "ovning.db")
    monkeypatch.setenv("SOB_STORE", "i-miljon.db")
    assert practice_store(None) == "i-miljon.db"
    assert practice_store("given.db") == "given.db"
