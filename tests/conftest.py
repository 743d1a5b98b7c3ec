"""Stores for the tests: fresh ones of both kinds, copied from templates that are made once in a run."""

import itertools
import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import psycopg
import pytest

from store.foundation.store import Store
from store.opening import create_store, open_store
from tests.clinics import Clinic, Clock, enter, populate
from tests.postgres import keep_rows, locked, restore, run_folder, server_address

hypothesis.settings.register_profile("sob", derandomize=True, deadline=None, max_examples=50)
hypothesis.settings.load_profile("sob")

SHARED = pytest.StashKey[Path]()
_CLEANUP = ExitStack()
_HOMES = itertools.count()


def pytest_configure(config: pytest.Config) -> None:
    """Make the run's folder in the process that the workers outlive by nothing; they are told where it is."""
    inherited = getattr(config, "workerinput", {}).get("sob_folder")
    config.stash[SHARED] = Path(inherited) if inherited else _CLEANUP.enter_context(run_folder())


def pytest_unconfigure() -> None:
    _CLEANUP.close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell an xdist worker where the run's folder is."""
    node.workerinput["sob_folder"] = str(node.config.stash[SHARED])  # type: ignore[attr-defined]


class Stores:
    """Makes stores as copies of a template: `empty` or `clinic`. A template is made when it is first wanted."""

    def __init__(self, folder: Path, own: Path) -> None:
        self._folder = folder
        self._own = own
        self._numbers = itertools.count()
        self._idle: defaultdict[str, list[str]] = defaultdict(list)

    def sqlite(self, kind: str) -> str:
        """Return the address of a fresh store in a file."""
        template = self._folder / f"{kind}.sqlite"
        with locked(self._folder / f"{kind}.making"):
            if not template.exists():
                _make_template(kind, f"sqlite:///{template}.new")
                Path(f"{template}.new").rename(template)
        path = self._own / f"{next(self._numbers)}.sqlite"
        shutil.copyfile(template, path)
        return f"sqlite:///{path}"

    def postgresql(self, kind: str) -> str:
        """Return the address of a fresh store on the run's server: a new copy, or one that was put back as it was."""
        if self._idle[kind]:
            return self._idle[kind].pop()
        server = server_address(self._folder)
        name = f"{kind}_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(server, autocommit=True) as connection:
            with locked(self._folder / "template"):
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (kind,)).fetchone():
                    connection.execute(f"CREATE DATABASE new_{kind}".encode())
                    _make_template(kind, _address(server, f"new_{kind}"))
                    keep_rows(server.replace("/postgres?", f"/new_{kind}?"))
                    connection.execute(f"ALTER DATABASE new_{kind} RENAME TO {kind}".encode())
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {kind}".encode())
        return _address(server, name)

    def discard(self, url: str) -> None:
        """Take a store back."""
        if not url.startswith("postgresql"):
            return
        name = url.partition("?")[0].rpartition("/")[2]
        if restore(url.replace("+psycopg", "")):
            self._idle[name.partition("_")[0]].append(url)
            return
        with psycopg.connect(server_address(self._folder), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _make_template(kind: str, url: str) -> None:
    store = create_store(url, kind="practice", clock=Clock())
    if kind == "clinic":
        populate(store)
    store.close()


def _address(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?").replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(scope="session")
def stores(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """What makes stores."""
    return Stores(pytestconfig.stash[SHARED], tmp_path_factory.mktemp("stores"))


@pytest.fixture(autouse=True)
def home(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the settings, drafts, data and logs of whoever runs the tests, and of every other test, out of a test."""
    place = pytestconfig.stash[SHARED] / f"home-{os.getpid()}-{next(_HOMES)}"
    for name in ("SOB_STORE", "SOB_SETTINGS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(place))
    return place


@pytest.fixture
def clock() -> Clock:
    """A clock that stands until it is set."""
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


@pytest.fixture
def url(database: str, stores: Stores) -> Iterator[str]:
    """The address of a fresh, migrated, empty practice store."""
    made = getattr(stores, database)("empty")
    yield made
    stores.discard(made)


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    """A fresh store, open."""
    opened = open_store(url, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def clinic(database: str, stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """A store with two units and their staff, two programs and a few residents."""
    made = getattr(stores, database)("clinic")
    opened = open_store(made, clock=clock)
    yield enter(opened, clock)
    opened.close()
    stores.discard(made)


@pytest.fixture
def filed(stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """The same, in a file always."""
    opened = open_store(stores.sqlite("clinic"), clock=clock)
    yield enter(opened, clock)
    opened.close()


@pytest.fixture
def served(stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """The same, on a server always."""
    made = stores.postgresql("clinic")
    opened = open_store(made, clock=clock)
    yield enter(opened, clock)
    opened.close()
    stores.discard(made)
