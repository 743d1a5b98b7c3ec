"""Practice stores: one to look at, made once, and empty places for making others."""

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from store.foundation.store import Store
from store.practice import make_practice
from store.tables import METADATA
from tests.clinics import Clock
from tests.conftest import SHARED
from tests.postgres import server_address

Rows = dict[str, list[tuple[object, ...]]]

_NUMBERS = count()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[str]:
    """The address of a place where no store is: a file in a folder that is not there, or an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'nytt' / 'ovning.db'}"
        return
    server = server_address(pytestconfig.stash[SHARED])
    name = f"p{os.getpid()}_{next(_NUMBERS)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield server.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="package")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A practice store that no test changes."""
    made = make_practice(tmp_path_factory.mktemp("ovning") / "ovning.db", clock=Clock())
    yield made
    made.close()


@pytest.fixture
def contents() -> Callable[[Store], Rows]:
    """Reads all of a store but the wall clock's times."""
    return contents_of


def contents_of(store: Store) -> Rows:
    """Return every table's rows in the order of their keys, without `wall_at`."""
    found = {}
    with store.lend() as db:
        for table in METADATA.sorted_tables:
            columns = ", ".join(column.name for column in table.columns if column.name != "wall_at")
            keys = ", ".join(column.name for column in table.primary_key)
            found[table.name] = db.rows(f"SELECT {columns} FROM {table.name} ORDER BY {keys}")
    return found
