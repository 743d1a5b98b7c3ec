"""*Jag tar den*: who is on a flag, how it ends, and that it grants and closes nothing."""

from typing import Any

import pytest

from store.care.claims import release_claims, release_flag, take_flag
from store.care.flags import add_flag, handle_flag
from store.care.staffing import inactivate_staff, take_role
from store.care.switching import switch_clinician
from store.foundation.access import Role
from store.foundation.clock import Instant
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.foundation.flag_kinds import Severity
from store.people.sign_in import StaffActor, sign_in
from store.people.unit_settings import change_unit
from store.views.flags import view_flags
from store.views.matters import Matter
from store.views.timeline import Span, open_timeline
from store.views.todo import count_of, todo_again
from tests.clinics import COLLEAGUE, Clinic, hsa_id_of
from tests.store.care.test_flags_together import at_once

MINUTE = 60_000


def at_risk(clinic: Clinic, severity: Severity = Severity.PRIORITY) -> tuple[int, int]:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        return moment, add_flag(work, moment, "Ring.", severity=severity)


def do(clinic: Clinic, by: StaffActor, act: Any, *arguments: Any, **options: Any) -> Any:
    with clinic.store.work(by) as work:
        return act(work, *arguments, **options)


def top(clinic: Clinic, actor: StaffActor) -> Matter:
    with clinic.store.read(actor) as work:
        return todo_again(work)[0]


def holder(clinic: Clinic) -> str | None:
    found = top(clinic, clinic.admin).taken
    return found.hsa_id if found else None


def later(clinic: Clinic, minutes: float) -> None:
    clinic.clock.now = Instant(int(clinic.clock.now + minutes * MINUTE))


def told(clinic: Clinic, moment: int) -> list[str]:
    with clinic.store.read(clinic.admin) as work:
        return [row.text for row in reversed(open_timeline(work, moment, Span()).rows) if "flaggan" in row.text]


def test_the_row_keeps_its_place_and_says_who_in_every_queue(clinic: Clinic) -> None:
    moment, flag = at_risk(clinic)
    before = {actor.staff_id: top(clinic, actor) for actor in (clinic.clinician, clinic.colleague, clinic.admin)}
    until = do(clinic, clinic.colleague, take_flag, flag)
    assert until == clinic.clock.now + 30 * MINUTE
    for actor in (clinic.clinician, clinic.colleague, clinic.admin):
        found = top(clinic, actor)
        assert found.taken is not None
        assert (found.taken.hsa_id, found.taken.said) == (COLLEAGUE, "Kim tar den sedan 10.00")
        assert (found.order, found.severity, found.reason) == (
            before[actor.staff_id].order,
            Severity.PRIORITY,
            "Ring.",
        )
        assert count_of([found]).taken == {flag: until}
    with clinic.store.read(clinic.admin) as work:
        (row,) = view_flags(work, moment).flags
    assert row.taken is not None
    assert (row.taken.hsa_id, row.handled_at) == (COLLEAGUE, None)
    assert told(clinic, moment) == ["Tar flaggan"]
    assert clinic.value("SELECT count(*) FROM log WHERE operation = 'take_flag' AND moment_id = :id", id=moment) == 1


def test_it_stops_no_notice(clinic: Clinic) -> None:
    _, flag = at_risk(clinic)
    waiting = clinic.rows("SELECT * FROM notice ORDER BY id")
    do(clinic, clinic.colleague, take_flag, flag)
    assert clinic.rows("SELECT * FROM notice ORDER BY id") == waiting


def test_the_first_wins_and_the_other_gets_the_name(clinic: Clinic) -> None:
    _, flag = at_risk(clinic)
    refused = at_once(
        lambda: do(clinic, clinic.clinician, take_flag, flag), lambda: do(clinic, clinic.colleague, take_flag, flag)
    )
    assert refused.count(None) == 1
    (said,) = filter(None, refused)
    first = (clinic.clinician, clinic.colleague)[refused.index(None)]
    assert isinstance(said, NeedsConfirmation)
    assert said.message == f"{first.name} tar den sedan 10.00."
    assert holder(clinic) == first.hsa_id
    assert clinic.value("SELECT count(*) FROM event WHERE kind = 'flagga-tagen'") == 1


def test_it_is_taken_over_from_who_has_it_and_from_nobody_else(clinic: Clinic) -> None:
    moment, flag = at_risk(clinic)
    do(clinic, clinic.colleague, take_flag, flag)
    with pytest.raises(NeedsConfirmation):  # it was another's when it was looked at
        do(clinic, clinic.admin, take_flag, flag, instead_of=clinic.clinician.hsa_id)
    do(clinic, clinic.admin, take_flag, flag, instead_of=COLLEAGUE.lower())
    assert holder(clinic) == clinic.admin.hsa_id
    do(clinic, clinic.clinician, take_flag, flag, confirmed=True)
    assert holder(clinic) == clinic.clinician.hsa_id
    assert told(clinic, moment) == [
        "Tar flaggan",
        f"Tar över flaggan från {clinic.colleague.name}",
        f"Tar över flaggan från {clinic.admin.name}",
    ]


def test_who_may_not_handle_it_may_not_take_it(clinic: Clinic) -> None:
    _, flag = at_risk(clinic)
    for actor in (clinic.stranger, clinic.someone(Role.ACCESS_ADMIN)):
        with pytest.raises(NotPermitted):
            do(clinic, actor, take_flag, flag)
    do(clinic, clinic.clinician, handle_flag, flag, "Ringde.")
    with pytest.raises(Refused, match="redan hanterad"):
        do(clinic, clinic.clinician, take_flag, flag)


@pytest.mark.parametrize("minutes", [5, 30, 120])
def test_it_ends_when_its_time_is_out_and_not_before(filed: Clinic, minutes: int) -> None:
    _, flag = at_risk(filed)
    do(filed, filed.someone(Role.ACCESS_ADMIN), change_unit, claim_minutes=minutes)
    do(filed, filed.colleague, take_flag, flag)
    later(filed, minutes - 1 / MINUTE)
    assert holder(filed) == COLLEAGUE
    later(filed, 1 / MINUTE)
    assert holder(filed) is None
    do(filed, filed.clinician, take_flag, flag)  # it is taken over from nobody


def test_who_takes_it_again_has_it_longer(filed: Clinic) -> None:
    _, flag = at_risk(filed)
    do(filed, filed.colleague, take_flag, flag)
    later(filed, 29)
    do(filed, filed.colleague, take_flag, flag)
    later(filed, 29)
    assert holder(filed) == COLLEAGUE


def test_it_ends_at_sign_out_where_it_was_taken_and_nowhere_else(clinic: Clinic) -> None:
    moment, flag = at_risk(clinic)
    do(clinic, clinic.colleague, take_flag, flag)
    assert do(clinic, sign_in(clinic.store, COLLEAGUE), release_claims) == 0
    assert holder(clinic) == COLLEAGUE
    assert do(clinic, clinic.clinician, release_flag, flag) is False
    assert holder(clinic) == COLLEAGUE
    assert do(clinic, clinic.colleague, release_claims) == 1
    assert holder(clinic) is None
    assert told(clinic, moment)[-1] == f"{clinic.colleague.name} tar inte längre flaggan"
    assert do(clinic, clinic.colleague, release_flag, flag) is False


def _switch(clinic: Clinic, moment: int) -> None:
    do(clinic, clinic.admin, switch_clinician, moment, COLLEAGUE)


def _inactivate(clinic: Clinic, _moment: int) -> None:
    do(clinic, clinic.someone(Role.ACCESS_ADMIN), inactivate_staff, COLLEAGUE)


def _inactivate_the_other(clinic: Clinic, _moment: int) -> None:
    do(clinic, clinic.someone(Role.ACCESS_ADMIN), inactivate_staff, hsa_id_of(Role.CLINICIAN), to=COLLEAGUE)


def _take_role(clinic: Clinic, _moment: int) -> None:
    do(clinic, clinic.someone(Role.ACCESS_ADMIN), take_role, COLLEAGUE, Role.CLINICIAN, "Ny tjänst")


def _role_runs_out(clinic: Clinic, _moment: int) -> None:
    clinic.run(
        "UPDATE assignmentrole SET until = '2026-03-01' WHERE staff_id = :id AND role = 'behandlare'",
        id=clinic.colleague.staff_id,
    )


@pytest.mark.parametrize("end", [_switch, _inactivate, _inactivate_the_other, _take_role, _role_runs_out])
def test_it_ends_with_what_it_rests_on(clinic: Clinic, end: Any) -> None:
    moment, flag = at_risk(clinic)
    do(clinic, clinic.colleague, take_flag, flag)
    change = clinic.store.change_no(clinic.here)
    end(clinic, moment)
    found = top(clinic, clinic.admin)
    assert (found.flag, found.severity, found.taken) == (flag, Severity.PRIORITY, None)
    if end is not _role_runs_out:
        assert clinic.store.change_no(clinic.here) > change
        assert told(clinic, moment)[-1] == f"{clinic.colleague.name} tar inte längre flaggan"
