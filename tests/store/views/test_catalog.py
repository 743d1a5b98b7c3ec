"""The catalogue: every program, whom to ask, and how the unit gets it."""

from dataclasses import replace

from store.care.program_opening import close_program, open_program
from store.care.program_shape import Contact
from store.care.programs import install_program
from store.foundation.access import OPERATOR, Actor, Role
from store.people.unit_programs import change_unit_program
from store.people.unit_settings import change_unit
from store.views.catalog import CatalogProgram, program_catalog
from tests.clinics import HERE, SMALL, Clinic
from tests.store.people.staffing import do, see

LINK = "https://example.org/kurs"


def seen(clinic: Clinic, program: str = "prov", *, by: Actor | None = None) -> CatalogProgram:
    found: list[CatalogProgram] = see(clinic, program_catalog, by=by or clinic.clinician)
    return next(one for one in found if one.program == program)


def test_programs_that_are_not_open_are_there_with_the_way_to_get_them(clinic: Clinic) -> None:
    with clinic.store.work(OPERATOR) as work:
        install_program(work, replace(SMALL, id="aaa", title="Äpplen", training_link=LINK))
    found = seen(clinic, "aaa")
    assert (found.title, found.is_open, found.training_link) == ("Äpplen", False, LINK)
    assert found.way.startswith("Inte öppet för enheten. Kontakta din chef; när du har fått ok, ring IT-kundservice")
    do(clinic, change_unit, support="Anna, 14141", by=clinic.someone(Role.ACCESS_ADMIN))
    assert seen(clinic, "aaa").way.endswith("vänd dig till: Anna, 14141")


def test_an_open_one_says_so_and_whether_training_is_asked_for(clinic: Clinic) -> None:
    assert (seen(clinic).is_open, seen(clinic).training) == (True, SMALL.requires_training)
    do(clinic, change_unit_program, "prov", training="ja", by=clinic.someone(Role.ACCESS_ADMIN))
    assert seen(clinic).way == "Öppet för enheten. Den som startar det ska ha utbildning."
    do(clinic, change_unit_program, "prov", training="nej", by=clinic.someone(Role.ACCESS_ADMIN))
    assert (seen(clinic).training, seen(clinic).way) == (False, "Öppet för enheten. Ingen utbildning krävs.")


def test_the_units_own_contact_person_comes_before_the_programs(clinic: Clinic) -> None:
    assert seen(clinic).contact == SMALL.contact
    do(
        clinic,
        change_unit_program,
        "prov",
        contact_name="Ek, Åsa",
        contact_phone="010",
        by=clinic.someone(Role.ACCESS_ADMIN),
    )
    assert seen(clinic).contact == Contact("Ek, Åsa", "", "010")


def test_only_the_newest_version_stands_there(clinic: Clinic) -> None:
    with clinic.store.work(OPERATOR) as work:
        install_program(work, replace(SMALL, version="2", recommended_days=60))
    found = [one for one in see(clinic, program_catalog, by=clinic.clinician) if one.program == "prov"]
    assert [(one.version, one.recommended_days) for one in found] == [("2", 60)]


def test_above_the_units_it_is_said_who_opens_them(clinic: Clinic) -> None:
    assert seen(clinic, by=clinic.provider_admin).way.startswith("Öppnas för en enhet av vårdgivaradministratören.")


def test_it_follows_what_is_opened_and_closed(clinic: Clinic) -> None:
    do(clinic, close_program, "prov", HERE, by=clinic.provider_admin)
    assert not seen(clinic).is_open
    do(clinic, open_program, "prov", HERE, by=clinic.provider_admin)
    assert seen(clinic).is_open
