"""A CSV file of a unit's staff: placed on the unit with roles and trainings, line by line, all or nothing."""

from typing import Any

import pytest

from store.foundation.access import OPERATOR, Role
from store.foundation.csv_file import FaultyFile, LineFault
from store.foundation.errors import NeedsConfirmation, NotPermitted
from store.people.staff_placing import MOST_ROWS, REASON, place_staff, read_placed
from tests.clinics import COLLEAGUE, HERE, INACTIVE, PREFIX, Clinic
from tests.store.people.staffing import CLINICIAN, THEIR_ADMIN, admin_of, do, roles_of

HEADER = "hsa-id;efternamn;fornamn;epost;skydd;roller;utbildningar;skal"
NEW = f"{PREFIX}NEW1"


def place(clinic: Clinic, *lines: str, header: str = HEADER, confirmed: bool = False, **who: Any) -> list[int]:
    rows = read_placed("\n".join((header, *lines)).encode())
    placed: list[int] = do(clinic, place_staff, rows, confirmed=confirmed, **who)
    return placed


def there(clinic: Clinic) -> list[tuple[Any, ...]]:
    """All that the import could change."""
    return [
        *clinic.rows("SELECT hsa_id, family_name, email FROM staff ORDER BY hsa_id"),
        *clinic.rows("SELECT staff_id, unit_id, active FROM assignment ORDER BY staff_id, unit_id"),
        *clinic.rows("SELECT staff_id, unit_id, role, reason FROM assignmentrole ORDER BY staff_id, unit_id, role"),
        *clinic.rows("SELECT staff_id, subject FROM training ORDER BY staff_id, subject"),
    ]


def trainings(clinic: Clinic, hsa_id: str) -> list[str]:
    sql = "SELECT t.subject FROM training t JOIN staff s ON s.id = t.staff_id WHERE s.hsa_id = :id ORDER BY t.subject"
    return [subject for (subject,) in clinic.rows(sql, id=hsa_id)]


def test_somebody_new_is_placed_with_roles_trainings_and_the_reason(clinic: Clinic) -> None:
    line = f"{NEW};Öst;Åsa;asa@example.org;;Behandlare, utbildare;behandlare,utbildare,prov;Nyanställd"
    assert place(clinic, line) == []
    name = admin_of(clinic).name
    assert roles_of(clinic, NEW) == [("behandlare", name, "Nyanställd", ""), ("utbildare", name, "Nyanställd", "")]
    assert trainings(clinic, NEW) == ["behandlare", "prov", "utbildare"]
    details = [
        row[0] for row in clinic.log("SELECT details FROM log WHERE details LIKE :who ORDER BY id", who=f"{NEW}%")
    ]
    assert details[:2] == [f"{NEW}: importerad", f"{NEW}: tillagd"]
    assert f"{NEW}: rollen behandlare given: Nyanställd" in details


def test_without_the_columns_they_are_placed_without_roles(clinic: Clinic) -> None:
    assert place(clinic, f"{NEW};Ek;Bo", header="hsa-id;efternamn;fornamn") == []
    assert roles_of(clinic, NEW) == []
    assert (
        clinic.value("SELECT count(*) FROM assignment a JOIN staff s ON s.id = staff_id WHERE hsa_id = :i", i=NEW) == 1
    )


def test_who_is_there_keeps_what_is_held_and_gets_what_is_missing(clinic: Clinic) -> None:
    before = roles_of(clinic, COLLEAGUE)
    place(clinic, f"{COLLEAGUE};Ek;Bo;;;behandlare,loggranskare;loggranskare;")
    after = roles_of(clinic, COLLEAGUE)
    assert [role for role in after if role[0] == "behandlare"] == before
    assert [role[:1] + role[2:] for role in after if role[0] == "loggranskare"] == [("loggranskare", REASON, "")]
    assert place(clinic, f"{COLLEAGUE};Ek;Bo;;;;;") == []
    assert roles_of(clinic, COLLEAGUE) == after


def test_who_works_elsewhere_is_placed_and_not_changed(clinic: Clinic) -> None:
    sql = "SELECT family_name, email FROM staff WHERE hsa_id = :id"
    before = clinic.rows(sql, id=THEIR_ADMIN)
    line = f"{THEIR_ADMIN};Kapad;Eva;tjuv@example.org;;loggranskare;loggranskare;"
    assert place(clinic, line) == [2]
    assert clinic.rows(sql, id=THEIR_ADMIN) == before
    assert [role[0] for role in roles_of(clinic, THEIR_ADMIN)] == ["loggranskare"]


def test_every_fault_has_its_line_and_nothing_is_done(clinic: Clinic) -> None:
    before = there(clinic)
    with pytest.raises(FaultyFile) as faulty:
        place(clinic, f"{NEW};Ek;Bo;;;;;", f"{INACTIVE};Ek;Bo;;;behandlare;behandlare;", f"{PREFIX}A;Ek;Bo;;;;segling;")
    assert faulty.value.faults == (
        LineFault(
            3,
            f"Användaren med hsaid: {INACTIVE} finns redan på enheten med hsaid: {HERE}, men är inaktiv. "
            "Aktivera först.",
        ),
        LineFault(4, "segling är varken en roll eller ett programs id."),
    )
    assert there(clinic) == before


def test_a_role_that_is_none_is_told_before_the_store_is_touched() -> None:
    with pytest.raises(FaultyFile) as faulty:
        read_placed(f"{HEADER}\n{NEW};Ek;Bo;;;chef;;\n{NEW}2;Ek;Bo;;;vårdgivaradministratör;;".encode())
    assert [fault.line for fault in faulty.value.faults] == [2, 3]
    assert "Det finns ingen roll chef. Rollerna är behandlare," in faulty.value.faults[0].message


def test_a_role_without_its_training_is_warned_of_by_its_line(clinic: Clinic) -> None:
    before = there(clinic)
    lines = (f"{NEW};Ek;Bo;;;behandlare;behandlare;", f"{PREFIX}A;Ek;Bo;;;behandlare;;", f"{CLINICIAN};Ek;Bo;;;;;")
    with pytest.raises(NeedsConfirmation) as warned:
        place(clinic, *lines)
    assert warned.value.warnings == (f"Rad 3: {PREFIX}A har ingen registrerad utbildning för rollen behandlare.",)
    assert there(clinic) == before
    assert place(clinic, *lines, confirmed=True) == []
    assert [role[0] for role in roles_of(clinic, f"{PREFIX}A")] == ["behandlare"]


def test_a_thousand_at_most() -> None:
    lines = [f"{PREFIX}P{number};Ek;Bo;;;;;" for number in range(MOST_ROWS)]
    assert len(read_placed("\n".join((HEADER, *lines)).encode())) == MOST_ROWS
    with pytest.raises(FaultyFile) as faulty:
        read_placed("\n".join((HEADER, *lines, f"{NEW};Ek;Bo;;;;;")).encode())
    assert faulty.value.faults == (LineFault(MOST_ROWS + 2, f"Högst {MOST_ROWS} personer placeras åt gången."),)


def test_only_the_units_administrator_places(clinic: Clinic) -> None:
    for actor in (clinic.clinician, OPERATOR):
        with pytest.raises(NotPermitted):
            place(clinic, f"{NEW};Ek;Bo;;;;;", by=actor)
    assert Role.ACCESS_ADMIN not in clinic.clinician.roles
