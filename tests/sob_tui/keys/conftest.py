"""A real store with its keys in files; argon2id takes as little as it can."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from sob_tui.keys import key_files
from sob_tui.keys.key_files import FileKeys
from sob_tui.keys.making import make_store
from sob_tui.keys.places import FILE, KeyPlace, write_place
from store.foundation.access import OPERATOR
from store.foundation.keys import new_keys
from store.foundation.recovery import new_recovery_key
from store.foundation.store import Store
from store.people.first_unit import First, begin_store
from tests.clinics import HERE, PREFIX

PAPER = new_recovery_key()
FIRST = First("SE2321000040-V1", "Regionen", HERE, "Psykiatrin", "05", f"{PREFIX}F1", "Berg", "Åsa")


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_files, "COST", {"iterations": 1, "lanes": 1, "memory_cost": 8})


def begin(store: Store) -> None:
    with store.work(OPERATOR) as work:
        begin_store(work, FIRST)


@pytest.fixture(autouse=True)
def _no_keyring() -> Iterator[None]:
    """Let there be no keyring but what a test sets: the library takes any that is declared, a test's too."""
    before = keyring.get_keyring()
    keyring.set_keyring(no_keyring())
    yield
    keyring.set_keyring(before)


def no_keyring() -> KeyringBackend:
    made: Callable[[], KeyringBackend] = fail.Keyring
    return made()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a real store, made once, and its keys."""
    folder = tmp_path_factory.mktemp("vard")
    (folder / "nycklar").mkdir()
    place = KeyPlace("store-uuid", FILE, str(folder / "nycklar" / "nyckel"))
    make_store(folder / "vard" / "vard.db", place, FileKeys(place.file), new_keys(), PAPER, begin)
    return folder


@pytest.fixture
def made(template: Path, tmp_path: Path) -> Path:
    """The file of a real store whose keys lie in files in another folder."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "vard" / "vard.db"
    write_place(path, KeyPlace("store-uuid", FILE, str(tmp_path / "nycklar" / "nyckel")))
    return path
