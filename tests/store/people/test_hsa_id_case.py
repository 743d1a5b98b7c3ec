"""HSA-ids compare without case wherever one is typed or read, and are stored as they were given first."""

import pytest

from store.care.handovers import accept_handover, offer_handover
from store.care.program_opening import close_program
from store.care.staffing import inactivate_staff, take_role
from store.care.starting import start_moment
from store.care.switching import switch_all, switch_clinician
from store.foundation.access import OPERATOR, Role
from store.foundation.csv_file import FaultyFile
from store.foundation.errors import NotPermitted, Refused
from store.people.assignments import (
    AlreadyThere,
    activate_staff,
    add_staff,
    appoint_admin,
    give_role,
    record_training,
)
from store.people.personnel import moments_left_by, staff_line
from store.people.sign_in import SeveralUnits, sign_in, sign_in_above
from store.people.staff_import import import_staff, read_staff
from store.views.todo import open_todo
from tests.clinics import ADULT, COLLEAGUE, HERE, INACTIVE, PREFIX, PROVIDER_ADMIN, THERE, Clinic, hsa_id_of
from tests.store.people.staffing import CLINICIAN, do, second_admin, see


def other_case(hsa_id: str) -> str:
    return hsa_id.swapcase()


def test_who_signs_in_is_who_is_stored(clinic: Clinic) -> None:
    found = sign_in(clinic.store, other_case(CLINICIAN), other_case(HERE))
    assert (found.hsa_id, found.unit_hsa_id) == (CLINICIAN, HERE)
    assert found.staff_id == clinic.clinician.staff_id
    assert found.roles == {Role.CLINICIAN}
    assert sign_in(clinic.store, f" {CLINICIAN.lower()} ").hsa_id == CLINICIAN
    above = sign_in_above(clinic.store, PROVIDER_ADMIN.lower())
    assert above.hsa_id == PROVIDER_ADMIN
    assert above.roles == {Role.PROVIDER_ADMIN}


def test_who_works_on_several_units_is_asked_in_any_case(clinic: Clinic) -> None:
    clinic.run(
        "INSERT INTO assignment (staff_id, unit_id, active, sort_name) VALUES (:id, :there, 1, 'x')",
        id=clinic.clinician.staff_id,
        there=clinic.there,
    )
    with pytest.raises(SeveralUnits):
        sign_in(clinic.store, CLINICIAN.lower())


def test_nobody_is_added_twice(clinic: Clinic) -> None:
    before = clinic.rows("SELECT id, hsa_id FROM staff ORDER BY id")
    with pytest.raises(AlreadyThere, match=f"hsaid: {CLINICIAN} finns redan på enheten med hsaid: {HERE}"):
        do(clinic, add_staff, other_case(CLINICIAN), family_name="Ny", given_name="Nora")
    with pytest.raises(AlreadyThere) as there:
        do(clinic, add_staff, other_case(INACTIVE))
    assert (there.value.hsa_id, there.value.is_inactive) == (INACTIVE, True)
    theirs = hsa_id_of(Role.CLINICIAN, THERE)
    do(clinic, add_staff, other_case(theirs))  # known elsewhere: no names are asked for
    assert see(clinic, staff_line, theirs).hsa_id == theirs
    assert clinic.rows("SELECT id, hsa_id FROM staff ORDER BY id") == before


def test_a_new_one_is_stored_as_given(clinic: Clinic) -> None:
    given = f"{PREFIX.lower()}nEw1"
    do(clinic, add_staff, given, family_name="Ny", given_name="Nora")
    assert see(clinic, staff_line, given.upper()).hsa_id == given


def test_all_that_is_done_with_a_person_finds_the_person(clinic: Clinic) -> None:
    second_admin(clinic)
    clinic.start()
    moments = clinic.value("SELECT count(*) FROM moment")
    assert len(see(clinic, moments_left_by, other_case(CLINICIAN))) == moments
    do(clinic, give_role, other_case(CLINICIAN), Role.RESIDENT_ADMIN, "behövs", confirmed=True)
    do(clinic, take_role, other_case(CLINICIAN), Role.RESIDENT_ADMIN, "behövs inte")
    do(clinic, record_training, other_case(CLINICIAN), "prov")
    assert see(clinic, staff_line, CLINICIAN).trainings == ("komigang-online", "prov")
    assert do(clinic, inactivate_staff, other_case(CLINICIAN), to=other_case(COLLEAGUE)) == moments
    assert see(clinic, staff_line, COLLEAGUE).moments == moments
    do(clinic, activate_staff, other_case(CLINICIAN))
    assert see(clinic, staff_line, CLINICIAN).is_active
    with clinic.store.work(OPERATOR) as work:
        assert appoint_admin(work, other_case(COLLEAGUE), other_case(HERE), "beslut 1/3") == COLLEAGUE
    (said,) = clinic.log("SELECT details FROM log WHERE details LIKE '%utsedd%'")
    assert said == (f"{COLLEAGUE}: utsedd till behörighetsadministratör på {HERE}: beslut 1/3",)


def test_a_clinician_may_name_oneself_in_any_case_and_no_other(clinic: Clinic) -> None:
    assert clinic.start(responsible=other_case(CLINICIAN))
    with pytest.raises(NotPermitted):
        clinic.start(program="prov", responsible=other_case(COLLEAGUE))
    with clinic.store.work(clinic.admin) as work:
        moment = start_moment(work, ADULT, "prov", responsible=other_case(COLLEAGUE), confirmed=True)
    assert clinic.value("SELECT responsible_id FROM moment WHERE id = :id", id=moment) == clinic.colleague.staff_id


@pytest.mark.parametrize("to", [COLLEAGUE, other_case(COLLEAGUE)])
def test_who_takes_over_is_found_in_any_case(clinic: Clinic, to: str) -> None:
    moment = clinic.start()
    with pytest.raises(Refused, match="redan ansvarig behandlare"):
        do(clinic, switch_clinician, moment, other_case(CLINICIAN), by=clinic.clinician)
    do(clinic, switch_clinician, moment, to, by=clinic.clinician)
    assert do(clinic, switch_all, other_case(COLLEAGUE), other_case(CLINICIAN), by=clinic.admin) == 1
    assert clinic.value("SELECT responsible_id FROM moment") == clinic.clinician.staff_id


def test_another_unit_and_its_clinician_are_found_in_any_case(clinic: Clinic) -> None:
    moment = clinic.start()
    do(clinic, offer_handover, moment, other_case(THERE), "tar över", by=clinic.clinician, confirmed=True)
    theirs = hsa_id_of(Role.CLINICIAN, THERE)
    do(clinic, accept_handover, moment, other_case(theirs), by=clinic.strange_admin)
    assert clinic.value("SELECT responsible_id FROM moment") == clinic.stranger.staff_id


def test_a_queue_is_ones_own_in_any_case(clinic: Clinic) -> None:
    clinic.start()
    for own in (CLINICIAN, other_case(CLINICIAN)):
        assert see(clinic, open_todo, own, by=clinic.clinician) == see(clinic, open_todo, by=clinic.clinician)
    with pytest.raises(NotPermitted):
        see(clinic, open_todo, other_case(COLLEAGUE), by=clinic.clinician)


def test_a_program_is_closed_for_the_unit_that_is_meant(clinic: Clinic) -> None:
    with clinic.store.work(OPERATOR) as work:
        close_program(work, "prov", other_case(HERE))
    assert clinic.log_value("SELECT details FROM log ORDER BY id DESC LIMIT 1") == f"prov stängt för {HERE}"


def test_a_file_of_staff_knows_who_is_there(clinic: Clinic) -> None:
    before = clinic.rows("SELECT id, hsa_id FROM staff ORDER BY id")
    imported(clinic, f"{other_case(CLINICIAN)};Zorn;Eva")
    assert clinic.rows("SELECT id, hsa_id FROM staff ORDER BY id") == before
    line = see(clinic, staff_line, CLINICIAN)
    assert (line.hsa_id, line.name) == (CLINICIAN, "Zorn, Eva")
    assert clinic.store.change_no(clinic.here) == 1
    theirs = hsa_id_of(Role.CLINICIAN, THERE)
    with clinic.store.work(clinic.someone(Role.ACCESS_ADMIN)) as work:
        found = import_staff(work, read_staff(f"hsa-id;efternamn;fornamn\n{other_case(theirs)};Ek;Bo".encode()))
    assert (found.number, [fault.line for fault in found.skipped]) == (0, [2])


def test_a_file_that_has_somebody_in_two_cases_is_refused(clinic: Clinic) -> None:
    with pytest.raises(FaultyFile) as refused:
        imported(clinic, f"{PREFIX}NEW1;Ek;Bo", f"{PREFIX}new1;Ek;Bo")
    assert [fault.message for fault in refused.value.faults] == [
        "Samma person står redan på rad 2. Ta bort den ena raden."
    ]


def imported(clinic: Clinic, *lines: str) -> None:
    rows = read_staff("\n".join(("hsa-id;efternamn;fornamn", *lines)).encode())
    with clinic.store.work(OPERATOR) as work:
        import_staff(work, rows)
