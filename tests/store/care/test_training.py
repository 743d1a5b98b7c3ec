"""Whoever gets a moment without the training for its program is warned of, as at a start (FAQ; domain.md §3.1)."""

from collections.abc import Callable
from typing import Any

import pytest

from store.care.handovers import accept_handover, offer_handover
from store.care.staffing import inactivate_staff, take_role
from store.care.switching import switch_all, switch_clinician
from store.foundation.access import OPERATOR, Actor, Role
from store.foundation.errors import NeedsConfirmation
from tests.clinics import CHILD, COLLEAGUE, HERE, THERE, Clinic, hsa_id_of, staff

CLINICIAN, TAKER, THIRD = hsa_id_of(Role.CLINICIAN), hsa_id_of(Role.CLINICIAN, THERE), f"{HERE}third"
WARNING = "{} har ingen registrerad utbildning för KomIgång online. För alla program krävs utbildning."


def do(clinic: Clinic, by: Actor, act: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    with clinic.store.work(by) as work:
        return act(work, *arguments, **options)


def untrain(clinic: Clinic, *hsa_ids: str) -> None:
    for hsa_id in hsa_ids:
        clinic.run("DELETE FROM training WHERE staff_id = (SELECT id FROM staff WHERE hsa_id = :hsa_id)", hsa_id=hsa_id)


def _switch(clinic: Clinic, moment: int, **confirmed: bool) -> None:
    do(clinic, clinic.clinician, switch_clinician, moment, COLLEAGUE, **confirmed)


def _switch_all(clinic: Clinic, _moment: int, **confirmed: bool) -> None:
    do(clinic, clinic.admin, switch_all, CLINICIAN, COLLEAGUE, **confirmed)


def _inactivate(clinic: Clinic, _moment: int, **confirmed: bool) -> None:
    do(clinic, clinic.someone(Role.ACCESS_ADMIN), inactivate_staff, CLINICIAN, to=COLLEAGUE, **confirmed)


def _take_role(clinic: Clinic, _moment: int, **confirmed: bool) -> None:
    by = clinic.someone(Role.ACCESS_ADMIN)
    do(clinic, by, take_role, CLINICIAN, Role.CLINICIAN, "Ny tjänst", to=COLLEAGUE, **confirmed)


def _accept(clinic: Clinic, moment: int, **confirmed: bool) -> None:
    if clinic.value("SELECT offered_to FROM moment WHERE id = :id", id=moment) is None:
        do(clinic, clinic.clinician, offer_handover, moment, THERE, "Flyttat")
    do(clinic, clinic.strange_admin, accept_handover, moment, TAKER, **confirmed)


WAYS = pytest.mark.parametrize("way", [_switch, _switch_all, _inactivate, _take_role, _accept])


@WAYS
def test_who_gets_a_moment_untrained_is_warned_of_and_nothing_is_done_before_it_is_confirmed(
    clinic: Clinic, way: Callable[..., None]
) -> None:
    untrain(clinic, COLLEAGUE, TAKER)
    moment = clinic.start()
    if way is not _accept:
        clinic.start(CHILD)  # two moments of one program, one warning
    with pytest.raises(NeedsConfirmation) as warned:
        way(clinic, moment)
    name = clinic.stranger.name if way is _accept else clinic.colleague.name
    assert warned.value.warnings == (WARNING.format(name),)
    before = clinic.clinician.staff_id
    assert clinic.value("SELECT responsible_id FROM moment WHERE id = :id", id=moment) == before
    way(clinic, moment, confirmed=True)
    assert clinic.value("SELECT responsible_id FROM moment WHERE id = :id", id=moment) != before


@WAYS
def test_nobody_is_asked_where_the_training_is_there_or_the_program_needs_none(
    clinic: Clinic, way: Callable[..., None]
) -> None:
    moment = clinic.start() if way is _accept else clinic.start(program="prov")
    if way is not _accept:
        untrain(clinic, COLLEAGUE)
    way(clinic, moment)


def test_each_that_takes_over_is_judged_by_the_programs_that_come_to_that_one(clinic: Clinic) -> None:
    with clinic.store.work(OPERATOR) as work:
        staff(work, clinic.here, THIRD, Role.CLINICIAN)
    clinic.start(program="prov")
    moment = clinic.start(CHILD)
    by = clinic.someone(Role.ACCESS_ADMIN)
    with pytest.raises(NeedsConfirmation) as warned:
        do(clinic, by, inactivate_staff, CLINICIAN, to=COLLEAGUE, each={moment: THIRD})
    assert warned.value.warnings == (WARNING.format("Kim T1third"),)
    clinic.run("UPDATE openprogram SET training = 'nej'")  # what the unit has decided goes before the program
    do(clinic, by, inactivate_staff, CLINICIAN, to=COLLEAGUE, each={moment: THIRD})
