"""The log as its reader opens it, to be asked in SQL: what a row says of a resident stands sealed in the store."""

import sqlite3
from dataclasses import astuple, fields
from typing import Any

from store.foundation.connection import Connection
from store.foundation.keys import StoreKeys
from store.foundation.log_reading import LogRow, log_rows

_NAMES = [field.name for field in fields(LogRow)]


def ask_log(db: Connection, keys: StoreKeys | None, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
    """Return the rows of a query of the table `log` alone, in SQLite's SQL, whichever the store's database is."""
    opened = sqlite3.connect(":memory:")
    try:
        opened.execute(f"CREATE TABLE log ({', '.join(_NAMES)}, PRIMARY KEY (id))")
        rows = [astuple(one) for one in log_rows(db, keys)]
        opened.executemany(f"INSERT INTO log VALUES ({', '.join('?' for _ in _NAMES)})", rows)
        return opened.execute(sql, parameters).fetchall()
    finally:
        opened.close()
