"""What changes a form's meaning is never dropped in silence: it is named with what we do instead, or held (K5)."""

from typing import Any

import pytest

from store.care.questionnaire.answers import asked, read_answers
from store.care.questionnaire.reader import read_questionnaire
from store.care.questionnaire.scale import Scale
from store.care.questionnaire.scoring import check_scale, score_of
from store.care.questionnaire.shape import Questionnaire
from store.care.questionnaire.unsupported import why_unanswerable
from tests.forms import choice, file, question

FHIR = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
EXPRESSION = {"valueExpression": {"language": "text/fhirpath", "expression": "1 = 1"}}


def read(*items: dict[str, Any], **more: Any) -> tuple[Questionnaire, list[str]]:
    found = read_questionnaire(file(*items, **more))
    assert found.questionnaire
    return found.questionnaire, [f"{fault.where}: {fault.message}" for fault in found.faults]


def with_extension(item: dict[str, Any], url: str, **value: Any) -> dict[str, Any]:
    return {**item, "extension": [*item.get("extension", []), {"url": url, **value}]}


def faults_in(form: Questionnaire, **answers: Any) -> list[str]:
    return [fault.message for fault in read_answers(form, answers)[1]]


@pytest.mark.parametrize(
    ("url", "value", "said"),
    [
        (f"{FHIR}regex", {"valueString": "[0-9]+"}, "1: Mönstret (regex) prövas inte."),
        (f"{FHIR}minLength", {"valueInteger": 5}, "1: Minsta längd (minLength) prövas inte."),
        (f"{FHIR}maxDecimalPlaces", {"valueInteger": 1}, "1: Antalet decimaler (maxDecimalPlaces) prövas inte."),
        (f"{SDC}sdc-questionnaire-subQuestionnaire", {"valueCanonical": "urn:x"}, "1: Ett delformulär hämtas inte"),
        (f"{SDC}sdc-questionnaire-initialExpression", EXPRESSION, "1: Ett ifyllt svar (initialExpression)"),
        (f"{SDC}sdc-questionnaire-answerExpression", EXPRESSION, "1: Svarsalternativ räknas inte ut"),
        (f"{SDC}sdc-questionnaire-candidateExpression", EXPRESSION, "1: Svarsalternativ räknas inte ut"),
        (f"{FHIR}questionnaire-constraint", {"extension": []}, "1: En regel (constraint) prövas inte."),
        (f"{SDC}sdc-questionnaire-calculatedExpression", EXPRESSION, "1: Svaret räknas ut av filen"),
        (f"{FHIR}cqf-calculatedValue", EXPRESSION, "1: Svaret räknas ut av filen"),
        (f"{FHIR}questionnaire-hidden", {"valueBoolean": True}, "1: Frågan är dold (hidden). Den ställs inte."),
        (f"{SDC}sdc-questionnaire-enableWhenExpression", EXPRESSION, "1: Villkoret (enableWhenExpression)"),
    ],
)
@pytest.mark.parametrize("kind", ["string", "decimal", "choice"])
def test_an_extension_that_is_not_followed_is_named(url: str, value: dict[str, Any], said: str, kind: str) -> None:
    item = choice("1", 0, 1) if kind == "choice" else question("1", kind)
    _, faults = read(with_extension(item, url, **value), question("2", "text"))
    assert [fault for fault in faults if fault.startswith(said)] != []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"status": "retired"}, "status: Formuläret är märkt retired"),
        ({"modifierExtension": [{"url": "urn:x", "valueBoolean": True}]}, "formuläret: modifierExtension kan ändra"),
        ({"derivedFrom": ["http://example.org/q"]}, "derivedFrom: derivedFrom följs inte"),
        ({"implicitRules": "urn:x"}, "implicitRules: implicitRules följs inte"),
        ({"subjectType": ["Practitioner"]}, "subjectType: Formuläret gäller inte en patient"),
    ],
)
def test_what_the_head_says_is_named(more: dict[str, Any], said: str) -> None:
    _, (fault,) = read(question("1", "text"), **more)
    assert fault.startswith(said)


def test_a_modifier_on_an_item_or_a_choice_is_named() -> None:
    modifier: dict[str, Any] = {"modifierExtension": [{"url": "urn:x", "valueBoolean": True}]}
    item = choice("1", 0, 1, **modifier)
    item["answerOption"][1] |= modifier
    _, faults = read(item)
    assert [fault.partition(":")[0] for fault in faults] == ["1.answerOption[1]", "1"]


def test_an_extension_that_is_off_says_nothing() -> None:
    form, faults = read(with_extension(question("1", "text"), f"{FHIR}questionnaire-hidden", valueBoolean=False))
    assert (faults, form.items[0].is_put) == ([], True)


# A condition that can't be computed


@pytest.mark.parametrize(
    "conditional",
    [
        {"extension": [{"url": f"{SDC}sdc-questionnaire-enableWhenExpression", **EXPRESSION}]},
        {"enableWhen": [{"question": "1", "operator": "~", "answerInteger": 1}]},
        {"enableWhen": [{"question": "gone", "operator": "exists", "answerBoolean": True}]},
        {"enableWhen": [{"question": "2", "operator": "exists", "answerBoolean": True}]},
        {"enableWhen": [{"question": "sum", "operator": ">", "answerInteger": 1}]},
        {"enableWhen": [{}]},
    ],
)
def test_what_has_it_is_shown_and_never_required_nor_is_what_lies_in_it(conditional: dict[str, Any]) -> None:
    total = with_extension(question("sum", "integer"), f"{SDC}sdc-questionnaire-calculatedExpression", **EXPRESSION)
    inner = question("2.1", "text", required=True)
    form, faults = read(
        question("1", "integer"), total, question("2", "group", required=True, item=[inner], **conditional)
    )
    assert asked(form, {"1": (0,)}) >= {"2", "2.1"}
    assert faults_in(form, **{"1": 0}) == []
    assert any("Frågan ställs ändå. Den är inte obligatorisk." in fault for fault in faults)


def test_of_several_the_others_still_hide_it() -> None:
    when = [
        {"question": "1", "operator": "=", "answerInteger": 1},
        {"question": "gone", "operator": "exists", "answerBoolean": True},
    ]
    form, _ = read(question("1", "integer"), question("2", "text", enableWhen=when, enableBehavior="all"))
    assert ("2" in asked(form, {"1": (0,)}), "2" in asked(form, {"1": (1,)})) == (False, True)


# What nobody is asked


@pytest.mark.parametrize(
    "locked",
    [
        {"readOnly": True},
        {"extension": [{"url": f"{FHIR}questionnaire-hidden", "valueBoolean": True}]},
        {"extension": [{"url": f"{SDC}sdc-questionnaire-calculatedExpression", **EXPRESSION}]},
    ],
)
def test_it_is_not_asked_and_keeps_its_initial_value(locked: dict[str, Any]) -> None:
    total = question("sum", "integer", required=True, **locked)
    form, _ = read(question("1", "text"), total)
    assert faults_in(form, **{"1": "x"}) == []
    assert read_answers(form, {"1": "x", "sum": 12})[0] == {"1": ("x",)}
    form, _ = read(question("1", "text"), {**total, "initial": [{"valueInteger": 7}]})
    assert read_answers(form, {"1": "x", "sum": 12})[0] == {"1": ("x",), "sum": (7,)}


def test_nothing_in_a_locked_group_is_asked() -> None:
    inner = question("2", "text", required=True)
    form, _ = read(question("1", "text"), question("g", "group", readOnly=True, item=[inner]))
    assert [item.is_put for item in form.items] == [True, False, False]
    assert faults_in(form, **{"1": "x"}) == []


def test_a_condition_may_stand_on_what_is_kept() -> None:
    kind = {**choice("kind", 0, 1), "readOnly": True, "initial": [{"valueCoding": {"code": "b"}}]}
    when = [{"question": "kind", "operator": "=", "answerCoding": {"code": "b"}}]
    form, _ = read(kind, question("2", "text", required=True, enableWhen=when))
    assert faults_in(form) == ["Fråga 2 (2): Frågan måste besvaras."]


def test_an_initial_value_that_is_none_is_said() -> None:
    _, faults = read(question("1", "integer", readOnly=True, initial=[{"valueString": "många"}]))
    assert any("Värdet i filen (initial) sparas inte" in fault for fault in faults)


def test_a_computed_total_is_no_score() -> None:
    total = with_extension(question("sum", "integer"), f"{SDC}sdc-questionnaire-calculatedExpression", **EXPRESSION)
    total = with_extension(total, f"{FHIR}maxValue", valueInteger=3)
    form, _ = read(choice("1", 0, 3), total)
    assert check_scale(form, Scale("Summa", ("sum",), 3)) == ("Fråga sum ställs inte och kan inte räknas.",)
    assert score_of(form, Scale("Ett", ("1",), 3), read_answers(form, {"1": 3, "sum": 99})[0]).value == 3


# How many answers


def repeating(**extension: int) -> Questionnaire:
    item = choice("1", 0, 1, 2, 3, repeats=True)
    for name, value in extension.items():
        item = with_extension(item, f"{FHIR}questionnaire-{name}", valueInteger=value)
    return read(item)[0]


def test_the_most_and_the_least_answers() -> None:
    form = repeating(maxOccurs=2, minOccurs=2)
    assert faults_in(form, **{"1": [0, 1]}) == []
    assert faults_in(form, **{"1": [0, 1, 2]}) == ["Fråga 1 (1): Frågan tar högst 2 svar, nu 3. Ta bort något."]
    assert faults_in(form, **{"1": [0]}) == ["Fråga 1 (1): Frågan ska ha minst 2 svar, nu 1. Lägg till fler."]
    assert faults_in(form) == []


def test_a_choice_that_excludes_the_others() -> None:
    item = choice("1", 0, 1, 2, repeats=True)
    exclusive = {"url": f"{FHIR}questionnaire-optionExclusive", "valueBoolean": True}
    item["answerOption"][0]["extension"].append(exclusive)
    form, faults = read(item)
    assert faults == []
    assert faults_in(form, **{"1": [0]}) == faults_in(form, **{"1": [1, 2]}) == []
    (said,) = faults_in(form, **{"1": [0, 1]})
    assert said.startswith("Fråga 1 (1): A går inte att välja tillsammans med något annat.")


# What must be answered


ALLERGY = question("g", "group", repeats=True, item=[question("g.1", "string", required=True), question("g.2", "text")])


def test_a_group_that_may_be_left_out_asks_for_nothing_until_something_in_it_is_answered() -> None:
    form, _ = read(ALLERGY, question("2", "string"))
    assert faults_in(form, **{"2": "nej"}) == []
    assert faults_in(form, **{"2": "nej", "g.2": "pollen"}) == ["Fråga g.1 (g.1): Frågan måste besvaras."]
    assert faults_in(form, **{"g.1": "pollen"}) == []


def test_one_that_may_not_asks_at_once_and_to_leave_out_everything_is_no_answer() -> None:
    form, _ = read({**ALLERGY, "required": True}, question("2", "string"))
    assert faults_in(form, **{"2": "nej"}) == ["Fråga g.1 (g.1): Frågan måste besvaras."]
    form, _ = read(ALLERGY, question("2", "string"))
    assert faults_in(form) == ["Fråga g.1 (g.1): Frågan måste besvaras."]


def test_what_lies_under_a_question_is_wanted_when_that_is_answered() -> None:
    form, _ = read(question("1", "boolean", item=[question("1.1", "text", required=True)]), question("2", "text"))
    assert faults_in(form, **{"2": "x"}) == []
    assert faults_in(form, **{"1": True}) == ["Fråga 1.1 (1.1): Frågan måste besvaras."]


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([question("1", "choice", required=True), question("2", "text")], "Fråga 1 måste besvaras"),
        ([question("1", "choice"), question("2", "display")], "Ingen av frågorna går att besvara."),
        ([question("1", "text", readOnly=True)], "Ingen av frågorna går att besvara."),
        ([question("1", "display")], "Ingen av frågorna går att besvara."),
        (
            [
                with_extension(
                    with_extension(question("1", "integer", required=True), f"{FHIR}minValue", valueInteger=5),
                    f"{FHIR}maxValue",
                    valueInteger=4,
                ),
                question("2", "text"),
            ],
            "Fråga 1 måste besvaras",
        ),
        ([question("1", "choice"), question("2", "text")], ""),
        ([question("1", "open-choice", required=True)], ""),
    ],
)
def test_what_cannot_be_answered_is_told(items: list[dict[str, Any]], why: str) -> None:
    found = why_unanswerable(read(*items)[0])
    assert found.startswith(why)
    assert bool(found) is bool(why)
