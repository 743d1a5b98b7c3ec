"""Behovs- och riskanalys: whose it is, when it is old, and what is refused."""

from datetime import date

import pytest

from store.foundation.access import Role
from store.foundation.clock import start_of
from store.foundation.errors import Refused
from store.people.role_analyses import NONE_YET, Analysis, role_analyses, write_analysis
from tests.clinics import THERE, Clinic


def analysis(clinic: Clinic, role: Role = Role.CLINICIAN, unit: str | None = None) -> Analysis:
    admin = clinic.someone(Role.ACCESS_ADMIN) if unit is None else clinic.someone(Role.ACCESS_ADMIN, unit)
    with clinic.store.read(admin) as work:
        return next(one for one in role_analyses(work) if one.role is role)


def test_a_units_text_replaces_the_one_before_and_is_old_after_a_year(clinic: Clinic) -> None:
    admin = clinic.someone(Role.ACCESS_ADMIN)
    assert analysis(clinic).said == NONE_YET
    for text in ("Först", "Läser svaren"):
        with clinic.store.work(admin) as work:
            write_analysis(work, Role.CLINICIAN, text)
    assert analysis(clinic).said == "Behovs- och riskanalys 2026-03-02: Läser svaren"
    assert (analysis(clinic, Role.TRAINER).text, analysis(clinic, unit=THERE).text) == ("", "")
    for day, is_old in (("2027-03-02", False), ("2027-03-03", True)):
        clinic.clock.now = start_of(date.fromisoformat(day))
        assert analysis(clinic).is_old is is_old
    for role, text in ((Role.CLINICIAN, " "), (Role.PROVIDER_ADMIN, "Text"), (Role.CLINICIAN, "x" * 4001)):
        with clinic.store.work(admin) as work, pytest.raises(Refused):
            write_analysis(work, role, text)
    assert clinic.value("SELECT count(*) FROM roleanalysis") == 1
