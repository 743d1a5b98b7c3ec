"""Choices that share a code, a text or a weight: told apart by all four, named by what is exact (K1)."""

import json
from typing import Any

import pytest

from store.care.questionnaire.answers import asked, from_json, read_answers, to_json
from store.care.questionnaire.reader import read_questionnaire
from store.care.questionnaire.scoring import sum_of
from store.care.questionnaire.shape import Questionnaire
from tests.forms import ORDINAL, file, question


def option(code: str = "", display: str = "", weight: float | None = None, system: str = "") -> dict[str, Any]:
    coding = {"code": code, "display": display, "system": system}
    made: dict[str, Any] = {"valueCoding": {key: value for key, value in coding.items() if value}}
    if weight is not None:
        made["extension"] = [{"url": ORDINAL, "valueDecimal": weight}]
    return made


def one(*options: dict[str, Any], **more: Any) -> Questionnaire:
    return read(question("1", "choice", answerOption=list(options), **more))


def read(*items: dict[str, Any]) -> Questionnaire:
    found = read_questionnaire(file(*items)).questionnaire
    assert found
    return found


def response(**coding: Any) -> dict[str, Any]:
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "item": [{"linkId": "1", "answer": [{"valueCoding": coding}]}],
    }


DOUBLE = one(option("LA1", "Aldrig", 0), option("LA2", "Ibland", 1), option("LA1", "Alltid", 3))


@pytest.mark.parametrize(
    "given",
    [
        {"1": 3},
        {"1": "Alltid"},
        response(code="LA1", display="Alltid"),
        response(display="Alltid"),
        response(code="LA1", extension=[{"url": ORDINAL, "valueDecimal": 3}]),
    ],
)
def test_a_double_code_is_told_apart_by_what_is_exact(given: Any) -> None:
    answers, faults = read_answers(DOUBLE, given)
    assert faults == ()
    assert sum_of(DOUBLE, ["1"], answers) == (3, 3)
    kept = from_json(to_json(answers))
    assert sum_of(DOUBLE, ["1"], kept) == (3, 3)


def test_the_first_with_a_code_keeps_it_as_it_was_kept_before() -> None:
    assert read_answers(DOUBLE, {"1": "Aldrig"})[0] == {"1": ("LA1",)}


@pytest.mark.parametrize("given", [{"1": "LA1"}, response(code="LA1"), response(code="LA1", display="Annat")])
def test_what_two_choices_share_is_asked_for_by_what_they_do_not(given: Any) -> None:
    _, (fault,) = read_answers(DOUBLE, given)
    assert fault.message.endswith("står för flera svarsalternativ. Ange alternativets text i stället: Aldrig, Alltid.")


@pytest.mark.parametrize(
    ("options", "raw", "said"),
    [
        ((option("a", "A", 1), option("b", "B", 1)), 1, "Ange alternativets kod i stället: a, b."),
        ((option("a", "Ja", 0), option("b", "Ja", 1)), "Ja", "Ange alternativets kod i stället: a, b."),
        ((option("a", "Ja", 0), option("a", "Ja", 1)), "a", "Ange alternativets vikt i stället: 0, 1."),
        ((option("a", "Ja", 0, "x"), option("a", "Ja", 0, "y")), "a", "Filen skiljer dem inte åt."),
    ],
)
def test_it_says_which_form_is_exact(options: tuple[Any, ...], raw: Any, said: str) -> None:
    _, (fault,) = read_answers(one(*options), {"1": raw})
    assert said in fault.message


def test_the_same_code_and_text_with_other_weight_or_system_are_choices_of_their_own() -> None:
    by_weight = one(option("a", "Ja", 0), option("a", "Ja", 2))
    assert sum_of(by_weight, ["1"], read_answers(by_weight, {"1": 2})[0]) == (2, 2)
    by_system = one(option("1", "Ett", 0, "urn:x"), option("1", "Ett", 5, "urn:y"))
    answers, faults = read_answers(by_system, response(code="1", system="urn:y"))
    assert faults == ()
    assert sum_of(by_system, ["1"], answers) == (5, 5)


def test_another_system_is_another_choice() -> None:
    form = one(option("1", "Ett", 0, "urn:x"))
    assert read_answers(form, response(code="1", system="urn:x"))[1] == ()
    assert read_answers(form, response(code="1"))[1] == ()
    assert "inget av svarsalternativen" in read_answers(form, response(code="1", system="urn:y"))[1][0].message


def test_a_code_that_is_anothers_text_does_not_hide_it() -> None:
    form = one(option("", "b", 0), option("b", "B", 1))
    assert [choice.key for choice in form.items[0].choices] == ["b", "b|B"]
    assert sum_of(form, ["1"], read_answers(form, {"1": "B"})[0]) == (1, 1)


def test_one_like_another_in_everything_is_one() -> None:
    form = one(option("a", "A", 1), option("a", "A", 1))
    assert len(form.items[0].choices) == 1
    assert read_answers(form, {"1": "a"})[1] == ()


def test_a_double_code_is_said() -> None:
    faults = read_questionnaire(
        file(question("1", "choice", answerOption=[option("LA1", "Aldrig", 0), option("LA1", "Alltid", 3)]))
    ).faults
    assert [fault.message for fault in faults] == [
        "Svarsalternativet LA1 står flera gånger. De hålls isär med det som skiljer: Aldrig, Alltid. "
        "Ge varje alternativ sin egen kod."
    ]


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        ({"answerCoding": {"code": "LA1"}}, {"Aldrig", "Alltid"}),
        ({"answerCoding": {"code": "LA1", "display": "Alltid"}}, {"Alltid"}),
        ({"answerCoding": {"display": "Ibland"}}, {"Ibland"}),
        ({"answerString": "Alltid"}, {"Alltid"}),
        ({"answerString": "LA2"}, {"Ibland"}),
    ],
)
@pytest.mark.parametrize("operator", ["=", "!="])
def test_a_condition_on_a_choice_holds_for_those_that_it_means(
    condition: dict[str, Any], held: set[str], operator: str
) -> None:
    options = [option("LA1", "Aldrig", 0), option("LA2", "Ibland", 1), option("LA1", "Alltid", 3)]
    when = [{"question": "1", "operator": operator, **condition}]
    form = read(question("1", "choice", answerOption=options), question("2", "text", enableWhen=when))
    for text in ("Aldrig", "Ibland", "Alltid"):
        answers, _ = read_answers(form, {"1": text})
        assert ("2" in asked(form, answers)) is ((text in held) is (operator == "="))


def test_a_condition_on_an_answer_that_is_none_of_them_is_said() -> None:
    when = [{"question": "1", "operator": "=", "answerCoding": {"code": "x"}}]
    faults = read_questionnaire(
        file(question("1", "choice", answerOption=[option("a", "A")]), question("2", "text", enableWhen=when))
    ).faults
    assert "2" in [fault.where for fault in faults]
    assert "Villkoret gäller svaret x på frågan 1, som inte finns" in json.dumps(
        [fault.message for fault in faults], ensure_ascii=False
    )
