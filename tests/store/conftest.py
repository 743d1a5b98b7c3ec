"""Empty places, in which tests make stores of their own."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.conftest import SHARED
from tests.postgres import server_address

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
