"""A database connection that speaks plain SQL with `:name` parameters, whichever driver is under it."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

SqlRow = tuple[Any, ...]


class Connection:
    """One database connection with `:name` parameters on either database."""

    def __init__(self, driver: Any, *, pyformat: bool) -> None:
        self.driver = driver
        self._pyformat = pyformat

    def rows(self, sql: str, /, **parameters: object) -> list[SqlRow]:
        """Return all rows of a query."""
        cursor = self.driver.cursor()
        cursor.execute(self._dialect(sql), parameters)
        return cursor.fetchall()  # type: ignore[no-any-return]

    def row(self, sql: str, /, **parameters: object) -> SqlRow | None:
        """Return the first row of a query, or None."""
        found = self.rows(sql, **parameters)
        return found[0] if found else None

    def run(self, sql: str, /, **parameters: object) -> int:
        """Execute one statement; returns the number of rows it touched."""
        cursor = self.driver.cursor()
        cursor.execute(self._dialect(sql), parameters)
        return int(cursor.rowcount)

    def run_many(self, sql: str, parameters: Iterable[Mapping[str, object]]) -> None:
        """Execute one statement for each set of parameters."""
        cursor = self.driver.cursor()
        if self._pyformat:
            cursor.executemany(_pyformat(sql), list(parameters))
        else:  # SQLite's driver takes twice as long to find values by name
            first, *others = _PARAMETER.findall(sql)
            values = map(itemgetter(first, *others), parameters) if others else ((row[first],) for row in parameters)
            cursor.executemany(_PARAMETER.sub("?", sql), values)

    def _dialect(self, sql: str) -> str:
        return _pyformat(sql) if self._pyformat else sql


_PARAMETER = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")


@lru_cache(maxsize=512)
def _pyformat(sql: str) -> str:
    """Turn `:name` into psycopg's `%(name)s`; `::type` casts stay."""
    return _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%"))
