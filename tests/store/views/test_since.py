"""*Senast du var här*: whom it is told to, and what it counts."""

import pytest

from store.care.flags import add_flag
from store.care.switching import switch_clinician
from store.foundation.access import Origin, Role
from store.foundation.clock import days_after
from store.foundation.errors import NotPermitted
from store.people.sign_in import StaffActor, sign_in
from store.views.since import Since, count_since
from tests.clinics import ADULT, COLLEAGUE, MONDAY, Clinic
from tests.forms import given
from tests.signing_in import let_in
from tests.store.letters import send, write


def since(clinic: Clinic, who: StaffActor, kind: str = "real") -> Since | None:
    """What somebody is told who signs in anew; in practice only work in the app counts."""
    anew = let_in(clinic.store, sign_in(clinic.store, who.hsa_id or "", who.unit_hsa_id))
    return told(clinic, anew, kind)


def told(clinic: Clinic, who: StaffActor, kind: str = "real") -> Since | None:
    clinic.store.kind = kind
    with clinic.store.read(who) as work:
        found = count_since(work)
    clinic.store.kind = "practice"
    return found


def pass_days(clinic: Clinic, days: int) -> None:
    clinic.clock.now = days_after(MONDAY, days)


def test_who_comes_seldom_is_told_how_much_has_happened_with_their_own(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    answered = clinic.start(program="prov", confirmed=True, by=clinic.colleague)
    assert since(clinic, clinic.clinician) is None
    pass_days(clinic, 3)
    clinic.answer(moment, given(0, 0, 0))
    write(clinic, moment)
    with clinic.store.work(clinic.colleague) as work:
        add_flag(work, answered, "Ring.")
        switch_clinician(work, answered, clinic.clinician.hsa_id or "")
    pass_days(clinic, 15)
    assert since(clinic, clinic.clinician) == Since(MONDAY, answers=1, messages=1, flags=1, moments=1)
    logged = clinic.value("SELECT count(*) FROM log WHERE operation = 'count_since'")
    assert logged == 0, "counts are nobody's data"
    send(clinic, moment)  # a session like others: from now on it is the last
    assert since(clinic, clinic.clinician) is None


def test_a_fortnight_is_not_seldom_and_what_one_does_now_is_no_earlier_visit(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    pass_days(clinic, 14)
    assert since(clinic, clinic.clinician) is None
    pass_days(clinic, 15)
    now = let_in(clinic.store, sign_in(clinic.store, clinic.clinician.hsa_id or ""))
    send(clinic, moment, by=now)
    assert told(clinic, now) == Since(MONDAY, 0, 0, 0, 0)


def test_it_is_told_to_clinicians_and_to_nobody_who_was_never_here(clinic: Clinic) -> None:
    clinic.start(ADULT, program="prov", by=clinic.colleague)
    pass_days(clinic, 30)
    assert since(clinic, clinic.clinician) is None
    assert since(clinic, sign_in(clinic.store, COLLEAGUE)) is not None
    with pytest.raises(NotPermitted):
        since(clinic, clinic.someone(Role.ACCESS_ADMIN))


def test_in_practice_what_the_cast_lived_through_is_no_visit(clinic: Clinic) -> None:
    clinic.start(program="prov")
    pass_days(clinic, 20)
    assert since(clinic, clinic.clinician, "practice") is None
    clinic.store.access_log.origin = Origin.TERMINAL
    clinic.start(program="prov", confirmed=True)
    pass_days(clinic, 40)
    assert since(clinic, clinic.clinician, "practice") is not None
