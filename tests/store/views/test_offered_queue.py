"""An offered handover waits in the queue of the receiving unit's invånaradministratörer (domain.md §5)."""

from datetime import date
from typing import Any

import pytest

from store.care.flags import add_flag, handle_flag
from store.care.handovers import accept_handover, offer_handover
from store.care.messages import write_message
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import Instant
from store.foundation.errors import NotPermitted, Refused
from store.foundation.flag_kinds import Severity
from store.people.sign_in import StaffActor, sign_in
from store.views.matters import Matter
from store.views.todo import open_todo, set_matter_aside
from tests.clinics import CHILD, GUARDIAN, HIDDEN, THERE, Clinic, hsa_id_of, staff

BOTH = f"{THERE}both"


def queue(clinic: Clinic, actor: StaffActor, *of: str) -> list[Matter]:
    with clinic.store.read(actor) as work:
        return open_todo(work, *of)


@pytest.fixture
def both(clinic: Clinic) -> StaffActor:
    """A clinician of the other unit who is invånaradministratör too."""
    with clinic.store.work(OPERATOR) as work:
        staff(work, clinic.there, BOTH, Role.CLINICIAN, Role.RESIDENT_ADMIN, trained=True)
    return sign_in(clinic.store, BOTH)


def offer(clinic: Clinic, number: str, **options: Any) -> int:
    moment = clinic.start(number, **options)
    with clinic.store.work(clinic.clinician) as work:
        offer_handover(work, moment, THERE, "Flyttat")
    return moment


def test_it_waits_for_those_who_may_answer_and_for_nobody_else(clinic: Clinic, both: StaffActor) -> None:
    moment = offer(clinic, GUARDIAN)
    for actor in (clinic.strange_admin, both):
        (found,) = queue(clinic, actor)
        assert (found.id, found.moment, found.kind, found.handover) == (
            f"overlamning-{moment}",
            moment,
            "overlamning",
            moment,
        )
        assert (found.name, found.reason, found.severity) == ("Berg, Ulla", "Överlämning från Enhet Ett", None)
        assert (found.since, found.protected) == (clinic.clock.now, False)
    for actor in (clinic.stranger, clinic.clinician, clinic.admin):
        assert queue(clinic, actor) == []
    assert queue(clinic, clinic.strange_admin, hsa_id_of(Role.CLINICIAN, THERE)) == []


def test_it_comes_after_messages_and_before_other_flags(clinic: Clinic, both: StaffActor) -> None:
    offer(clinic, HIDDEN)
    own = clinic.start(CHILD, by=both)
    with clinic.store.work(both) as work:
        add_flag(work, own, "Ring")
    clinic.clock.now = Instant(clinic.clock.now + 60_000)
    with clinic.store.work(clinic.resident(CHILD)) as work:
        write_message(work, own, "Hej")
    found = queue(clinic, both)
    assert [one.kind for one in found] == ["meddelande", "overlamning", "flagga"]
    assert found[1].protected


def test_a_priority_flag_in_it_lifts_it_until_it_is_handled(clinic: Clinic, both: StaffActor) -> None:
    moment = offer(clinic, HIDDEN)
    own = clinic.start(CHILD, by=both)
    with clinic.store.work(clinic.resident(CHILD)) as work:
        write_message(work, own, "Hej")
    with clinic.store.work(clinic.clinician) as work:
        add_flag(work, moment, "Ring", severity=Severity.WARNING)
    assert [(one.kind, one.severity) for one in queue(clinic, both)] == [("meddelande", None), ("overlamning", None)]
    with clinic.store.work(clinic.clinician) as work:
        flag = add_flag(work, moment, "Ring genast", severity=Severity.PRIORITY)
    first, second = queue(clinic, both)
    assert (first.kind, first.severity, first.handover) == ("overlamning", Severity.PRIORITY, moment)
    assert first.reason == "Överlämning från Enhet Ett, med ohanterad prioriterad flagga sedan 2026-03-02 10.00"
    assert second.kind == "meddelande"
    with clinic.store.work(clinic.clinician) as work:
        handle_flag(work, flag, "Ringde")
    assert [(one.kind, one.severity) for one in queue(clinic, both)] == [("meddelande", None), ("overlamning", None)]


def test_it_is_answered_and_not_set_aside(clinic: Clinic) -> None:
    moment = offer(clinic, GUARDIAN)
    with pytest.raises(Refused, match="Ta emot den, eller avvisa"), clinic.store.work(clinic.strange_admin) as work:
        set_matter_aside(work, f"overlamning-{moment}", date(2026, 4, 1), "Senare")
    with pytest.raises(NotPermitted), clinic.store.work(clinic.stranger) as work:
        set_matter_aside(work, f"overlamning-{moment}", date(2026, 4, 1), "Senare")
    with clinic.store.work(clinic.strange_admin) as work:
        accept_handover(work, moment, hsa_id_of(Role.CLINICIAN, THERE))
    assert queue(clinic, clinic.strange_admin) == []
