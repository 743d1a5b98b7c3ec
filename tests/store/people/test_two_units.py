"""Somebody works on two units: what is done on one of them changes nothing on the other, nor for anybody else."""

from collections.abc import Callable
from typing import Any

import pytest

from store.care.endings import end_moment
from store.care.flags import add_flag
from store.care.messages import write_message
from store.care.staffing import inactivate_staff, take_role
from store.care.switching import switch_all
from store.care.time_spent import add_time
from store.foundation.access import OPERATOR, Role
from store.foundation.errors import NotPermitted, Refused
from store.foundation.flag_kinds import Severity
from store.people.assignments import activate_staff, add_staff, appoint_admin, give_role
from store.people.personnel import moments_left_by, staff_history, staff_line
from store.people.sign_in import SeveralUnits, sign_in
from store.views.unit_overview import open_overview
from tests.clinics import ADULT, COLLEAGUE, ELSEWHERE, GUARDIAN, HERE, INACTIVE, THERE, Clinic
from tests.store.people.staffing import ADMIN, CLINICIAN, SECOND, TODAY, admin_of, do, let_days_pass, second_admin, see


def on_both(clinic: Clinic) -> int:
    """Let the colleague of here be a clinician there too, with a moment; returns the moment."""
    their_admin = admin_of(clinic, THERE)
    do(clinic, add_staff, COLLEAGUE, by=their_admin)
    for role in (Role.CLINICIAN, Role.RESIDENT_ADMIN):
        do(clinic, give_role, COLLEAGUE, role, "Båda", until=TODAY, confirmed=True, by=their_admin)
    return clinic.start(GUARDIAN, by=sign_in(clinic.store, COLLEAGUE, THERE), confirmed=True)


def others(clinic: Clinic) -> list[list[tuple[Any, ...]]]:
    """Return all that is recorded of the other unit's staff, and of everybody else here."""
    colleague = clinic.value("SELECT id FROM staff WHERE hsa_id = :id", id=COLLEAGUE)
    elsewhere = "(unit_id <> :here OR staff_id <> :colleague)"
    return [
        clinic.rows(f"SELECT * FROM {table} WHERE {elsewhere} ORDER BY 1, 2, 3", here=clinic.here, colleague=colleague)
        for table in ("assignment", "assignmentrole")
    ]


def test_nothing_that_is_done_here_touches_the_other_unit_or_anybody_else(filed: Clinic) -> None:
    moment = on_both(filed)
    before = others(filed)
    deeds: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
        (give_role, (Role.RESIDENT_ADMIN, "Får")),
        (give_role, (Role.RESIDENT_ADMIN, "Längre")),
        (take_role, (Role.RESIDENT_ADMIN, "Nej")),
        (inactivate_staff, ()),
        (activate_staff, ()),
        (take_role, (Role.CLINICIAN, "Slutar")),
    ]
    for deed, arguments in deeds:
        options: dict[str, Any] = {"confirmed": True} if deed is give_role else {}
        do(filed, deed, COLLEAGUE, *arguments, **options)
        assert others(filed) == before, deed.__name__
    assert see(filed, staff_line, COLLEAGUE).roles == ()
    assert sign_in(filed.store, COLLEAGUE, THERE).roles == {Role.CLINICIAN, Role.RESIDENT_ADMIN}
    assert filed.value("SELECT responsible_id FROM moment WHERE id = :id", id=moment) == filed.value(
        "SELECT id FROM staff WHERE hsa_id = :id", id=COLLEAGUE
    )


def test_each_unit_counts_its_own_moments_of_the_person(filed: Clinic) -> None:
    there = on_both(filed)
    here = filed.start(by=sign_in(filed.store, COLLEAGUE, HERE))
    for unit, moment in ((HERE, here), (THERE, there)):
        admin = admin_of(filed, unit)
        assert see(filed, staff_line, COLLEAGUE, by=admin).moments == 1
        assert [one for one, *_ in see(filed, moments_left_by, COLLEAGUE, by=admin)] == [moment]
    assert do(filed, inactivate_staff, COLLEAGUE, to=CLINICIAN) == 1
    assert see(filed, staff_line, COLLEAGUE).moments == 0
    assert see(filed, staff_line, COLLEAGUE, by=admin_of(filed, THERE)).moments == 1


def test_an_end_that_does_not_bite_there_bites_here(filed: Clinic) -> None:
    """A clinician's role lasts past its end only where there are running moments."""
    on_both(filed)
    filed.run("UPDATE assignmentrole SET until = :until WHERE unit_id = :here", until=str(TODAY), here=filed.here)
    let_days_pass(filed, 1)
    held = {
        unit: {one.role: (one.is_held, one.is_kept) for one in see(filed, staff_line, COLLEAGUE, by=admin).roles}
        for unit, admin in ((unit, admin_of(filed, unit)) for unit in (HERE, THERE))
    }
    assert held[HERE] == {Role.CLINICIAN: (False, False)}
    assert held[THERE] == {Role.CLINICIAN: (True, True), Role.RESIDENT_ADMIN: (False, False)}


def test_who_works_on_two_units_says_on_which(filed: Clinic) -> None:
    on_both(filed)
    with pytest.raises(SeveralUnits) as several:
        sign_in(filed.store, COLLEAGUE)
    assert (several.value.field, several.value.units) == ("enhet", [(HERE, "Enhet Ett"), (THERE, "Enhet Två")])
    there = sign_in(filed.store, COLLEAGUE, THERE)
    assert (there.unit_id, there.unit_hsa_id, there.unit_name) == (filed.there, THERE, "Enhet Två")
    assert there.roles == {Role.CLINICIAN, Role.RESIDENT_ADMIN}
    assert sign_in(filed.store, COLLEAGUE, HERE).roles == {Role.CLINICIAN}
    do(filed, inactivate_staff, COLLEAGUE)
    alone = sign_in(filed.store, COLLEAGUE)
    assert (alone.unit_id, alone.roles) == (filed.there, there.roles)
    with pytest.raises(NotPermitted):
        sign_in(filed.store, COLLEAGUE, HERE)


def test_all_moments_of_the_person_here_are_switched_and_none_there(filed: Clinic) -> None:
    there = on_both(filed)
    here = [
        filed.start(program=program, by=sign_in(filed.store, COLLEAGUE, HERE))
        for program in ("prov", "komigang-online")
    ]
    with filed.store.work(filed.admin) as work:
        assert switch_all(work, COLLEAGUE, CLINICIAN) == 2
    responsible = filed.rows("SELECT m.id, s.hsa_id FROM moment m JOIN staff s ON s.id = m.responsible_id ORDER BY 1")
    assert responsible == [(there, COLLEAGUE), *((moment, CLINICIAN) for moment in here)]


def test_what_is_held_there_is_not_held_here(filed: Clinic) -> None:
    on_both(filed)
    with pytest.raises(Refused, match="har inte rollen"):
        do(filed, take_role, COLLEAGUE, Role.RESIDENT_ADMIN, "Nej")
    assert [one.what for one in see(filed, staff_history, COLLEAGUE)] == []
    with pytest.raises(Refused, match="redan behörighetsadministratör"):
        do(filed, appoint_admin, ADMIN, HERE, "Beslut", by=OPERATOR)
    do(filed, appoint_admin, ADMIN, THERE, "Beslut", by=OPERATOR)
    assert sign_in(filed.store, ADMIN, THERE).roles == {Role.ACCESS_ADMIN}
    second_admin(filed)
    do(filed, inactivate_staff, ADMIN, by=sign_in(filed.store, SECOND))
    do(filed, appoint_admin, ADMIN, HERE, "Beslut", by=OPERATOR)
    assert sign_in(filed.store, ADMIN, HERE).roles == {Role.ACCESS_ADMIN}, "active there is not active here"


def test_the_overview_is_the_units_own_and_this_weeks(filed: Clinic) -> None:
    there = on_both(filed)
    colleague, elsewhere = (sign_in(filed.store, COLLEAGUE, unit) for unit in (HERE, THERE))
    here, later, ended = (filed.start(program=program, by=colleague, confirmed=True) for program in ("prov",) * 3)
    for actor, moment, seconds in ((colleague, here, 3600), (elsewhere, there, 6000)):
        with filed.store.work(actor) as work:
            add_time(work, moment, seconds)
    for moment, number in ((later, ADULT), (here, ADULT), (there, GUARDIAN)):
        filed.clock.now += 60_000  # type: ignore[assignment]
        with filed.store.work(filed.resident(number)) as work:
            write_message(work, moment, "Hej")
    with filed.store.work(colleague) as work:
        end_moment(work, ended, "Klart")
        add_flag(work, here, "Ring.", severity=Severity.PRIORITY)
    strange = filed.start(by=filed.stranger, confirmed=True)
    with filed.store.work(filed.stranger) as work:
        add_flag(work, strange, "Ring.", severity=Severity.PRIORITY)
    do(filed, activate_staff, INACTIVE)
    filed.start(ELSEWHERE, by=sign_in(filed.store, INACTIVE))
    do(filed, inactivate_staff, INACTIVE, to=CLINICIAN)
    with filed.store.read(filed.admin) as work:
        lines = open_overview(work)
    assert [line.hsa_id for line in lines] == [CLINICIAN, COLLEAGUE], "nobody who has nothing here any more"
    line = lines[1]
    assert (line.moments, line.waiting, line.priority_flags, line.minutes) == (2, 3, 1, 60)
    assert line.oldest
    assert line.oldest.moment == later
    filed.clock.set(2026, 3, 9, 12)
    with filed.store.read(filed.admin) as work:
        assert open_overview(work)[1].minutes == 0, "another week"
    with filed.store.read(filed.strange_admin) as work:
        theirs = {one.hsa_id: (one.moments, one.waiting) for one in open_overview(work)}
    assert theirs[COLLEAGUE] == (1, 1)
    assert CLINICIAN not in theirs
