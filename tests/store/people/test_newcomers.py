"""Who an HSA-id means is seen before anybody is added by it; roles and trainings are given in the same breath."""

from typing import Any

import pytest

from store.foundation.access import Role
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.people.assignments import AlreadyThere, add_staff
from store.people.newcomers import Newcomer, look_up_staff
from tests.clinics import COLLEAGUE, INACTIVE, PREFIX, PROVIDER_ADMIN, THERE, Clinic, hsa_id_of
from tests.store.people.staffing import do, last_details, roles_of, see

THEIRS, NEW = hsa_id_of(Role.RESIDENT_ADMIN, THERE), f"{PREFIX}NY02"


def test_somebody_of_another_unit_is_known_by_name_and_somebody_new_is_nobody(clinic: Clinic) -> None:
    found = see(clinic, look_up_staff, f" {THEIRS} ")
    assert found == Newcomer(THEIRS, "Kim", "T2residentadmin", ("Enhet Två",))
    assert last_details(clinic) == f"{THEIRS}: känd i databasen"
    assert see(clinic, look_up_staff, PROVIDER_ADMIN) == Newcomer(PROVIDER_ADMIN, "Kim", "Provider")
    assert see(clinic, look_up_staff, NEW) is None


def test_who_is_there_already_and_what_is_no_hsa_id_are_refused_before_anything_is_told(clinic: Clinic) -> None:
    for hsa_id, is_inactive in ((COLLEAGUE, False), (INACTIVE, True)):
        with pytest.raises(AlreadyThere) as refused:
            see(clinic, look_up_staff, hsa_id)
        assert refused.value.is_inactive is is_inactive
    with pytest.raises(Refused, match="Ett HSA-id är SE"):
        see(clinic, look_up_staff, "[/x]")
    with pytest.raises(NotPermitted):
        see(clinic, look_up_staff, THEIRS, by=clinic.admin)


def test_roles_and_trainings_come_with_the_person_or_nothing_does(clinic: Clinic) -> None:
    clinic.run("UPDATE unit SET role_training = 1")
    before = clinic.value("SELECT count(*) FROM assignment WHERE unit_id = :id", id=clinic.here)
    both: dict[str, Any] = {
        "roles": (Role.CLINICIAN, Role.RESIDENT_ADMIN),
        "trainings": ("behandlare", "komigang-online"),
    }
    with pytest.raises(Refused, match="Skriv varför rollen ges"):
        do(clinic, add_staff, THEIRS, **both)
    with pytest.raises(Refused, match="varken en roll eller"):
        do(clinic, add_staff, THEIRS, trainings=("inget",))
    with pytest.raises(NeedsConfirmation) as warned:
        do(clinic, add_staff, THEIRS, reason="Börjar", **both)
    (warning,) = warned.value.warnings  # the other role's training is recorded in the same breath
    assert "utbildning för rollen invånaradministratör" in warning
    assert clinic.value("SELECT count(*) FROM assignment WHERE unit_id = :id", id=clinic.here) == before
    do(clinic, add_staff, THEIRS, reason="Börjar", confirmed=True, **both)
    assert [row[0] for row in roles_of(clinic, THEIRS)] == ["behandlare", "invånaradministratör"]
    assert last_details(clinic) == f"{THEIRS}: rollen invånaradministratör given: Börjar"
