"""What a process of tests does once where the product does it each time: hundreds of tests make their own stores."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, inspect

from store.data import data_folder
from store.foundation.schema import SCRIPTS
from store.practice import fixtures, seed

_READING = ("SELECT", "PRAGMA")


def make_schema_once() -> None:
    """Make the tables of an empty database by what the first upgrade of one made: all revisions take 0.2 s.

    A store that holds something is migrated for real.
    """
    upgrade: Callable[..., None] = command.upgrade
    made: dict[tuple[str, str], Callable[[Connection], None]] = {}

    def upgrade_as_before(config: Config, revision: str, **options: Any) -> None:
        connection: Connection = config.attributes["connection"]
        is_ours = config.get_main_option("script_location") == str(SCRIPTS)
        which = connection.dialect.name, revision
        if not is_ours or options or inspect(connection).get_table_names():
            upgrade(config, revision, **options)
        elif which in made:
            made[which](connection)
        elif connection.dialect.name == "sqlite":
            upgrade(config, revision)
            made[which] = _made_of_what_is_there(connection)
        else:
            made[which] = _made_as_recorded(connection, lambda: upgrade(config, revision))

    command.upgrade = upgrade_as_before  # type: ignore[assignment]


def _made_of_what_is_there(connection: Connection) -> Callable[[Connection], None]:
    """Return what makes the tables and the few rows that a file has now: a change of a table reads all others anew."""
    driver: Any = connection.connection.driver_connection
    found = "FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql IS NOT NULL ORDER BY rowid"
    statements = [sql for (sql,) in driver.execute(f"SELECT sql {found}").fetchall()]
    rows = {
        name: rows
        for name, kind in driver.execute(f"SELECT name, type {found}").fetchall()
        if kind == "table" and (rows := driver.execute(f'SELECT * FROM "{name}"').fetchall())
    }

    def make(other: Connection) -> None:
        driver: Any = other.connection.driver_connection
        for statement in statements:
            driver.execute(statement)
        for name, kept in rows.items():
            driver.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(kept[0]))})', kept)

    return make


def _made_as_recorded(connection: Connection, run: Callable[[], None]) -> Callable[[Connection], None]:
    """Return what carries out the statements that another run carries out now, those without parameters together."""
    pieces: list[tuple[list[str], Any]] = [([], None)]

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _is_many: Any) -> None:
        if statement.lstrip().upper().startswith(_READING):
            return
        if parameters or pieces[-1][1]:
            pieces.append(([statement], parameters or None))
        else:
            pieces[-1][0].append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        run()
    finally:
        event.remove(connection, "before_cursor_execute", note)

    def make(other: Connection) -> None:
        for statements, parameters in pieces:
            other.exec_driver_sql(";\n".join(statements), parameters)

    return make


def read_shipped_programs_once() -> None:
    """Read the shipped programs once: a third of what making a practice store takes. They are frozen."""
    read, folder = fixtures.read_programs, data_folder() / "programs"
    shipped = lru_cache(maxsize=1)(lambda: read(folder))
    seed.read_programs = lambda other: shipped() if other == folder else read(other)  # type: ignore[attr-defined,assignment]
