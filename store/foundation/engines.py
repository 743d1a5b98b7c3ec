"""The two databases, by their addresses. The rest of the store sees `Engine` and `Connection`."""

from pathlib import Path

from store.foundation.engine import Engine
from store.foundation.errors import StoreUnreachable
from store.foundation.postgres_engine import PostgresEngine
from store.foundation.sqlite_engine import SqliteEngine


def engine_for(url: str | Path) -> Engine:
    """Return the engine for a path, a `sqlite:///` or a `postgresql://` address; opens nothing.

    Raises:
        StoreUnreachable: the address is of neither kind.
    """
    text = str(url)
    if text.startswith("sqlite:///"):
        return SqliteEngine(Path(text.removeprefix("sqlite:///")))
    if text.startswith(("postgresql+psycopg://", "postgresql://")):
        return PostgresEngine(text)
    if "://" in text:
        raise StoreUnreachable("Databasens adress känns inte igen. Ange en sökväg, sqlite:///… eller postgresql://….")
    return SqliteEngine(Path(text).expanduser())
