"""Practice stores: one to look at, made once."""

import shutil
from collections.abc import Callable, Iterator

import pytest

from store.foundation.store import Store
from store.opening import open_store
from store.practice import make_practice
from store.tables import METADATA
from tests.clinics import Clock
from tests.conftest import SHARED, made_once

OWN = {"session", "wall_at", "draft_key"}
NUMBERED = {"act"}
"""Rows that are written over: their numbers are each database's own."""
Rows = dict[str, list[tuple[object, ...]]]


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
            columns = ", ".join(column.name for column in table.columns if column.name not in OWN)
            columns = columns.removeprefix("id, ") if table.name in NUMBERED else columns
            keys = ", ".join(column.name for column in table.primary_key)
            done = (
                "WHERE outcome = 'gjort'" if table.name == "log" else ""
            )  # what is refused in a shared store is no part of it
            found[table.name] = db.rows(f"SELECT {columns} FROM {table.name} {done} ORDER BY {keys}")
    return found
