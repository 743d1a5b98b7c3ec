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
    """Make the tables of an empty database by what the first upgrade of one ran: all revisions take 0.3 s.

    A store that holds something is migrated for real.
    """
    upgrade: Callable[..., None] = command.upgrade
    recorded: dict[str, list[tuple[str, Any]]] = {}

    def upgrade_as_before(config: Config, revision: str, **options: Any) -> None:
        connection: Connection = config.attributes["connection"]
        is_ours = config.get_main_option("script_location") == str(SCRIPTS)
        if not is_ours or revision != "head" or options or inspect(connection).get_table_names():
            upgrade(config, revision, **options)
        elif (statements := recorded.get(connection.dialect.name)) is not None:
            for statement, parameters in statements:
                connection.exec_driver_sql(statement, parameters)
        else:
            recorded[connection.dialect.name] = _recorded(connection, lambda: upgrade(config, revision))

    command.upgrade = upgrade_as_before  # type: ignore[assignment]


def _recorded(connection: Connection, run: Callable[[], None]) -> list[tuple[str, Any]]:
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _is_many: Any) -> None:
        if not statement.lstrip().upper().startswith(_READING):
            statements.append((statement, parameters or None))

    event.listen(connection, "before_cursor_execute", note)
    try:
        run()
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return statements


def read_shipped_programs_once() -> None:
    """Read the shipped programs once: a third of what making a practice store takes. They are frozen."""
    read, folder = fixtures.read_programs, data_folder() / "programs"
    shipped = lru_cache(maxsize=1)(lambda: read(folder))
    seed.read_programs = lambda other: shipped() if other == folder else read(other)  # type: ignore[attr-defined,assignment]
