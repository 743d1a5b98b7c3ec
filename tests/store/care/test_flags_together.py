"""Flags when several act at once: two runs of the day, two who handle, a run and a resident who answers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from store.care.day_run import run_day
from store.care.flags import add_flag, handle_flag
from store.care.form_answers import answer_form
from store.care.messages import send_message, write_message
from store.foundation.errors import DomainError, NotPermitted, Refused
from store.foundation.flag_kinds import Severity
from tests.clinics import ADULT, GUARDIAN, Clinic
from tests.forms import given


def at_once(*acts: Callable[[], object]) -> list[DomainError | None]:
    """Do them in threads that begin together; returns what each was refused with."""
    ready = Barrier(len(acts))

    def one(act: Callable[[], object]) -> DomainError | None:
        ready.wait(10)
        try:
            act()
        except DomainError as refused:
            return refused
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_two_runs_at_once_raise_each_flag_once(clinic: Clinic) -> None:
    for number in (ADULT, GUARDIAN):
        clinic.start(number, "prov")
    clinic.clock.set(2026, 3, 20)
    refused = at_once(lambda: run_day(clinic.store), lambda: run_day(clinic.store))
    assert all(one is None or "pågår redan" in one.message for one in refused)
    assert None in refused
    assert clinic.value("SELECT count(*) FROM flag") == 4
    assert clinic.rows("SELECT open_flags FROM moment") == [(2,), (2,)]
    assert clinic.value("SELECT leased_until FROM dayrun") == 0


def test_two_who_handle_the_same_flag_leave_one_note(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        flag = add_flag(work, moment, "Ring.", severity=Severity.PRIORITY)

    def handling(name: str) -> Callable[[], None]:
        def act() -> None:
            with clinic.store.work(getattr(clinic, name)) as work:
                handle_flag(work, flag, name)

        return act

    refused = at_once(handling("clinician"), handling("colleague"), handling("admin"))
    assert refused.count(None) == 1
    assert all(isinstance(one, Refused | NotPermitted) for one in refused if one)
    (note,) = clinic.rows("SELECT note FROM flag")
    assert note[0] == ("clinician", "colleague", "admin")[refused.index(None)]
    assert clinic.rows("SELECT open_flags, priority_flags FROM moment") == [(0, 0)]
    assert clinic.value("SELECT count(*) FROM event WHERE kind = 'flagga-hanterad'") == 1


@pytest.mark.parametrize("turn", range(3))
def test_a_run_beside_those_who_answer(clinic: Clinic, turn: int) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.resident()) as work:
        write_message(work, moment, "Hej")
    place = clinic.value("SELECT id FROM conversation")
    clinic.clock.set(2026, 3, 20 + turn)

    def answer() -> None:
        with clinic.store.work(clinic.resident()) as work:
            answer_form(work, moment, "maende", given(0, 0, 1))

    def reply() -> None:
        with clinic.store.work(clinic.clinician) as work:
            send_message(work, moment, "Svar", conversation=place)

    assert at_once(lambda: run_day(clinic.store), answer, reply) == [None, None, None]
    run_day(clinic.store)
    opened = {kind for (kind,) in clinic.rows("SELECT kind FROM flag WHERE handled_at IS NULL")}
    assert opened == {"svar"}, "nothing is left that the answers had ended"
    assert clinic.rows("SELECT open_flags, priority_flags, severity_rank FROM moment") == [(1, 1, 0)]
