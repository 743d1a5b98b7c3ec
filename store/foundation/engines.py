"""The two databases, by their addresses. The rest of the store sees `Engine` and `Connection`."""

from pathlib import Path

from store.foundation.engine import Engine
from store.foundation.errors import StoreUnreachable
from store.foundation.keys import StoreKeys
from store.foundation.postgres_engine import PostgresEngine
from store.foundation.sqlite_engine import SqliteEngine


def engine_for(url: str | Path, keys: StoreKeys | None = None) -> Engine:
    """Return the engine for a path, a `sqlite:///` or a `postgresql://` address; opens nothing.

    A file is encrypted with the keys; a server's rows are sealed one by one.

    Raises:
        StoreUnreachable: the address is of neither kind.
    """
    text, cipher = str(url), keys.cipher if keys else ""
    if text.startswith("sqlite:///"):
        return SqliteEngine(Path(text.removeprefix("sqlite:///")), cipher)
    if text.startswith(("postgresql+psycopg://", "postgresql://")):
        return PostgresEngine(text)
    if "://" in text:
        raise StoreUnreachable("Databasens adress känns inte igen. Ange en sökväg, sqlite:///… eller postgresql://….")
    return SqliteEngine(Path(text).expanduser(), cipher)
