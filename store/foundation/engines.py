"""The two databases, by their addresses. The rest of the store sees `Engine` and `Connection`."""

from collections.abc import Callable, Mapping
from pathlib import Path

from store.foundation.engine import Engine
from store.foundation.errors import StoreUnreachable
from store.foundation.keys import StoreKeys
from store.foundation.postgres_engine import PostgresEngine
from store.foundation.seals import SealedTable, Seals
from store.foundation.sqlite_engine import SqliteEngine

Declared = Callable[[], Mapping[str, SealedTable]]
"""What says which tables have free texts, by name."""


def engine_for(url: str | Path, keys: StoreKeys | None = None, declared: Declared = lambda: {}) -> Engine:
    """Return the engine for a path, a `sqlite:///` or a `postgresql://` address; opens nothing.

    A file is encrypted with the keys; of a server's rows the free texts are sealed, in the tables that are `declared`.

    Raises:
        StoreUnreachable: the address is of neither kind.
    """
    text, cipher = str(url), keys.cipher if keys else ""
    if text.startswith("sqlite:///"):
        return SqliteEngine(Path(text.removeprefix("sqlite:///")), cipher)
    if text.startswith(("postgresql+psycopg://", "postgresql://")):
        return PostgresEngine(text, Seals(keys, declared) if keys else None)
    if "://" in text:
        raise StoreUnreachable("Databasens adress känns inte igen. Ange en sökväg, sqlite:///… eller postgresql://….")
    return SqliteEngine(Path(text).expanduser(), cipher)
