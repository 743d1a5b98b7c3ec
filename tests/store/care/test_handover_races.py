"""An offer that is answered and taken back at the same time: exactly one of them wins."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from store.care.endings import end_moment
from store.care.handovers import accept_handover, decline_handover, offer_handover, withdraw_handover
from store.care.messages import send_message
from store.care.staffing import inactivate_staff
from store.foundation.access import Actor, Role
from store.foundation.errors import DomainError, NotPermitted, Refused
from tests.clinics import HERE, THERE, Clinic, hsa_id_of

TAKER = hsa_id_of(Role.CLINICIAN, THERE)


@pytest.fixture
def moment(clinic: Clinic) -> int:
    """A moment that is offered to the other unit."""
    moment = clinic.start()
    with clinic.store.work(clinic.clinician) as work:
        offer_handover(work, moment, THERE, "Flyttat")
    return moment


def at_once(clinic: Clinic, *acts: tuple[Actor, Callable[..., Any], tuple[Any, ...]]) -> list[DomainError | None]:
    """Do all in threads of their own; returns how each was refused, None where it was not."""
    together = threading.Barrier(len(acts))

    def one(act: tuple[Actor, Callable[..., Any], tuple[Any, ...]]) -> DomainError | None:
        actor, function, arguments = act
        together.wait(15)
        try:
            with clinic.store.work(actor) as work:
                function(work, *arguments)
        except DomainError as error:
            return error
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def state(clinic: Clinic) -> tuple[Any, ...]:
    return clinic.rows("SELECT h.state, m.unit_id, m.offered_to FROM handover h JOIN moment m ON m.id = h.moment_id")[0]


@pytest.mark.parametrize("turn", range(3))
def test_accepted_and_withdrawn(clinic: Clinic, moment: int, turn: int) -> None:
    accept = (clinic.strange_admin, accept_handover, (moment, TAKER))
    withdraw = (clinic.clinician, withdraw_handover, (moment,))
    acts = (accept, withdraw) if turn % 2 else (withdraw, accept)
    said = dict(zip((act[1] for act in acts), at_once(clinic, *acts), strict=True))
    assert list(said.values()).count(None) == 1
    if said[accept_handover] is None:
        assert isinstance(said[withdraw_handover], NotPermitted)
        assert state(clinic) == ("mottagen", clinic.there, None)
    else:
        assert isinstance(said[accept_handover], NotPermitted)
        assert state(clinic) == ("aterkallad", clinic.here, None)


def test_accepted_twice_and_declined(clinic: Clinic, moment: int) -> None:
    accept = (clinic.strange_admin, accept_handover, (moment, TAKER))
    decline = (clinic.strange_admin, decline_handover, (moment, "Fullt"))
    assert at_once(clinic, accept, decline, accept).count(None) == 1
    assert clinic.value("SELECT count(*) FROM event WHERE kind LIKE 'overlamning-%'") == 2
    assert clinic.value("SELECT sum(number) FROM momentcount") == 1


def test_accepted_while_the_giver_writes_and_ends(clinic: Clinic) -> None:
    moment = clinic.start()
    offer = (clinic.clinician, offer_handover, (moment, THERE, "Flyttat"))
    end = (clinic.clinician, end_moment, (moment, "Övrigt"))
    said = at_once(clinic, offer, end)
    assert said.count(None) == 1
    assert all(isinstance(one, Refused) for one in said if one)
    if said[0] is None:
        write = (clinic.clinician, send_message, (moment, "Hej"))
        refused = at_once(clinic, (clinic.strange_admin, accept_handover, (moment, TAKER)), write)
        assert refused[0] is None
        assert isinstance(refused[1], Refused | NotPermitted)


def test_accepted_while_its_clinicians_go(clinic: Clinic, moment: int) -> None:
    """On both units: whatever comes first, it ends with an active clinician."""
    admins = [clinic.someone(Role.ACCESS_ADMIN, unit) for unit in (HERE, THERE)]
    at_once(
        clinic,
        (clinic.strange_admin, accept_handover, (moment, TAKER)),
        (admins[0], inactivate_staff, (hsa_id_of(Role.CLINICIAN),)),
        (admins[1], inactivate_staff, (TAKER,)),
    )
    assert clinic.rows(
        "SELECT m.id FROM moment m JOIN assignment a ON a.staff_id = m.responsible_id AND a.unit_id = m.unit_id"
        " WHERE a.active = 1"
    ) == [(moment,)]
