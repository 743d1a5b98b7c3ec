"""Practice stores: one to look at, made once."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.data import data_folder
from store.foundation.store import Store
from store.opening import open_store
from store.practice import make_practice, seed
from store.practice.seed import CAST_FILE
from store.tables import METADATA
from tests.clinics import Clock
from tests.conftest import SHARED, made_once
from tests.opened_log import ask_log

OWN = {"session", "wall_at", "draft_key", "uuid", "mac", "seal", "own_key", "key_id", "number_hmac", "sealed"}
COUNTED = ("loghead", "number")
"""How many rows of the log there are: a refusal in a store that tests share is one, too."""
NUMBERED = {"act"}
"""Rows that are written over: their numbers are each database's own."""
Rows = dict[str, list[tuple[object, ...]]]
Contents = Callable[[Store], Rows]
FREE, KEPT = "200001012384", ("200001012384", "198001022386", "197508299802", "196803129839")
"""Who lives in a small store: one who is free for exercises, one whose moment runs and two whose moments are ended."""


@pytest.fixture(scope="package")
def practice(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A practice store that no test changes."""
    made = made_once(pytestconfig.stash[SHARED], "ovning.sqlite", lambda new: make_practice(new, clock=Clock()).close())
    opened = open_store(shutil.copy(made, tmp_path_factory.mktemp("ovning")), clock=Clock())
    yield opened
    opened.close()


@pytest.fixture
def contents() -> Callable[[Store], Rows]:
    """Reads all of a store that is the same each time."""
    return contents_of


def contents_of(store: Store) -> Rows:
    """Return every table's rows in the order of their keys, without refusals, sessions and what is the store's own."""
    found = {}
    with store.lend() as db:
        for table in METADATA.sorted_tables:
            names = [column.name for column in table.columns if (table.name, column.name) != COUNTED]
            columns = ", ".join(name for name in names if name not in OWN)
            columns = columns.removeprefix("id, ") if table.name in NUMBERED else columns
            keys = ", ".join(column.name for column in table.primary_key)
            if table.name == "log":  # what is refused in a shared store is no part of it
                done = f"SELECT {columns} FROM log WHERE outcome = 'gjort' ORDER BY {keys}"
                found[table.name] = ask_log(db, store.keys, done)
            else:
                found[table.name] = db.rows(f"SELECT {columns} FROM {table.name} ORDER BY {keys}")
    return found


@pytest.fixture
def few(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a cast in which only those live; a store is made of it in a third of the time."""
    folder = tmp_path_factory.mktemp("fa")
    whole = (data_folder() / CAST_FILE).read_text(encoding="utf-8")
    first, *others = re.split(r"^(?=\[\[)", whole, flags=re.MULTILINE)
    lived = [part for part in others if not part.startswith(("[[residents", "[[moments")) or _is_kept(part)]
    (folder / "cast.toml").write_text(first + "".join(lived), encoding="utf-8")
    (folder / "residents.toml").write_text("residents = []\nmoments = []\n", encoding="utf-8")
    monkeypatch.setattr(seed, "CAST_FILE", folder / "cast.toml")
    monkeypatch.setattr(seed, "RESIDENTS_FILE", folder / "residents.toml")
    return folder


def _is_kept(part: str) -> bool:
    return any(f'"{number}"' in part for number in KEPT)
