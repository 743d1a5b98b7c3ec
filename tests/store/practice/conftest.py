"""Practice stores: one to look at, made once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.foundation.store import Store
from store.opening import open_store
from store.tables import METADATA
from tests.clinics import Clock
from tests.conftest import Stores
from tests.opened_log import ask_log
from tests.small_cast import take_small_cast

OWN = {"session", "wall_at", "draft_key", "uuid", "mac", "seal", "own_key", "key_id", "number_hmac", "sealed"}
COUNTED = ("loghead", "number")
"""How many rows of the log there are: a refusal in a store that tests share is one, too."""
NUMBERED = {"act"}
"""Rows that are written over: their numbers are each database's own."""
Rows = dict[str, list[tuple[object, ...]]]
Contents = Callable[[Store], Rows]


@pytest.fixture(scope="package")
def practice(stores: Stores) -> Iterator[Store]:
    """A practice store that no test changes."""
    url = stores.sqlite("monday")
    opened = open_store(url, clock=Clock())
    yield opened
    opened.close()
    stores.discard(url)


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
    """The folder of a cast in which only few live; a store is made of it in a third of the time."""
    folder = tmp_path_factory.mktemp("fa")
    take_small_cast(folder, monkeypatch)
    return folder


@pytest.fixture
def made(few: Path, database: str, stores: Stores) -> Iterator[Store]:  # noqa: ARG001
    """A practice store of few, in each database: a copy of one that was made on the tests' Monday."""
    url = getattr(stores, database)("small")
    opened = open_store(url, clock=Clock())
    yield opened
    opened.close()
    stores.discard(url)
