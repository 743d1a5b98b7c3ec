"""Stores for the tests: fresh ones of both kinds, copied from templates that are made once in a run."""

import gc
import itertools
import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis
import psycopg
import pytest
from _pytest.unraisableexception import gc_collect_iterations_key
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.util import LRUCache

import tests.postgres
from store.foundation.keys import StoreKeys
from store.foundation.sqlite_engine import SqliteEngine
from store.foundation.store import Store
from store.opening import create_store, open_store
from store.practice import make_practice
from tests.clinics import SEALING, Clinic, Clock, begin, crowd, enter, populate
from tests.fenced import ROLES, FencedStore, as_role, open_fenced, raise_tests_fence, with_owner
from tests.heavy import is_heavy, refuse_to_open
from tests.once import make_schema_once, read_shipped_programs_once
from tests.postgres import keep_rows, locked, restore, run_folder, server_address
from tests.small_cast import take_small_cast
from tests.waits import wait_for_what_is_left

hypothesis.settings.register_profile("sob", derandomize=True, deadline=None, max_examples=50)
hypothesis.settings.load_profile("sob")

SHARED = pytest.StashKey[Path]()
HEAVY = pytest.StashKey[bool]()
_CLEANUP = ExitStack()
_HOMES = itertools.count()

gc.disable()  # until all is collected: looking for garbage takes a third of that, and there is none
# Rewriting the asserts of all tests takes 8 seconds of every worker, unless what was written in an earlier run is kept.
sys.dont_write_bytecode = False


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--textual-waits",
        action="store_true",
        help="let Textual's Pilot sleep for 20 ms at a time, as it does elsewhere: twice the time",
    )
    parser.addoption(
        "--slow-store",
        action="store_true",
        help="let each call of the store from an app take up to 0.7 s more; not in tests/e2e",
    )
    parser.addoption(
        "--snabb",
        action="store_true",
        help="run what opens no pseudo-terminal, no app with a Pilot and no PostgreSQL",
    )


@pytest.hookimpl(tryfirst=True)  # before pytest decides on where its temporary folders stand
def pytest_configure(config: pytest.Config) -> None:
    """Make the run's folder in the process that the workers outlive by nothing; they are told where it is."""
    config.stash[gc_collect_iterations_key] = 1  # of what nobody holds any more, for the end of each worker; five else
    if not config.getoption("--textual-waits"):
        wait_for_what_is_left()
    if config.getoption("--slow-store"):
        from tests.slow_store import slow_the_store  # it imports the screens

        slow_the_store()
    if inherited := getattr(config, "workerinput", {}).get("sob_folder"):
        config.stash[SHARED] = Path(inherited)
        return
    config.stash[SHARED] = _CLEANUP.enter_context(run_folder())
    config.option.basetemp = config.option.basetemp or config.stash[SHARED] / "tmp"


def _compile_once() -> None:
    """Compile a statement once in a process, as an app does: every test has an engine of its own, for its own file.

    SQLAlchemy keeps what it has compiled for each dialect, so engines share the first one's, once it has connected.
    """
    make = SqliteEngine._make_alchemy
    compiled: LRUCache[Any, Any] = LRUCache(4000)
    dialects: list[Dialect] = []

    def _make_alchemy(self: SqliteEngine) -> Engine:
        engine = make(self)
        engine._compiled_cache = compiled
        if dialects:
            engine.dialect = engine.pool._dialect = dialects[0]
        else:
            event.listen(engine, "engine_connect", lambda connection: dialects.append(connection.dialect), once=True)
        return engine

    SqliteEngine._make_alchemy = _make_alchemy  # type: ignore[method-assign]


_compile_once()
make_schema_once()
read_shipped_programs_once()


def pytest_unconfigure() -> None:
    _CLEANUP.close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell an xdist worker where the run's folder is."""
    node.workerinput["sob_folder"] = str(node.config.stash[SHARED])  # type: ignore[attr-defined]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Start three workers for two cores: a test waits a little, and each worker takes 5 seconds to begin."""
    return (3 * (os.cpu_count() or 1) + 1) // 2


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a long text by its length: the names of tests are read."""
    return f"{argname}-{len(val)}" if isinstance(val, str) and len(val) > 100 else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tell heavy tests from light ones, and leave them out if asked to. Those in a real terminal come first.

    They wait more than they work: one worker has them while the others have the rest; last, the others would be done.
    """
    for item in items:
        item.stash[HEAVY] = is_heavy(item)
    items.sort(key=lambda item: "tests/e2e/" not in item.nodeid)
    if config.getoption("--snabb"):
        config.hook.pytest_deselected(items=[item for item in items if item.stash[HEAVY]])
        items[:] = [item for item in items if not item.stash[HEAVY]]


def pytest_collection_finish() -> None:
    """What has been imported stays: looking for garbage among it, over and over, took a quarter of the run."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(100_000, 50, 100)


FILLINGS = {"clinic": populate, "begun": begin, "crowded": crowd, "sealed": populate}
KEYS = {"sealed": SEALING}
"""With what the stores of a kind are sealed."""


def _small_practice(url: str) -> Store:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        take_small_cast(Path(folder), patch)
        return make_practice(url, clock=Clock())


PRACTICES: dict[str, Callable[[str], Store]] = {
    "played": make_practice,
    "monday": lambda url: make_practice(url, clock=Clock()),
    "small": _small_practice,
}
"""Practice stores: made today, on the tests' Monday, and then of a few people."""


def made_once(folder: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Return a file that all workers of a run share; the first one to ask makes it."""
    path = folder / name
    with locked(folder / f"{name}.making"):
        if not path.exists():
            make(folder / f"{name}.new")
            (folder / f"{name}.new").rename(path)
    return path


class Stores:
    """Makes stores as copies of a template, which is made when it is first wanted.

    It is `empty`, one of `FILLINGS`, or one of `PRACTICES`.
    """

    def __init__(self, folder: Path, own: Path) -> None:
        self._folder = folder
        self._own = own
        self._numbers = itertools.count()
        self._idle: defaultdict[str, list[str]] = defaultdict(list)
        self._restoring: dict[str, psycopg.Connection[Any]] = {}
        self._open: dict[str, Store] = {}
        self._shared: dict[tuple[str, str], Clinic] = {}

    def sqlite(self, kind: str) -> str:
        """Return the address of a fresh store in a file."""
        template = made_once(self._folder, f"{kind}.sqlite", lambda new: _make_template(kind, f"sqlite:///{new}"))
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

    def fenced(self, kind: str) -> str:
        """Return the address of a fresh store behind a fence: its operator's."""
        return as_role(self.postgresql(f"fenced{kind}"), ROLES.operator)

    def open(self, url: str, clock: Clock, keys: StoreKeys | None = None) -> Store:
        """Open a store. Connections to a server are kept from test to test: a new one knows no table yet."""
        if (kept := self._open.get(url)) is None:
            open_ = open_fenced if "://" + ROLES.operator in url else open_store
            kept = open_(url, keys=keys, clock=clock)
            if url.startswith("postgresql"):
                _keep_connections(kept)
                self._open[url] = kept
        if isinstance(kept, FencedStore):
            return kept.with_clock(clock)
        return Store(kept.engine, kept.kind, clock, kept.keys)

    @contextmanager
    def clinic(self, database: str, kind: str, clock: Clock) -> Iterator[Clinic]:
        """Lend a store of some kind that is one's own."""
        made = str(getattr(self, database)(kind))
        opened = self.open(made, clock, KEYS.get(kind))
        yield enter(opened, clock)
        if database == "sqlite":
            opened.close()
        self.discard(made)

    def shared(self, database: str, kind: str) -> Clinic:
        """Return a store that the tests of a process share: each undoes what it does, but for rows in the log."""
        if (database, kind) not in self._shared:
            clock = Clock()
            opened = self.open(getattr(self, database)(kind), clock)
            self._shared[database, kind] = enter(opened, clock)
        return self._shared[database, kind]

    def discard(self, url: str) -> None:
        """Return a lent store, which may be lent again."""
        url = as_role(url, "postgres") if "://" + ROLES.operator in url else url
        if not url.startswith("postgresql"):
            Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)
            return
        name = url.partition("?")[0].rpartition("/")[2]
        if self._restored(url):
            self._idle[name.partition("_")[0]].append(url)
            return
        if kept := self._open.pop(url, None):
            kept.close()
        with psycopg.connect(server_address(self._folder), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def _restored(self, url: str) -> bool:
        with suppress(psycopg.OperationalError):  # a test may have ended every connection there is
            if url in self._restoring:
                return restore(self._restoring[url])
        self._restoring[url] = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        return restore(self._restoring[url])

    def close(self) -> None:
        """Let go of the server."""
        for connection in self._restoring.values():
            connection.close()
        for store in (*self._open.values(), *(clinic.store for clinic in self._shared.values())):
            store.close()


def _keep_connections(store: Store) -> None:
    """Keep a few connections and not one: tests look into the store in the midst of a transaction, apps don't."""
    pool: Any = store.engine.alchemy().pool
    pool._pool.maxsize = 4


SERVER = ((Stores, "postgresql"), (tests.postgres, "found_or_started"))
"""What opens PostgreSQL."""


def _make_template(kind: str, url: str) -> None:
    if kind in PRACTICES:
        PRACTICES[kind](url).close()
        return
    filling = kind.removeprefix("fenced")
    url = url if kind == filling else with_owner(url)
    store = create_store(url, kind="practice", keys=KEYS.get(filling), clock=Clock())
    if fill := FILLINGS.get(filling):
        fill(store)
    if kind != filling:
        raise_tests_fence(store)
    store.close()


def _address(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?").replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(scope="session")
def stores(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """What makes stores."""
    made = Stores(pytestconfig.stash[SHARED], tmp_path_factory.mktemp("stores"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def home(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the settings, drafts, data and logs of whoever runs the tests, and of every other test, out of a test."""
    place = pytestconfig.stash[SHARED] / f"home-{os.getpid()}-{next(_HOMES)}"
    for name in ("SOB_STORE", "SOB_SETTINGS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(place))
    return place


@pytest.fixture(autouse=True)
def light_stays_light(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold a test to what it was taken for."""
    if not request.node.stash[HEAVY]:
        refuse_to_open(monkeypatch, *SERVER)


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
    with stores.clinic(database, "clinic", clock) as entered:
        yield entered


@pytest.fixture
def begun(database: str, stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """As `clinic`, with two moments: `ADULT`'s `prov` here, and `GUARDIAN`'s there."""
    with stores.clinic(database, "begun", clock) as entered:
        yield entered


@pytest.fixture
def sealed(database: str, stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """As `clinic`, sealed with the keys `SEALING`."""
    with stores.clinic(database, "sealed", clock) as entered:
        yield entered


@pytest.fixture
def filed(stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """As `clinic`, in a file always."""
    with stores.clinic("sqlite", "clinic", clock) as entered:
        yield entered


@pytest.fixture
def served(stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """As `clinic`, on a server always."""
    with stores.clinic("postgresql", "clinic", clock) as entered:
        yield entered
