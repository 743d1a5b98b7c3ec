"""Rows in every table of care, whatever columns it has: a table that comes later is filled by itself."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table

from store.fence.tables import BEHIND
from store.tables import METADATA
from tests.clinics import Clinic

_ONES_OWN = ("resident", "moment")
TABLES = [table for table in METADATA.sorted_tables if table.name in BEHIND and table.name not in _ONES_OWN]
"""Those that can be filled for a moment that is there, those first that others name."""


def fill(clinic: Clinic, moment: int) -> None:
    """Add a row about a moment to each table."""
    resident, unit = clinic.rows("SELECT resident_id, unit_id FROM moment WHERE id = :id", id=moment)[0]
    known = {"resident_id": resident, "moment_id": moment, "unit_id": unit, "staff_id": clinic.clinician.staff_id}
    known |= {"child_id": resident, "guardian_id": resident, "from_unit_id": unit, "to_unit_id": unit}
    for table in TABLES:
        row = dict(_values(clinic, table, known))
        names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        clinic.run(
            f"INSERT INTO {table.name} ({names}) VALUES ({values}) ON CONFLICT DO NOTHING",
            **row,
        )


def _values(clinic: Clinic, table: Table, known: dict[str, int]) -> Iterator[tuple[str, Any]]:
    for column in table.columns:
        if column.server_default is None and column.name != "id" and (column.name == "unit_id" or not column.nullable):
            yield column.name, known.get(column.name, _some(clinic, column))


def _some(clinic: Clinic, column: Column[Any]) -> Any:
    for key in column.foreign_keys:
        return clinic.value(f"SELECT max(id) FROM {key.column.table.name}")
    return "x" if column.type.python_type is str else 1
