"""Risk answers that a unit names: of any type, told in the questions' words, looked for in their texts (K3)."""

from typing import Any

import pytest

from store.care.questionnaire.answers import read_answers
from store.care.questionnaire.plan import FormPlan, RiskAnswer
from store.care.questionnaire.risks import read_risk, risks_of, rule_text, said_of, unnamed_risks
from tests.forms import SCALE, choice, form, question

FORM = form(
    choice("val", 0, 1, 2, 3),
    {**choice("öppet", 0, 1), "type": "open-choice"},
    choice("flera", 0, 1, 2, repeats=True),
    question("ja", "boolean", text="Är det så?"),
    question("antal", "integer"),
    question("tal", "decimal"),
    question("dag", "date"),
    question("tid", "time"),
    question("text", "string"),
    question("a=b", "boolean"),
    question("rubrik", "display"),
    question("låst", "boolean", initial=[]),
)


def plan(*risks: str) -> FormPlan:
    return FormPlan("f", risks=tuple(read_risk(FORM, risk) for risk in risks))


def raised(risks: list[str], **answers: Any) -> dict[str, Any]:
    given, faults = read_answers(FORM, answers)
    assert faults == ()
    return risks_of(FORM, plan(*risks), given)


@pytest.mark.parametrize(
    ("risk", "is_one", "is_none"),
    [
        ("val=2", [2, 3, "c", "D"], [0, 1]),
        ("val=c", [2], [0, 1, 3]),
        ("val=C", [2], [0, 1, 3]),
        ("öppet=Något eget", ["Något eget", "något EGET"], ["Annat", 0]),
        ("flera=B", [[1], [0, 1]], [[0], [0, 2]]),
        ("ja=ja", [True, "ja"], [False]),
        ("ja=true", [True], [False]),
        ("ja=nej", [False], [True]),
        ("antal=3", [3, 4], [2, -3]),
        ("tal=0,5", [0.5, 2], [0.4]),
        ("dag=2026-03-02", ["2026-03-02"], ["2026-03-03"]),
        ("tid=7:05", ["07:05"], ["07:06"]),
        ("text=Ja tack", ["Ja tack", "JA TACK"], ["Ja"]),
        ("a=b=ja", [True], [False]),
    ],
)
def test_an_answer_of_any_type(risk: str, is_one: list[Any], is_none: list[Any]) -> None:
    link = "a=b" if risk.startswith("a=") else risk.partition("=")[0]
    for raw in is_one:
        assert list(raised([risk], **{link: raw})) == [link]
    for raw in is_none:
        assert raised([risk], **{link: raw}) == {}


def test_a_weight_that_several_have_names_them_all() -> None:
    found = form(choice("1", 0, 2, 2))
    assert read_risk(found, "1=2") == RiskAnswer("1", at_least=2)


@pytest.mark.parametrize(
    ("risk", "said"),
    [
        ("va=1", "Frågan va finns inte i filen. Menade du val?"),
        ("val=7", '"7" är inget av svarsalternativen. Välj bland: A, B, C, D.'),
        ("antal=ja", "är inte ett heltal"),
        ("rubrik=1", "Frågan rubrik ställs inte till någon."),
        ("val=", "går inte att läsa"),
        ("", "går inte att läsa"),
    ],
)
def test_what_is_none_says_why(risk: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("?", r"\?").replace(".", r"\.")):
        read_risk(FORM, risk)


def test_several_add_up_and_those_of_a_score_stand_beside_them() -> None:
    found = form(*(choice(str(number), 0, 1, 2, 3) for number in (1, 2, 3)))
    both = FormPlan("f", scales=(SCALE,), risks=(RiskAnswer("1", "d"), RiskAnswer("3", "a")))
    assert risks_of(found, both, {"1": ("d",), "2": ("d",), "3": ("b",)}) == {"3": ("b",), "1": ("d",)}
    assert risks_of(found, both, {"1": ("c",), "3": ("a",)}) == {"3": ("a",)}
    assert said_of(found, both) == ["Fråga 1: D", "Fråga 3: A, B, C, D"]


def test_what_is_a_risk_is_told_in_words() -> None:
    assert said_of(FORM, plan("val=2", "ja=ja", "antal=3", "text=Hej")) == [
        "Fråga val: C, D",
        "Är det så? Ja",
        "Fråga antal: 3 eller mer",
        "Fråga text: Hej",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Har du haft tankar på självmord?",
        "SUICIDTANKAR",
        "Tankar att du hellre vore död eller att du vill skada dig själv",
        "Har du försökt ta livet av dig?",
        "Thoughts that you would be better off dead, or of hurting yourself",
        "In the past few weeks, have you wished you were dead?",
        "Har någon slagit dig?",
    ],
)
def test_a_question_that_looks_like_one_of_risk_is_found(text: str) -> None:
    found = form(question("1", "boolean", text=text), question("g", "display", text=text))
    assert [item.link_id for item in unnamed_risks(found, FormPlan("f"))] == ["1"]
    assert unnamed_risks(found, FormPlan("f", risks=(RiskAnswer("1", True),))) == []


@pytest.mark.parametrize(
    "text", ["Hur har du sovit?", "Är du dödstrött?", "Har någon i familjen dött?", "Skadade du bilen?"]
)
def test_others_are_not(text: str) -> None:
    assert unnamed_risks(form(question("1", "boolean", text=text)), FormPlan("f")) == []


EVERY_TYPE = form(
    choice("val", 0, 1, 2),
    question("ja", "boolean"),
    question("tal", "integer"),
    question("decimal", "decimal"),
    question("dag", "date"),
    question("tid", "time"),
    question("text", "text"),
    {**question("kod", "choice"), "answerOption": [{"valueCoding": {"code": "x=1", "display": "Ett"}}]},
    {**question("rad", "choice"), "answerOption": [{"valueString": "Bara text"}]},
)


@pytest.mark.parametrize(
    "text",
    [
        *("val=2", "ja=ja", "ja=nej", "tal=7", "decimal=1,5", "dag=2026-03-02", "tid=23:30", "text=Självmord"),
        *("kod=x=1", "rad=Bara text"),
    ],
)
def test_a_rule_of_any_type_is_written_as_it_is_read(text: str) -> None:
    rule = read_risk(EVERY_TYPE, text)
    assert read_risk(EVERY_TYPE, rule_text(EVERY_TYPE, rule)) == rule
    assert rule_text(EVERY_TYPE, rule) == text
