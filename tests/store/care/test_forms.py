"""Answers in the store: kept, refused, read, unread; measurements asked for; a unit's own forms."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.care.endings import end_moment
from store.care.form_answers import answer_form, form_to_answer, mark_answer_read, mark_answer_unread
from store.care.handed_in import read_handed_in
from store.care.installed_forms import form_to_install, install_form
from store.care.maintenance import maintain_moment, resume_moment
from store.care.measurements import Measurement, measurements, request_form, requestable_forms
from store.care.modules import open_module
from store.care.moments import load_moment
from store.care.questionnaire.schedule import OccasionState
from store.foundation.access import OPERATOR, Actor, Role
from store.foundation.errors import DomainError, NotPermitted, Refused
from store.views.diary import diaries_of, open_diary, summary
from store.views.form_pages import FormPage, answer_page, open_answer, view_answer
from tests import forms
from tests.clinics import ADULT, GUARDIAN, Clinic
from tests.forms import MAENDE, NIGHT, choice, file, question
from tests.properties import examples


def unread(clinic: Clinic, moment: int) -> int:
    return int(clinic.value("SELECT unread_forms FROM moment WHERE id = :id", id=moment))


def kinds(clinic: Clinic) -> list[str]:
    return [kind for (kind,) in clinic.rows("SELECT kind FROM event WHERE kind LIKE 'formular-%' ORDER BY at, seq")]


def hand_in(clinic: Clinic, moment: int, given: Any, form: str = "maende") -> list[str]:
    text = given if isinstance(given, str) else json.dumps(given)
    with clinic.store.work(clinic.resident()) as work:
        return answer_form(work, moment, form, text)


def earlier(clinic: Clinic) -> int:
    """Start a moment ten days before now."""
    now = clinic.clock()
    clinic.clock.set(2026, 2, 20, 9)
    moment = clinic.start(program="prov")
    clinic.clock.now = now
    return moment


def page_of(clinic: Clinic, moment: int, answer: int) -> FormPage:
    with clinic.store.read(clinic.clinician) as work:
        return answer_page(work, moment, answer)


def test_an_answer_is_kept_waits_and_tells_that_the_resident_is_active(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    clinic.clock.set(2026, 3, 3, 12)
    answer = clinic.answer(moment, forms.given(1, 2, 3))
    assert unread(clinic, moment) == 1
    assert clinic.value("SELECT last_active_at FROM moment WHERE id = :id", id=moment) == clinic.clock()
    assert kinds(clinic) == ["formular-sparat"]
    page = page_of(clinic, moment, answer)
    assert (page.title, page.saved_by, page.read_at, page.caution) == (
        "Mående",
        "Åsa Berg",
        None,
        "Ej validerat.",
    )
    assert [(line.link_id, line.values) for line in page.lines] == [
        ("1", ("B",)),
        ("2", ("C",)),
        ("3", ("D",)),
        ("4", ()),
        ("5", ()),
    ]


def test_what_is_wrong_is_refused_and_stands_as_it_came(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    faults = hand_in(clinic, moment, {**NIGHT, "lade": "22.3O"}, "dagbok")
    assert faults == ['Fråga lade (lade): "22.3O" är inte ett klockslag. Skriv timmar och minuter så här: 22:30.']
    assert (unread(clinic, moment), clinic.value("SELECT count(*) FROM formanswer")) == (0, 0)
    ((raw, reason),) = clinic.rows("SELECT raw, reason FROM refusedanswer")
    assert ("22.3O" in raw, reason) == (True, faults[0])
    assert kinds(clinic) == ["formular-avvisat"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{", "går inte att tolka som JSON på rad 1"),
        ("[" * 100_000, "går inte att tolka som JSON"),
        ('{"q": 1}', "Svaren hör till ett annat formulär"),
        ("[1]", "Svaren ska vara ett objekt"),
        ('{"1": 1, "2": 1}', "Frågan måste besvaras"),
    ],
)
def test_a_response_that_does_not_match_says_why(filed: Clinic, given: str, said: str) -> None:
    moment = filed.start(program="prov")
    assert said in " ".join(hand_in(filed, moment, given))
    assert len(filed.value("SELECT raw FROM refusedanswer")) <= 2_000


def test_hostile_answers_are_text(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    answer = filed.answer(moment, forms.given(0, 0, 0, **{"5": "\x1b]52;c;aGVq\x07[/x]\u202e"}))
    assert page_of(filed, moment, answer).lines[-1].values == ("[/x]",)
    hand_in(filed, moment, "\x1b]52;c;aGVq\x07[/x]")
    assert filed.value("SELECT raw FROM refusedanswer") == "[/x]"


def test_a_diary_takes_several_rows_and_a_bad_one_never_breaks_the_rest(clinic: Clinic) -> None:
    moment = earlier(clinic)
    backwards = {**NIGHT, "dag": "2026-02-27", "upp": "05:00"}
    rows = [NIGHT, {**NIGHT, "dag": "2026-03-01", "lade": "22.3O"}, {**NIGHT, "dag": "2026-02-28"}, backwards, "x"]
    faults = hand_in(clinic, moment, rows, "dagbok")
    assert [fault.split(":")[0] for fault in faults] == ["Rad 2", "Rad 4", "Rad 5"]
    assert "steg upp innan du vaknade" in faults[1]
    assert unread(clinic, moment) == 2
    with clinic.store.read(clinic.clinician) as work:
        (diary,) = diaries_of(work, moment)
    assert [(row.day, bool(row.fault)) for row in diary.rows] == [
        ("2026-03-02", False),
        ("2026-03-02", True),  # no day can be told of it: it stands at the day it came
        ("2026-03-01", True),
        ("2026-02-28", False),
        ("2026-02-27", True),
    ]
    night = diary.rows[0].night
    assert night
    assert (night.in_bed_minutes, night.asleep_minutes, round(night.efficiency, 2)) == (480, 390, 0.81)
    assert diary.rows[2].raw.startswith('{"dag": "2026-03-01", "lade": "22.3O"')


def test_too_many_rows_are_refused_whole(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    for rows in ([], [NIGHT] * 367):
        with pytest.raises(Refused, match="1 till 366 rader"):
            hand_in(filed, moment, rows, "dagbok")


def test_a_refused_row_that_was_mended_says_so_and_the_last_of_a_day_counts(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    hand_in(clinic, moment, {**NIGHT, "lade": "22.3O"}, "dagbok")
    clinic.clock.set(2026, 3, 2, 12)
    clinic.answer(moment, json.dumps({**NIGHT, "lade": "21:30"}), "dagbok")
    clinic.clock.set(2026, 3, 2, 13)
    clinic.answer(moment, json.dumps(NIGHT), "dagbok")
    with clinic.store.read(clinic.clinician) as work:
        (diary,) = diaries_of(work, moment)
    assert [(row.is_mended, row.values[0] if row.values else "") for row in diary.rows] == [
        (False, "22:30"),
        (True, ""),
    ]


def test_what_can_hardly_be_is_refused_at_its_question(clinic: Clinic) -> None:
    moment = earlier(clinic)
    clinic.answer(
        moment,
        json.dumps({**NIGHT, "dag": "2026-03-01", "lade": "08:00", "vaknade": "15:00", "upp": "16:00"}),
        "dagbok",
    )
    for change, said in (
        (
            {"lade": "10:30", "vaknade": "06:30", "upp": "06:45"},
            "Fråga lade (lade): Det blir 20 h 15 min i sängen. Menade du 22:30?",
        ),
        ({"dag": "2026-03-03"}, "Fråga dag (dag): 2026-03-03 har inte varit än."),
        ({"dag": "2026-02-19"}, "Fråga dag (dag): 2026-02-19 är före momentets start."),
        ({"lade": "15:30"}, "Fråga lade (lade): Natten går in i den till 2026-03-01, då du steg upp 2026-03-01 16:00."),
        (
            {"lade": "22.30"},
            'Fråga lade (lade): "22.30" är inte ett klockslag. Skriv timmar och minuter så här: 22:30. Menade du',
        ),
        ({"lade": "24:00"}, "Menade du 00:00?"),
        ({"lade": "kl 2230"}, "Menade du 22:30?"),
    ):
        (fault,) = hand_in(clinic, moment, {**NIGHT, **change}, "dagbok")
        assert said in fault
    assert clinic.value("SELECT count(*) FROM formanswer") == 1
    assert hand_in(clinic, moment, NIGHT, "dagbok") == []


def test_within_what_is_handed_in_at_once_too(clinic: Clinic) -> None:
    moment = earlier(clinic)
    by_day = {**NIGHT, "dag": "2026-03-01", "lade": "08:00", "vaknade": "15:00", "upp": "16:00"}
    (fault,) = hand_in(clinic, moment, [by_day, {**NIGHT, "lade": "15:30"}], "dagbok")
    assert fault.startswith("Rad 2: Fråga lade (lade): Natten går in i den till 2026-03-01")


def test_what_was_saved_all_the_same_is_marked_and_in_no_mean(clinic: Clinic) -> None:
    moment = earlier(clinic)
    clinic.answer(moment, json.dumps([{**NIGHT, "dag": f"2026-02-{day}"} for day in (24, 25, 26, 27)]), "dagbok")
    for day, change in (
        ("24", {"lade": "10:30"}),
        ("25", {"dag": "2031-01-01"}),
        ("26", {"dag": "1890-01-01"}),
    ):
        old = json.dumps({link: [value] for link, value in {**NIGHT, "dag": f"2026-02-{day}", **change}.items()})
        clinic.run(
            "UPDATE formanswer SET answers = :answers WHERE answers LIKE :day", answers=old, day=f"%2026-02-{day}%"
        )
    with clinic.store.read(clinic.clinician) as work:
        (diary,) = diaries_of(work, moment)
    assert [(row.day, row.night is not None, bool(row.note)) for row in diary.rows] == [
        ("2031-01-01", False, True),
        ("2026-02-27", True, False),
        ("2026-02-24", False, True),
        ("1890-01-01", False, True),
    ]
    assert diary.rows[2].note == "Räknas inte: Det blir 20 h 00 min i sängen. Menade du 22:30?"
    assert summary(diary.rows).startswith("1 natt: ")


def test_the_last_row_of_a_morning_counts_and_says_that_it_replaced_one(clinic: Clinic) -> None:
    moment = earlier(clinic)
    for lade in ("22:00", "23:00"):
        with clinic.store.read(clinic.resident()) as reading:
            handed_in = read_handed_in(form_to_answer(reading, moment, "dagbok"), json.dumps({**NIGHT, "lade": lade}))
        with clinic.store.work(clinic.resident()) as work:
            assert answer_form(work, moment, "dagbok", handed_in) == []
    assert handed_in.said == ("Raden för 2026-03-02 ersätter en tidigare.",)
    with clinic.store.read(clinic.clinician) as work:
        (diary,) = diaries_of(work, moment)
    ((row),) = diary.rows
    assert (row.values[0], row.replaced, row.note) == ("23:00", 1, "Ersatte en tidigare rad.")


def test_what_was_checked_against_another_version_is_checked_again(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    install(clinic, file(choice("1", 0, 1)))
    with clinic.store.work(clinic.clinician) as work:
        request_form(work, moment, "egen")
    with clinic.store.read(clinic.resident()) as reading:
        handed_in = read_handed_in(form_to_answer(reading, moment, "egen"), '{"1": 1}')
    install(clinic, file(question("ny", "text")))
    with clinic.store.work(clinic.resident()) as work:
        (fault,) = answer_form(work, moment, "egen", handed_in)
    assert fault.startswith("Svaren hör till ett annat formulär")


# A response: whose it is, and when it says it was filled in


def response(**more: Any) -> str:
    answers = [{"linkId": str(number), "answer": [{"valueCoding": {"code": "a"}}]} for number in (1, 2, 3)]
    return json.dumps({"resourceType": "QuestionnaireResponse", "status": "completed", "item": answers, **more})


@pytest.mark.parametrize("number", [ADULT, "19800102-2386", "800102-2386"])
def test_a_response_about_the_resident_is_taken(clinic: Clinic, number: str) -> None:
    moment = clinic.start(program="prov")
    assert hand_in(clinic, moment, response(subject={"identifier": {"value": number}})) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"subject": {"identifier": {"value": GUARDIAN}}}, "Svaren gäller någon annan"),
        ({"subject": {"reference": "Patient/1"}}, "Svaren gäller någon annan"),
        ({"subject": {"identifier": {"value": "8001022386x"}}}, "Svaren gäller någon annan"),
        ({"questionnaire": "urn:annat"}, "Svaren hör till urn:annat"),
        ({"status": "entered-in-error"}, "märkta entered-in-error"),
    ],
)
def test_one_that_is_not_is_refused_and_nothing_of_it_kept(clinic: Clinic, more: dict[str, Any], said: str) -> None:
    moment = clinic.start(program="prov")
    with pytest.raises(Refused, match=said):
        hand_in(clinic, moment, response(**more))
    for table in ("formanswer", "refusedanswer"):
        assert clinic.value(f"SELECT count(*) FROM {table}") == 0


@pytest.mark.parametrize(
    ("authored", "said"),
    [
        ("2026-03-02T09:59:00+01:00", ()),
        ("2026-03-02", ()),
        ("2026-03-01T23:30:00Z", ()),
        ("2026-03-01", ("Enligt uppgift är svaren ifyllda 2026-03-01, före momentets start 2026-03-02.",)),
        ("2026-03-02T10:01:00+01:00", ("Enligt uppgift är svaren ifyllda 2026-03-02, senare än nu.",)),
        ("2031-01-01", ("Enligt uppgift är svaren ifyllda 2031-01-01, senare än nu.",)),
        ("i går", ("Tiden då svaren fylldes i (authored) går inte att läsa. De sparas med tiden nu.",)),
    ],
)
def test_when_it_says_that_it_was_filled_in_is_told(filed: Clinic, authored: str, said: tuple[str, ...]) -> None:
    moment = filed.start(program="prov")
    with filed.store.read(filed.resident()) as reading:
        handed_in = read_handed_in(form_to_answer(reading, moment, "maende"), response(authored=authored))
    assert (handed_in.said, handed_in.entries[0].faults) == (said, ())


def test_nested_answers_are_shown_each_under_its_own(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    dose = question("dose", "string", text="Hur mycket?")
    install(clinic, file(choice("which", 0, 1, repeats=True, text="Vilket?", item=[dose]), title="Läkemedel"))
    with clinic.store.work(clinic.clinician) as work:
        request_form(work, moment, "egen")
    answers = [
        {"valueCoding": {"code": code}, "item": [{"linkId": "dose", "answer": [{"valueString": much}]}]}
        for code, much in (("a", "10 mg"), ("b", "5 mg"))
    ]
    given = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "item": [{"linkId": "which", "answer": answers}],
    }
    page = page_of(clinic, moment, clinic.answer(moment, json.dumps(given), "egen"))
    assert [(line.text, line.values) for line in page.lines] == [
        ("Vilket?", ("A",)),
        ("Hur mycket?", ("10 mg",)),
        ("Vilket?", ("B",)),
        ("Hur mycket?", ("5 mg",)),
    ]


def test_what_nobody_is_asked_stands_on_the_page_only_with_a_value(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    locked = question("sum", "integer", readOnly=True)
    kind = question("kind", "string", readOnly=True, initial=[{"valueString": "vuxen"}])
    install(clinic, file(question("1", "text"), locked, kind))
    with clinic.store.work(clinic.clinician) as work:
        request_form(work, moment, "egen")
    page = page_of(clinic, moment, clinic.answer(moment, '{"1": "x", "sum": 9}', "egen"))
    assert [(line.link_id, line.values) for line in page.lines] == [("1", ("x",)), ("kind", ("vuxen",))]


def test_opening_a_diary_handles_its_rows_for_the_responsible_alone(clinic: Clinic) -> None:
    moment = earlier(clinic)
    clinic.answer(moment, json.dumps([NIGHT, {**NIGHT, "dag": "2026-03-01"}]), "dagbok")
    clinic.answer(moment, forms.given(0, 0, 0))
    for actor, left in ((clinic.admin, 3), (clinic.clinician, 1), (clinic.clinician, 1)):
        with clinic.store.work(actor) as work:
            open_diary(work, moment)
        assert unread(clinic, moment) == left


def test_opening_handles_it_for_the_responsible_alone(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    answer = clinic.answer(moment, forms.given(0, 0, 0))
    for actor, left in ((clinic.admin, 1), (clinic.clinician, 0)):
        with clinic.store.work(actor) as work:
            open_answer(work, moment, answer)
        assert unread(clinic, moment) == left
    page = page_of(clinic, moment, answer)
    assert (page.read_at, page.read_by) == (clinic.clock(), clinic.clinician.name)
    with clinic.store.work(clinic.clinician) as work:
        open_answer(work, moment, answer)
    assert kinds(clinic) == ["formular-sparat", "formular-last"]


def test_looking_from_the_command_line_marks_nothing(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    answer = clinic.answer(moment, forms.given(0, 0, 0))
    with clinic.store.read(clinic.clinician) as work:
        assert view_answer(work, moment, answer).read_at is None
    assert unread(clinic, moment) == 1


def test_read_is_a_state_of_the_moment_and_can_be_undone(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    answer = clinic.answer(moment, forms.given(0, 0, 0))
    with clinic.store.work(clinic.admin) as work:
        mark_answer_read(work, moment, answer)
    with pytest.raises(Refused, match="redan markerat"), clinic.store.work(clinic.clinician) as work:
        mark_answer_read(work, moment, answer)
    with clinic.store.work(clinic.clinician) as work:
        mark_answer_unread(work, moment, answer)
    assert unread(clinic, moment) == 1
    with pytest.raises(Refused, match="redan oläst"), clinic.store.work(clinic.clinician) as work:
        mark_answer_unread(work, moment, answer)


def test_another_moments_answer_is_nobodys(clinic: Clinic) -> None:
    moment, other = clinic.start(program="prov"), clinic.start(program="prov", confirmed=True)
    answer = clinic.answer(other, forms.given(0, 0, 0))
    for operation in (mark_answer_read, mark_answer_unread, open_answer):
        with pytest.raises(NotPermitted), clinic.store.work(clinic.clinician) as work:
            operation(work, moment, answer)
    with pytest.raises(NotPermitted), clinic.store.read(clinic.clinician) as work:
        view_answer(work, moment, answer)


def test_homework_waits_for_its_module(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with pytest.raises(Refused, match="en modul som inte är öppnad än"):
        hand_in(clinic, moment, {"text": "klart"}, "uppgift")
    with clinic.store.work(clinic.clinician) as work:
        open_module(work, moment, "mer")
    assert hand_in(clinic, moment, {"text": "klart"}, "uppgift") == []


def test_nothing_is_answered_in_maintenance_or_without_such_a_form(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with pytest.raises(Refused, match="Formulären är: dagbok, maende, uppgift"):
        hand_in(clinic, moment, {}, "saknas")
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
    with pytest.raises(Refused, match="vidmakthållande läge"):
        hand_in(clinic, moment, {})


# Scores and their changes


def test_scores_compare_with_the_first_and_with_the_last(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    answers = []
    for day, weights in enumerate([(1, 1, 0), (1, 1, 1), (3, 3, 1)], 3):
        clinic.clock.set(2026, 3, day, 12)
        answers.append(clinic.answer(moment, forms.given(*weights)))
    (first,), (_,), (last,) = (page_of(clinic, moment, answer).scores for answer in answers)
    assert first.sentence == "2 av 9, egen nivå: lite (egna gränser)"
    assert (first.changes, last.sentence) == ((), "7 av 9, egen nivå: mycket (egna gränser)")
    assert last.changes == (
        "+5 sedan första (2026-03-03): pålitlig försämring",
        "+4 sedan förra (2026-03-04): pålitlig försämring",
    )
    page = page_of(clinic, moment, answers[1])
    assert (page.occasion, page.occasions, page.previous, page.following) == (2, 3, answers[0], answers[2])
    assert page.scores[0].changes == ("+1 sedan första (2026-03-03): ingen pålitlig förändring",)
    assert [line.link_id for line in page.risks] == ["3"]


# Measurements


def states(clinic: Clinic, moment: int) -> dict[str, list[str]]:
    with clinic.store.read(clinic.clinician) as work:
        found: tuple[Measurement, ...] = measurements(work, load_moment(work, moment))
    return {one.form: [occasion.state.value for occasion in one.occasions] for one in found}


def test_measurements_follow_the_programs_schedule(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    assert states(clinic, moment) == {"maende": ["väntar på svar", "planerad"]}
    clinic.clock.set(2026, 3, 10, 12)
    assert states(clinic, moment) == {"maende": ["saknas", "väntar på svar", "planerad"]}
    clinic.answer(moment, forms.given(0, 0, 0))
    assert states(clinic, moment) == {"maende": ["saknas", "besvarad", "planerad"]}
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
    clinic.clock.set(2026, 4, 10, 12)
    assert states(clinic, moment) == {"maende": ["saknas", "besvarad"]}


def test_occasions_stop_at_the_maintenance_that_lasts_and_at_no_other_moments(filed: Clinic) -> None:
    moment, other = filed.start(program="prov"), filed.start(program="prov", confirmed=True)

    def change(number: int, *deeds: Any) -> None:
        for deed in deeds:
            filed.clock.now += 1  # type: ignore[assignment]
            with filed.store.work(filed.clinician) as work:
                deed(work, number)

    filed.clock.set(2026, 3, 3, 12)
    change(other, maintain_moment, resume_moment, maintain_moment)
    filed.clock.set(2026, 3, 10, 12)
    change(moment, maintain_moment)
    filed.clock.set(2026, 3, 24, 12)
    assert (len(states(filed, moment)["maende"]), len(states(filed, other)["maende"])) == (2, 1)
    change(moment, resume_moment)
    assert states(filed, moment)["maende"] == [*["saknas"] * 3, "väntar på svar", "planerad"]
    assert len(states(filed, other)["maende"]) == 1
    filed.clock.set(2026, 3, 31, 12)
    change(moment, lambda work, number: end_moment(work, number, "Klart", confirmed=True))
    filed.clock.set(2026, 5, 1, 12)
    assert len(states(filed, moment)["maende"]) == 5, "to its end, and not to today"


def test_what_was_asked_for_is_that_form_alone_in_that_moment(filed: Clinic) -> None:
    for form in ("egen", "annan"):
        install(filed, forms.file(choice("1", 0, 1), title=form.capitalize()), form)
    moment, other = filed.start(program="prov"), filed.start()
    with filed.store.work(filed.clinician) as work:
        request_form(work, moment, "egen")
    for place, form, said in ((moment, "annan", "inte begärt"), (other, "egen", "inte begärt")):
        with pytest.raises(Refused, match=said) as refused:
            filed.answer(place, '{"1": 1}', form)
        assert refused.value.field == "formular"
    with pytest.raises(Refused, match="modul som inte är öppnad") as refused:
        filed.answer(moment, json.dumps({"text": "Klart."}), "uppgift")
    assert refused.value.field == "formular"
    filed.answer(moment, '{"1": 1}', "egen")


def test_a_measurement_is_asked_for_once_at_a_time(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    for day in (3, 5):
        with clinic.store.work(clinic.clinician) as work:
            request_form(work, moment, "dagbok")
        assert states(clinic, moment)["dagbok"][-1] == OccasionState.DUE
        with pytest.raises(Refused, match="redan begärt"), clinic.store.work(clinic.clinician) as work:
            request_form(work, moment, "dagbok")
        clinic.clock.set(2026, 3, day, 12)
        clinic.answer(moment, json.dumps(NIGHT), "dagbok")
        clinic.clock.set(2026, 3, day + 1, 12)
    assert states(clinic, moment)["dagbok"] == ["besvarad", "besvarad"]


def test_homework_is_not_asked_for(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with pytest.raises(Refused, match="är en hemuppgift"), clinic.store.work(clinic.clinician) as work:
        request_form(work, moment, "uppgift")
    with clinic.store.read(clinic.clinician) as work:
        assert requestable_forms(work, moment) == [("dagbok", "Dagbok"), ("maende", "Mående")]


# A unit's own forms


def install(clinic: Clinic, text: str, form: str = "egen", by: Actor = OPERATOR, **options: Any) -> list[str]:
    ready = form_to_install(form, text.encode(), **options)
    with clinic.store.work(by) as work:
        return install_form(work, ready)


PHQ = file(
    *(
        choice(f"q{number}", 0, 1, 2, 3, code=[{"system": "http://loinc.org", "code": code}])
        for number, code in enumerate(
            [
                "44250-9",
                "44255-8",
                "44259-0",
                "44254-1",
                "44251-7",
                "44258-2",
                "44252-5",
                "44253-3",
                "44260-8",
                "69722-7",
            ],
            1,
        )
    ),
    title="Enhetens fil",
)


def test_a_units_own_form_is_scored_asked_for_and_answered(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    assert install(clinic, PHQ, by=clinic.someone(Role.ACCESS_ADMIN)) == ["PHQ-9"]
    with pytest.raises(Refused, match="är inte begärt"):
        hand_in(clinic, moment, {f"q{number}": 3 for number in range(1, 11)}, "egen")
    with clinic.store.work(clinic.clinician) as work:
        request_form(work, moment, "egen")
    answer = clinic.answer(moment, json.dumps({f"q{number}": 3 for number in range(1, 11)}), "egen")
    page = page_of(clinic, moment, answer)
    assert page.title == "Enhetens fil"
    assert page.scores[0].sentence.startswith("27 av 27, svåra besvär, gränsvärde 10 (Kroenke")
    assert [line.link_id for line in page.risks] == ["q9"]
    assert states(clinic, moment)["egen"] == ["besvarad"]


def test_an_answer_keeps_the_version_that_it_was_given_on(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    install(clinic, file(choice("1", 0, 1), title="Första"))
    with clinic.store.work(clinic.clinician) as work:
        request_form(work, moment, "egen")
    answer = clinic.answer(moment, '{"1": 1}', "egen")
    install(clinic, file(question("ny", "text"), title="Andra"))
    later = clinic.answer(moment, '{"ny": "hej"}', "egen")
    assert [page_of(clinic, moment, one).title for one in (answer, later)] == ["Första", "Andra"]
    assert [page_of(clinic, moment, one).occasions for one in (answer, later)] == [1, 1]


def test_another_units_form_is_not_there(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    install(clinic, MAENDE, by=clinic.someone(Role.ACCESS_ADMIN, "SE2321000040-T2"))
    with pytest.raises(Refused, match="finns inte"), clinic.store.work(clinic.clinician) as work:
        request_form(work, moment, "egen")
    install(clinic, MAENDE)
    with clinic.store.work(clinic.clinician) as work:
        request_form(work, moment, "egen")


@pytest.mark.parametrize(
    ("form", "text", "options", "said"),
    [
        ("Egen Form", MAENDE, {}, "duger inte som id"),
        ("egen", "{", {}, "går inte att läsa som formulär. rad 1"),
        ("egen", PHQ.replace("44260-8", "0"), {}, r"fråga 9 i PHQ-9 \(LOINC 44260-8\)"),
        ("egen", MAENDE, {"instrument": "madrs"}, "Kända är: phq-9, gad-7, audit, audit-c, isi, who-5, epds"),
        ("egen", MAENDE, {"mapping": {"1": "1"}}, "Ange vilket instrument"),
    ],
)
def test_what_cannot_be_installed_says_why(filed: Clinic, form: str, text: str, options: Any, said: str) -> None:
    with pytest.raises(Refused, match=said):
        install(filed, text, form, **options)
    assert filed.value("SELECT count(*) FROM installedform") == 0


def test_a_form_that_is_no_instrument_is_installed_without_scores(filed: Clinic) -> None:
    assert install(filed, MAENDE) == []


@examples(25)
@given(
    st.lists(st.sampled_from(["right", "wrong", "night", "bad night", "read", "unread", "open", "diary"]), max_size=12)
)
def test_the_kept_number_of_unread_is_the_number_of_unread(filed: Clinic, deeds: list[str]) -> None:
    moment = filed.start(program="prov", confirmed=True)
    handed = {
        "right": ("maende", forms.given(1, 1, 1)),
        "wrong": ("maende", "{"),
        "night": ("dagbok", json.dumps(NIGHT)),
        "bad night": ("dagbok", json.dumps([NIGHT, {}])),
    }
    for deed in deeds:
        newest = filed.value("SELECT coalesce(max(id), 0) FROM formanswer WHERE moment_id = :moment", moment=moment)
        if deed in handed:
            hand_in(filed, moment, handed[deed][1], handed[deed][0])
            continue
        try:
            with filed.store.work(filed.clinician) as work:
                if deed == "diary":
                    open_diary(work, moment)
                else:
                    operations: dict[str, Callable[..., object]] = {
                        "read": mark_answer_read,
                        "unread": mark_answer_unread,
                        "open": open_answer,
                    }
                    operations[deed](work, moment, newest)
        except DomainError:
            pass
    waiting = "SELECT count(*) FROM formanswer WHERE moment_id = :moment AND read_at IS NULL"
    assert unread(filed, moment) == filed.value(waiting, moment=moment)
