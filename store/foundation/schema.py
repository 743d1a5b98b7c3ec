"""The schema's revisions. Alembic is imported only where a store must be made or brought up to date."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from store.foundation.engine import Engine
from store.foundation.errors import DomainError, StoreDamaged, StoreMissing, StoreOlder, StoreTooNew
from store.foundation.keys import StoreKeys
from store.foundation.progress import Show, unseen
from store.foundation.sqlite_engine import SqliteEngine

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection as AlchemyConnection

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
    "0017",
    "0018",
    "0019",
    "0020",
    "0021",
    "0022",
    "0023",
    "0024",
    "0025",
    "0026",
    "0027",
    "0028",
    "0029",
    "0030",
    "0031",
    "0032",
    "0033",
    "0034",
    "0035",
    "0036",
    "0037",
    "0038",
    "0039",
)
"""All revisions, oldest first. Checked against Alembic's own scripts by a test."""

SCRIPTS = Path(__file__).parent.parent / "migrations"


def revision_of(engine: Engine) -> str | None:
    """Return the store's revision, None where there is no store.

    Raises:
        StoreDamaged: nothing says which it is.
        StoreUnreachable: the database does not answer, or there is something else.
    """
    try:
        if not engine.exists():
            return None
        with engine.lend() as connection:
            found = connection.value("SELECT version_num FROM alembic_version")
    except DomainError:
        raise
    except Exception as error:  # there is no such table, or no such column
        raise (engine.why_lost(error) or StoreDamaged()) from error
    if not found:
        raise StoreDamaged
    return str(found)


def bring_up_to_date(
    engine: Engine,
    scripts: Path = SCRIPTS,
    revisions: tuple[str, ...] = REVISIONS,
    *,
    show: Show = unseen,
    confirmed: bool = False,
    upgrade: bool = True,
    keys: StoreKeys | None = None,
) -> None:
    """Migrate an older store, after a backup, and show it; leave a current one alone.

    A real one is migrated where it is said to `upgrade` it.

    Raises:
        NeedsConfirmation: a revision warns, and that is not `confirmed`.
        StoreOlder: it is a real one, and is not to be upgraded.
        StoreMissing: there is nothing.
        StoreTooNew: the store was made by a later version of the program.
    """
    found = revision_of(engine)
    if found is None:
        raise StoreMissing
    if found == revisions[-1]:
        return
    if found not in revisions:
        raise StoreTooNew
    if not upgrade and _is_real(engine):
        raise StoreOlder(found)
    with show("Uppgraderar databasen"):
        back_up(engine, found)
        migrate(engine, scripts, confirmed=confirmed, keys=keys)


def _is_real(engine: Engine) -> bool:
    with engine.lend() as connection:
        return bool(connection.value("SELECT kind FROM store_info") == "real")


def back_up(engine: Engine, revision: str) -> None:
    """Copy a file's store beside it before it is changed; a server's backups are its operator's.

    An earlier copy is never written over: it may be the only one of a migration that another process has just done.
    """
    if not isinstance(engine, SqliteEngine):
        return
    copies = (engine.path.with_name(f"{engine.path.name}.fore-{revision}{suffix}") for suffix in _suffixes())
    copy = next(path for path in copies if not path.exists())
    copy.touch(mode=0o600)
    connection = engine.connect()
    try:
        connection.run("VACUUM INTO :copy", copy=str(copy))  # whole, whoever writes meanwhile
    finally:
        connection.close()


def _suffixes() -> Iterator[str]:
    yield ""
    yield from (f"-{number}" for number in count(2))


Step = Callable[["AlchemyConnection"], None]
"""Something to be done in the transaction of a migration."""


def migrate(
    engine: Engine,
    scripts: Path = SCRIPTS,
    first: Step = lambda _connection: None,
    also: Step = lambda _connection: None,
    *,
    stops: Sequence[tuple[str, Step]] = (),
    confirmed: bool = False,
    keys: StoreKeys | None = None,
) -> None:
    """Run `first`, the revisions that the store lacks, and `also`, in one transaction; one process at a time.

    After them the database refuses free texts that are not sealed, where it has to (`Engine.refuse_plain`).

    Whether what a revision warns of is confirmed, and the store's keys, are attributes of Alembic's configuration,
    where a revision looks.

    Args:
        engine: the store's.
        scripts: the revisions' folder.
        first: is done before any revision.
        also: is done after the last one.
        stops: revisions on the way, oldest first, each with what is done once the store is at it.
        confirmed: whether what a revision warns of is confirmed.
        keys: the store's, where it has any.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    with engine.alchemy().begin() as connection:
        driver = engine.speaking(connection.connection.driver_connection)
        engine.be_patient(driver)
        engine.serialize(driver, "migrate")
        first(connection)
        config.attributes.update(connection=connection, confirmed=confirmed, keys=keys)
        for revision, step in (*stops, ("head", also)):
            command.upgrade(config, revision)
            step(connection)
        engine.refuse_plain(driver)
