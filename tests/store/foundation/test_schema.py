"""Migrations: an older store is brought up to date after a copy was made, a newer one is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from store.foundation.access import OPERATOR
from store.foundation.errors import Refused, StoreTooNew
from store.foundation.progress import Progress, untold
from store.foundation.schema import REVISIONS, SCRIPTS, bring_up_to_date, migrate, revision_of
from store.foundation.sqlite_engine import SqliteEngine
from store.foundation.store import Store
from store.opening import create_store, open_store
from store.tables import METADATA
from tests.clinics import Clock

LATER = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"


def upgrade() -> None:
    op.add_column("unit", sa.Column("colour", sa.String(), server_default="red"))
    {more}
"""


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The scripts of a later version of the program."""
    return make_later(tmp_path / "scripts")


def make_later(folder: Path, more: str = "") -> Path:
    """Shipped scripts and one more. Copied by hand: compiled files of another place would confuse Alembic."""
    (folder / "versions").mkdir(parents=True)
    for path in (SCRIPTS / "env.py", *SCRIPTS.glob("versions/*.py")):
        (folder / path.relative_to(SCRIPTS)).write_text(path.read_text("utf-8"), "utf-8")
    (folder / "versions" / "9999_later.py").write_text(LATER.format(before=REVISIONS[-1], more=more), "utf-8")
    return folder


NEWER = (*REVISIONS, "9999")


@pytest.fixture
def copies(store: Store) -> Iterator[Path]:
    """Where the copies of a file lie; a server has none."""
    path = Path(store.engine.url.removeprefix("sqlite:///"))
    yield path
    for copy in path.parent.glob(f"{path.name}.fore-*"):
        copy.unlink()


def has_colour(store: Store) -> bool:
    with store.lend() as db:
        try:
            db.rows("SELECT colour FROM unit")
        except Exception:
            db.driver.rollback()
            return False
    return True


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # SQLite tells nobody what an index is of
def test_the_tables_are_what_the_migrations_make(store: Store) -> None:
    with store.engine.alchemy().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_the_revisions_are_those_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    scripts = ScriptDirectory.from_config(config)
    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == REVISIONS


def test_a_current_store_is_left_alone(store: Store, copies: Path) -> None:
    bring_up_to_date(store.engine)
    assert revision_of(store.engine) == REVISIONS[-1]
    assert not list(copies.parent.glob(f"{copies.name}.fore-*"))


def test_an_older_store_is_migrated_after_a_copy_was_made(store: Store, copies: Path, later: Path) -> None:
    with store.work(OPERATOR) as work:
        work.db.run("INSERT INTO change (unit_id, change_no) VALUES (1, 41)")
    assert not has_colour(store)
    shown: list[str] = []

    @contextmanager
    def show(what: str) -> Iterator[Progress]:
        assert not has_colour(store)
        yield untold
        assert has_colour(store)
        shown.append(what)

    for _ in range(2):  # the second finds nothing to do, and shows nothing
        bring_up_to_date(store.engine, later, NEWER, show=show)
    assert shown == ["Uppgraderar databasen"]
    assert revision_of(store.engine) == "9999"
    assert has_colour(store)
    assert store.change_no(1) == 41
    if not isinstance(store.engine, SqliteEngine):
        return
    copy = copies.with_name(f"{copies.name}.fore-{REVISIONS[-1]}")
    assert copy.stat().st_mode & 0o777 == 0o600
    opened = open_store(copy)
    assert opened.change_no(1) == 41
    assert not has_colour(opened)
    opened.close()


def test_a_copy_is_never_written_over(store: Store, copies: Path, tmp_path: Path) -> None:
    broken = make_later(tmp_path / "broken", "raise ZeroDivisionError")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            bring_up_to_date(store.engine, broken, NEWER)
    found = sorted(path.name for path in copies.parent.glob(f"{copies.name}.fore-*"))
    if isinstance(store.engine, SqliteEngine):
        assert found == [f"{copies.name}.fore-{REVISIONS[-1]}{end}" for end in ("", "-2")]


def test_a_migration_that_fails_leaves_the_store_as_it_was(store: Store, copies: Path, tmp_path: Path) -> None:
    broken = make_later(tmp_path / "broken", "op.execute('nonsense')")
    with pytest.raises(Exception, match="nonsense"):
        bring_up_to_date(store.engine, broken, NEWER)
    assert copies
    assert revision_of(store.engine) == REVISIONS[-1]
    assert not has_colour(store)


def test_a_newer_store_is_refused(store: Store, copies: Path, later: Path) -> None:
    bring_up_to_date(store.engine, later, NEWER)
    assert copies
    with pytest.raises(StoreTooNew, match="nyare version"):
        open_store(store.engine.url)
    with pytest.raises(Refused, match="finns redan"):
        create_store(store.engine.url, kind="practice")


def test_a_second_migration_finds_it_done(store: Store, copies: Path, later: Path) -> None:
    bring_up_to_date(store.engine, later, NEWER)
    assert copies
    migrate(store.engine, later)
    assert has_colour(store)


def test_there_is_one_already(store: Store) -> None:
    with pytest.raises(Refused, match="finns redan") as error:
        create_store(store.engine.url, kind="real")
    assert error.value.field == "store"
    assert open_and_close(store.engine.url) == "practice"


def test_another_was_quicker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    path = tmp_path / "store.sqlite"
    create_store(path, kind="practice", clock=clock).close()
    monkeypatch.setattr("store.opening.revision_of", lambda _engine: None)
    with pytest.raises(Refused, match="finns redan"):
        create_store(path, kind="real")
    assert open_and_close(path) == "practice"


def test_an_interrupted_making_can_be_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "store.sqlite"

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("store.opening.name_store", interrupted)
        with pytest.raises(KeyboardInterrupt):
            create_store(path, kind="real")
    create_store(path, kind="real").close()
    assert open_and_close(path) == "real"


def open_and_close(url: str | Path) -> str:
    store = open_store(url)
    store.close()
    return store.kind
