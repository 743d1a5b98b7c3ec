"""Inserting a row, or changing the one that is there: the one place where the databases' own words for it stand.

Both know `ON CONFLICT`. A database that says it otherwise is taken in here, and has an engine of its own.
"""

from collections.abc import Sequence


def upsert(
    table: str,
    key: Sequence[str],
    *,
    replaced: Sequence[str] = (),
    added: Sequence[str] = (),
    filled: Sequence[str] = (),
    kept: Sequence[str] = (),
) -> str:
    """Return the statement that inserts a row, or changes the one with the same key; parameters are named as columns.

    Args:
        table: the table.
        key: the columns of the key; no two rows have the same values there.
        replaced: columns that take the new value.
        added: numbers that the new value is added to.
        filled: texts that take the new value unless it is empty.
        kept: columns that keep the value that they have.
    """
    changes = (
        *(f"{name} = excluded.{name}" for name in replaced),
        *(f"{name} = {table}.{name} + excluded.{name}" for name in added),
        *(f"{name} = CASE WHEN excluded.{name} = '' THEN {table}.{name} ELSE excluded.{name} END" for name in filled),
    )
    columns = (*key, *replaced, *added, *filled, *kept)
    what = f"UPDATE SET {', '.join(changes)}" if changes else "NOTHING"
    return f"{_insert(table, columns, _values(columns))} ON CONFLICT ({', '.join(key)}) DO {what}"


def insert_missing(table: str, columns: Sequence[str], query: str) -> str:
    """Return the statement that inserts what a query finds, but for rows that are there already.

    The query has the columns in the same order, and a WHERE: without one SQLite takes what follows for a join.
    """
    return f"{_insert(table, columns, query)} ON CONFLICT DO NOTHING"


def _insert(table: str, columns: Sequence[str], rows: str) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) {rows}"


def _values(columns: Sequence[str]) -> str:
    return f"VALUES ({', '.join(f':{name}' for name in columns)})"
