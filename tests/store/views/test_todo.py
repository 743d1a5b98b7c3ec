"""*Att göra*: what waits, in whose queue, in which order; and what is set aside."""

import json
from datetime import date
from typing import Any

import pytest

from store.care.activity_plans import NewActivity, NewPlan, make_plan
from store.care.conversations import mark_conversation_read, mark_conversation_unread
from store.care.day_run import run_day
from store.care.endings import end_moment
from store.care.flags import add_flag, handle_flag
from store.care.form_answers import answer_form, mark_answer_read
from store.care.maintenance import maintain_moment
from store.care.messages import send_message, write_message
from store.care.modules import open_module, read_step
from store.care.switching import switch_clinician
from store.foundation.errors import NotPermitted, Refused
from store.foundation.flag_kinds import Severity
from store.people.sign_in import StaffActor
from store.views.matters import Matter
from store.views.todo import count_todo, open_todo, set_matter_aside, todo_again
from store.views.unit_overview import open_overview, overview_again
from tests.clinics import ADULT, COLLEAGUE, GUARDIAN, HIDDEN, Clinic
from tests.forms import NIGHT, given

SOON = date(2026, 3, 9)


def queue(clinic: Clinic, actor: StaffActor | None = None, of: str | None = None) -> list[Matter]:
    with clinic.store.read(actor or clinic.clinician) as work:
        return open_todo(work, of)


def ids(clinic: Clinic, actor: StaffActor | None = None, of: str | None = None) -> list[str]:
    return [one.id for one in queue(clinic, actor, of)]


def write(clinic: Clinic, moment: int, number: str = ADULT, **options: Any) -> str:
    with clinic.store.work(clinic.resident(number)) as work:
        write_message(work, moment, "Hej", **options)
    return f"meddelande-{clinic.value('SELECT max(id) FROM conversation')}"


def flag(clinic: Clinic, moment: int, severity: Severity = Severity.WARNING, by: StaffActor | None = None) -> str:
    with clinic.store.work(by or clinic.clinician) as work:
        return f"flagga-{add_flag(work, moment, 'Ring.', severity=severity)}"


def aside(clinic: Clinic, matter: str, until: date = SOON, by: StaffActor | None = None, **options: Any) -> None:
    with clinic.store.work(by or clinic.clinician) as work:
        set_matter_aside(work, matter, until, options.pop("reason", "Semester"), **options)


def minutes_later(clinic: Clinic, minutes: int = 1) -> None:
    clinic.clock.now += 60_000 * minutes  # type: ignore[assignment]


def test_only_what_is_unread_waits_and_each_in_its_moment(filed: Clinic) -> None:
    first, second = filed.start(program="prov"), filed.start(program="prov", confirmed=True)
    read, unread = (filed.answer(first, given(0, 0, 0)) for _ in range(2))
    other = filed.answer(second, given(0, 0, 0))
    waiting = [write(filed, moment, heading="Hej") for moment in (first, second)]
    with filed.store.work(filed.clinician) as work:
        mark_answer_read(work, first, read)
        mark_conversation_read(work, first, int(waiting[0].partition("-")[2]))
        send_message(work, first, "Svar", conversation=int(waiting[0].partition("-")[2]))
    found = {one.id: one.moment for one in queue(filed)}
    assert found == {f"formular-{unread}": first, f"formular-{other}": second, waiting[1]: second}
    urgent = flag(filed, second, Severity.PRIORITY)
    flag(filed, first)
    with filed.store.read(filed.clinician) as work:
        count = count_todo(work)
    assert (count.number, set(count.urgent)) == (5, {int(urgent.partition("-")[2])})
    with filed.store.read(filed.colleague) as work:
        assert count_todo(work).number == 1


def test_homework_waits_in_working_days_and_nothing_but_priority_waits_after_the_end(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    with filed.store.work(filed.clinician) as work:
        open_module(work, moment, "mer")
    filed.clock.set(2026, 3, 6, 12)  # a Friday
    homework = filed.answer(moment, json.dumps({"text": "Klart."}), "uppgift")
    form = filed.answer(moment, given(0, 0, 0))
    write(filed, moment)
    filed.clock.set(2026, 3, 10, 12)
    found = {one.id: (one.working_days, one.form) for one in queue(filed) if one.answer}
    assert found == {f"formular-{homework}": (2, ""), f"formular-{form}": (0, "")}
    flag(filed, moment)
    urgent = flag(filed, moment, Severity.PRIORITY)
    with filed.store.work(filed.clinician) as work:
        end_moment(work, moment, "Klart", confirmed=True)
    assert ids(filed) == [urgent]


def test_the_order_is_the_domains(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        open_module(work, moment, "mer")
        make_plan(work, moment, NewPlan("Plan", (NewActivity("Gå ut"),), date(2026, 3, 3)))
    clinic.answer(moment, given(0, 0, 0))
    clinic.clock.set(2026, 3, 3)
    for name in ("a", "b", "c"):
        with clinic.store.work(clinic.resident()) as work:
            read_step(work, moment, name)
    clinic.answer(moment, json.dumps({"text": "Klart."}), "uppgift")
    minutes_later(clinic)
    clinic.answer(moment, given(3, 3, 0))
    write(clinic, moment)
    run_day(clinic.store)
    minutes_later(clinic)
    flag(clinic, moment)
    flag(clinic, moment, Severity.PRIORITY)
    clinic.start(GUARDIAN, "prov")
    clinic.clock.set(2027, 12, 20)
    clinic.run("UPDATE unit SET unanswered_days = 0")
    run_day(clinic.store)
    mine = [(one.kind, one.severity) for one in queue(clinic) if one.moment == moment]
    assert mine == [
        ("flagga", "prioriterad"),
        ("hemuppgift", None),
        ("meddelande", None),
        ("forsamring", "varning"),
        ("uppfoljning", "varning"),
        ("flagga", "varning"),
        ("formular", None),
        ("modul", "upplysning"),
        ("tyst", "varning"),
        ("saknas", "varning"),
        ("langd", "varning"),
        ("gallring", "varning"),
    ]


def test_in_a_group_the_oldest_comes_first(clinic: Clinic) -> None:
    first, second = clinic.start(program="prov"), clinic.start(GUARDIAN, "prov")
    later = write(clinic, second, GUARDIAN)
    minutes_later(clinic)
    latest = write(clinic, first)
    assert ids(clinic) == [later, latest]


def test_a_message_waits_until_it_is_answered(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    matter = write(clinic, moment)
    conversation = int(matter.partition("-")[2])
    clinic.clock.set(2026, 3, 6, 9)
    (found,) = queue(clinic)
    assert (found.source, found.reason, found.working_days) == (matter, "Obesvarat: Min konversation", 4)
    with clinic.store.work(clinic.clinician) as work:
        mark_conversation_read(work, moment, conversation)
    assert ids(clinic) == [matter], "reading is not answering"
    with clinic.store.work(clinic.clinician) as work:
        send_message(work, moment, "Svar", conversation=conversation)
    assert ids(clinic) == []
    with clinic.store.work(clinic.clinician) as work:
        mark_conversation_unread(work, moment, conversation)
    assert [one.reason for one in queue(clinic)] == ["Oläst: Min konversation"]


def test_in_maintenance_an_unread_message_still_waits_to_be_read(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    read, unread = write(clinic, moment), write(clinic, moment, heading="Annat")
    with clinic.store.work(clinic.clinician) as work:
        mark_conversation_read(work, moment, int(read.partition("-")[2]))
        maintain_moment(work, moment)
    assert [(one.id, one.reason) for one in queue(clinic)] == [(unread, "Oläst: Annat")]
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart", confirmed=True)
    assert ids(clinic) == []


def test_a_flag_on_a_message_lifts_its_row(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    matter = write(clinic, moment)
    clinic.clock.set(2026, 3, 6)
    run_day(clinic.store)
    unanswered = [one for one in queue(clinic) if one.kind == "meddelande"]
    assert [(one.id, one.severity, one.reason) for one in unanswered] == [
        (matter, Severity.WARNING, "Obesvarat: Min konversation")
    ]
    assert unanswered[0].flag == clinic.value("SELECT id FROM flag WHERE kind = 'obesvarat'")


def test_a_flag_on_an_answer_stands_in_its_place(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    answer = clinic.answer(moment, given(0, 0, 2))
    (found,) = queue(clinic)
    assert (found.kind, found.source, found.answer) == ("flagga", f"formular-{answer}", answer)
    with clinic.store.work(clinic.clinician) as work:
        handle_flag(work, found.flag or 0, "Ringde.")
    assert ids(clinic) == [], "what is handled is read"


def test_who_is_there_for_the_priority_flag_alone_reads_nothing_by_handling_it(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    answer = clinic.answer(moment, given(0, 0, 2))
    with clinic.store.work(clinic.colleague) as work:
        handle_flag(work, clinic.value("SELECT max(id) FROM flag"), "Ringde.")
    assert ids(clinic) == [f"formular-{answer}"]


def diary(clinic: Clinic, moment: int, *days: str) -> None:
    with clinic.store.work(clinic.resident()) as work:
        assert answer_form(work, moment, "dagbok", json.dumps([{**NIGHT, "dag": day} for day in days])) == []


def test_a_diarys_rows_are_one_matter(clinic: Clinic) -> None:
    now = clinic.clock()
    clinic.clock.set(2026, 2, 20, 9)
    moment = clinic.start(program="prov")
    clinic.clock.now = now
    diary(clinic, moment, "2026-02-27", "2026-02-28")
    diary(clinic, moment, "2026-03-01")
    (found,) = queue(clinic)
    assert (found.kind, found.reason, found.source) == ("formular", "Dagbok, oläst: 3 rader", "dagbok-dagbok")
    aside(clinic, found.id)
    assert ids(clinic) == []
    diary(clinic, moment, "2026-03-02")
    assert [one.reason for one in queue(clinic)] == ["Dagbok, oläst: 4 rader"], "a new row is news"


def test_whose_queue(clinic: Clinic) -> None:
    mine = write(clinic, clinic.start(program="prov"))
    theirs = write(clinic, clinic.start(GUARDIAN, "prov", by=clinic.colleague), GUARDIAN)
    assert (ids(clinic), ids(clinic, clinic.colleague), ids(clinic, clinic.admin)) == ([mine], [theirs], [])
    assert ids(clinic, clinic.admin, COLLEAGUE) == [theirs]
    assert ids(clinic, clinic.clinician, clinic.clinician.hsa_id) == [mine]
    for actor, of in (
        (clinic.clinician, COLLEAGUE),
        (clinic.strange_admin, COLLEAGUE),
        (clinic.admin, clinic.stranger.hsa_id),
        (clinic.admin, "SE2321000040-NIX"),
    ):
        with pytest.raises(NotPermitted):
            queue(clinic, actor, of)


def test_the_queue_of_one_who_has_left_can_be_worked_in(clinic: Clinic) -> None:
    theirs = write(clinic, clinic.start(program="prov", by=clinic.colleague))
    clinic.run("UPDATE assignment SET active = 0 WHERE staff_id = :id", id=clinic.colleague.staff_id)
    assert ids(clinic, clinic.admin, COLLEAGUE) == [theirs]


def test_after_a_switch_the_work_is_the_others(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    matter = write(clinic, moment)
    with clinic.store.work(clinic.clinician) as work:
        switch_clinician(work, moment, COLLEAGUE)
    assert (ids(clinic), ids(clinic, clinic.colleague)) == ([], [matter])


def test_opening_is_logged_and_a_refresh_is_not(clinic: Clinic) -> None:
    write(clinic, clinic.start(program="prov"))
    before = clinic.value("SELECT count(*) FROM log")
    with clinic.store.read(clinic.clinician) as work:
        assert open_todo(work) == todo_again(work)
    with clinic.store.read(clinic.admin) as work:
        open_todo(work, clinic.clinician.hsa_id)
    rows = clinic.log("SELECT action, details, personnummer FROM log ORDER BY id")[before:]
    assert rows == [
        ("listade", "", ADULT),
        ("listade", "att göra: 1 rader", None),
        ("listade", "", ADULT),
        ("listade", f"att göra för {clinic.clinician.hsa_id}: 1 rader", None),
    ]


def test_a_protected_resident_is_said_to_be_so(clinic: Clinic) -> None:
    write(clinic, clinic.start(HIDDEN, "prov"), HIDDEN)
    assert [one.protected for one in queue(clinic)] == [True]


def test_what_is_set_aside_comes_back_on_its_day(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    matter = flag(clinic, moment)
    aside(clinic, matter)
    assert ids(clinic) == []
    clinic.clock.set(2026, 3, 8, 22)
    assert ids(clinic) == []
    clinic.clock.set(2026, 3, 8, 23)  # midnight in Stockholm
    assert ids(clinic) == [matter]
    (event,) = clinic.rows("SELECT facts FROM event WHERE kind = 'arende-uppskjutet'")
    assert json.loads(event[0]) == {"matter": "flagga", "until": "2026-03-09"}
    (logged,) = clinic.log("SELECT personnummer FROM log WHERE operation = 'set_aside'")
    assert logged == (ADULT,)


def test_news_brings_it_back(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    matter = write(clinic, moment)
    aside(clinic, matter)
    assert ids(clinic) == []
    minutes_later(clinic)
    write(clinic, moment)
    assert ids(clinic) == [matter]
    aside(clinic, matter, date(2026, 3, 10))
    assert ids(clinic) == [], "and it can be set aside again"


def test_a_priority_flag_is_never_set_aside(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    matter = flag(clinic, moment, Severity.PRIORITY)
    for actor in (clinic.clinician, clinic.colleague, clinic.admin):
        with pytest.raises(Refused, match="kan inte skjutas upp"):
            aside(clinic, matter, by=actor)
    assert ids(clinic) == [matter]


def test_what_is_refused_of_setting_aside(clinic: Clinic) -> None:
    matter = flag(clinic, clinic.start(program="prov"))
    for until, reason, field in ((date(2026, 3, 2), "x", "till"), (SOON, " ", "skal"), (SOON, "x" * 201, "skal")):
        with pytest.raises(Refused) as refused:
            aside(clinic, matter, until, reason=reason)
        assert refused.value.field == field
    for name, actor in (("flagga-4711", clinic.clinician), (matter, clinic.colleague), (matter, clinic.stranger)):
        with pytest.raises(NotPermitted):
            aside(clinic, name, by=actor)
    aside(clinic, matter, by=clinic.admin, of=clinic.clinician.hsa_id)
    assert ids(clinic) == []


def test_the_units_overview(clinic: Clinic) -> None:
    first, second = clinic.start(program="prov"), clinic.start(GUARDIAN, "prov", by=clinic.colleague)
    write(clinic, first)
    minutes_later(clinic)
    aside(clinic, flag(clinic, first))
    flag(clinic, second, Severity.PRIORITY, by=clinic.colleague)
    clinic.run(
        "INSERT INTO timespent (resident_id, moment_id, staff_id, week, seconds)"
        " SELECT resident_id, id, :staff, '2026-W10', 750 FROM moment WHERE id = :id",
        staff=clinic.clinician.staff_id,
        id=first,
    )
    with clinic.store.read(clinic.admin) as work:
        lines = open_overview(work)
        assert overview_again(work) == lines
    found = [(one.hsa_id, one.is_active, one.moments, one.waiting, one.priority_flags, one.minutes) for one in lines]
    assert found == [(clinic.clinician.hsa_id, True, 1, 1, 0, 12), (COLLEAGUE, True, 1, 1, 1, 0)]
    assert [one.oldest and one.oldest.kind for one in lines] == ["meddelande", "flagga"]
    clinic.run("UPDATE assignment SET active = 0 WHERE staff_id = :id", id=clinic.colleague.staff_id)
    with clinic.store.read(clinic.admin) as work:
        left = open_overview(work)[-1]
    assert (left.hsa_id, left.is_active, left.moments, left.waiting) == (COLLEAGUE, False, 1, 1)
    for actor in (clinic.clinician, clinic.colleague):
        with pytest.raises(NotPermitted), clinic.store.read(actor) as work:
            open_overview(work)


def test_units_are_apart(clinic: Clinic) -> None:
    flag(clinic, clinic.start(GUARDIAN, by=clinic.stranger, confirmed=True), Severity.PRIORITY, by=clinic.stranger)
    assert ids(clinic) == ids(clinic, clinic.admin) == []
    with clinic.store.read(clinic.admin) as work:
        assert all(line.waiting == 0 for line in open_overview(work))
