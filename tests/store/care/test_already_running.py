"""A program that runs already: which moment can be opened instead of starting another."""

import pytest

from store.care.starting import AlreadyRunning
from store.people.sign_in import StaffActor
from tests.clinics import COLLEAGUE, Clinic


def offered(clinic: Clinic, by: StaffActor, responsible: str | None = None) -> int | None:
    with pytest.raises(AlreadyRunning) as error:
        clinic.start(by=by, responsible=responsible)
    return error.value.moment


def test_ones_own_moment_can_be_opened(clinic: Clinic) -> None:
    moment = clinic.start()
    assert offered(clinic, clinic.clinician) == moment


def test_another_clinicians_moment_cannot(clinic: Clinic) -> None:
    clinic.start()
    assert offered(clinic, clinic.colleague) is None


def test_a_resident_admin_may_open_anyones(clinic: Clinic) -> None:
    moment = clinic.start()
    assert offered(clinic, clinic.admin, COLLEAGUE) == moment


def test_ones_own_comes_before_an_earlier_one_of_anothers(clinic: Clinic) -> None:
    clinic.start()
    own = clinic.start(by=clinic.colleague, confirmed=True)
    assert offered(clinic, clinic.colleague) == own
