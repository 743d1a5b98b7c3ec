"""Flags: what raises them at once, who sees and closes them, and what closes them by itself."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from store.care import answer_rules
from store.care.day_run import run_day
from store.care.delivery import TEXTS
from store.care.endings import end_moment, left_undone
from store.care.flags import Cause, add_flag, handle_flag, raise_flag
from store.care.form_answers import answer_form, mark_answer_read
from store.care.forms import Form
from store.care.installed_forms import form_to_install, install_form
from store.care.maintenance import maintain_moment, resume_moment
from store.care.measurements import request_form
from store.care.messages import send_message, write_message
from store.care.modules import open_module, read_step
from store.care.moments import load_moment
from store.care.notices import NoticeKind
from store.care.program_shape import FlagRules
from store.care.programs import install_program
from store.care.questionnaire.instruments import instruments
from store.care.questionnaire.plan import FormPlan
from store.foundation.access import OPERATOR, SYSTEM
from store.foundation.errors import NotPermitted, Refused
from store.foundation.flag_kinds import FlagKind, Severity
from store.foundation.store import Store
from store.people.sign_in import StaffActor
from store.views.flags import open_flags, view_flags
from store.views.lists import Tab, list_headings, list_page
from store.views.moment import open_moment
from store.views.search import search_list
from store.views.todo import open_todo
from tests.clinics import ADULT, GUARDIAN, SMALL, Clinic
from tests.forms import choice, file, given


def start(clinic: Clinic, **options: Any) -> int:
    return clinic.start(**{"program": "prov", **options})


def flags(clinic: Clinic, columns: str = "kind, severity, reason", where: str = "1 = 1") -> list[Any]:
    return clinic.rows(f"SELECT {columns} FROM flag WHERE {where} ORDER BY id")


def handle(clinic: Clinic, flag: int, note: str = "Ringde.", by: StaffActor | None = None) -> None:
    with clinic.store.work(by or clinic.clinician) as work:
        handle_flag(work, flag, note)


def add(clinic: Clinic, moment: int, severity: Severity = Severity.WARNING, **options: Any) -> int:
    with clinic.store.work(clinic.clinician) as work:
        return add_flag(work, moment, "Ring.", severity=severity, **options)


def queue(store: Store, actor: StaffActor) -> list[Any]:
    with store.read(actor) as work:
        return [(one.severity, one.kind, one.reason) for one in open_todo(work)]


RISK = "Svar ”C” på fråga 3 i Mående (2 av 3) – Fråga 3"


def test_a_risk_answer_raises_a_priority_flag_with_the_answer(clinic: Clinic) -> None:
    moment = start(clinic)
    answer = clinic.answer(moment, given(0, 0, 2))
    assert flags(clinic, "kind, severity, reason, about, handled_at") == [
        ("svar", "prioriterad", RISK, str(answer), None)
    ]
    assert clinic.rows("SELECT open_flags, priority_flags, severity_rank FROM moment") == [(1, 1, 0)]
    ((at, actor, facts),) = clinic.rows("SELECT at, actor_name, facts FROM event WHERE kind = 'flagga-satt'")
    assert (at, actor) == (clinic.clock.now, "Systemet")
    assert json.loads(facts)["reason"] == RISK


def test_below_the_threshold_nothing_is_raised(clinic: Clinic) -> None:
    clinic.answer(start(clinic), given(3, 3, 0))
    assert flags(clinic) == []


def test_a_refused_answer_raises_nothing_and_a_failing_one_leaves_nothing(clinic: Clinic) -> None:
    moment = start(clinic)
    with clinic.store.work(clinic.resident()) as work:
        assert answer_form(work, moment, "maende", '{"3": 3}')

    def fail_at_last() -> None:
        with clinic.store.work(clinic.resident()) as work:
            answer_form(work, moment, "maende", given(0, 0, 3))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_at_last()
    assert flags(clinic) == []
    assert clinic.rows("SELECT open_flags, severity_rank FROM moment") == [(0, 3)]


def test_an_answer_to_another_version_is_not_compared(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    codes = [code for one in instruments() if one.id == "phq-9" for code in one.codes]
    items = [
        choice(str(at), 0, 1, 2, 3, code=[{"system": "http://loinc.org", "code": code}])
        for at, code in enumerate(codes)
    ]

    def install(title: str) -> None:
        with clinic.store.work(OPERATOR) as work:
            assert install_form(work, form_to_install("egen", file(*items, title=title).encode())) == ["PHQ-9"]

    def answer(weight: int) -> list[str]:
        clinic.answer(moment, json.dumps({str(at): weight if at < 8 else 0 for at in range(9)}), "egen")
        return [reason for (reason,) in clinic.rows("SELECT reason FROM flag ORDER BY id")]

    install("Första")
    with clinic.store.work(clinic.clinician) as work:
        request_form(work, moment, "egen")
    assert answer(0) == []
    install("Andra")
    assert answer(3) == [], "the only earlier answer is to the first version"
    assert answer(1) == [], "better"
    assert len(answer(3)) == 1, "the second version's own first answer is compared"


def test_every_clinician_sees_it_and_nobody_else(clinic: Clinic) -> None:
    moment = start(clinic)
    assert queue(clinic.store, clinic.colleague) == []
    clinic.answer(moment, given(0, 0, 2))
    for actor in (clinic.clinician, clinic.colleague, clinic.admin):
        assert (Severity.PRIORITY, "flagga", RISK) in queue(clinic.store, actor)
    assert queue(clinic.store, clinic.stranger) == []
    with clinic.store.read(clinic.colleague) as work:
        assert [(one.program, one.number) for one in list_headings(work, Tab.ALL)] == [("prov", 1)]
        (row,) = list_page(work, Tab.ALL, "prov", "pagaende")
        (found,) = search_list(work, Tab.ALL, "berg")
        assert row == found
        assert [(one.severity, one.reason) for one in row.flags] == [("prioriterad", RISK)]
        assert list_headings(work, Tab.MINE) == []
    with clinic.store.read(clinic.stranger) as work:
        assert list_headings(work, Tab.ALL) == []


def test_another_clinician_reads_all_for_that_reason_and_handles_that_flag_alone(clinic: Clinic) -> None:
    moment = start(clinic)
    other = add(clinic, moment)
    clinic.answer(moment, given(0, 0, 2))
    flag = clinic.value("SELECT max(id) FROM flag")
    with clinic.store.read(clinic.colleague) as work:
        page = open_moment(work, moment)
        assert not page.is_mine
        assert [one.severity for one in page.flags] == ["prioriterad", "varning"]
    logged = clinic.rows("SELECT operation, ground FROM log WHERE actor_hsa_id = :who", who=clinic.colleague.hsa_id)
    assert logged == [("open_moment", "prioriterad flagga")]
    with pytest.raises(NotPermitted):
        handle(clinic, other, by=clinic.colleague)
    for act, rest in ((maintain_moment, ()), (send_message, ("Hej",)), (add_flag, ("Ring.",))):
        with pytest.raises(NotPermitted), clinic.store.work(clinic.colleague) as work:
            act(work, moment, *rest)
    handle(clinic, flag, by=clinic.colleague)
    with pytest.raises(NotPermitted), clinic.store.read(clinic.colleague) as work:
        open_moment(work, moment)
    assert flags(clinic, "handled_by, note", f"id = {flag}") == [(clinic.colleague.name, "Ringde.")]
    assert clinic.rows("SELECT open_flags, priority_flags, severity_rank FROM moment") == [(1, 0, 1)]
    said = clinic.rows("SELECT ground, outcome FROM log WHERE operation = 'handle_flag' ORDER BY id")
    assert said == [("", "nekat"), ("prioriterad flagga", "gjort")]


def test_handling_on_another_unit_is_not_permitted(clinic: Clinic) -> None:
    flag = add(clinic, start(clinic), Severity.PRIORITY)
    for actor in (clinic.stranger, clinic.strange_admin, clinic.provider_admin):
        with pytest.raises(NotPermitted):
            handle(clinic, flag, by=actor)


@pytest.mark.parametrize("note", ["", "  \n\t", "\u202e"])
def test_a_flag_is_closed_with_a_note_alone(clinic: Clinic, note: str) -> None:
    flag = add(clinic, start(clinic), Severity.PRIORITY)
    with pytest.raises(Refused, match="Skriv vad som har gjorts") as refused:
        handle(clinic, flag, note)
    assert refused.value.field == "anteckning"
    assert flags(clinic, "handled_at") == [(None,)]


def test_a_flag_is_handled_once(clinic: Clinic) -> None:
    flag = add(clinic, start(clinic), Severity.PRIORITY)
    handle(clinic, flag)
    with pytest.raises(Refused, match="redan hanterad"):
        handle(clinic, flag, "Igen.")
    with pytest.raises(NotPermitted):
        handle(clinic, flag, by=clinic.colleague)
    assert flags(clinic, "note") == [("Ringde.",)]


def test_opening_the_form_does_not_close_its_flag(clinic: Clinic) -> None:
    moment = start(clinic)
    answer = clinic.answer(moment, given(0, 0, 2))
    with clinic.store.work(clinic.clinician) as work:
        mark_answer_read(work, moment, answer)
    assert queue(clinic.store, clinic.colleague) == [(Severity.PRIORITY, "flagga", RISK)]


def test_one_cause_raises_one_flag_and_another_answer_is_another_cause(clinic: Clinic) -> None:
    moment = start(clinic)
    first = clinic.answer(moment, given(0, 0, 2))
    cause = Cause(FlagKind.ANSWER, Severity.PRIORITY, RISK, str(first), f"{first}:3")
    with clinic.store.work(SYSTEM) as work:
        assert not raise_flag(work, load_moment(work, moment), cause)
    handle(clinic, 1)
    with clinic.store.work(SYSTEM) as work:
        assert not raise_flag(work, load_moment(work, moment), cause), "handled is not forgotten"
    clinic.clock.set(2026, 3, 3)
    clinic.answer(moment, given(0, 0, 1))
    assert flags(clinic, "reason, handled_at IS NULL") in (
        [(RISK, 0), ("Svar ”B” på fråga 3 i Mående (1 av 3) – Fråga 3", 1)],
        [(RISK, False), ("Svar ”B” på fråga 3 i Mående (1 av 3) – Fråga 3", True)],
    )


def test_reliable_worsening_against_the_last_time_and_the_first(clinic: Clinic) -> None:
    moment = start(clinic)
    for day, weights in enumerate([(1, 0, 0), (3, 3, 0), (3, 3, 0), (1, 1, 0), (3, 2, 0)], 2):
        clinic.clock.set(2026, 3, day)
        clinic.answer(moment, given(*weights))
    assert flags(clinic, "kind, severity, reason, about") == [
        ("forsamring", "varning", "Mående 1 → 6 (pålitlig försämring)", "2"),
        ("forsamring", "varning", "Mående 1 → 6 (pålitlig försämring)", "3"),  # the same as last, and worse than first
        ("forsamring", "varning", "Mående 1 → 5 (pålitlig försämring)", "5"),
    ]


def test_an_answer_closes_what_was_missing_of_that_form_in_that_moment_alone(filed: Clinic) -> None:
    moment, other = start(filed), start(filed, confirmed=True)
    with filed.store.work(SYSTEM) as work:
        for place, form in ((moment, "maende"), (moment, "dagbok"), (other, "maende")):
            cause = Cause(FlagKind.MISSING, Severity.WARNING, f"{form} saknas", form, f"{form}:1")
            assert raise_flag(work, load_moment(work, place), cause)
    filed.answer(moment, given(0, 0, 0))
    assert flags(filed, "moment_id, about", "handled_at IS NULL") == [(moment, "dagbok"), (other, "maende")]
    assert filed.rows("SELECT id, open_flags FROM moment ORDER BY id") == [(moment, 1), (other, 1)]


@pytest.mark.parametrize(
    ("item", "values", "reason"),
    [
        (choice("9", 0, 1, 2, 3, text="Tankar"), ("c",), "Svar ”C” på fråga 9 i Prov (2 av 3) – Tankar"),
        (choice("9", 0, 1, 2, text="Tankar\nom"), ("b",), "Svar ”B” på fråga 9 i Prov (1 av 2) – Tankar"),
        (choice("tankar", 0, 1, 2, text="Tankar"), ("b",), "Svar ”B” på Prov (1 av 2) – Tankar"),
        (choice("9", 0, 1, text="x" * 100), ("b",), f"Svar ”B” på fråga 9 i Prov (1 av 1) – {'x' * 100}"),
        (choice("9", 0, 1, text="x" * 101), ("b",), f"Svar ”B” på fråga 9 i Prov (1 av 1) – {'x' * 100}…"),
        (choice("9", 0, 0, text="Tankar"), ("b",), "Svar ”B” på fråga 9 i Prov – Tankar"),
        (
            choice("9", 0, 1, 2, text="T", repeats=True),
            ("b", "c", "a"),
            "Svar ”B, C, A” på fråga 9 i Prov (2 av 3) – T",
        ),
    ],
)
def test_how_a_risk_is_told_of(item: dict[str, Any], values: tuple[str, ...], reason: str) -> None:
    found = answer_rules._risk(Form("prov", "Prov", file(item), FormPlan("prov")), 7, item["linkId"], values)
    assert (found.reason, found.severity, found.about) == (reason, Severity.PRIORITY, "7")
    assert found.stored == FlagKind.ANSWER.cause(f"7:{item['linkId']}")


def read(clinic: Clinic, moment: int, *steps: str) -> None:
    for step in steps:
        clinic.clock.now += 60_000  # type: ignore[assignment]
        with clinic.store.work(clinic.resident()) as work:
            read_step(work, moment, step)


def test_a_finished_module_waits_until_the_next_is_opened_or_the_resident_goes_on(clinic: Clinic) -> None:
    moment = start(clinic)
    with clinic.store.work(clinic.clinician) as work:
        open_module(work, moment, "mer")
    read(clinic, moment, "hej", "sen")
    assert flags(clinic) == [], "the start module is nothing to tell of"
    read(clinic, moment, "a", "b", "c")
    assert flags(clinic, "kind, severity, reason, about, handled_at") == [
        ("modul", "upplysning", "Modulen Mer är klar", "mer", None)
    ]
    read(clinic, moment, "c", "hej")
    assert flags(clinic, "handled_at") == [(None,)], "to read again is not to go on"


def test_a_finished_module_is_closed_by_going_on_and_by_opening(clinic: Clinic) -> None:
    moment = clinic.start()  # all modules are open
    read(clinic, moment, *("du-ar-viktigast", "barnets-signaler", "vanta-och-svara", "din-egen-ork"))
    assert [reason for (reason,) in flags(clinic, "reason", "handled_at IS NULL")] != []
    read(clinic, moment, "folj-barnets-intresse")
    assert flags(clinic, "note, handled_by", "kind = 'modul'") == [("Invånaren har gått vidare.", "")]
    closed = clinic.rows("SELECT actor_name FROM event WHERE kind = 'flagga-stangd'")
    assert closed == [("Systemet",)]


def test_a_program_may_say_nothing_of_modules(clinic: Clinic) -> None:
    with clinic.store.work(OPERATOR) as work:
        install_program(work, replace(SMALL, version="2", flags=FlagRules(module_finished=False)))
    moment = start(clinic)
    with clinic.store.work(clinic.clinician) as work:
        open_module(work, moment, "mer")
    read(clinic, moment, "a", "b", "c")
    assert flags(clinic) == []


def test_maintenance_closes_what_waits_for_the_resident_and_keeps_the_rest(clinic: Clinic) -> None:
    moment = start(clinic)
    clinic.answer(moment, given(0, 0, 2))
    add(clinic, moment)
    clinic.clock.set(2026, 4, 20)
    run_day(clinic.store)
    kinds = {kind for (kind,) in flags(clinic, "kind", "handled_at IS NULL")}
    assert kinds == {"svar", "egen", "tyst", "saknas", "langd"}
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
    assert {kind for (kind,) in flags(clinic, "kind", "handled_at IS NULL")} == {"svar", "egen"}
    assert clinic.rows("SELECT open_flags, priority_flags, severity_rank FROM moment") == [(2, 1, 0)]
    clinic.clock.set(2026, 6, 1)
    assert run_day(clinic.store).raised == 0
    with clinic.store.work(clinic.clinician) as work:
        resume_moment(work, moment)
    run_day(clinic.store)
    raised = flags(clinic, "kind, reason", "handled_at IS NULL AND kind NOT IN ('svar', 'egen')")
    assert sorted(raised) == [
        ("langd", "Har pågått längre än rekommenderade 30 dagar"),
        ("saknas", "Mående saknas sedan 2026-05-25"),
        ("tyst", "Ingen aktivitet sedan 2026-03-02"),
    ], "what still holds is said again"
    assert run_day(clinic.store).raised == 0


def test_the_end_closes_all_but_priority(clinic: Clinic) -> None:
    moment = start(clinic)
    clinic.answer(moment, given(0, 0, 2))
    add(clinic, moment)
    add(clinic, moment, Severity.NOTE, due_on=date(2026, 5, 1))
    add(clinic, moment, Severity.PRIORITY)
    with clinic.store.read(clinic.clinician) as work:
        assert left_undone(load_moment(work, moment))[0] == "2 ohanterade prioriterade flaggor"
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart", confirmed=True)
    assert flags(clinic, "severity, note", "handled_at IS NOT NULL") == [
        ("varning", "Momentet avslutades."),
        ("upplysning", "Momentet avslutades."),
    ]
    assert clinic.rows("SELECT open_flags, priority_flags, severity_rank FROM moment") == [(2, 2, 0)]
    for actor in (clinic.clinician, clinic.colleague, clinic.admin):
        assert [severity for severity, *_ in queue(clinic.store, actor)] == [Severity.PRIORITY] * 2
    clinic.clock.set(2028, 1, 1)
    assert run_day(clinic.store).raised == 0
    handle(clinic, 1, by=clinic.colleague)
    assert clinic.value("SELECT open_flags FROM moment") == 1


def test_a_flag_by_hand_waits_from_its_day(clinic: Clinic) -> None:
    moment = start(clinic)
    flag = add(clinic, moment, due_on=date(2026, 3, 5))
    assert queue(clinic.store, clinic.clinician) == []
    clinic.clock.set(2026, 3, 5)
    assert queue(clinic.store, clinic.clinician) == [(Severity.WARNING, "flagga", "Ring.")]
    with clinic.store.read(clinic.clinician) as work:
        (matter,) = open_todo(work)
        assert (matter.source, matter.since) == (f"flagga-{flag}", 1772665200000)  # the midnight of the fifth
        (row,) = view_flags(work, moment).flags
    assert (row.raised_by, row.due_on) == (clinic.clinician.name, "2026-03-05")


def test_a_flag_that_is_due_the_day_it_is_raised_waits_from_then(filed: Clinic) -> None:
    moment = start(filed)
    add(filed, moment, due_on=date(2026, 3, 2))
    with filed.store.read(filed.clinician) as work:
        (matter,) = open_todo(work)
    assert matter.since == filed.clock.now


def test_a_priority_flag_by_hand_waits_at_once_whatever_its_day(clinic: Clinic) -> None:
    add(clinic, start(clinic), Severity.PRIORITY, due_on=date(2026, 4, 1))
    assert queue(clinic.store, clinic.colleague) == [(Severity.PRIORITY, "flagga", "Ring.")]


def test_what_is_refused_of_a_flag_by_hand(clinic: Clinic) -> None:
    moment = start(clinic)
    for text, options, field in (
        (" ", {}, "text"),
        ("x" * 501, {}, "text"),
        ("Ring.", {"due_on": date(2026, 3, 1)}, "datum"),
    ):
        with pytest.raises(Refused) as refused, clinic.store.work(clinic.clinician) as work:
            add_flag(work, moment, text, **options)  # type: ignore[arg-type]
        assert refused.value.field == field
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart")
    with pytest.raises(Refused, match="avslutat"):
        add(clinic, moment)


def test_two_flags_by_hand_with_the_same_text_are_two(clinic: Clinic) -> None:
    moment = start(clinic)
    assert add(clinic, moment) != add(clinic, moment)
    assert clinic.value("SELECT open_flags FROM moment") == 2


def test_who_has_seen_a_priority_flag(clinic: Clinic) -> None:
    moment = start(clinic)
    add(clinic, moment, Severity.PRIORITY)
    add(clinic, moment)
    changes = clinic.store.change_no(clinic.here)
    for actor, minute in ((clinic.admin, 0), (clinic.colleague, 1), (clinic.clinician, 2), (clinic.colleague, 3)):
        clinic.clock.set(2026, 3, 2, 9, minute)
        with clinic.store.work(actor) as work:
            page = open_flags(work, moment)
    minutes = [(name, at // 60_000 % 60) for name, at in page.flags[0].seen]
    assert minutes == [(clinic.colleague.name, 1), (clinic.clinician.name, 2)], "an administrator is no clinician"
    assert page.flags[1].seen == ()
    assert clinic.store.change_no(clinic.here) == changes
    with clinic.store.read(clinic.admin) as work:
        assert view_flags(work, moment).flags == page.flags
    assert clinic.value("SELECT count(*) FROM log WHERE operation IN ('open_flags', 'view_flags')") == 5


def test_only_priority_flags_of_that_moment_that_are_open_are_seen(filed: Clinic) -> None:
    here, there = start(filed), filed.start()
    handled, open_one, other = (add(filed, moment, Severity.PRIORITY) for moment in (here, here, there))
    handle(filed, handled)
    with filed.store.work(filed.colleague) as work:
        open_flags(work, here)
    assert filed.rows("SELECT flag_id, staff_id FROM flagseen") == [(open_one, filed.colleague.staff_id)]
    with filed.store.work(filed.colleague) as work:
        open_flags(work, there)
    assert [flag for (flag,) in filed.rows("SELECT flag_id FROM flagseen ORDER BY flag_id")] == [open_one, other]


def test_the_page_has_the_open_ones_first_and_the_units_instruction(clinic: Clinic) -> None:
    moment = start(clinic)
    clinic.run("UPDATE unit SET risk_instruction = 'Ring samma dag.' WHERE id = :id", id=clinic.here)
    for severity in (Severity.NOTE, Severity.WARNING, Severity.PRIORITY, Severity.WARNING):
        add(clinic, moment, severity)
    handle(clinic, 3)
    with clinic.store.read(clinic.clinician) as work:
        page = view_flags(work, moment)
    assert [one.id for one in page.flags] == [4, 2, 1, 3]
    assert [one.id for one in page.open] == [4, 2, 1]
    assert page.instruction == "Ring samma dag."


def test_every_clinician_is_told_of_a_priority_flag_without_health_data(clinic: Clinic) -> None:
    for name in ("T1clinician", "T1colleague", "T2clinician", "T1inactive", "T1residentadmin"):
        clinic.run("UPDATE staff SET email = 'x@example.org' WHERE hsa_id LIKE :who", who=f"%{name}")
    moment = start(clinic)
    add(clinic, moment)
    told = "SELECT s.hsa_id FROM notice n JOIN staff s ON s.id = n.staff_id WHERE n.kind = 'personal-prioriterat'"
    assert clinic.rows(told) == []
    clinic.answer(moment, given(0, 0, 2))
    add(clinic, moment, Severity.PRIORITY)
    assert {who for (who,) in clinic.rows(told)} == {clinic.clinician.hsa_id, clinic.colleague.hsa_id}
    assert len(clinic.rows(told)) == 2, "one notice however much waits"
    said = TEXTS[NoticeKind.STAFF_PRIORITY]
    assert not any(word in said for word in ("Berg", "Mående", "prov", "risk", "suicid", "Svar"))


def test_activity_ends_silence(clinic: Clinic) -> None:
    moment, other = start(clinic), start(clinic, identity=GUARDIAN)
    read(clinic, moment, "hej")
    clinic.clock.set(2026, 3, 20)
    run_day(clinic.store)
    silent = "kind IN ('tyst', 'aldrig') AND handled_at IS NULL"
    assert flags(clinic, "moment_id, kind", silent) == [(moment, "tyst"), (other, "aldrig")]
    read(clinic, moment, "sen")
    with clinic.store.work(clinic.resident(GUARDIAN)) as work:
        write_message(work, other, "Hej")
    assert flags(clinic, "kind", silent) == []
    assert flags(clinic, "note, handled_by", "kind = 'tyst'") == [("Invånaren har varit aktiv.", "")]


def test_the_resident_never_learns_of_a_flag(clinic: Clinic) -> None:
    flag = add(clinic, start(clinic), Severity.PRIORITY)
    with pytest.raises(NotPermitted), clinic.store.work(clinic.resident(ADULT)) as work:
        handle_flag(work, flag, "Ringde.")
