"""Transactions: all or nothing, one clock reading, roles read anew, the log before anything is handed on."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from store.care.endings import end_moment
from store.care.look_up import look_up_resident
from store.care.maintenance import maintain_moment, resume_moment
from store.care.starting import start_moment
from store.care.switching import switch_clinician
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import Instant
from store.foundation.errors import InvariantBroken, NeedsConfirmation, NotPermitted, Refused
from store.foundation.read_transaction import ReadTransaction
from store.foundation.store import Store
from store.opening import open_store
from store.people.sign_in import SeveralUnits, sign_in
from store.people.staff import Assignment, AssignmentRole, ProviderAdmin
from store.views.lists import Tab, list_headings, open_list
from store.views.moment import open_moment, refresh_moment
from tests.clinics import ADULT, COLLEAGUE, ELSEWHERE, HERE, INACTIVE, PREFIX, THERE, UNKNOWN, Clinic, Clock, hsa_id_of
from tests.signing_in import let_in

ONE, TWO = UUID(int=1), UUID(int=2)


def ticking(start: int) -> Callable[[], Instant]:
    now = start

    def tick() -> Instant:
        nonlocal now
        now += 1000
        return Instant(now)

    return tick


# --- commit and rollback ---


def test_what_is_done_is_there_afterwards_for_everyone(clinic: Clinic) -> None:
    moment = clinic.start()
    other = open_store(clinic.store.engine.url, clock=clinic.clock)
    with other.read(clinic.clinician) as work:
        assert open_moment(work, moment).personnummer == ADULT
    other.close()


def test_an_exception_undoes_everything(clinic: Clinic) -> None:
    def fail() -> None:
        with clinic.store.work(clinic.clinician) as work:
            start_moment(work, ADULT, "komigang-online")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    for table in ("moment", "event", "notice", "momentcount", "momentmodule"):
        assert clinic.value(f"SELECT count(*) FROM {table}") == 0
    assert clinic.value("SELECT count(*) FROM log WHERE operation = 'start_moment'") == 0
    assert clinic.store.change_no(clinic.here) == 0


def test_a_transaction_has_one_clock_reading(clinic: Clinic) -> None:
    clinic.store.clock = ticking(clinic.clock.now)
    with clinic.store.work(clinic.clinician) as work:
        first = work.now
        moment = start_moment(work, ADULT, "komigang-online")
        maintain_moment(work, moment)
        assert work.now == first
    assert clinic.rows("SELECT DISTINCT at FROM event") == [(first,)]
    assert clinic.value("SELECT started_at FROM moment") == first


def test_log_rows_carry_the_wall_clock_too(clinic: Clinic) -> None:
    clinic.clock.set(2030, 1, 1)
    clinic.start()
    at, wall_at = clinic.rows("SELECT at, wall_at FROM log WHERE operation = 'start_moment'")[0]
    assert at == clinic.clock.now
    assert wall_at < at


def test_two_events_of_one_instant_keep_their_order(clinic: Clinic) -> None:
    with clinic.store.work(clinic.clinician) as work:
        moment = start_moment(work, ADULT, "komigang-online")
        maintain_moment(work, moment)
        resume_moment(work, moment)
    kinds = clinic.rows("SELECT kind FROM event ORDER BY at, seq")
    assert kinds == [("startat",), ("vidmakthallande",), ("aterupptaget",)]


# --- who acts ---


def test_roles_are_read_anew_in_each_transaction(clinic: Clinic) -> None:
    moment = clinic.start()
    clinic.run(
        "DELETE FROM assignmentrole WHERE staff_id = :staff AND role = :role",
        staff=clinic.clinician.staff_id,
        role=Role.CLINICIAN.value,
    )
    with clinic.store.read(clinic.clinician) as work, pytest.raises(NotPermitted):
        open_moment(work, moment)
    with pytest.raises(NotPermitted), clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)


def test_a_new_role_counts_at_once(clinic: Clinic) -> None:
    moment = clinic.start()
    with clinic.store.work(OPERATOR) as work:
        row = AssignmentRole(staff_id=clinic.colleague.staff_id, unit_id=clinic.here, role=Role.RESIDENT_ADMIN.value)
        work.add(row)
    with clinic.store.read(clinic.colleague) as work:
        assert open_moment(work, moment).id == moment


def test_who_was_inactivated_acts_no_more(clinic: Clinic) -> None:
    clinic.run("UPDATE assignment SET active = 0 WHERE staff_id = :staff", staff=clinic.clinician.staff_id)
    for enter in (clinic.store.read, clinic.store.work):
        with pytest.raises(NotPermitted), enter(clinic.clinician):
            pytest.fail("let in")


def test_a_provider_admin_who_is_one_no_more_is_refused(clinic: Clinic) -> None:
    clinic.run("DELETE FROM provideradmin")
    with pytest.raises(NotPermitted), clinic.store.read(clinic.provider_admin):
        pytest.fail("let in")


@pytest.mark.parametrize("hsa_id", [INACTIVE, f"{PREFIX}nobody", ""])
def test_nobody_active_by_that_id(clinic: Clinic, hsa_id: str) -> None:
    with pytest.raises(NotPermitted):
        sign_in(clinic.store, hsa_id)


def test_signing_in_on_a_unit_where_one_does_not_work(clinic: Clinic) -> None:
    with pytest.raises(NotPermitted):
        sign_in(clinic.store, COLLEAGUE, THERE)


def test_who_works_on_two_units_says_on_which(clinic: Clinic) -> None:
    with clinic.store.work(OPERATOR) as work:
        work.add(Assignment(staff_id=clinic.colleague.staff_id, unit_id=clinic.there))
    with pytest.raises(SeveralUnits) as error:
        sign_in(clinic.store, COLLEAGUE)
    assert error.value.units == [(HERE, "Enhet Ett"), (THERE, "Enhet Två")]
    assert error.value.field == "enhet"
    there = sign_in(clinic.store, COLLEAGUE, THERE)
    assert (there.unit_id, there.roles) == (clinic.there, frozenset())
    assert sign_in(clinic.store, COLLEAGUE, HERE).roles == {Role.CLINICIAN}


def test_the_roles_of_one_unit_are_not_those_of_another(clinic: Clinic) -> None:
    with clinic.store.work(OPERATOR) as work:
        work.add(Assignment(staff_id=clinic.admin.staff_id, unit_id=clinic.there))
        work.add(ProviderAdmin(staff_id=clinic.colleague.staff_id, provider_id=1))
    moment = clinic.start()
    there = sign_in(clinic.store, hsa_id_of(Role.RESIDENT_ADMIN), THERE)
    with clinic.store.read(there) as work, pytest.raises(NotPermitted):
        open_moment(work, moment)
    assert sign_in(clinic.store, COLLEAGUE).roles == {Role.CLINICIAN}


# --- the log ---


def log_rows(clinic: Clinic, action: str) -> list[tuple[Any, ...]]:
    columns = (
        "operation, unit_id, actor_kind, actor_hsa_id, actor_name, personnummer, resident_name, moment_id, details"
    )
    return clinic.log(f"SELECT {columns} FROM log WHERE action = :action ORDER BY id", action=action)


def test_a_read_is_in_the_log_when_the_block_is_left(clinic: Clinic) -> None:
    moment = clinic.start()
    with clinic.store.read(clinic.clinician) as work:
        open_moment(work, moment)
    who = clinic.clinician
    assert log_rows(clinic, "läste") == [
        ("open_moment", clinic.here, "personal", who.hsa_id, who.name, ADULT, "Berg, Åsa", moment, "")
    ]


def test_what_was_read_before_a_refusal_is_logged(clinic: Clinic) -> None:
    moment = clinic.start()

    def read_two() -> None:
        with clinic.store.read(clinic.clinician) as work:
            open_moment(work, moment)
            open_moment(work, moment + 1)

    with pytest.raises(NotPermitted):
        read_two()
    rows = clinic.rows("SELECT moment_id, thing_id, outcome FROM log WHERE action = 'läste' ORDER BY id")
    assert rows == [(moment, str(moment), "gjort"), (None, str(moment + 1), "nekat")]


def test_when_the_log_cannot_be_written_the_read_fails(clinic: Clinic) -> None:
    moment = clinic.start()
    clinic.run("ALTER TABLE log RENAME TO elsewhere")
    with pytest.raises(Exception, match="log"), clinic.store.read(clinic.clinician) as work:
        open_moment(work, moment)
    with pytest.raises(Exception, match="log"), clinic.store.read(clinic.clinician) as work:
        refresh_moment(work, moment)  # nothing was opened
    with clinic.store.read(clinic.clinician) as work:
        list_headings(work, Tab.MINE)


def test_when_the_log_cannot_be_written_the_change_is_undone(clinic: Clinic) -> None:
    moment = clinic.start()
    clinic.run("ALTER TABLE log RENAME TO elsewhere")
    with pytest.raises(Exception, match="log"), clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
    assert clinic.value("SELECT status FROM moment") == "pagaende"


@pytest.mark.parametrize("sql", ["UPDATE log SET details = 'x'", "DELETE FROM log"])
def test_the_log_is_append_only(clinic: Clinic, sql: str) -> None:
    clinic.start()
    before = clinic.rows("SELECT * FROM log ORDER BY id")
    with pytest.raises(Exception, match="append-only"):
        clinic.run(sql)
    assert clinic.rows("SELECT * FROM log ORDER BY id") == before


def test_the_server_refuses_to_empty_the_log(clinic: Clinic) -> None:
    if clinic.store.engine.pyformat:
        with pytest.raises(Exception, match="append-only"):
            clinic.run("TRUNCATE log")


def test_an_ending_that_starts_another_leaves_a_row_for_each(clinic: Clinic) -> None:
    moment = clinic.start()
    with clinic.store.work(clinic.clinician) as work:
        new = end_moment(work, moment, "Övrigt", new_program="prov")
    rows = [(row[0], row[7]) for row in log_rows(clinic, "ändrade") if row[7]]
    assert rows == [("start_moment", moment), ("start_moment", new), ("end_moment", moment)]


# --- the change number ---


def test_the_change_number_is_raised_by_a_change_and_by_nothing_else(clinic: Clinic) -> None:
    moment = clinic.start()
    before = clinic.store.change_no(clinic.here)
    with clinic.store.read(clinic.clinician) as work:
        open_list(work, Tab.MINE)
        list_headings(work, Tab.MINE)
        open_moment(work, moment)
        look_up_resident(work, ADULT)
    with clinic.store.work(clinic.clinician) as work:
        refresh_moment(work, moment)
        open_moment(work, moment)
    assert clinic.store.change_no(clinic.here) == before
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
        resume_moment(work, moment)
    assert clinic.store.change_no(clinic.here) == before + 1
    assert clinic.store.change_no(clinic.there) == 0


def test_a_refused_change_raises_nothing(clinic: Clinic) -> None:
    moment = clinic.start()
    before = clinic.store.change_no(clinic.here)
    with pytest.raises(Refused), clinic.store.work(clinic.clinician) as work:
        resume_moment(work, moment)
    assert clinic.store.change_no(clinic.here) == before


# --- repeated commands ---


def all_rows(clinic: Clinic) -> dict[str, list[tuple[Any, ...]]]:
    tables = ("moment", "momentcount", "momentmodule", "event", "log", "notice", "change", "command", "message")
    return {table: sorted(clinic.rows(f"SELECT * FROM {table}"), key=repr) for table in tables}


def test_a_repeated_command_returns_the_same_and_changes_nothing(clinic: Clinic) -> None:
    moments, states = [], []
    for _ in range(2):
        with clinic.store.work(clinic.clinician, command=ONE) as work:
            moments.append(start_moment(work, ADULT, "komigang-online"))
        states.append(all_rows(clinic))
    assert moments[0] == moments[1]
    assert states[0] == states[1]


def test_operations_of_a_repeated_command_are_told_apart_by_their_order(clinic: Clinic) -> None:
    results, states = [], []
    for _ in range(2):
        with clinic.store.work(clinic.clinician, command=ONE) as work:
            first = start_moment(work, ADULT, "komigang-online")
            second = end_moment(work, first, "Övrigt", new_program="prov")
            results.append((first, second, maintain_moment(work, second or 0)))
        states.append(all_rows(clinic))
    assert results[0] == results[1]
    assert states[0] == states[1]
    assert clinic.rows("SELECT ordinal, operation FROM command ORDER BY ordinal") == [
        (1, "start_moment"),
        (2, "end_moment"),
        (3, "maintain_moment"),
    ]


def test_a_repeated_switch_is_not_refused_because_it_was_done(clinic: Clinic) -> None:
    moment = clinic.start()
    for _ in range(2):
        with clinic.store.work(clinic.clinician, command=ONE) as work:
            switch_clinician(work, moment, COLLEAGUE)


def test_another_command_is_done_again(clinic: Clinic) -> None:
    for command in (ONE, TWO):
        with clinic.store.work(clinic.clinician, command=command) as work:
            start_moment(work, ADULT, "komigang-online", confirmed=True)
    assert clinic.value("SELECT count(*) FROM moment") == 2


def test_a_refused_command_may_be_sent_again_confirmed(clinic: Clinic) -> None:
    clinic.start()
    with pytest.raises(NeedsConfirmation), clinic.store.work(clinic.clinician, command=ONE) as work:
        start_moment(work, ADULT, "komigang-online")
    with clinic.store.work(clinic.clinician, command=ONE) as work:
        start_moment(work, ADULT, "komigang-online", confirmed=True)
    assert clinic.value("SELECT count(*) FROM moment") == 2


def test_a_uuid_used_for_something_else_is_a_fault_of_ours(clinic: Clinic) -> None:
    moment = clinic.start()
    with clinic.store.work(clinic.clinician, command=ONE) as work:
        maintain_moment(work, moment)
    with pytest.raises(InvariantBroken), clinic.store.work(clinic.clinician, command=ONE) as work:
        resume_moment(work, moment)


def test_a_command_sent_twice_at_the_same_time_is_done_once(clinic: Clinic) -> None:
    together = threading.Barrier(2)

    def send(_: int) -> int:
        together.wait(15)
        with clinic.store.work(clinic.clinician, command=ONE) as work:
            return start_moment(work, ADULT, "komigang-online")

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(send, range(2))
    assert first == second
    assert clinic.value("SELECT count(*) FROM moment") == 1


# --- side by side ---


def test_of_two_that_write_at_once_nothing_is_lost(clinic: Clinic) -> None:
    """They move the same two counts in opposite directions, which must not make them wait for each other."""
    moments = [clinic.start(), clinic.start(program="prov")]
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moments[1])
    before = clinic.store.change_no(clinic.here)
    together = threading.Barrier(2)

    def to_and_fro(which: int) -> None:
        together.wait(15)
        for turn in range(10):
            with clinic.store.work(clinic.clinician) as work:
                (maintain_moment if (which + turn) % 2 == 0 else resume_moment)(work, moments[which])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(to_and_fro, range(2)))
    assert clinic.store.change_no(clinic.here) == before + 20
    assert clinic.value("SELECT count(*) FROM event WHERE kind IN ('vidmakthallande', 'aterupptaget')") == 21
    counts = clinic.rows("SELECT program, status, number FROM momentcount WHERE number <> 0 ORDER BY 1")
    assert counts == [("komigang-online", "pagaende", 1), ("prov", "vidmakthallande", 1)]


def test_two_that_change_the_same_moment_are_told_what_the_other_did(clinic: Clinic) -> None:
    moment = clinic.start()
    together = threading.Barrier(2)

    def end(_: int) -> str:
        together.wait(15)
        try:
            with clinic.store.work(clinic.clinician) as work:
                end_moment(work, moment, "Övrigt")
        except Refused as refusal:
            return refusal.message
        return "ended"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(end, range(2)))
    assert said[1] == "ended"
    assert said[0].startswith("Momentet är avslutat.")
    assert clinic.value("SELECT count(*) FROM event WHERE kind = 'avslutat'") == 1


def test_a_reading_sees_one_snapshot(clinic: Clinic) -> None:
    with clinic.store.read(clinic.clinician) as work:
        before = list_headings(work, Tab.MINE)
        clinic.start()
        assert list_headings(work, Tab.MINE) == before == []
    with clinic.store.read(clinic.clinician) as work:
        assert [heading.number for heading in list_headings(work, Tab.MINE)] == [1]


def test_a_reading_cannot_write(clinic: Clinic) -> None:
    def write(work: ReadTransaction) -> None:
        work.db.run("DELETE FROM moment")

    if clinic.store.engine.pyformat:
        with pytest.raises(Exception, match="read-only"), clinic.store.read(clinic.clinician) as work:
            write(work)


def test_many_threads_share_a_store(clinic: Clinic) -> None:
    moment = clinic.start()

    def look(_: int) -> str:
        with clinic.store.read(clinic.clinician) as work:
            return open_moment(work, moment).name

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(look, range(40))) == {"Berg, Åsa"}
    assert len(log_rows(clinic, "läste")) == 40


# --- opening ---


def test_a_store_knows_its_kind(store: Store) -> None:
    assert store.is_practice
    assert not Store(store.engine, "real").is_practice


def test_other_numbers_are_refused_only_in_practice(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.foundation.fictional.SAFE_NUMBERS", frozenset())
    with clinic.store.read(clinic.clinician) as work, pytest.raises(Refused, match="Övningsmiljön") as error:
        look_up_resident(work, ELSEWHERE)
    assert error.value.field == "personnummer"
    clinic.store.kind = "real"
    with clinic.store.read(let_in(clinic.store, clinic.clinician)) as work:
        assert look_up_resident(work, ELSEWHERE).name == "Öst, Per"


def test_an_actor_is_no_more_than_the_store_says(clinic: Clinic) -> None:
    """Roles in the actor's hands count for nothing."""
    moment = clinic.start()
    pretender = replace(clinic.colleague, roles=frozenset(Role))
    with clinic.store.read(pretender) as work, pytest.raises(NotPermitted):
        open_moment(work, moment)


def test_errors_of_a_driver_carry_no_values(clinic: Clinic) -> None:
    with pytest.raises(DBAPIError) as error, clinic.store.work(OPERATOR) as work:
        work.add(AssignmentRole(staff_id=4711, unit_id=4711, role=UNKNOWN))
    assert UNKNOWN not in str(error.value)


def test_the_clock_can_be_set(clinic: Clinic, clock: Clock) -> None:
    clock.set(2026, 5, 1, 12)
    with clinic.store.read(clinic.clinician) as work:
        assert work.now == clock.now
        assert work.today.isoformat() == "2026-05-01"
