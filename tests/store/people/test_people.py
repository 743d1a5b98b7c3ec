"""Staff and residents as the rules see them."""

from datetime import date

import pytest

from store.foundation.access import OPERATOR, Role, Standing, Subject
from store.foundation.identity import PersonalNumber
from store.people.residents import as_resident, guardians_of, person, proxies_of
from store.people.staff import clinician_on, clinicians_of, is_trained
from store.people.units import is_open, serves
from tests.clinics import ADULT, CHILD, COLLEAGUE, GUARDIAN, INACTIVE, Clinic, hsa_id_of

BEFORE, THIRTEEN = date(2032, 12, 31), date(2033, 1, 1)
"""The child's last day as twelve, and the birthday."""


def child_of(clinic: Clinic) -> int:
    return int(clinic.value("SELECT id FROM resident WHERE personnummer = :number", number=CHILD))


def test_a_person_is_found_by_id_or_not(clinic: Clinic) -> None:
    with clinic.store.lend() as db:
        found = person(db, clinic.adult)
        assert found is not None
        assert (found.number, found.name, found.list_name) == (PersonalNumber(ADULT), "Berg, Åsa", "berg  {sa")
        assert found.subject(7) == Subject(clinic.adult, ADULT, "Berg, Åsa", unit_id=7)
        assert person(db, 4711) is None


@pytest.mark.parametrize(
    ("today", "protect", "proxies"),
    [(BEFORE, None, 1), (THIRTEEN, None, 0), (BEFORE, CHILD, 0), (BEFORE, GUARDIAN, 0)],
)
def test_who_may_act_for_a_child(clinic: Clinic, today: date, protect: str | None, proxies: int) -> None:
    clinic.run("UPDATE resident SET protection = 'sekretessmarkering' WHERE personnummer = :number", number=protect)
    with clinic.store.lend() as db:
        child = person(db, child_of(clinic))
        assert child is not None
        assert [one.personnummer for one in guardians_of(db, child.id)] == [GUARDIAN]
        assert [one.personnummer for one in proxies_of(db, child, today)] == [GUARDIAN] * proxies
        actor = as_resident(db, child, today)
    assert (actor.is_proxy, actor.name) == ((True, "Ulla Berg") if proxies else (False, "Ivar Berg"))


def test_a_resident_stands_only_to_the_own_subject(clinic: Clinic) -> None:
    actor = clinic.resident()
    assert actor.standing(Subject(clinic.adult, ADULT, "")) == {Standing.RESIDENT}
    assert actor.standing(Subject(clinic.adult + 1, CHILD, "")) == frozenset()
    assert actor.standing(None) == frozenset()


def test_responsible_is_who_has_the_moment_and_still_the_role(clinic: Clinic) -> None:
    own = Subject(1, ADULT, "", 1, clinic.here, clinic.clinician.staff_id)
    assert clinic.clinician.standing(own) == {Role.CLINICIAN, Standing.RESPONSIBLE}
    assert clinic.colleague.standing(own) == {Role.CLINICIAN}
    assert clinic.stranger.standing(own) == frozenset()
    assert clinic.provider_admin.standing(own) == frozenset()
    assert clinic.provider_admin.standing(Subject(1, ADULT, "")) == frozenset()


def test_the_active_clinicians_of_a_unit_in_swedish_order(clinic: Clinic) -> None:
    with clinic.store.read(OPERATOR) as work:
        found = [one.hsa_id for one in clinicians_of(work, clinic.here)]
        assert found == [hsa_id_of(Role.CLINICIAN), COLLEAGUE]
        assert clinician_on(work, clinic.here, INACTIVE) is None
        assert clinician_on(work, clinic.there, COLLEAGUE) is None
        one = clinician_on(work, clinic.here, COLLEAGUE)
        assert one is not None
        assert one.name == "Kim T1colleague"


def test_what_a_unit_may(clinic: Clinic) -> None:
    with clinic.store.lend() as db:
        assert [serves(db, clinic.here, region) for region in ("05", "12", "")] == [True, True, True]
        assert [serves(db, clinic.there, region) for region in ("05", "12", "")] == [True, False, False]
        assert [is_open(db, clinic.there, program) for program in ("komigang-online", "prov")] == [True, False]
        assert [is_trained(db, who.staff_id, "komigang-online") for who in (clinic.clinician, clinic.admin)] == [
            True,
            False,
        ]
