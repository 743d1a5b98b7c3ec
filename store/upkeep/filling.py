"""Writing the rows of a whole store into empty tables: plain as they come, and sealed where the database needs it.

Rows come as a backup has them (`store.upkeep.backup_file.Rows`), with their free texts plain, whichever database they
are from.
"""

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import Table

from store.foundation.connection import Connection
from store.tables import insert_of
from store.upkeep.backup_file import BackupBroken, Rows

RESIDENTS, KEYS = "resident", "resident_key"
FIRST = (RESIDENTS, KEYS)
"""The tables without which no other row can be sealed; where they come first they are found at once."""


def fill_tables(
    db: Connection, tables: Mapping[str, Table], read: Callable[[], Iterator[Rows]], counts: Mapping[str, int]
) -> None:
    """Write rows into empty tables.

    Where free texts are sealed the rows are read twice: the residents' keys have to be there before anything of theirs
    is, and the residents before their keys.

    Args:
        db: the transaction.
        tables: the tables, by name.
        read: yields the rows of all tables, those first that others name; the same each time.
        counts: how many rows each table has.

    Raises:
        BackupBroken: a row has other columns than its table.
        SealBroken: a resident has no key that opens.
    """
    if db.seals is None:
        for some in read():
            db.run_many(insert_of(tables[some.table]), rows_of(tables, some))
        return
    _fill_residents(db, tables, read, sum(counts.get(name, 0) for name in FIRST))
    for some in read():
        if some.table == RESIDENTS:
            _fill_in_texts(db, rows_of(tables, some))
        elif some.table != KEYS:
            db.run_many(insert_of(tables[some.table]), db.sealed_rows(some.table, rows_of(tables, some)))


def rows_of(tables: Mapping[str, Table], some: Rows) -> list[dict[str, object]]:
    """Return rows by column; raises `BackupBroken` where they are not the table's."""
    if set(some.columns) != {column.name for column in tables[some.table].columns}:
        raise BackupBroken
    return [dict(zip(some.columns, row, strict=True)) for row in some.rows]


def _fill_residents(db: Connection, tables: Mapping[str, Table], read: Callable[[], Iterator[Rows]], left: int) -> None:
    """Write the residents, without the texts that their keys seal, and their keys."""
    blank = dict.fromkeys(_texts(db), "")
    portions = read()
    while left > 0 and (some := next(portions, None)) is not None:
        if some.table in FIRST:
            left -= len(some.rows)
            rows = rows_of(tables, some)
            without = blank if some.table == RESIDENTS else {}
            db.run_many(insert_of(tables[some.table]), [{**row, **without} for row in rows])


def _fill_in_texts(db: Connection, rows: list[dict[str, object]]) -> None:
    texts = _texts(db)
    given = ", ".join(f"{name} = :{name}" for name in texts)
    known = [one for one in rows if any(one[name] for name in texts)]
    db.run_many(f"UPDATE {RESIDENTS} SET {given} WHERE id = :id", db.sealed_rows(RESIDENTS, known))


def _texts(db: Connection) -> tuple[str, ...]:
    return () if db.seals is None else db.seals.tables[RESIDENTS].texts
