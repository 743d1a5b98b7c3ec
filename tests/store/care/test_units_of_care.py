"""Every row of care says whose unit it is, whoever writes it: that of its moment, wherever the moment goes."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table

from store.care.flags import add_flag
from store.tables import METADATA
from tests.clinics import Clinic

FOLLOWING = [
    table
    for table in METADATA.sorted_tables
    if (unit := table.columns.get("unit_id")) is not None and unit.server_default is not None
]
"""The tables whose rows get their unit from the database, those first that others name."""


def _values(clinic: Clinic, table: Table, moment: int) -> Iterator[tuple[str, Any]]:
    known = {"resident_id": clinic.adult, "moment_id": moment, "staff_id": clinic.clinician.staff_id}
    for column in table.columns:
        if column.nullable or column.server_default is not None or column.name == "id":
            continue
        yield column.name, known.get(column.name, _some(clinic, column))


def _some(clinic: Clinic, column: Column[Any]) -> Any:
    for key in column.foreign_keys:
        return clinic.value(f"SELECT max(id) FROM {key.column.table.name}")
    return "x" if column.type.python_type is str else 1


def test_the_database_fills_in_the_unit_and_moves_it_along_but_for_drafts(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        add_flag(work, moment, "Ring.")
    for table in FOLLOWING:
        row = dict(_values(clinic, table, moment))
        names = ", ".join(row)
        clinic.run(f"INSERT INTO {table.name} ({names}) VALUES ({', '.join(f':{name}' for name in row)})", **row)
    assert len(FOLLOWING) == 17
    assert {table.name: set(clinic.rows(f"SELECT unit_id FROM {table.name}")) for table in FOLLOWING} == {
        table.name: {(clinic.here,)} for table in FOLLOWING
    }
    clinic.run("UPDATE moment SET unit_id = :there WHERE id = :id", there=clinic.there, id=moment)
    assert {table.name: set(clinic.rows(f"SELECT unit_id FROM {table.name}")) for table in FOLLOWING} == {
        table.name: {(clinic.here if table.name == "draft" else clinic.there,)} for table in FOLLOWING
    }
