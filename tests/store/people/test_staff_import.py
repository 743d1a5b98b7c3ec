"""Staff from a CSV file: every fault by its line, all or nothing; added to the store and to no unit."""

from typing import Any

import pytest

from store.care.file_import import STAFF, import_rows
from store.foundation.access import OPERATOR, Actor, Role
from store.foundation.csv_file import FaultyFile, Imported, LineFault
from store.people.assignments import add_staff
from store.people.personnel import staff_page
from store.people.staff_import import read_staff
from tests.clinics import INACTIVE, PREFIX, PROVIDER_ADMIN, THERE, Clinic, staff
from tests.store.people.staffing import CLINICIAN, THEIR_ADMIN, admin_of, do, last_details, see

HEADER = "hsa-id;efternamn;fornamn;epost;skydd"
NEW = f"{PREFIX}NEW1"


def load(clinic: Clinic, *lines: str, header: str = HEADER, by: Actor = OPERATOR) -> int:
    imported = attempt(clinic, *lines, header=header, by=by)
    assert imported.skipped == ()
    return imported.number


def attempt(clinic: Clinic, *lines: str, header: str = HEADER, by: Actor) -> Imported:
    rows = read_staff("\n".join((header, *lines)).encode())
    return import_rows(clinic.store, by, STAFF, rows)


def stored(clinic: Clinic, hsa_id: str) -> tuple[Any, ...]:
    sql = "SELECT family_name, given_name, sort_name, email, protection FROM staff WHERE hsa_id = :id"
    return clinic.rows(sql, id=hsa_id)[0]


def test_somebody_new_comes_to_the_store_and_to_no_unit(clinic: Clinic) -> None:
    assert load(clinic, f"{NEW};Öst;Åsa;asa@example.org;sekretessmarkering", "") == 1
    assert stored(clinic, NEW) == ("Öst", "Åsa", "}st  {sa", "asa@example.org", "sekretessmarkering")
    assert (
        clinic.value("SELECT count(*) FROM assignment a JOIN staff s ON s.id = staff_id WHERE hsa_id = :i", i=NEW) == 0
    )
    rows = clinic.log("SELECT actor_kind, details FROM log WHERE action = 'importerade'")
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
    rows = clinic.log("SELECT unit_id, details FROM log WHERE action = 'importerade' ORDER BY id")
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

    def progress(done: int, total: int) -> None:
        steps.append((done, total))

    rows = read_staff(f"{HEADER}\n{NEW};Ek;Bo;;\n".encode(), progress)
    import_rows(clinic.store, OPERATOR, STAFF, rows, progress)
    assert steps[-1] == (2, 2)


# --- whose it is ---

SKIPPED = (LineFault(2, "Raden kan inte ändras härifrån"),)


def test_who_works_elsewhere_only_is_left_and_told_and_the_rest_is_imported(clinic: Clinic) -> None:
    before = stored(clinic, THEIR_ADMIN)
    lines = (f"{THEIR_ADMIN};Kapad;Eva;tjuv@example.org;", f"{NEW};Ek;Bo;;")
    assert attempt(clinic, *lines, by=admin_of(clinic)) == Imported(1, SKIPPED)
    assert stored(clinic, THEIR_ADMIN) == before
    assert stored(clinic, NEW)[0] == "Ek"
    assert last_details(clinic) == f"{THEIR_ADMIN}: Raden kan inte ändras härifrån"
    assert clinic.store.change_no(clinic.there) == 0
    assert attempt(clinic, lines[0], by=OPERATOR) == Imported(1, ())


def test_who_is_inactive_here_and_who_is_above_the_units_are_left(clinic: Clinic) -> None:
    for hsa_id in (INACTIVE, PROVIDER_ADMIN):
        assert attempt(clinic, f"{hsa_id};Kapad;Eva;;", by=admin_of(clinic)) == Imported(0, SKIPPED)


def test_who_works_here_too_is_changed(clinic: Clinic) -> None:
    with clinic.store.work(OPERATOR) as work:
        staff(work, clinic.here, f"{PREFIX}BOTH", Role.CLINICIAN)
    do(clinic, add_staff, f"{PREFIX}BOTH", by=admin_of(clinic, THERE))
    assert attempt(clinic, f"{PREFIX}BOTH;Ny;Eva;;", by=admin_of(clinic)) == Imported(1, ())
