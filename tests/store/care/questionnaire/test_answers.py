"""Answers: what is taken, and every wrong one refused with an example of a right one."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.care.questionnaire.answers import asked, from_json, read_answers, shown, to_json
from store.care.questionnaire.shape import ItemType, Questionnaire
from tests.forms import choice, form, question
from tests.store.care.questionnaire.test_reader import JSON

BOUNDS = "http://hl7.org/fhir/StructureDefinition/"
FORM = form(
    question("g", "group", item=[question("text", "string", maxLength=5)]),
    question("info", "display"),
    choice("val", 0, 1, 2),
    {**choice("öppet", 0, 1), "type": "open-choice"},
    choice("flera", 0, 1, 2, repeats=True),
    question("ja", "boolean"),
    question(
        "antal",
        "integer",
        extension=[{"url": f"{BOUNDS}minValue", "valueInteger": 0}, {"url": f"{BOUNDS}maxValue", "valueInteger": 9}],
    ),
    question("tal", "decimal"),
    question("dag", "date", extension=[{"url": f"{BOUNDS}minValue", "valueDate": "2026-01-01"}]),
    question("tid", "time"),
    question("när", "dateTime"),
    question("fritt", "text"),
)


def taken(**values: Any) -> dict[str, Any]:
    """The answers as kept; there is nothing wrong with them."""
    answers, faults = read_answers(FORM, values)
    assert faults == ()
    return dict(answers)


def refused(found: Questionnaire = FORM, **values: Any) -> str:
    """Why they are not taken."""
    _, faults = read_answers(found, values)
    assert faults
    return " ".join(fault.message for fault in faults)


@pytest.mark.parametrize(
    ("link", "raw", "kept"),
    [
        ("val", 2, "c"),
        ("val", "b", "b"),
        ("val", "B", "b"),
        ("val", {"code": "a"}, "a"),
        ("val", {"display": "C"}, "c"),
        ("öppet", "b", "b"),
        ("öppet", "Något eget", "Något eget"),
        ("ja", True, True),
        ("ja", "nej", False),
        ("antal", 3, 3),
        ("antal", 3.0, 3),
        ("antal", "3", 3),
        ("tal", "3,5", 3.5),
        ("tal", {"value": 4.25}, 4.25),
        ("dag", "2026-03-02", "2026-03-02"),
        ("tid", "22:30", "22:30"),
        ("tid", "7:05", "07:05"),
        ("tid", "07:05:00", "07:05"),
        ("när", "2026-03-02T10:00:00+01:00", "2026-03-02T10:00:00+01:00"),
        ("när", "2026-03-02", "2026-03-02"),
        ("text", " hej ", "hej"),
        ("fritt", "rad\nrad", "rad\nrad"),
        ("fritt", "[/x]\x1b[31m", "[/x]"),
    ],
)
def test_what_is_kept(link: str, raw: Any, kept: Any) -> None:
    assert taken(**{link: raw}) == {link: (kept,)}


def test_a_list_where_it_repeats() -> None:
    assert taken(flera=[2, "A"]) == {"flera": ("c", "a")}
    assert "bara ett svar" in refused(val=[0, 1])
    assert "två gånger" in refused(flera=[1, "b"])


@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}])
def test_nothing_is_no_answer(nothing: Any) -> None:
    assert taken(val=nothing) == {}


@pytest.mark.parametrize(
    ("link", "raw", "said"),
    [
        ("val", 7, '"7" är inget av svarsalternativen. Välj bland: A, B, C.'),
        ("val", True, "är inget av svarsalternativen"),
        ("ja", "kanske", '"kanske" är varken ja eller nej'),
        ("antal", 2.5, "är inte ett heltal. Skriv till exempel 20."),
        ("antal", True, "är inte ett heltal"),
        ("antal", 10, "10 är för mycket. Högst 9 går att ange."),
        ("antal", -1, "för lite. Minst 0"),
        ("tal", "många", '"många" är inte ett tal'),
        ("tal", float("inf"), "är inte ett tal"),
        ("tal", float("nan"), "är inte ett tal"),
        ("dag", "2026-02-30", "är inget datum. Skriv år, månad och dag så här: 2026-11-22."),
        ("dag", "20260302", "är inget datum"),
        ("dag", "2025-12-31", "för lite"),
        ("tid", "22.3O", 'Fråga tid (tid): "22.3O" är inte ett klockslag. Skriv timmar och minuter så här: 22:30.'),
        ("tid", "24:00", "är inte ett klockslag"),
        ("tid", 22, "är inte ett klockslag"),
        ("när", "i går", "är ingen tidpunkt. Skriv datum och klockslag så här: 2026-11-22T22:30."),
        ("text", "för långt", "Texten är för lång: högst 5 tecken, nu 9."),
        ("fritt", "x" * 10_001, "högst 10000 tecken"),
        ("fritt", {"a": 1}, "är ingen text"),
        ("g", "x", "ingen fråga"),
        ("info", "x", "ingen fråga"),
    ],
)
def test_a_wrong_value_is_refused_with_an_example(link: str, raw: Any, said: str) -> None:
    assert said in refused(**{link: raw})


def test_a_weight_that_two_choices_share_is_not_guessed() -> None:
    found = form(choice("1", 1, 1))
    assert "står för flera" in refused(found, **{"1": 1})
    assert read_answers(found, {"1": "b"}) == ({"1": ("b",)}, ())


def test_link_ids_that_do_not_match_say_why() -> None:
    assert "Frågan vla finns inte i formuläret. Menade du val?" in refused(vla=1, ja=True)
    assert "Svaren hör till ett annat formulär: q1, q2 finns inte här." in refused(q1=1, q2=2)
    assert read_answers(FORM, ["x"])[1][0].message.startswith("Svaren ska vara ett objekt")


def test_a_response_is_read() -> None:
    response = {
        "resourceType": "QuestionnaireResponse",
        "item": [
            {"linkId": "g", "item": [{"linkId": "text", "answer": [{"valueString": "hej"}]}]},
            {"linkId": "flera", "answer": [{"valueCoding": {"code": "a"}}, {"valueCoding": {"code": "c"}}]},
            {"linkId": "antal", "answer": [{"valueInteger": 4}]},
            {"linkId": "ja", "answer": {"valueBoolean": False}},
        ],
    }
    answers, faults = read_answers(FORM, response)
    assert faults == ()
    assert answers == {"text": ("hej",), "flera": ("a", "c"), "antal": (4,), "ja": (False,)}


CHAIN = form(
    choice("1", 0, 1, required=True),
    choice("2", 0, 1, required=True, enableWhen=[{"question": "1", "operator": "=", "answerCoding": {"code": "b"}}]),
    question(
        "3", "text", required=True, enableWhen=[{"question": "2", "operator": "!=", "answerCoding": {"code": "a"}}]
    ),
    question(
        "g",
        "group",
        enableWhen=[{"question": "3", "operator": "exists", "answerBoolean": True}],
        item=[question("4", "integer")],
    ),
)


@pytest.mark.parametrize(
    ("given", "links"),
    [
        ({}, {"1"}),
        ({"1": ("a",)}, {"1"}),
        ({"1": ("b",)}, {"1", "2"}),
        ({"1": ("b",), "2": ("b",)}, {"1", "2", "3"}),
        ({"1": ("b",), "2": ("b",), "3": ("x",)}, {"1", "2", "3", "g", "4"}),
        ({"1": ("a",), "2": ("b",), "3": ("x",)}, {"1"}),
    ],
)
def test_a_chain_of_conditions(given: dict[str, Any], links: set[str]) -> None:
    assert asked(CHAIN, given) == links


def test_what_is_asked_must_be_answered_and_nothing_else_may() -> None:
    assert "Fråga 2 (2): Frågan måste besvaras." in refused(CHAIN, **{"1": 1})
    assert "Frågan ställs inte" in refused(CHAIN, **{"1": 0, "2": 1})
    assert read_answers(CHAIN, {"1": 0})[1] == ()


@pytest.mark.parametrize(
    ("operator", "value", "held"),
    [("=", 3, True), ("!=", 3, False), (">", 2, True), ("<", 3, False), (">=", 3, True), ("<=", 2, False)],
)
def test_operators(operator: str, value: int, held: bool) -> None:
    found = form(
        question("1", "integer"),
        question("2", "text", enableWhen=[{"question": "1", "operator": operator, "answerInteger": value}]),
    )
    assert ("2" in asked(found, {"1": (3,)})) is held


@pytest.mark.parametrize("behavior", ["all", "any"])
def test_all_or_any(behavior: str) -> None:
    when = [{"question": "1", "operator": "=", "answerInteger": value} for value in (1, 2)]
    found = form(question("1", "integer"), question("2", "text", enableWhen=when, enableBehavior=behavior))
    assert ("2" in asked(found, {"1": (1,)})) is (behavior == "any")


def test_as_a_person_reads_it() -> None:
    item = FORM.item("val")
    assert item
    assert [shown(item, value) for value in ("b", True, False, 3, 3.5, "annat")] == [
        "B",
        "Ja",
        "Nej",
        "3",
        "3,5",
        "annat",
    ]


def any_answer(kind: ItemType) -> st.SearchStrategy[Any]:
    return {
        ItemType.CHOICE: st.sampled_from(["a", "b", "c"]),
        ItemType.BOOLEAN: st.booleans(),
        ItemType.INTEGER: st.integers(-1000, 1000),
        ItemType.DECIMAL: st.floats(-1e6, 1e6),
        ItemType.STRING: st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=20),
        ItemType.DATE: st.dates().map(str),
        ItemType.TIME: st.times().map(lambda at: f"{at:%H:%M}"),
    }[kind]


@given(st.data())
def test_right_answers_come_back_as_they_were_given(data: st.DataObject) -> None:
    kinds = data.draw(
        st.lists(
            st.sampled_from(["choice", "boolean", "integer", "decimal", "string", "date", "time"]),
            min_size=1,
            max_size=6,
        )
    )
    items = [choice(str(at), 0, 1, 2) if kind == "choice" else question(str(at), kind) for at, kind in enumerate(kinds)]
    found = form(*items)
    given = {item.link_id: data.draw(any_answer(item.type)) for item in found.items}
    answers, faults = read_answers(found, given)
    assert faults == ()
    assert {link: values[0] for link, values in answers.items()} == given
    assert from_json(to_json(answers)) == answers
    assert to_json(from_json(to_json(answers))) == to_json(answers)


@given(JSON | st.dictionaries(st.sampled_from([item.link_id for item in FORM.items]), JSON))
def test_nothing_makes_it_raise(raw: Any) -> None:
    answers, faults = read_answers(FORM, raw)
    json.loads(to_json(answers))
    assert all(fault.message for fault in faults)
