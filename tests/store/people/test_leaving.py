"""Nobody leaves a unit without an administrator, nor a running moment without a clinician (FAQ; domain.md §7)."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from store.care.flags import add_flag
from store.care.maintenance import maintain_moment
from store.care.messages import write_message
from store.care.staffing import inactivate_staff, take_role
from store.care.starting import start_moment
from store.care.switching import switch_clinician
from store.foundation.access import OPERATOR, Role
from store.foundation.errors import NotPermitted, Refused
from store.foundation.flag_kinds import Severity
from store.people.assignments import add_staff, give_role
from store.people.members import set_role
from store.people.personnel import moments_left_by
from store.people.sign_in import sign_in
from store.views.todo import open_todo
from tests.clinics import CHILD, COLLEAGUE, GUARDIAN, HERE, INACTIVE, THERE, Clinic, hsa_id_of, staff
from tests.store.people.staffing import (
    ADMIN,
    CLINICIAN,
    SECOND,
    admin_of,
    do,
    is_active,
    last_details,
    roles_of,
    second_admin,
    see,
)

THIRD = f"{HERE}third"


def responsible(clinic: Clinic, moment: int) -> str:
    return str(
        clinic.value("SELECT s.hsa_id FROM moment m JOIN staff s ON s.id = responsible_id WHERE m.id = :id", id=moment)
    )


def third_clinician(clinic: Clinic) -> None:
    with clinic.store.work(OPERATOR) as work:
        staff(work, clinic.here, THIRD, Role.CLINICIAN, trained=True)


def counts(clinic: Clinic) -> dict[str, int]:
    rows = clinic.rows(
        "SELECT s.hsa_id, sum(number) FROM momentcount JOIN staff s ON s.id = responsible_id"
        " WHERE status <> 'avslutat' GROUP BY s.hsa_id HAVING sum(number) <> 0"
    )
    return {hsa_id: int(number) for hsa_id, number in rows}


def test_who_has_no_moments_is_just_inactivated(clinic: Clinic) -> None:
    assert do(clinic, inactivate_staff, COLLEAGUE) == 0
    assert not is_active(clinic, COLLEAGUE)
    assert roles_of(clinic, COLLEAGUE)
    assert last_details(clinic) == f"{COLLEAGUE}: inaktiverad"
    with pytest.raises(Refused, match="är redan inaktiv"):
        do(clinic, inactivate_staff, COLLEAGUE)


def test_running_moments_must_be_taken_over(clinic: Clinic) -> None:
    clinic.start()
    with pytest.raises(Refused) as error:
        do(clinic, inactivate_staff, CLINICIAN)
    said = "Kim T1clinician är ansvarig behandlare för ett moment. Välj vem som tar över."
    assert (error.value.message, error.value.field) == (said, "behandlare")
    clinic.start(program="prov")
    with pytest.raises(Refused, match="för 2 moment"):
        do(clinic, inactivate_staff, CLINICIAN)
    assert is_active(clinic, CLINICIAN)


def test_one_takes_them_all_and_everything_tells_of_it(clinic: Clinic) -> None:
    moments = [clinic.start(), clinic.start(program="prov")]
    ended = clinic.start(GUARDIAN)
    clinic.run("UPDATE moment SET status = 'avslutat' WHERE id = :id", id=ended)
    clinic.run("UPDATE momentcount SET number = 1 WHERE program = 'komigang-online'")
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moments[1])
    assert see(clinic, moments_left_by, CLINICIAN) == [
        (moments[0], "KomIgång online", clinic.clock.now, None),
        (moments[1], "Ångest – prov", clinic.clock.now, None),
    ]
    before = clinic.store.change_no(clinic.here)
    assert do(clinic, inactivate_staff, CLINICIAN, to=COLLEAGUE) == 2
    assert [responsible(clinic, moment) for moment in (*moments, ended)] == [COLLEAGUE, COLLEAGUE, CLINICIAN]
    assert counts(clinic) == {COLLEAGUE: 2}
    assert clinic.rows("SELECT moment_id, facts, actor_name FROM event WHERE kind = 'behandlare-bytt' ORDER BY 1") == [
        (moment, '{"to": "Kim T1colleague"}', "Kim T1accessadmin") for moment in moments
    ]
    assert clinic.log(
        "SELECT moment_id, details, unit_id FROM log WHERE operation = 'inactivate_staff' ORDER BY id"
    ) == [
        *((moment, f"ny ansvarig behandlare {COLLEAGUE}", clinic.here) for moment in moments),
        (None, f"{CLINICIAN}: inaktiverad", clinic.here),
    ]
    assert clinic.store.change_no(clinic.here) == before + 1


def test_several_may_take_them(clinic: Clinic) -> None:
    third_clinician(clinic)
    moments = [clinic.start(number, confirmed=True) for number in (GUARDIAN, CHILD, "198001022386")]
    with pytest.raises(Refused, match="Välj vem som tar över 2 av dem"):
        do(clinic, inactivate_staff, CLINICIAN, each={moments[0]: THIRD})
    assert do(clinic, inactivate_staff, CLINICIAN, to=COLLEAGUE, each={moments[1]: THIRD}) == 3
    assert [responsible(clinic, moment) for moment in moments] == [COLLEAGUE, THIRD, COLLEAGUE]
    assert counts(clinic) == {COLLEAGUE: 2, THIRD: 1}


@pytest.mark.parametrize("to", [CLINICIAN, INACTIVE, ADMIN, hsa_id_of(Role.CLINICIAN, THERE), "SE2321000040-X"])
def test_only_another_active_clinician_of_the_unit_takes_over(clinic: Clinic, to: str) -> None:
    moment = clinic.start()
    for options in ({"to": to}, {"each": {moment: to}}):
        with pytest.raises(Refused, match=f"{to} är inte en annan aktiv behandlare på enheten"):
            do(clinic, inactivate_staff, CLINICIAN, **options)


def test_a_moment_that_is_not_the_persons_is_refused(clinic: Clinic) -> None:
    other = clinic.start(by=clinic.colleague)
    with pytest.raises(Refused, match=f"Moment {other} är inte ett pågående moment hos Kim T1clinician"):
        do(clinic, inactivate_staff, CLINICIAN, each={other: COLLEAGUE})


def test_what_waited_to_be_told_to_the_person_is_not_sent(clinic: Clinic) -> None:
    clinic.run("UPDATE staff SET email = 'x@example.org'")
    """Neither of the moments that go to another nor of a prioriterad flagga in a colleague's."""
    for moment in (clinic.start(), clinic.start(program="prov", by=clinic.colleague)):
        with clinic.store.work(clinic.resident()) as work:
            write_message(work, moment, "Hej")
    with clinic.store.work(clinic.colleague) as work:
        add_flag(work, moment, "Ring.", severity=Severity.PRIORITY)
    do(clinic, inactivate_staff, CLINICIAN, to=COLLEAGUE)
    rows = "SELECT state, done_at FROM notice WHERE staff_id = :id ORDER BY id"
    assert clinic.rows(rows, id=clinic.clinician.staff_id) == [("aterkallad", clinic.clock.now)] * 2
    assert set(clinic.rows(rows, id=clinic.colleague.staff_id)) == {("vantar", None)}, "the colleague's own"


def test_what_waits_to_be_told_on_the_other_unit_goes_all_the_same(clinic: Clinic) -> None:
    clinic.start()
    do(clinic, add_staff, CLINICIAN, by=admin_of(clinic, THERE))
    do(clinic, give_role, CLINICIAN, Role.CLINICIAN, "Båda", confirmed=True, by=admin_of(clinic, THERE))
    clinic.run("UPDATE staff SET email = 'x@example.org'")
    theirs = clinic.start(GUARDIAN, by=sign_in(clinic.store, CLINICIAN, THERE), confirmed=True)
    with clinic.store.work(clinic.resident(GUARDIAN)) as work:
        write_message(work, theirs, "Hej")
    do(clinic, inactivate_staff, CLINICIAN, to=COLLEAGUE)
    rows = clinic.rows("SELECT unit_id, state FROM notice WHERE staff_id = :id", id=clinic.clinician.staff_id)
    assert rows == [(clinic.there, "vantar")]


def test_the_clinicians_role_goes_the_same_way(clinic: Clinic) -> None:
    moment = clinic.start()
    with pytest.raises(Refused, match="Välj vem som tar över"):
        do(clinic, take_role, CLINICIAN, Role.CLINICIAN, "Byter jobb")
    assert do(clinic, take_role, CLINICIAN, Role.CLINICIAN, "Byter jobb", to=COLLEAGUE) == 1
    assert (responsible(clinic, moment), roles_of(clinic, CLINICIAN)) == (COLLEAGUE, [])
    assert last_details(clinic) == f"{CLINICIAN}: rollen behandlare borttagen: Byter jobb"
    assert is_active(clinic, CLINICIAN)


@pytest.mark.parametrize(
    ("role", "reason", "said", "field"),
    [
        (Role.DATA_ADMIN, "x", "har inte rollen", "roll"),
        (Role.CLINICIAN, " \t", "Skriv varför", "skal"),
        (Role.CLINICIAN, "x" * 201, "högst 200 tecken", "skal"),
    ],
)
def test_taking_a_role_is_refused(filed: Clinic, role: Role, reason: str, said: str, field: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        do(filed, take_role, CLINICIAN, role, reason)
    assert refused.value.field == field
    assert roles_of(filed, CLINICIAN)


def test_nobody_of_another_unit_is_touched(clinic: Clinic) -> None:
    for act, rest in ((inactivate_staff, ()), (take_role, (Role.CLINICIAN, "x")), (moments_left_by, ())):
        with pytest.raises(NotPermitted):
            do(clinic, act, hsa_id_of(Role.CLINICIAN, THERE), *rest)


# --- the last behörighetsadministratör ---


def test_the_last_administrator_neither_goes_nor_loses_the_role(clinic: Clinic) -> None:
    for act, rest in ((inactivate_staff, ()), (take_role, (Role.ACCESS_ADMIN, "x"))):
        with pytest.raises(Refused) as error:
            do(clinic, act, ADMIN, *rest)
        assert error.value.message == (
            "Kim T1accessadmin är enhetens enda behörighetsadministratör. Ge först rollen till en till person: varje "
            "enhet måste ha minst en."
        )
    second_admin(clinic)
    do(clinic, inactivate_staff, ADMIN)
    with pytest.raises(Refused, match="enda behörighetsadministratör"):
        do(clinic, take_role, SECOND, Role.ACCESS_ADMIN, "x", by=sign_in(clinic.store, SECOND))


def test_somebody_inactive_is_no_other_administrator(clinic: Clinic) -> None:
    second_admin(clinic)
    do(clinic, inactivate_staff, SECOND)
    with pytest.raises(Refused, match="enda behörighetsadministratör"):
        do(clinic, inactivate_staff, ADMIN)
    do(clinic, take_role, SECOND, Role.ACCESS_ADMIN, "x")


def test_an_administrator_who_is_active_elsewhere_alone_is_no_other_one(filed: Clinic) -> None:
    second_admin(filed)
    do(filed, add_staff, SECOND, by=admin_of(filed, THERE))
    do(filed, inactivate_staff, SECOND)
    with pytest.raises(Refused, match="enda behörighetsadministratör"):
        do(filed, inactivate_staff, ADMIN)


def test_another_role_may_go_from_the_last_administrator(clinic: Clinic) -> None:
    do(clinic, give_role, ADMIN, Role.DATA_ADMIN, "x", confirmed=True)
    do(clinic, take_role, ADMIN, Role.DATA_ADMIN, "x")


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Do all in threads of their own; returns what each said, nothing for what went through."""
    together = threading.Barrier(len(acts))

    def one(act: Callable[[], Any]) -> str:
        together.wait(15)
        try:
            act()
        except (Refused, NotPermitted) as refusal:
            return refusal.message
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.mark.parametrize("turn", range(3))
def test_two_administrators_that_remove_each_other_leave_one(clinic: Clinic, turn: int) -> None:
    second_admin(clinic)
    first, second = admin_of(clinic), sign_in(clinic.store, SECOND)
    act = (inactivate_staff, take_role, inactivate_staff)[turn]
    rest = (Role.ACCESS_ADMIN, "x") if act is take_role else ()
    said = at_once(
        lambda: do(clinic, act, SECOND, *rest, by=first),
        lambda: do(clinic, take_role, ADMIN, Role.ACCESS_ADMIN, "x", by=second),
    )
    assert said.count("") == 1
    held = clinic.rows(
        "SELECT r.staff_id FROM assignmentrole r JOIN assignment a ON a.staff_id = r.staff_id AND a.unit_id = r.unit_id"
        " WHERE r.role = 'behörighetsadministratör' AND a.active = 1 AND a.unit_id = :unit",
        unit=clinic.here,
    )
    assert len(held) == 1


# --- moments that come to somebody on the way out ---


def waits(future: Future[Any]) -> bool:
    """Whether it is held up by another transaction; nothing to wait for, where it is not."""
    try:
        future.result(0.3)
    except TimeoutError:
        return True
    return False


@pytest.mark.parametrize("leaving", [inactivate_staff, take_role])
def test_a_moment_that_is_being_given_to_somebody_is_seen_by_who_inactivates(
    served: Clinic, leaving: Callable[..., Any]
) -> None:
    moment = served.start()
    admin, rest = admin_of(served), (Role.CLINICIAN, "x") if leaving is take_role else ()
    with ThreadPoolExecutor(1) as pool:
        with served.store.work(served.admin) as work:
            switch_clinician(work, moment, COLLEAGUE)
            out = pool.submit(do, served, leaving, COLLEAGUE, *rest, by=admin)
            assert waits(out)
        with pytest.raises(Refused, match="Välj vem som tar över"):
            out.result(15)


@pytest.mark.parametrize("leaving", [inactivate_staff, take_role])
def test_somebody_on_the_way_out_is_given_nothing(served: Clinic, leaving: Callable[..., Any]) -> None:
    moment = served.start()
    admin, rest = admin_of(served), (Role.CLINICIAN, "x") if leaving is take_role else ()
    with ThreadPoolExecutor(2) as pool:
        with served.store.work(admin) as work:
            leaving(work, COLLEAGUE, *rest)
            to = pool.submit(do, served, switch_clinician, moment, COLLEAGUE, by=served.admin)
            start = pool.submit(do, served, start_moment, CHILD, "prov", by=served.colleague)
            assert waits(to)
            assert waits(start)
        for future in (to, start):
            with pytest.raises(Refused, match="är inte aktiv behandlare"):
                future.result(15)


def test_two_that_start_with_the_same_clinician_do_not_wait_for_each_other(served: Clinic) -> None:
    with ThreadPoolExecutor(1) as pool, served.store.work(served.clinician) as work:
        start_moment(work, CHILD, "prov")
        other = pool.submit(served.start, GUARDIAN, "prov", by=served.admin, responsible=CLINICIAN)
        assert other.result(10)


def told(clinic: Clinic) -> list[tuple[int, str, str]]:
    """The notices to staff that wait: whose moment, to whom, what kind."""
    return clinic.rows(
        "SELECT n.moment_id, s.hsa_id, n.kind FROM notice n JOIN staff s ON s.id = n.staff_id"
        " WHERE n.state = 'vantar' ORDER BY n.moment_id, s.hsa_id, n.kind"
    )


def waiting_at(clinic: Clinic, who: str) -> list[int]:
    """The moments of the matters in somebody's queue."""
    with clinic.store.read(sign_in(clinic.store, who)) as work:
        return [matter.moment for matter in open_todo(work)]


@pytest.mark.parametrize("by", [inactivate_staff, take_role])
def test_the_successor_gets_the_notice_and_the_matters(clinic: Clinic, by: Callable[..., Any]) -> None:
    clinic.run("UPDATE staff SET email = 'kim@example.org', notify_email = 1")
    quiet, message, flagged = clinic.start(), clinic.start(CHILD), clinic.start(GUARDIAN)
    with clinic.store.work(clinic.resident(CHILD)) as work:
        write_message(work, message, "Hej")
    with clinic.store.work(clinic.clinician) as work:
        add_flag(work, flagged, "Fara", severity=Severity.PRIORITY)
    assert (message, CLINICIAN, "personal-meddelande") in told(clinic)
    clinic.run("UPDATE notice SET state = 'skickad' WHERE kind = 'personal-prioriterat'")
    extra = () if by is inactivate_staff else (Role.CLINICIAN, "slutar")
    do(clinic, by, CLINICIAN, *extra, to=COLLEAGUE)
    assert told(clinic) == [(message, COLLEAGUE, "personal-meddelande"), (flagged, COLLEAGUE, "personal-prioriterat")]
    assert {message, flagged} <= set(waiting_at(clinic, COLLEAGUE))
    assert quiet not in waiting_at(clinic, COLLEAGUE)


def test_the_successor_is_told_though_nothing_waits(clinic: Clinic) -> None:
    clinic.run("UPDATE staff SET email = 'kim@example.org', notify_email = 1")
    third_clinician(clinic)
    clinic.run("UPDATE staff SET email = 'kim@example.org'")
    moments = [clinic.start(), clinic.start(program="prov"), clinic.start(GUARDIAN)]
    do(clinic, inactivate_staff, CLINICIAN, to=COLLEAGUE, each={moments[2]: THIRD})
    assert told(clinic) == [
        (moments[0], COLLEAGUE, "personal-meddelande"),
        (moments[2], THIRD, "personal-meddelande"),
    ]


def test_who_is_given_a_moment_is_told_of_its_messages_and_who_takes_one_is_not(clinic: Clinic) -> None:
    clinic.run("UPDATE staff SET email = 'kim@example.org', notify_email = 1")
    moment = clinic.start(CHILD)
    with clinic.store.work(clinic.resident(CHILD)) as work:
        write_message(work, moment, "Hej")
    do(clinic, switch_clinician, moment, COLLEAGUE, by=clinic.clinician)
    assert told(clinic) == [(moment, COLLEAGUE, "personal-meddelande")]
    with clinic.store.work(OPERATOR) as work:
        set_role(work, clinic.colleague.staff_id, clinic.here, Role.RESIDENT_ADMIN, "x")
    do(clinic, switch_clinician, moment, CLINICIAN, by=clinic.admin)
    do(clinic, switch_clinician, moment, COLLEAGUE, by=sign_in(clinic.store, COLLEAGUE))
    assert told(clinic) == []
