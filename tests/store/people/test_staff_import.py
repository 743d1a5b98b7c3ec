"""Staff from a CSV file: every fault by its line, all or nothing; added to the store and to no unit."""

from typing import Any

import pytest

from store.foundation.access import OPERATOR, Actor
from store.foundation.csv_file import FaultyFile
from store.people.personnel import staff_page
from store.people.staff_import import import_staff
from tests.clinics import PREFIX, Clinic
from tests.store.people.staffing import CLINICIAN, THEIR_ADMIN, admin_of, see

HEADER = "hsa-id;efternamn;fornamn;epost;skydd"
NEW = f"{PREFIX}NEW1"


def load(clinic: Clinic, *lines: str, header: str = HEADER, by: Actor = OPERATOR) -> int:
    with clinic.store.work(by) as work:
        return import_staff(work, "\n".join((header, *lines)).encode())


def stored(clinic: Clinic, hsa_id: str) -> tuple[Any, ...]:
    sql = "SELECT family_name, given_name, sort_name, email, protection FROM staff WHERE hsa_id = :id"
    return clinic.rows(sql, id=hsa_id)[0]


def test_somebody_new_comes_to_the_store_and_to_no_unit(clinic: Clinic) -> None:
    assert load(clinic, f"{NEW};Öst;Åsa;asa@example.org;sekretessmarkering", "") == 1
    assert stored(clinic, NEW) == ("Öst", "Åsa", "}st  {sa", "asa@example.org", "sekretessmarkering")
    assert (
        clinic.value("SELECT count(*) FROM assignment a JOIN staff s ON s.id = staff_id WHERE hsa_id = :i", i=NEW) == 0
    )
    rows = clinic.rows("SELECT actor_kind, details FROM log WHERE action = 'importerade'")
    assert rows == [("drift", f"{NEW}: importerad")]


def test_somebody_known_is_updated_and_an_empty_cell_changes_nothing(clinic: Clinic) -> None:
    load(clinic, f"{CLINICIAN};Zorn;Eva;eva@example.org;skyddad-folkbokforing", f"{THEIR_ADMIN};Ek;Bo;;")
    load(clinic, f"Eva;Åberg;{CLINICIAN}", header="fornamn;efternamn;hsa-id")
    assert stored(clinic, CLINICIAN) == ("Åberg", "Eva", "{berg  eva", "eva@example.org", "skyddad-folkbokforing")
    assert see(clinic, staff_page, active=True)[-1].name == "Åberg, Eva"
    assert [clinic.store.change_no(unit) for unit in (clinic.here, clinic.there)] == [2, 1]


def test_the_administrator_imports_too(clinic: Clinic) -> None:
    assert load(clinic, f"{NEW};Ek;Bo;;", by=admin_of(clinic)) == 1
    assert load(clinic, by=admin_of(clinic)) == 0
    rows = clinic.rows("SELECT unit_id, details FROM log WHERE action = 'importerade' ORDER BY id")
    assert rows == [(clinic.here, f"{NEW}: importerad"), (clinic.here, "0 rader")]


def test_every_fault_is_told_by_its_line_and_nothing_is_imported(clinic: Clinic) -> None:
    with pytest.raises(FaultyFile) as error:
        load(
            clinic,
            f"{NEW};Ek;Bo;;",
            "fel;Ek;Bo;;",
            f"{PREFIX}A;;Bo;;",
            f"{PREFIX}B;Ek;Bo;fel;",
            f"{PREFIX}C;Ek;Bo;;hemlig",
            f"{NEW};Ek;Bo;;",
            f"{PREFIX}D;Ek;Bo",
        )
    assert [fault.line for fault in error.value.faults] == [3, 4, 5, 6, 7, 8]
    said = [fault.message for fault in error.value.faults]
    assert said[3] == "Kolumnen skydd kan vara sekretessmarkering, skyddad-folkbokforing eller tom."
    assert said[4] == "Samma person står redan på rad 2. Ta bort den ena raden."
    assert said[5] == "Raden har 3 kolumner, rubrikraden 5."
    assert error.value.message == "Ingenting importerades: 6 fel i filen."
    assert clinic.value("SELECT count(*) FROM staff WHERE hsa_id = :id", id=NEW) == 0


@pytest.mark.parametrize(
    "header", ["hsa-id;efternamn", "hsa-id;efternamn;fornamn;mobil", "hsa-id;efternamn;fornamn;epost;epost"]
)
def test_a_wrong_header_is_line_1(clinic: Clinic, header: str) -> None:
    with pytest.raises(FaultyFile) as error:
        load(clinic, header=header)
    assert [(fault.line, HEADER in fault.message) for fault in error.value.faults] == [(1, True)]


def test_progress_ends_with_all(clinic: Clinic) -> None:
    steps: list[tuple[int, int]] = []
    with clinic.store.work(OPERATOR) as work:
        import_staff(work, f"{HEADER}\n{NEW};Ek;Bo;;\n".encode(), lambda done, total: steps.append((done, total)))
    assert steps[-1] == (2, 2)
