"""The day's run: what time raises, at the exact limits; one run at a time, and nothing twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

import store.care.day_run as module
from store.care.activity_plans import NewActivity, NewPlan, PlanChange, change_plan, end_plan, make_plan
from store.care.day_rules import RULES, Group, Stretch, group_of, groups
from store.care.day_run import LEASE, begin_day, is_day_due, raise_batch, run_day
from store.care.endings import end_moment
from store.care.flags import handle_flag
from store.care.maintenance import maintain_moment, resume_moment
from store.care.messages import send_message, write_message
from store.care.modules import read_step
from store.care.program_shape import FlagRules
from store.care.programs import install_program
from store.foundation.access import OPERATOR, SYSTEM
from store.foundation.clock import Instant, local
from store.foundation.errors import NotPermitted, Refused, StoreUnreachable
from store.foundation.fictional import fictional_numbers
from store.foundation.flag_kinds import THRESHOLDS, MatterKind
from store.foundation.work import Work
from store.opening import open_store
from store.views.todo import open_todo
from tests.clinics import ADULT, CHILD, GUARDIAN, SMALL, Clinic, Clock
from tests.conftest import Stores
from tests.forms import given

NEVER = FlagRules({one.column: 0 for one in THRESHOLDS}, module_finished=False, past_length=False)
version = iter(range(2, 1_000_000))


def program_with(clinic: Clinic, **rules: Any) -> int:
    """Start a moment of a program with these rules alone."""
    given = {name: rules.pop(name) for name in NEVER.days if name in rules}
    days = {name: number for name, number in {**NEVER.days, **given}.items() if number is not None}
    with clinic.store.work(OPERATOR) as work:
        install_program(work, replace(SMALL, version=str(next(version)), flags=replace(NEVER, days=days, **rules)))
    return clinic.start(program="prov")


def program_with_another(clinic: Clinic, number: str, **rules: int) -> int:
    """Start somebody's moment of a newer version of the program, with these days alone."""
    flags = replace(NEVER, days={**NEVER.days, **rules})
    with clinic.store.work(OPERATOR) as work:
        install_program(work, replace(SMALL, version=str(next(version)), flags=flags))
    return clinic.start(number, "prov")


def run_on(clinic: Clinic, day: int, month: int = 3, hour: int = 5) -> list[str]:
    """Run the rules on a day of 2026; returns the reasons of what they raised."""
    clinic.clock.set(2026, month, day, hour)
    known = clinic.value("SELECT coalesce(max(id), 0) FROM flag")
    report = run_day(clinic.store)
    assert report.left == {}
    raised = report.raised
    rows = clinic.rows("SELECT reason FROM flag WHERE id > :known ORDER BY id", known=known)
    found = [reason for (reason,) in rows]
    assert len(found) == raised
    return found


def step(clinic: Clinic, moment: int, name: str = "hej") -> None:
    with clinic.store.work(clinic.resident()) as work:
        read_step(work, moment, name)


def write(clinic: Clinic, moment: int, **options: Any) -> int:
    with clinic.store.work(clinic.resident()) as work:
        write_message(work, moment, "Hej", **options)
    return int(clinic.value("SELECT max(id) FROM conversation"))


def test_silence_is_so_many_midnights_without_an_act(clinic: Clinic) -> None:
    moment = program_with(clinic, silent_days=5)
    clinic.clock.set(2026, 3, 3, 22)
    step(clinic, moment)
    assert run_on(clinic, 7, hour=22) == []
    assert run_on(clinic, 8) == ["Ingen aktivitet sedan 2026-03-03"]
    assert run_on(clinic, 9) == []
    step(clinic, moment, "sen")
    assert run_on(clinic, 13) == []
    assert run_on(clinic, 14) == ["Ingen aktivitet sedan 2026-03-09"], "another silence is another cause"
    assert clinic.rows("SELECT severity, about, raised_by FROM flag WHERE id = 1") == [("varning", "", "")]


def since(clinic: Clinic, kind: str) -> str:
    """When the newest flag of a kind says that the waiting began."""
    at = clinic.value("SELECT waiting_since FROM flag WHERE kind = :kind ORDER BY id DESC LIMIT 1", kind=kind)
    return f"{local(Instant(at)):%Y-%m-%d %H:%M}"


def test_a_flag_waits_since_the_waiting_began_and_not_since_a_rule_saw_it(clinic: Clinic) -> None:
    moment = program_with(clinic, silent_days=5, missing_days=3, past_length=True)
    clinic.clock.set(2026, 3, 3, 22)
    step(clinic, moment)
    other = program_with_another(clinic, CHILD, never_days=7)
    run_on(clinic, 20, 4)
    assert [since(clinic, kind) for kind in ("tyst", "saknas", "langd", "aldrig")] == [
        "2026-03-03 23:00",
        "2026-04-13 00:00",
        "2026-04-02 00:00",
        "2026-03-03 23:00",
    ]
    clinic.run("UPDATE moment SET purge_by = '2026-04-30'")
    run_on(clinic, 21, 4)
    assert since(clinic, "gallring") == "2026-01-30 00:00"
    run_on(clinic, 5, 5)
    assert since(clinic, "gallring") == "2026-05-01 00:00"
    with clinic.store.read(clinic.clinician) as work:
        waits = {(one.kind, one.moment): one.since for one in open_todo(work)}
    assert waits[MatterKind.SILENT, other] == clinic.value("SELECT started_at FROM moment WHERE id = :id", id=other)


def test_a_handled_silence_is_not_raised_again(clinic: Clinic) -> None:
    moment = program_with(clinic, silent_days=5)
    step(clinic, moment)
    run_on(clinic, 20)
    with clinic.store.work(clinic.clinician) as work:
        handle_flag(work, 1, "Ringde.")
    assert run_on(clinic, 21) == run_on(clinic, 30) == []


def test_never_is_counted_from_the_start(clinic: Clinic) -> None:
    moment = program_with(clinic, never_days=7)
    assert run_on(clinic, 8, hour=22) == []
    assert run_on(clinic, 9) == ["Aldrig inloggad"]
    step(clinic, moment)
    assert clinic.value("SELECT open_flags FROM moment") == 0
    assert run_on(clinic, 30) == []


def test_the_units_thresholds_hold_where_the_program_has_none(clinic: Clinic) -> None:
    moment = program_with(clinic, silent_days=None)
    step(clinic, moment)
    clinic.run("UPDATE unit SET silent_days = 3 WHERE id = :id", id=clinic.here)
    assert run_on(clinic, 4) == []
    assert run_on(clinic, 5) == ["Ingen aktivitet sedan 2026-03-02"]


@pytest.mark.parametrize("whose", ["program", "unit"])
def test_zero_is_never(clinic: Clinic, whose: str) -> None:
    rules = ("silent_days", "never_days", "missing_days", "unanswered_days")
    if whose == "unit":
        clinic.run("UPDATE unit SET silent_days = 0, never_days = 0, missing_days = 0, unanswered_days = 0")
    one = program_with(clinic, **({} if whose == "program" else dict.fromkeys(rules)))
    clinic.start(GUARDIAN, "prov")
    step(clinic, one)
    write(clinic, one)
    assert run_on(clinic, 1, 12) == []


def test_past_the_recommended_length(clinic: Clinic) -> None:
    program_with(clinic, past_length=True)
    assert run_on(clinic, 1, 4, hour=21) == [], "thirty days have passed, and may"
    assert run_on(clinic, 2, 4) == ["Har pågått längre än rekommenderade 30 dagar"]
    assert run_on(clinic, 3, 4) == []


def test_midnight_belongs_to_the_day_that_begins(filed: Clinic) -> None:
    moment = program_with(filed, silent_days=2, unanswered_days=1)
    filed.clock.set(2026, 3, 3, 22, 59)
    write(filed, moment, heading="Före midnatt")
    filed.clock.set(2026, 3, 3, 23)  # the midnight of the fourth
    step(filed, moment)
    write(filed, moment, heading="Vid midnatt")
    program_with_another(filed, GUARDIAN, never_days=2)
    program_with_another(filed, CHILD, missing_days=1)
    assert run_on(filed, 4, hour=22) == []
    assert run_on(filed, 4, hour=23) == ["Meddelande obesvarat sedan 2026-03-03", "Mående saknas sedan 2026-03-04"]
    assert run_on(filed, 5, hour=22) == []
    assert run_on(filed, 5, hour=23) == [
        "Ingen aktivitet sedan 2026-03-04",
        "Meddelande obesvarat sedan 2026-03-04",
        "Aldrig inloggad",
    ]


def test_a_version_has_its_own_rules(filed: Clinic) -> None:
    moment = program_with(filed, never_days=3)
    program_with_another(filed, GUARDIAN)
    assert run_on(filed, 20) == ["Aldrig inloggad"]
    assert filed.rows("SELECT moment_id FROM flag") == [(moment,)]


def test_ninety_days_before_the_purge(clinic: Clinic) -> None:
    moment = program_with(clinic)
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
    clinic.clock.set(2027, 12, 2, 12)
    assert run_day(clinic.store).raised == 0
    clinic.clock.set(2027, 12, 3, 0)
    assert run_day(clinic.store).raised == 1
    assert clinic.rows("SELECT kind, reason FROM flag") == [("gallring", "Gallras senast 2028-03-02")]


def test_a_moment_that_still_runs_past_its_purge_is_overdue(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    clinic.run("DELETE FROM flag")
    kinds = "SELECT reason FROM flag WHERE kind = 'gallring' AND handled_at IS NULL"
    overdue = "Skulle ha gallrats senast 2028-03-02, men är inte avslutat"
    for day, said in ((2, "Gallras senast 2028-03-02"), (3, overdue)):
        clinic.clock.set(2028, 3, day)
        run_day(clinic.store)
        assert clinic.rows(kinds) == [(said,)], "one matter, one flag"
    ((number,),) = clinic.rows("SELECT id FROM flag WHERE kind = 'gallring' AND handled_at IS NULL")
    with clinic.store.work(clinic.clinician) as work:
        handle_flag(work, number, "Avslutas i veckan.")
    clinic.clock.set(2028, 3, 4)
    run_day(clinic.store)
    assert clinic.rows(kinds) == []
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart", confirmed=True)


@pytest.mark.parametrize(
    ("written", "not_yet", "then"),
    [
        ((3, 2), (3, 4), (3, 5)),  # Monday, Wednesday, Thursday
        ((3, 6), (3, 10), (3, 11)),  # over a weekend
        ((3, 7), (3, 10), (3, 11)),  # on a Saturday
        ((4, 2), (4, 8), (4, 9)),  # over Easter
        ((6, 17), (6, 22), (6, 23)),  # over midsummer's eve
        ((12, 23), (12, 29), (12, 30)),  # over Christmas
    ],
)
def test_unanswered_is_counted_in_working_days(
    clinic: Clinic, written: tuple[int, int], not_yet: tuple[int, int], then: tuple[int, int]
) -> None:
    moment = program_with(clinic, unanswered_days=2)
    clinic.clock.set(2026, *written, 15)
    conversation = write(clinic, moment)
    assert run_on(clinic, not_yet[1], not_yet[0], hour=20) == []
    assert run_on(clinic, then[1], then[0]) == [f"Meddelande obesvarat sedan {date(2026, *written)}"]
    assert clinic.rows("SELECT about FROM flag") == [(str(conversation),)]


def test_an_answer_in_the_conversation_closes_it(clinic: Clinic) -> None:
    moment = program_with(clinic, unanswered_days=2)
    first, second = write(clinic, moment), write(clinic, moment, heading="Annat")
    assert len(run_on(clinic, 10)) == 2
    with clinic.store.work(clinic.clinician) as work:
        send_message(work, moment, "Svar", conversation=first)
    closed = clinic.rows("SELECT about, note, handled_by FROM flag WHERE handled_at IS NOT NULL")
    assert closed == [(str(first), "Meddelandet är besvarat.", "")]
    assert clinic.value("SELECT open_flags FROM moment") == 1
    clinic.clock.set(2026, 3, 11)
    write(clinic, moment, conversation=first)
    write(clinic, moment, conversation=second)
    assert run_on(clinic, 20) == ["Meddelande obesvarat sedan 2026-03-11"], "the second's flag stands already"


def test_a_form_that_is_missing(clinic: Clinic) -> None:
    moment = program_with(clinic, missing_days=3)
    assert run_on(clinic, 4, hour=20) == []
    assert run_on(clinic, 5) == ["Mående saknas sedan 2026-03-02"]
    assert clinic.rows("SELECT kind, about FROM flag") == [("saknas", "maende")]
    assert run_on(clinic, 12) == [], "the next one is the same matter while this flag is open"
    clinic.answer(moment, given(0, 0, 0))
    assert clinic.rows("SELECT note FROM flag") == [("Formuläret är besvarat.",)]
    assert run_on(clinic, 18) == []
    assert run_on(clinic, 19) == ["Mående saknas sedan 2026-03-16"]


def test_a_handled_missing_form_is_raised_for_the_next_occasion(clinic: Clinic) -> None:
    program_with(clinic, missing_days=3)
    run_on(clinic, 5)
    with clinic.store.work(clinic.clinician) as work:
        handle_flag(work, 1, "Påminde.")
    assert run_on(clinic, 11) == []
    assert run_on(clinic, 12) == ["Mående saknas sedan 2026-03-09"]


def test_the_looks_for_missing_forms_are_few(clinic: Clinic) -> None:
    program_with(clinic, missing_days=3)
    for day in (3, 4):
        run_on(clinic, day)
        assert clinic.rows("SELECT forms_look_at FROM moment") == [(1772665200000,)]  # the midnight of the fifth


def test_the_day_of_a_plans_follow_up(clinic: Clinic) -> None:
    moment = program_with(clinic)
    plan = NewPlan("Promenader", (NewActivity("Gå ut"),), date(2026, 3, 10))
    with clinic.store.work(clinic.clinician) as work:
        made = make_plan(work, moment, plan)
    assert run_on(clinic, 9) == []
    assert run_on(clinic, 10) == ["Följ upp planen Promenader"]
    assert clinic.rows("SELECT kind, about FROM flag") == [("uppfoljning", str(made))]
    assert run_on(clinic, 11) == []
    with clinic.store.work(clinic.clinician) as work:
        end_plan(work, made)
    assert clinic.value("SELECT open_flags FROM moment") == 0


def test_an_ended_plan_is_not_followed_up_and_another_is(filed: Clinic) -> None:
    moment = program_with(filed)
    with filed.store.work(filed.clinician) as work:
        ended, _ = (
            make_plan(work, moment, NewPlan(title, (NewActivity("Gå ut"),), date(2026, 3, 10)))
            for title in ("Promenader", "Sömn")
        )
        end_plan(work, ended)
    assert run_on(filed, 10) == ["Följ upp planen Sömn"]


def test_a_follow_up_put_off_and_back_again_is_one_again(clinic: Clinic) -> None:
    moment = program_with(clinic)
    with clinic.store.work(clinic.clinician) as work:
        made = make_plan(work, moment, NewPlan("Promenader", (NewActivity("Gå ut"),), date(2026, 3, 10)))
    assert run_on(clinic, 10) == ["Följ upp planen Promenader"]
    for day in (date(2026, 3, 20), date(2026, 3, 10)):
        with clinic.store.work(clinic.clinician) as work:
            change_plan(work, made, PlanChange(follow_up_on=day))
        assert clinic.value("SELECT open_flags FROM moment") == 0
    assert run_on(clinic, 10) == ["Följ upp planen Promenader"]


def test_a_follow_up_waits_while_plans_can_only_be_read(clinic: Clinic) -> None:
    moment = program_with(clinic)
    with clinic.store.work(clinic.clinician) as work:
        make_plan(work, moment, NewPlan("Promenader", (NewActivity("Gå ut"),), date(2026, 3, 4)))
        maintain_moment(work, moment)
    assert run_on(clinic, 4) == []
    with clinic.store.work(clinic.clinician) as work:
        resume_moment(work, moment)
    assert run_on(clinic, 5) == ["Följ upp planen Promenader"]


def everything(clinic: Clinic) -> int:
    """Start what raises something by every rule of time."""
    moment = clinic.start(program="prov")
    clinic.start(GUARDIAN, "prov")
    write(clinic, moment)
    with clinic.store.work(clinic.clinician) as work:
        make_plan(work, moment, NewPlan("Plan", (NewActivity("Gå ut"),), date(2026, 3, 10)))
    clinic.clock.set(2027, 12, 20)
    return moment


def test_all_rules_at_once_with_events_and_counters(clinic: Clinic) -> None:
    everything(clinic)
    changes = clinic.store.change_no(clinic.here)
    report = run_day(clinic.store)
    assert (report.day, report.raised, report.left) == ("2027-12-20", 10, {})
    assert clinic.rows("SELECT kind, count(*) FROM flag GROUP BY kind ORDER BY kind") == [
        ("aldrig", 1), ("gallring", 2), ("langd", 2), ("obesvarat", 1), ("saknas", 2), ("tyst", 1), ("uppfoljning", 1),
    ]  # fmt: skip
    assert clinic.rows("SELECT open_flags, priority_flags, severity_rank FROM moment ORDER BY id") == [
        (6, 0, 1),
        (4, 0, 1),
    ]
    events = clinic.rows("SELECT moment_id, actor_name, count(*) FROM event WHERE kind = 'flagga-satt' GROUP BY 1, 2")
    assert sorted(events) == [(1, "Systemet", 6), (2, "Systemet", 4)]
    assert clinic.log("SELECT count(*) FROM log WHERE actor_name = 'Systemet'") == [(0,)]
    assert clinic.store.change_no(clinic.here) > changes


def test_twice_in_a_row_changes_nothing(clinic: Clinic) -> None:
    everything(clinic)
    run_day(clinic.store)
    tables = ("flag", "moment", "change", "log")
    before = [clinic.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]
    events = clinic.value("SELECT count(*) FROM event")
    assert run_day(clinic.store).raised == 0
    assert clinic.value("SELECT count(*) FROM event") == events
    assert [clinic.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables] == before


def test_an_ended_moment_raises_nothing(clinic: Clinic) -> None:
    moment = everything(clinic)
    clinic.run("DELETE FROM flag")
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart", confirmed=True)
    run_day(clinic.store)
    assert {one for (one,) in clinic.rows("SELECT moment_id FROM flag")} == {2}


def test_batches_find_all(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    for number in (ADULT, GUARDIAN, "195009072553", "200001252386", "202001012398"):
        clinic.start(number, "prov")
    clinic.clock.set(2026, 3, 20)
    assert run_day(clinic.store).raised == 10  # never active, and a form missing, each
    assert run_day(clinic.store).raised == 0


def test_a_batch_that_ends_within_a_moment_goes_on_with_the_rest_of_it(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    moment = program_with(clinic, unanswered_days=1)
    for _ in range(3):
        write(clinic, moment, heading="Ny")
    assert len(run_on(clinic, 20)) == 3


def test_what_is_missing_is_looked_for_again_after_maintenance(clinic: Clinic) -> None:
    moment = program_with(clinic, missing_days=1)
    missing = run_on(clinic, 20)
    assert missing
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
    assert run_on(clinic, 21) == []
    with clinic.store.work(clinic.clinician) as work:
        resume_moment(work, moment)
    assert run_on(clinic, 22) == missing


OTHERS = tuple(number.value for number in fictional_numbers(4))
BEFORE_ALL_TIME = -(10**17)


def test_a_moment_that_stops_a_rule_is_named_and_left_and_the_others_go_on(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    first = program_with(clinic, silent_days=1)
    for number in OTHERS:
        clinic.add_resident(number)
    others = [clinic.start(number, "prov") for number in OTHERS]
    for moment, number in zip([first, *others], (ADULT, *OTHERS), strict=True):
        with clinic.store.work(clinic.resident(number)) as work:
            read_step(work, moment, "hej")
    bad = others[1]
    (kept,) = clinic.rows("SELECT last_active_at FROM moment WHERE id = :id", id=bad)
    clinic.run("UPDATE moment SET last_active_at = :at WHERE id = :id", at=BEFORE_ALL_TIME, id=bad)
    clinic.clock.set(2026, 3, 20)
    report = run_day(clinic.store)
    assert (report.raised, list(report.left)) == (4, [bad])
    assert clinic.rows("SELECT moment_id FROM flag ORDER BY moment_id") == [
        (moment,) for moment in (first, *others) if moment != bad
    ]
    assert not is_day_due(clinic.store)  # or every app that is opened would try again
    again = run_day(clinic.store)
    assert (again.raised, list(again.left)) == (0, [bad])
    clinic.run("UPDATE moment SET last_active_at = :at WHERE id = :id", at=kept[0], id=bad)
    mended = run_day(clinic.store)
    assert (mended.raised, dict(mended.left)) == (1, {})


def test_a_version_that_cannot_be_read_stops_no_other(clinic: Clinic) -> None:
    bad = program_with(clinic, silent_days=1)
    clinic.run("UPDATE programversion SET content = '{' WHERE id = (SELECT version_id FROM moment)")
    good = clinic.start(GUARDIAN)
    clinic.clock.set(2026, 3, 30)
    report = run_day(clinic.store)
    assert list(report.left) == [bad]
    assert {moment for (moment,) in clinic.rows("SELECT moment_id FROM flag")} == {good}


def test_a_database_that_goes_away_is_no_moments_fault(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    everything(clinic)

    def fail(*_: object) -> None:
        raise StoreUnreachable

    monkeypatch.setattr(module, "RULES", (*RULES[:2], fail))
    with pytest.raises(StoreUnreachable):
        run_day(clinic.store)
    assert is_day_due(clinic.store)


def lease(clinic: Clinic) -> int:
    return int(clinic.value("SELECT leased_until FROM dayrun"))


@contextmanager
def another_run(clinic: Clinic) -> Iterator[None]:
    with clinic.store.work(SYSTEM) as work:
        begin_day(work)
    yield


def test_one_run_at_a_time(clinic: Clinic) -> None:
    with another_run(clinic):
        for actor in (SYSTEM, OPERATOR):
            with pytest.raises(Refused, match="pågår redan"):
                run_day(clinic.store, actor)
    clinic.clock.now += LEASE  # type: ignore[assignment]
    assert run_day(clinic.store).raised == 0
    assert lease(clinic) == 0


def only_group(work: Work) -> Group:
    ((unit, version),) = groups(work)
    return group_of(work, unit, version)


def test_a_run_that_was_overtaken_stops(clinic: Clinic) -> None:
    everything(clinic)
    with clinic.store.work(SYSTEM) as work:
        mine = begin_day(work)
        group = only_group(work)
    clinic.clock.now += LEASE  # type: ignore[assignment]
    with another_run(clinic), pytest.raises(Refused, match="tagit över"), clinic.store.work(SYSTEM) as work:
        raise_batch(work, RULES[0], group, mine, Stretch(0, 9))
    assert clinic.value("SELECT count(*) FROM flag") == 0


def test_a_long_run_takes_a_new_lease_in_time(clinic: Clinic) -> None:
    everything(clinic)
    with clinic.store.work(SYSTEM) as work:
        held = begin_day(work)
        group = only_group(work)
    clinic.clock.now += LEASE // 2  # type: ignore[assignment]
    with clinic.store.work(SYSTEM) as work:
        *_, kept = raise_batch(work, RULES[0], group, held, Stretch(0, 9))
    assert kept == lease(clinic) == clinic.clock.now + LEASE


def test_what_an_interrupted_run_left_the_next_one_does(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    everything(clinic)
    assert is_day_due(clinic.store)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "RULES", (*RULES[:2], fail))
    with pytest.raises(KeyboardInterrupt):
        run_day(clinic.store)
    assert clinic.value("SELECT count(*) FROM flag") == 2
    assert (lease(clinic), is_day_due(clinic.store)) == (0, True)
    monkeypatch.setattr(module, "RULES", RULES)
    assert run_day(clinic.store).raised == 8
    assert not is_day_due(clinic.store)
    clinic.clock.set(2027, 12, 21)
    assert is_day_due(clinic.store)


def test_only_the_operator_and_the_system_run_it(clinic: Clinic) -> None:
    for actor in (clinic.clinician, clinic.admin, clinic.resident(), clinic.provider_admin):
        with pytest.raises(NotPermitted):
            run_day(clinic.store, actor)


def test_on_a_practice_store_twice_changes_nothing(database: str, stores: Stores) -> None:
    url = getattr(stores, database)("monday")
    made = open_store(url, clock=Clock())
    first = run_day(made)
    assert first.left == {}
    with made.lend() as db:
        before = db.rows("SELECT * FROM flag ORDER BY id")
    assert first.raised < 10, "the cast was played with its flags"
    assert run_day(made).raised == 0
    with made.lend() as db:
        assert db.rows("SELECT * FROM flag ORDER BY id") == before
        kinds = {kind for (kind,) in db.rows("SELECT kind FROM flag WHERE handled_at IS NULL")}
    assert kinds >= {"svar", "forsamring", "modul", "tyst", "saknas", "langd", "gallring"}
    made.close()
    stores.discard(url)
