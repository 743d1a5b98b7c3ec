"""Every row of care says whose unit it is, whoever writes it: that of its moment, wherever the moment goes."""

from store.tables import METADATA
from tests.clinics import Clinic
from tests.store.care_rows import fill

FOLLOWING = [
    table.name
    for table in METADATA.sorted_tables
    if (unit := table.columns.get("unit_id")) is not None and unit.server_default is not None
]
"""The tables whose rows get their unit from the database."""


def test_the_database_fills_in_the_unit_and_moves_it_along_but_for_drafts(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    fill(clinic, moment)
    assert len(FOLLOWING) == 17
    assert {table: set(clinic.rows(f"SELECT unit_id FROM {table}")) for table in FOLLOWING} == {
        table: {(clinic.here,)} for table in FOLLOWING
    }
    clinic.run("UPDATE moment SET unit_id = :there WHERE id = :id", there=clinic.there, id=moment)
    assert {table: set(clinic.rows(f"SELECT unit_id FROM {table}")) for table in FOLLOWING} == {
        table: {(clinic.here if table == "draft" else clinic.there,)} for table in FOLLOWING
    }
