"""What stands in a form's fields: which questions are asked, what is handed in, and what is wrong at which field."""

import json

import pytest

from store.care.forms import Form
from store.care.handed_in import AskedForm
from store.care.questionnaire.plan import DiaryRoles, FormKind, FormPlan
from store.care.typed_answers import Typed, asked_of, fault_in, faults_by_field, hand_in
from tests.clinics import ADULT, MONDAY
from tests.forms import DAGBOK, MAENDE, choice, file, question

ROLES = DiaryRoles("dag", "lade", "somnade", "vaken", "vaknade", "upp")


def asked(text: str, plan: FormPlan | None = None) -> AskedForm:
    return AskedForm(Form("prov", "Prov", text, plan or FormPlan("prov")), ADULT, MONDAY, MONDAY)


def faults(form: AskedForm, typed: Typed) -> dict[str, str]:
    return faults_by_field(form.form.questionnaire, hand_in(form, typed))


def test_what_is_wrong_stands_at_its_own_field_without_the_questions_name() -> None:
    form = asked(DAGBOK)
    typed = {"dag": ("2 mars",), "lade": ("2230",), "vaknade": ("06:30",), "upp": ("07:00",), "somnade": ("tio",)}
    found = faults(form, typed)
    assert found.keys() == {"dag", "lade", "somnade"}
    assert found["lade"] == '"2230" är inte ett klockslag. Skriv timmar och minuter så här: 22:30. Menade du 22:30?'
    assert found["somnade"].startswith('"tio" är inte ett heltal.')


def test_a_question_left_out_is_named_once_the_others_are_right() -> None:
    assert faults(asked(MAENDE), {"1": ("a",), "3": ("b",)}) == {"2": "Frågan måste besvaras."}


def test_an_impossible_night_stands_at_the_time_that_was_wrong() -> None:
    form = asked(DAGBOK, FormPlan("dagbok", FormKind.DIARY, diary=ROLES))
    night = {"dag": ("2026-03-02",), "lade": ("10:30",), "vaknade": ("06:30",), "upp": ("07:00",)}
    found = faults(form, {**night, "somnade": ("10",), "vaken": ("0",)})
    assert list(found) == ["lade"]
    assert "Menade du 22:30?" in found["lade"]


def test_what_is_no_longer_asked_is_not_handed_in() -> None:
    conditional = {"enableWhen": [{"question": "1", "operator": "=", "answerCoding": {"code": "b"}}]}
    form = asked(file(choice("1", 0, 1), question("2", "string", required=True, **conditional)))
    questionnaire = form.form.questionnaire
    assert asked_of(questionnaire, {"1": ("b",)}) == {"1", "2"}
    assert faults(form, {"1": ("b",)}) == {"2": "Frågan måste besvaras."}
    given = hand_in(form, {"1": ("a",), "2": ("kvar",)})
    assert given.entries[0].answers == {"1": ("a",)}


def test_choices_with_the_same_code_are_told_apart() -> None:
    alike = [{"valueCoding": {"code": "1", "display": text}} for text in ("Ja", "Nej")]
    form = asked(file({"linkId": "1", "text": "Fråga", "type": "choice", "answerOption": alike}))
    keys = [one.key for one in form.form.questionnaire.items[0].choices]
    assert [hand_in(form, {"1": (key,)}).entries[0].answers["1"] for key in keys] == [(key,) for key in keys]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("boolean", "true", True),
        ("boolean", "false", False),
        ("integer", " 12 ", 12),
        ("decimal", "1,5", 1.5),
        ("text", "[/x] \x1b]52;c;x\x07 rad\nrad", "[/x]  rad\nrad"),
    ],
)
def test_what_is_typed_becomes_what_is_kept(kind: str, typed: str, kept: object) -> None:
    (entry,) = hand_in(asked(file(question("1", kind))), {"1": (typed,)}).entries
    assert (entry.faults, entry.answers["1"]) == ((), (kept,))


def test_too_long_a_text_is_told_at_its_field() -> None:
    form = asked(file(question("1", "text"), question("2", "text")))
    assert faults(form, {"1": ("x" * 10_001,), "2": ("x",)}) == {
        "1": "Texten är för lång: högst 10000 tecken, nu 10001."
    }


def test_a_field_by_itself_is_judged_alone() -> None:
    items = {item.link_id: item for item in asked(DAGBOK).form.questionnaire.items}
    assert fault_in(items["upp"], ()) == ""
    assert fault_in(items["upp"], ("7",)).startswith('"7" är inte ett klockslag.')


def test_only_json_leaves_it() -> None:
    form = asked(file(question("1", "text")))
    assert json.loads(hand_in(form, {"1": ('"}',)}).given) == {"1": ['"}']}
