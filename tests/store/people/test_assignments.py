"""Who works on a unit, with which roles: added, activated, trained, given roles (FAQ; domain.md §7)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from store.foundation.access import OPERATOR, Role
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.people.assignments import (
    AlreadyThere,
    activate_staff,
    add_staff,
    appoint_admin,
    give_role,
    record_training,
)
from store.people.sign_in import sign_in
from tests.clinics import COLLEAGUE, HERE, INACTIVE, PREFIX, THERE, Clinic, staff
from tests.signing_in import let_in
from tests.store.people.staffing import (
    ADMIN,
    CLINICIAN,
    THEIR_ADMIN,
    TODAY,
    admin_of,
    do,
    end_role,
    is_active,
    last_details,
    let_days_pass,
    roles_of,
)

NEW = f"{PREFIX}NEW1"
NAMES: dict[str, Any] = {"family_name": "Ek", "given_name": "Åsa", "email": "asa.ek@example.org"}


def names_of(clinic: Clinic, hsa_id: str) -> tuple[Any, ...]:
    return clinic.rows(
        "SELECT s.family_name, s.given_name, s.email, a.active, a.sort_name FROM staff s"
        " JOIN assignment a ON a.staff_id = s.id AND a.unit_id = :unit WHERE s.hsa_id = :hsa_id",
        unit=clinic.here,
        hsa_id=hsa_id,
    )[0]


def test_somebody_new_is_added_without_roles(clinic: Clinic) -> None:
    do(clinic, add_staff, f" {NEW} ", **NAMES)
    assert names_of(clinic, NEW) == ("Ek", "Åsa", "asa.ek@example.org", 1, "ek  {sa")
    assert roles_of(clinic, NEW) == []
    assert sign_in(clinic.store, NEW).roles == frozenset()
    assert last_details(clinic) == f"{NEW}: tillagd"


def test_the_names_are_asked_for_only_when_the_store_does_not_know_the_person(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="HSA-id:t är nytt här") as error:
        do(clinic, add_staff, NEW)
    assert error.value.field == "efternamn"
    with pytest.raises(Refused, match="HSA-id:t är nytt här") as error:
        do(clinic, add_staff, NEW, family_name="Ek")
    assert error.value.field == "fornamn"
    with pytest.raises(Refused, match="HSA-id:t är nytt här") as error:
        do(clinic, add_staff, NEW, given_name="Åsa")
    assert error.value.field == "efternamn"
    for email in (None, ""):
        new = f"{NEW}{'x' if email is None else 'y'}"
        do(clinic, add_staff, new, family_name="Ek", given_name="Åsa", email=email)
        assert names_of(clinic, new)[2] == ""
    do(clinic, add_staff, THEIR_ADMIN)
    assert names_of(clinic, THEIR_ADMIN)[:2] == ("T2accessadmin", "Kim")
    assert sign_in(clinic.store, THEIR_ADMIN, THERE).roles == {Role.ACCESS_ADMIN}
    assert sign_in(clinic.store, THEIR_ADMIN, HERE).roles == frozenset()


@pytest.mark.parametrize(("hsa_id", "inactive"), [(COLLEAGUE, False), (INACTIVE, True)])
def test_who_is_there_already_is_told_in_the_platforms_words_before_any_name(
    clinic: Clinic, hsa_id: str, inactive: bool
) -> None:
    with pytest.raises(AlreadyThere) as error:
        do(clinic, add_staff, hsa_id)
    assert error.value.message == f"Användaren med hsaid: {hsa_id} finns redan på enheten med hsaid: {HERE}"
    assert (error.value.is_inactive, error.value.hsa_id) == (inactive, hsa_id)
    with pytest.raises(AlreadyThere):
        do(clinic, add_staff, hsa_id, family_name="", given_name="", email="fel")


@pytest.mark.parametrize(
    ("hsa_id", "changes", "said"),
    [
        ("SE1", {}, "Ett HSA-id är SE"),
        (NEW, {"family_name": " "}, "Efternamnet saknas"),
        (NEW, {"given_name": "1"}, "minst en bokstav"),
        (NEW, {"email": "fel"}, "ett @"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_added(
    clinic: Clinic, hsa_id: str, changes: dict[str, str], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        do(clinic, add_staff, hsa_id, **{**NAMES, **changes})
    assert clinic.value("SELECT count(*) FROM staff WHERE hsa_id = :hsa_id", hsa_id=NEW) == 0


def test_two_units_may_add_the_same_new_person_at_once(served: Clinic) -> None:
    together = threading.Barrier(2)

    def add(unit: str) -> None:
        actor = admin_of(served, unit)
        together.wait(15)
        do(served, add_staff, NEW, by=actor, **NAMES)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, (HERE, THERE)))
    assert served.value("SELECT count(*) FROM staff WHERE hsa_id = :hsa_id", hsa_id=NEW) == 1
    assert (
        served.value("SELECT count(*) FROM assignment a JOIN staff s ON s.id = staff_id WHERE hsa_id = :n", n=NEW) == 2
    )


def test_who_returns_has_the_roles_held_before(clinic: Clinic) -> None:
    do(clinic, activate_staff, INACTIVE)
    assert sign_in(clinic.store, INACTIVE).roles == {Role.CLINICIAN}
    assert last_details(clinic) == f"{INACTIVE}: aktiverad"
    with pytest.raises(Refused, match="är redan aktiv på enheten"):
        do(clinic, activate_staff, INACTIVE)


def test_a_role_that_ran_out_meanwhile_does_not_come_back(clinic: Clinic) -> None:
    end_role(clinic, INACTIVE, Role.CLINICIAN, TODAY)
    let_days_pass(clinic, 1)
    do(clinic, activate_staff, INACTIVE)
    assert roles_of(clinic, INACTIVE) == []


def test_a_role_is_given_with_who_why_and_until_when(clinic: Clinic) -> None:
    do(clinic, give_role, COLLEAGUE, Role.RESIDENT_ADMIN, " Vikarie\x1b[31m ", until=date(2026, 3, 31), confirmed=True)
    given = ("invånaradministratör", "Kim T1accessadmin", "Vikarie", "2026-03-31")
    assert given in roles_of(clinic, COLLEAGUE)
    at = clinic.rows("SELECT given_at FROM assignmentrole WHERE reason = 'Vikarie'")
    assert at == [(clinic.clock.now,)]
    assert sign_in(clinic.store, COLLEAGUE).roles == {Role.CLINICIAN, Role.RESIDENT_ADMIN}
    said = f"{COLLEAGUE}: rollen invånaradministratör given till och med 2026-03-31: Vikarie"
    assert last_details(clinic) == said
    row = clinic.rows("SELECT actor_hsa_id, unit_id FROM log ORDER BY id DESC LIMIT 1")
    assert row == [(ADMIN, clinic.here)]


def test_giving_it_again_changes_its_end(clinic: Clinic) -> None:
    for until in (date(2026, 3, 2), None):
        do(clinic, give_role, COLLEAGUE, Role.CLINICIAN, "Ny tid", until=until, confirmed=True)
    assert roles_of(clinic, COLLEAGUE) == [("behandlare", "Kim T1accessadmin", "Ny tid", "")]


@pytest.mark.parametrize(
    ("hsa_id", "role", "reason", "until", "said"),
    [
        (COLLEAGUE, Role.PROVIDER_ADMIN, "x", None, "ingen roll på en enhet"),
        (COLLEAGUE, Role.DATA_ADMIN, " \n", None, "Skriv varför rollen ges"),
        (COLLEAGUE, Role.DATA_ADMIN, "x" * 201, None, "högst 200 tecken"),
        (COLLEAGUE, Role.DATA_ADMIN, "x", date(2026, 3, 1), "Dagen har redan varit"),
        (INACTIVE, Role.DATA_ADMIN, "x", None, "Aktivera först"),
    ],
)
def test_a_role_is_refused(clinic: Clinic, hsa_id: str, role: Role, reason: str, until: date | None, said: str) -> None:
    before = roles_of(clinic, hsa_id)
    with pytest.raises(Refused, match=said):
        do(clinic, give_role, hsa_id, role, reason, until=until, confirmed=True)
    assert roles_of(clinic, hsa_id) == before


@pytest.mark.parametrize(
    ("act", "arguments", "field"),
    [
        (add_staff, (COLLEAGUE,), "hsaid"),
        (give_role, (COLLEAGUE, Role.PROVIDER_ADMIN, "x"), "roll"),
        (give_role, (COLLEAGUE, Role.DATA_ADMIN, " "), "skal"),
        (give_role, (COLLEAGUE, Role.DATA_ADMIN, "x" * 201), "skal"),
        (give_role, (COLLEAGUE, Role.DATA_ADMIN, "x", date(2026, 3, 1)), "till-och-med"),
        (record_training, (COLLEAGUE, "xyz"), "utbildning"),
        (appoint_admin, (COLLEAGUE, "SE2321000040-X", "Beslut"), "enhet"),
        (appoint_admin, (COLLEAGUE, HERE, " "), "beslut"),
        (appoint_admin, (COLLEAGUE, HERE, "x" * 201), "beslut"),
    ],
)
def test_each_refusal_names_its_field(filed: Clinic, act: Any, arguments: tuple[Any, ...], field: str) -> None:
    *rest, last = arguments
    options = {"until": last, "confirmed": True} if isinstance(last, date) else {}
    by = OPERATOR if act is appoint_admin else None
    with pytest.raises(Refused) as refused:
        do(filed, act, *(rest if options else arguments), by=by, **options)
    assert refused.value.field == field


def test_what_the_log_says_of_a_role_without_end_and_of_a_training_taken_away(filed: Clinic) -> None:
    do(filed, give_role, COLLEAGUE, Role.RESIDENT_ADMIN, "Två\nroller", confirmed=True)
    assert last_details(filed) == f"{COLLEAGUE}: rollen invånaradministratör given: Två roller"
    do(filed, record_training, COLLEAGUE, "prov", done=False)
    assert last_details(filed) == f"{COLLEAGUE}: utbildning prov borttagen"


def test_only_what_has_ended_for_that_person_here_is_forgotten(filed: Clinic) -> None:
    with filed.store.work(OPERATOR) as work:
        staff(work, filed.there, f"{HERE}inactivetoo", Role.CLINICIAN)
        staff(work, filed.here, f"{HERE}inactivethree", Role.CLINICIAN, active=0)
    do(filed, add_staff, INACTIVE, by=admin_of(filed, THERE))
    do(filed, give_role, INACTIVE, Role.CLINICIAN, "Där", confirmed=True, by=admin_of(filed, THERE))
    filed.run("UPDATE assignmentrole SET until = '2026-03-01' WHERE role = 'behandlare'")
    one = filed.value("SELECT id FROM staff WHERE hsa_id = :id", id=INACTIVE)
    filed.run(
        "INSERT INTO assignmentrole (staff_id, unit_id, role, given_by, given_at, reason, until)"
        " VALUES (:staff, :unit, 'loggranskare', '', 0, '', :today)",
        staff=one,
        unit=filed.here,
        today=TODAY.isoformat(),
    )
    known = "SELECT staff_id, unit_id, role FROM assignmentrole ORDER BY 1, 2, 3"
    before = filed.rows(known)
    do(filed, activate_staff, INACTIVE)
    assert set(before) - set(filed.rows(known)) == {(one, filed.here, "behandlare")}
    assert sign_in(filed.store, INACTIVE, HERE).roles == {Role.LOG_REVIEWER}, "held to the end of its last day"


def test_an_appointed_administrator_comes_back_without_what_had_ended(filed: Clinic) -> None:
    end_role(filed, INACTIVE, Role.CLINICIAN, date(2026, 3, 1))
    do(filed, appoint_admin, INACTIVE, HERE, "Beslut", by=OPERATOR)
    assert [role for role, *_ in roles_of(filed, INACTIVE)] == ["behörighetsadministratör"]
    end_role(filed, COLLEAGUE, Role.CLINICIAN, date(2026, 3, 1))
    do(filed, appoint_admin, COLLEAGUE, HERE, "Beslut", by=OPERATOR)
    assert len(roles_of(filed, COLLEAGUE)) == 2, "nothing is forgotten of somebody active"


def test_a_trainer_exists_only_in_a_practice_environment(clinic: Clinic) -> None:
    do(clinic, give_role, COLLEAGUE, Role.TRAINER, "x", confirmed=True)
    assert Role.TRAINER in sign_in(clinic.store, COLLEAGUE).roles
    clinic.store.kind = "real"
    admin = let_in(clinic.store, admin_of(clinic))
    do(clinic, give_role, COLLEAGUE, Role.DATA_ADMIN, "x", confirmed=True, by=admin)
    with pytest.raises(Refused, match="bara i en övningsmiljö"):
        do(clinic, give_role, COLLEAGUE, Role.TRAINER, "x", confirmed=True, by=admin)


def test_a_role_without_its_training_is_warned_unless_the_unit_has_decided_otherwise(clinic: Clinic) -> None:
    with pytest.raises(NeedsConfirmation) as error:
        do(clinic, give_role, COLLEAGUE, Role.DATA_ADMIN, "x")
    assert error.value.warnings == (
        "Kim T1colleague har ingen registrerad utbildning för rollen dataadministratör. En roll ges efter utbildning.",
    )
    do(clinic, record_training, COLLEAGUE, "dataadministratör")
    do(clinic, give_role, COLLEAGUE, Role.DATA_ADMIN, "x")
    clinic.run("UPDATE unit SET role_training = 0")
    do(clinic, give_role, COLLEAGUE, Role.LOG_REVIEWER, "x")


def test_trainings_are_recorded_and_taken_away(clinic: Clinic) -> None:
    def subjects() -> list[str]:
        sql = "SELECT subject FROM training t JOIN staff s ON s.id = t.staff_id WHERE s.hsa_id = :id ORDER BY subject"
        return [subject for (subject,) in clinic.rows(sql, id=COLLEAGUE)]

    for _ in range(2):
        do(clinic, record_training, COLLEAGUE, "prov")
    assert subjects() == ["komigang-online", "prov"]
    assert last_details(clinic) == f"{COLLEAGUE}: utbildning prov registrerad"
    do(clinic, record_training, COLLEAGUE, "komigang-online", done=False)
    assert subjects() == ["prov"]
    with pytest.raises(Refused, match="varken en roll eller ett programs id"):
        do(clinic, record_training, COLLEAGUE, "xyz")


def test_somebody_on_another_unit_alone_is_nobody_here(clinic: Clinic) -> None:
    for act, rest in ((activate_staff, ()), (give_role, (Role.CLINICIAN, "x")), (record_training, ("prov",))):
        with pytest.raises(NotPermitted):
            do(clinic, act, THEIR_ADMIN, *rest)


# --- the only administrator is ill ---


def test_the_operator_appoints_an_administrator_by_the_heads_decision(clinic: Clinic) -> None:
    decision = "Beslut 2026-03-01 av verksamhetschef Nils Ek"
    do(clinic, appoint_admin, NEW, HERE, decision, by=OPERATOR, **NAMES)
    assert roles_of(clinic, NEW) == [("behörighetsadministratör", "Driften", decision, "")]
    assert sign_in(clinic.store, NEW).roles == {Role.ACCESS_ADMIN}
    row = clinic.log("SELECT actor_kind, unit_id, details FROM log ORDER BY id DESC LIMIT 1")
    assert row == [("drift", clinic.here, f"{NEW}: utsedd till behörighetsadministratör på {HERE}: {decision}")]
    assert clinic.store.change_no(clinic.here) == 1


def test_somebody_inactive_becomes_active_by_it_and_keeps_what_has_not_run_out(clinic: Clinic) -> None:
    do(clinic, appoint_admin, INACTIVE, HERE, "Beslut", by=OPERATOR)
    assert is_active(clinic, INACTIVE)
    assert sign_in(clinic.store, INACTIVE).roles == {Role.CLINICIAN, Role.ACCESS_ADMIN}
    assert [row[2] for row in roles_of(clinic, INACTIVE)] == ["", "Beslut"]


def test_who_is_administrator_already_is_not_appointed_again_unless_the_role_has_an_end(clinic: Clinic) -> None:
    with pytest.raises(Refused, match=f"{ADMIN} är redan behörighetsadministratör på {HERE}"):
        do(clinic, appoint_admin, ADMIN, HERE, "Beslut", by=OPERATOR)
    until = TODAY + timedelta(days=1)
    do(clinic, give_role, ADMIN, Role.ACCESS_ADMIN, "Vikarie", until=until, confirmed=True)
    do(clinic, appoint_admin, ADMIN, HERE, "Beslut igen", by=OPERATOR)
    assert ("", "Beslut igen") in [(row[3], row[2]) for row in roles_of(clinic, ADMIN)]


def test_an_end_for_the_only_administrator_is_warned_of(clinic: Clinic) -> None:
    end = TODAY + timedelta(days=30)
    with pytest.raises(NeedsConfirmation, match=f"Ingen annan är behörighetsadministratör på enheten efter {end}"):
        do(clinic, give_role, ADMIN, Role.ACCESS_ADMIN, "Slutar", until=end)
    for trained in (ADMIN, COLLEAGUE):
        do(clinic, record_training, trained, Role.ACCESS_ADMIN.value)
    do(clinic, give_role, COLLEAGUE, Role.ACCESS_ADMIN, "Vikarie", until=end)  # the other has it for good
    with pytest.raises(NeedsConfirmation, match="Ingen annan"):  # both end on one day
        do(clinic, give_role, ADMIN, Role.ACCESS_ADMIN, "Slutar", until=end)
    do(clinic, give_role, ADMIN, Role.ACCESS_ADMIN, "Slutar", until=end - timedelta(days=1))
    do(clinic, give_role, ADMIN, Role.CLINICIAN, "Vikarie", until=end, confirmed=True)  # of another role: no word of it


@pytest.mark.parametrize(
    ("hsa_id", "unit", "decision", "said"),
    [
        (NEW, "SE2321000040-X", "Beslut", "Ingen enhet har HSA-id"),
        (NEW, HERE, " ", "Ange verksamhetschefens beslut"),
        ("fel", HERE, "Beslut", "Ett HSA-id är SE"),
        (NEW, HERE, "Beslut", "HSA-id:t är nytt här"),
    ],
)
def test_an_appointment_is_refused(clinic: Clinic, hsa_id: str, unit: str, decision: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        do(clinic, appoint_admin, hsa_id, unit, decision, by=OPERATOR)


def test_nobody_but_the_operator_appoints(clinic: Clinic) -> None:
    with pytest.raises(NotPermitted):
        do(clinic, appoint_admin, COLLEAGUE, HERE, "Beslut")
    with pytest.raises(NotPermitted):
        do(clinic, give_role, CLINICIAN, Role.ACCESS_ADMIN, "x", by=OPERATOR)
