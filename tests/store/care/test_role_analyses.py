"""Behovs- och riskanalys: whose it is, when it is old, and what is refused."""

from datetime import date

import pytest

from store.care.role_analyses import ALL_SEEN, NONE_YET, Analysis, role_analyses, write_analysis
from store.foundation.access import Role
from store.foundation.clock import start_of
from store.foundation.errors import Refused
from tests.clinics import THERE, Clinic

DONE = "SELECT done_on, note FROM dutydone WHERE kind = 'riskanalys' ORDER BY id"


def write(clinic: Clinic, *roles: Role, day: str) -> tuple[Role, ...]:
    """Write a text for each role on a day; returns which roles in use are left after the last."""
    clinic.clock.now = start_of(date.fromisoformat(day))
    left: tuple[Role, ...] = ()
    for role in roles:
        with clinic.store.work(clinic.someone(Role.ACCESS_ADMIN)) as work:
            left = write_analysis(work, role, "Text")
    return left


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


def test_the_duty_notes_itself_once_every_role_in_use_is_written_or_confirmed_again(clinic: Clinic) -> None:
    roles = [role for role in Role if role is not Role.PROVIDER_ADMIN]
    used = [role for role in roles if role is not Role.TRAINER]
    clinic.run("DELETE FROM assignmentrole WHERE role = 'utbildare'")
    assert set(write(clinic, *used[:-1], day="2026-03-02")) == {used[-1]}
    assert clinic.rows(DONE) == []
    assert write(clinic, used[-1], day="2026-04-01") == ()
    assert clinic.rows(DONE) == [("2026-04-01", ALL_SEEN)]
    assert write(clinic, used[0], day="2026-04-01") == ()  # a text that is mended the same day begins no new round
    assert set(write(clinic, used[0], day="2026-04-02")) == set(used[1:])
    write(clinic, *used[1:-1], day="2027-04-02")  # the first is 365 days old, the limit
    assert write(clinic, used[-1], day="2027-04-03") == (used[0],)
    assert len(clinic.rows(DONE)) == 1
    assert write(clinic, used[0], day="2027-04-03") == ()
    assert [day for day, _ in clinic.rows(DONE)] == ["2026-04-01", "2027-04-03"]
