"""Roles end by themselves, and bite at the next transaction; never on the last, nor on who has running moments."""

import pytest

from store.care.endings import end_moment
from store.care.staffing import inactivate_staff, take_role
from store.care.switching import switch_clinician
from store.foundation.access import Role
from store.foundation.errors import NotPermitted, Refused
from store.people.assignments import give_role
from store.people.personnel import personnel, staff_line
from store.people.sign_in import AssignmentGone, RoleGone, sign_in
from store.views.lists import Tab, open_list
from store.views.moment import open_moment
from tests.clinics import CHILD, COLLEAGUE, Clinic
from tests.store.people.staffing import (
    ADMIN,
    CLINICIAN,
    RESIDENT_ADMIN,
    SECOND,
    TODAY,
    do,
    end_role,
    let_days_pass,
    second_admin,
    see,
)


def test_a_role_is_held_on_its_last_day_and_not_on_the_next(clinic: Clinic) -> None:
    end_role(clinic, RESIDENT_ADMIN, Role.RESIDENT_ADMIN, TODAY)
    assert clinic.someone(Role.RESIDENT_ADMIN).roles == {Role.RESIDENT_ADMIN}
    clinic.clock.set(2026, 3, 2, 22, 59)
    see(clinic, open_list, Tab.ALL, by=clinic.admin)
    clinic.clock.set(2026, 3, 2, 23, 0)  # midnight in Stockholm
    with pytest.raises(RoleGone) as error:
        see(clinic, open_list, Tab.ALL, by=clinic.admin)
    assert error.value.message == (
        "Du har inte längre rollen invånaradministratör: den har tagits bort eller gått ut. "
        "Kontakta enhetens behörighetsadministratör om det är fel."
    )
    assert error.value.exit_code == 4
    assert clinic.someone(Role.RESIDENT_ADMIN).roles == frozenset()


def test_who_signs_in_after_it_hears_the_one_sentence(clinic: Clinic) -> None:
    end_role(clinic, RESIDENT_ADMIN, Role.RESIDENT_ADMIN, TODAY)
    let_days_pass(clinic, 1)
    with pytest.raises(NotPermitted) as error:
        see(clinic, open_list, Tab.ALL, by=sign_in(clinic.store, RESIDENT_ADMIN))
    assert error.value.message == NotPermitted.SENTENCE


def test_a_role_taken_away_bites_at_the_next_operation_with_a_sentence_that_says_so(clinic: Clinic) -> None:
    signed_in = clinic.admin
    do(clinic, take_role, RESIDENT_ADMIN, Role.RESIDENT_ADMIN, "Slutar")
    with pytest.raises(RoleGone, match="inte längre rollen invånaradministratör"):
        see(clinic, open_list, Tab.ALL, by=signed_in)
    do(clinic, give_role, RESIDENT_ADMIN, Role.RESIDENT_ADMIN, "Ångrat", confirmed=True)
    see(clinic, open_list, Tab.ALL, by=signed_in)


def test_two_roles_lost_one_after_the_other_are_both_told_of(clinic: Clinic) -> None:
    do(clinic, give_role, RESIDENT_ADMIN, Role.CLINICIAN, "Båda", confirmed=True)
    held = sign_in(clinic.store, RESIDENT_ADMIN)
    both = (Role.RESIDENT_ADMIN, Role.CLINICIAN)
    for role in both:
        do(clinic, take_role, RESIDENT_ADMIN, role, "Slutar")
        with clinic.store.lend() as db:
            held = held.current(db, clinic.clock.now)
    assert (held.roles, held.lost) == (frozenset(), frozenset(both))
    for role in both:
        assert str(role) in held.refusal(None, frozenset({role})).message


def test_a_role_on_its_last_day_is_held_and_not_kept(clinic: Clinic) -> None:
    end_role(clinic, ADMIN, Role.ACCESS_ADMIN, TODAY)
    end_role(clinic, RESIDENT_ADMIN, Role.RESIDENT_ADMIN, TODAY)
    (role,) = see(clinic, staff_line, ADMIN).roles
    assert (role.is_held, role.is_kept) == (True, False)
    assert len(see(clinic, personnel).advice) == 1, "that there is one administrator alone"
    let_days_pass(clinic, 1)
    assert len(see(clinic, personnel).advice) == 2, "no other role than these two lasts past its end"
    (ended,) = see(clinic, staff_line, RESIDENT_ADMIN).roles
    assert (ended.is_held, ended.is_kept) == (False, False)


def test_a_lost_role_tells_nothing_that_could_not_be_seen_with_it(clinic: Clinic) -> None:
    own, strange = clinic.start(), clinic.start(CHILD, by=clinic.stranger, confirmed=True)
    others = clinic.start(program="prov", by=clinic.colleague)
    clinic.run("DELETE FROM assignmentrole WHERE staff_id = :id", id=clinic.clinician.staff_id)
    with pytest.raises(RoleGone, match="rollen behandlare"):
        see(clinic, open_moment, own, by=clinic.clinician)
    for moment in (strange, others, 4711):
        with pytest.raises(NotPermitted) as error:
            see(clinic, open_moment, moment, by=clinic.clinician)
        assert error.value.message == NotPermitted.SENTENCE


def test_the_list_that_needed_the_role_says_so_too(clinic: Clinic) -> None:
    do(clinic, give_role, COLLEAGUE, Role.RESIDENT_ADMIN, "x", confirmed=True)
    both = sign_in(clinic.store, COLLEAGUE)
    do(clinic, take_role, COLLEAGUE, Role.CLINICIAN, "x")
    see(clinic, open_list, Tab.ALL, by=both)
    with pytest.raises(RoleGone, match="rollen behandlare"):
        see(clinic, open_list, Tab.MINE, by=both)


def test_an_inactivated_assignment_says_so(clinic: Clinic) -> None:
    signed_in = clinic.colleague
    do(clinic, inactivate_staff, COLLEAGUE)
    with pytest.raises(AssignmentGone, match="Ditt uppdrag på enheten är inaktiverat"):
        see(clinic, open_list, Tab.MINE, by=signed_in)
    with pytest.raises(NotPermitted) as error:
        sign_in(clinic.store, COLLEAGUE)
    assert error.value.message == NotPermitted.SENTENCE


# --- where it does not bite ---


def test_the_end_does_not_bite_on_the_last_administrator_and_becomes_a_matter(clinic: Clinic) -> None:
    end_role(clinic, ADMIN, Role.ACCESS_ADMIN, TODAY)
    let_days_pass(clinic, 30)
    assert clinic.someone(Role.ACCESS_ADMIN).roles == {Role.ACCESS_ADMIN}
    advice = see(clinic, personnel).advice
    assert advice == (
        "Kim T1accessadmin är ensam behörighetsadministratör. Det är bra om mer än en person har rollen, till exempel "
        "när någon blir sjuk.",
        "Rollen behörighetsadministratör för Kim T1accessadmin skulle ha gått ut 2026-03-02 men gäller än, eftersom "
        "rollen annars skulle saknas på enheten.",
    )
    (role,) = see(clinic, staff_line, ADMIN).roles
    assert (role.is_held, role.is_kept) == (True, True)


def test_it_bites_when_another_has_come(clinic: Clinic) -> None:
    end_role(clinic, ADMIN, Role.ACCESS_ADMIN, TODAY)
    let_days_pass(clinic, 30)
    first = clinic.someone(Role.ACCESS_ADMIN)
    do(clinic, give_role, COLLEAGUE, Role.ACCESS_ADMIN, "Tar över", confirmed=True)
    with pytest.raises(RoleGone, match="behörighetsadministratör"):
        see(clinic, personnel, by=first)
    assert see(clinic, staff_line, ADMIN, by=sign_in(clinic.store, COLLEAGUE)).roles[0].is_held is False


def test_what_has_bitten_does_not_come_back_when_the_others_end_passes(clinic: Clinic) -> None:
    second_admin(clinic)
    end_role(clinic, SECOND, Role.ACCESS_ADMIN, TODAY)
    end_role(clinic, ADMIN, Role.ACCESS_ADMIN, let_days_pass(clinic, 2))
    assert sign_in(clinic.store, SECOND).roles == frozenset()
    let_days_pass(clinic, 3)
    assert clinic.someone(Role.ACCESS_ADMIN).roles == {Role.ACCESS_ADMIN}
    assert sign_in(clinic.store, SECOND).roles == frozenset()


def test_two_that_end_on_one_day_are_both_kept_and_either_may_go(clinic: Clinic) -> None:
    second_admin(clinic)
    for hsa_id in (ADMIN, SECOND):
        end_role(clinic, hsa_id, Role.ACCESS_ADMIN, TODAY)
    let_days_pass(clinic, 1)
    do(clinic, inactivate_staff, SECOND)
    with pytest.raises(Refused, match="enda behörighetsadministratör"):
        do(clinic, inactivate_staff, ADMIN)


def test_an_ended_role_is_no_other_administrator(clinic: Clinic) -> None:
    second_admin(clinic)
    end_role(clinic, SECOND, Role.ACCESS_ADMIN, TODAY)
    let_days_pass(clinic, 1)
    with pytest.raises(Refused, match="enda behörighetsadministratör"):
        do(clinic, take_role, ADMIN, Role.ACCESS_ADMIN, "x")


def test_the_end_does_not_bite_on_a_clinician_with_running_moments(clinic: Clinic) -> None:
    moments = [clinic.start(), clinic.start(program="prov")]
    end_role(clinic, CLINICIAN, Role.CLINICIAN, TODAY)
    let_days_pass(clinic, 1)
    see(clinic, open_moment, moments[0], by=clinic.clinician)
    said = "Rollen behandlare för Kim T1clinician skulle ha gått ut 2026-03-02 men gäller än, eftersom hen är"
    assert f"{said} ansvarig behandlare för 2 moment." in see(clinic, personnel).advice
    do(clinic, switch_clinician, moments[0], COLLEAGUE, by=clinic.admin)
    assert f"{said} ansvarig behandlare för ett moment." in see(clinic, personnel).advice
    do(clinic, end_moment, moments[1], "Klart", by=clinic.clinician)
    assert len(see(clinic, personnel).advice) == 1
    with pytest.raises(NotPermitted):
        see(clinic, open_list, Tab.MINE, by=clinic.clinician)


def test_nobody_gets_a_moment_after_the_end(clinic: Clinic) -> None:
    moment = clinic.start()
    end_role(clinic, COLLEAGUE, Role.CLINICIAN, TODAY)
    do(clinic, switch_clinician, moment, COLLEAGUE, by=clinic.admin)
    do(clinic, switch_clinician, moment, CLINICIAN, by=clinic.admin)
    let_days_pass(clinic, 1)
    with pytest.raises(Refused, match="är inte aktiv behandlare"):
        do(clinic, switch_clinician, moment, COLLEAGUE, by=clinic.admin)
