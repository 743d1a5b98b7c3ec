"""A QuestionnaireResponse: whose and which it says that it is (K2), and what stands under what (K11)."""

from typing import Any

import pytest

from store.care.questionnaire.answers import from_json, read_answers, to_json
from store.care.questionnaire.places import in_places
from store.care.questionnaire.reader import read_questionnaire
from store.care.questionnaire.response import subject_of
from store.care.questionnaire.shape import Questionnaire
from tests.forms import choice, file, form, question

URL = "http://example.org/Questionnaire/one"


def response(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "QuestionnaireResponse", "status": "completed", "item": list(items), **more}


def item(link: str, *answers: Any, under: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return an item with answers by code or text; a dict is an answer as it stands."""
    made = [answer if isinstance(answer, dict) else {"valueString": answer} for answer in answers]
    return {"linkId": link, **({"answer": made} if made else {}), **({"item": under} if under else {})}


def read(raw: object, **more: Any) -> list[str]:
    found = read_questionnaire(file(question("1", "text"), **more)).questionnaire
    assert found
    answers, faults = read_answers(found, raw)
    assert bool(answers) is not bool(faults)
    return [fault.message for fault in faults]


@pytest.mark.parametrize("status", ["completed", "amended"])
def test_a_finished_answer_is_taken(status: str) -> None:
    assert read(response(item("1", "x"), status=status)) == []


@pytest.mark.parametrize("status", ["in-progress", "entered-in-error", "stopped", "Completed", "", 7])
def test_any_other_is_not(status: object) -> None:
    (said,) = read(response(item("1", "x"), status=status))
    assert said.endswith("(status): de räknas inte. Bara completed och amended tas emot.")


@pytest.mark.parametrize("named", [None, URL, f"{URL}|1.0", "Questionnaire/one", {"reference": URL}])
@pytest.mark.parametrize("own", [URL, f"{URL}|2.0"])
def test_the_same_form_in_any_version(named: object, own: str) -> None:
    assert read(response(item("1", "x"), questionnaire=named), url=own) == []


@pytest.mark.parametrize("named", [f"{URL}s", "Questionnaire/two", "urn:x", {"reference": "urn:x"}, "#q"])
def test_another_form_is_refused_whatever_its_questions(named: object) -> None:
    (said,) = read(response(item("1", "x"), questionnaire=named), url=URL)
    assert said.startswith("Svaren hör till ett annat formulär: ")


def test_a_form_that_does_not_say_which_it_is_is_told_by_its_id_or_not_at_all() -> None:
    assert read(response(item("1", "x"), questionnaire="Questionnaire/one"), id="one") == []
    (said,) = read(response(item("1", "x"), questionnaire=URL))
    assert said.startswith(f"Svaren hör till {URL}, men formuläret säger inte vilket det är.")


def test_a_questionnaire_within_the_response_is_told_by_its_own_address() -> None:
    contained = [{"resourceType": "Questionnaire", "id": "q", "url": f"{URL}|3"}]
    assert read(response(item("1", "x"), questionnaire="#q", contained=contained), url=URL) == []
    assert read(response(item("1", "x"), questionnaire="#q", contained=contained), url="urn:x") != []


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        (None, None),
        ({}, None),
        ({"identifier": {"value": "19800102-2386"}}, "19800102-2386"),
        ({"reference": "Patient/1"}, ""),
        ({"display": "Åsa Berg"}, ""),
        ({"identifier": {"system": "urn:x"}}, ""),
        ("Patient/1", ""),
        ({"reference": "#p"}, "198001022386"),
        ({"reference": "#x"}, ""),
        ({"reference": "#p", "identifier": {"value": "198001022394"}}, ""),
    ],
)
def test_whom_it_is_about(subject: object, told: str | None) -> None:
    patient = {"resourceType": "Patient", "id": "p", "identifier": [{"value": "198001022386"}]}
    assert subject_of(response(subject=subject, contained=[patient])) == told


# Nested answers

MEDICINES = form(
    choice(
        "which",
        0,
        1,
        2,
        repeats=True,
        item=[question("dose", "string"), question("often", "group", item=[question("times", "integer")])],
    ),
    question("g", "group", repeats=True, item=[question("name", "string"), question("age", "integer", required=True)]),
    question("last", "string"),
)


def answer(code: str, *under: dict[str, Any]) -> dict[str, Any]:
    return {"valueCoding": {"code": code}, **({"item": list(under)} if under else {})}


def shown(found: Questionnaire, raw: object) -> list[tuple[Any, ...]]:
    """Return what is answered in the order that it is shown; with nothing wrong, and the same after being stored."""
    answers, faults = read_answers(found, raw)
    assert faults == ()
    for one in (answers, from_json(to_json(answers))):
        lines = [(placed.item.link_id, *placed.values) for placed in in_places(found, one)]
    assert lines == [(placed.item.link_id, *placed.values) for placed in in_places(found, answers)]
    return [line for line in lines if len(line) > 1 or line[0] == "g"]


def test_each_answer_stands_under_its_own() -> None:
    raw = response(
        item(
            "which",
            answer("a", item("dose", "10 mg"), item("often", under=[item("times", {"valueInteger": 2})])),
            answer("b"),
            answer("c", item("dose", "5 mg"), item("often", under=[item("times", {"valueInteger": 1})])),
        ),
        item("last", "slut"),
    )
    assert shown(MEDICINES, raw) == [
        ("which", "a"),
        ("dose", "10 mg"),
        ("times", 2),
        ("which", "b"),
        ("which", "c"),
        ("dose", "5 mg"),
        ("times", 1),
        ("g",),
        ("last", "slut"),
    ]


def test_a_group_that_stands_several_times() -> None:
    def child(name: str, age: int) -> dict[str, Any]:
        return item("g", under=[*([item("name", name)] if name else []), item("age", {"valueInteger": age})])

    raw = response(child("Ada", 4), child("", 7), child("Bo", 9))
    assert shown(MEDICINES, raw) == [
        ("g",),
        ("name", "Ada"),
        ("age", 4),
        ("g",),
        ("age", 7),
        ("g",),
        ("name", "Bo"),
        ("age", 9),
    ]


def test_groups_in_groups() -> None:
    found = form(
        question(
            "out",
            "group",
            repeats=True,
            item=[question("in", "group", repeats=True, item=[question("x", "string")])],
        )
    )
    raw = response(
        item("out", under=[item("in", under=[item("x", "1")]), item("in", under=[item("x", "2")])]),
        item("out", under=[item("in", under=[item("x", "3")])]),
    )
    answers, faults = read_answers(found, raw)
    assert faults == ()
    lines = [(placed.item.link_id, *placed.values) for placed in in_places(found, answers)]
    assert lines == [("out",), ("in",), ("x", "1"), ("in",), ("x", "2"), ("out",), ("in",), ("x", "3")]


def test_an_answer_that_is_none_moves_nothing() -> None:
    raw = response(
        item("which", {"valueString": " "}, answer("b", item("dose", "10 mg")), answer("c", item("dose", "5 mg")))
    )
    assert shown(MEDICINES, raw)[:4] == [("which", "b"), ("dose", "10 mg"), ("which", "c"), ("dose", "5 mg")]


def test_one_answer_under_each_is_one_answer() -> None:
    raw = response(item("which", answer("a", item("dose", "1", "2")), answer("b", item("dose", "3"))))
    assert "Frågan tar bara ett svar" in read_answers(MEDICINES, raw)[1][0].message
    again = response(item("which", answer("a"), answer("a")))
    assert "två gånger" in read_answers(MEDICINES, again)[1][0].message


def test_without_nesting_it_is_shown_and_stored_as_before() -> None:
    answers, _ = read_answers(MEDICINES, {"which": [0, 1], "dose": ["1", "2"], "last": "x"})
    assert to_json(answers) == '{"dose":["1","2"],"last":["x"],"which":["a","b"]}'
    assert [placed.values for placed in in_places(MEDICINES, answers)][:2] == [("a", "b"), ("1", "2")]


def test_no_answer_is_lost_where_the_nesting_is_not_the_forms() -> None:
    raw = response(item("last", {"valueString": "x", "item": [item("dose", "1")]}), item("which", answer("a")))
    answers, _ = read_answers(MEDICINES, raw)
    assert ("dose", ("1",)) in [(placed.item.link_id, placed.values) for placed in in_places(MEDICINES, answers)]
