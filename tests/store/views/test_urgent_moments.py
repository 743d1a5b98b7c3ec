"""Which moments carry an unhandled prioriterad flagga, said before they change hands."""

from typing import Any

import pytest

from store.care.flags import add_flag, handle_flag
from store.care.handovers import offer_handover
from store.foundation.access import Role
from store.foundation.errors import NotPermitted
from store.foundation.flag_kinds import Severity
from store.people.personnel import moments_left_by
from store.people.sign_in import StaffActor
from store.views.handovers import open_handovers
from store.views.todo import open_todo
from store.views.unit_overview import urgent_moments_of
from tests.clinics import ADULT, ELSEWHERE, THERE, Clinic


def see(clinic: Clinic, by: StaffActor, operation: Any, *arguments: Any) -> Any:
    with clinic.store.read(by) as work:
        return operation(work, *arguments)


def raised(clinic: Clinic, moment: int, severity: Severity = Severity.PRIORITY) -> int:
    with clinic.store.work(clinic.clinician) as work:
        return add_flag(work, moment, "Ring.", severity=severity)


def test_it_is_told_of_those_alone_and_since_when(clinic: Clinic) -> None:
    quiet, urgent = clinic.start(ELSEWHERE, "prov", confirmed=True), clinic.start(ADULT, "prov")
    raised(clinic, quiet, Severity.WARNING)
    first = raised(clinic, urgent)
    since = clinic.clock.now
    clinic.clock.now += 60_000  # type: ignore[assignment]
    raised(clinic, urgent)
    of = clinic.clinician.hsa_id
    (found,) = see(clinic, clinic.admin, urgent_moments_of, of)
    assert (found.moment, found.name, found.since) == (urgent, "Berg, Åsa", since)
    assert clinic.value("SELECT count(*) FROM log WHERE operation = 'urgent_moments_of'") == 1
    left = see(clinic, clinic.someone(Role.ACCESS_ADMIN), moments_left_by, of)
    assert {one.id: one.priority_since for one in left} == {quiet: None, urgent: since}
    with clinic.store.work(clinic.clinician) as work:
        handle_flag(work, first, "Ringde.")
    assert see(clinic, clinic.admin, urgent_moments_of, of)[0].since == since + 60_000


def test_nobody_else_learns_it(clinic: Clinic) -> None:
    raised(clinic, clinic.start(ADULT, "prov"))
    for actor in (clinic.colleague, clinic.clinician):
        with pytest.raises(NotPermitted):
            see(clinic, actor, urgent_moments_of, clinic.clinician.hsa_id)
    with pytest.raises(NotPermitted):
        see(clinic, clinic.strange_admin, urgent_moments_of, clinic.clinician.hsa_id)


def test_who_is_offered_it_learns_that_there_is_one_and_since_when(clinic: Clinic) -> None:
    moment = clinic.start(ADULT, "komigang-online")
    raised(clinic, moment)
    with clinic.store.work(clinic.clinician) as work:
        offer_handover(work, moment, THERE, "Flyttar.", confirmed=True)
    (offered,) = see(clinic, clinic.strange_admin, open_handovers)
    assert (offered.priority_flags, offered.priority_since) == (1, clinic.clock.now)
    first = see(clinic, clinic.strange_admin, open_todo)[0]
    assert first.reason.endswith(", med ohanterad prioriterad flagga sedan 2026-03-02 10.00")
    assert (first.severity, first.flag, first.answer) == (Severity.PRIORITY, None, None)
    assert "Ring" not in first.reason
