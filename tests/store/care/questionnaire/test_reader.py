"""Forms read leniently: what can be read is, and each trap has its fault."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.care.questionnaire.reader import read_questionnaire
from store.care.questionnaire.shape import Condition, Item, ItemType, Questionnaire
from store.care.questionnaire.weights import weights_of
from tests.forms import MAENDE, ORDINAL, choice, file, form, question

ITEM_WEIGHT = "http://hl7.org/fhir/StructureDefinition/itemWeight"
OLD_ORDINAL = "http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue"


def read(text: str | bytes) -> tuple[Questionnaire, list[str]]:
    """The form and its faults, `where: message` each."""
    found = read_questionnaire(text)
    assert found.questionnaire, found.faults
    return found.questionnaire, [f"{fault.where}: {fault.message}" for fault in found.faults]


def only(item: dict[str, Any], **more: Any) -> tuple[Item, list[str]]:
    """The one item of a form, and the form's faults."""
    found, faults = read(file(item, **more))
    return found.items[-1], faults


def test_every_kind_of_item_is_read() -> None:
    kinds = [kind for kind in ItemType if kind not in (ItemType.CHOICE, ItemType.OPEN_CHOICE)]
    found = form(
        *(question(kind, kind) for kind in kinds), choice("c", 0, 1), {**choice("o", 0, 1), "type": "open-choice"}
    )
    assert [item.type for item in found.items] == [*kinds, ItemType.CHOICE, ItemType.OPEN_CHOICE]


def test_groups_are_flat_and_in_document_order() -> None:
    inner = question("inner", "string", item=[question("innermost", "boolean")])
    found = form(question("g", "group", item=[inner, question("b", "date")]), question("last", "time"))
    assert [(item.link_id, item.depth, item.parent) for item in found.items] == [
        ("g", 0, None),
        ("inner", 1, "g"),
        ("innermost", 2, "inner"),
        ("b", 1, "g"),
        ("last", 0, None),
    ]


def test_bounds_and_flags() -> None:
    bounds = [
        {"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 1},
        {"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueDecimal": 9.5},
    ]
    item, faults = only(question("1", "decimal", required=True, repeats=True, maxLength=7, extension=bounds))
    assert (item.minimum, item.maximum, item.required, item.repeats, item.max_length) == (1, 9.5, True, True, 7)
    assert faults == []


def coded(*, option: Any = None, coding: Any = None, url: str = ORDINAL, value: Any = None) -> dict[str, Any]:
    """An option with its weight on the option or on its coding."""
    extension = [{"url": url, **(value or {"valueDecimal": 2})}]
    made: dict[str, Any] = {"valueCoding": {"code": "a", "display": "A"}}
    if coding:
        made["valueCoding"]["extension"] = extension
    if option:
        made["extension"] = extension
    return made


@pytest.mark.parametrize("url", [ORDINAL, ITEM_WEIGHT, OLD_ORDINAL])
@pytest.mark.parametrize("place", ["option", "coding"])
def test_a_weight_in_each_place(place: str, url: str) -> None:
    item, faults = only(question("1", "choice", answerOption=[coded(**{place: True}, url=url)]))
    assert weights_of(item) == (2,)
    assert faults == []


@pytest.mark.parametrize("value", [{"valueInteger": 2}, {"valueDecimal": 2.0}])
def test_a_weight_as_integer_or_decimal(value: dict[str, Any]) -> None:
    item, faults = only(question("1", "choice", answerOption=[coded(option=True, value=value)]))
    assert (weights_of(item), faults) == ((2,), [])


def test_a_weight_as_text_is_read_with_a_fault() -> None:
    item, faults = only(question("1", "choice", answerOption=[coded(option=True, value={"valueString": "2"})]))
    assert weights_of(item) == (2,)
    assert "citattecken" in faults[0]


def test_two_weights_that_disagree_are_none() -> None:
    option = coded(option=True)
    option["valueCoding"]["extension"] = [{"url": ORDINAL, "valueDecimal": 3}]
    item, faults = only(question("1", "choice", answerOption=[option]))
    assert weights_of(item) is None
    assert "flera vikter, 2 och 3" in faults[0]


def test_some_weights_missing_is_said_and_nothing_is_scored() -> None:
    item, faults = only(question("1", "choice", answerOption=[coded(option=True), {"valueString": "B"}]))
    assert weights_of(item) is None
    assert faults == ["1: Vikt saknas för: B. Frågan kan besvaras men inte poängsättas."]


@pytest.mark.parametrize(
    "contained",
    [
        {"compose": {"include": [{"system": "s", "concept": [{"code": "a", "display": "A"}]}]}},
        {"expansion": {"contains": [{"system": "s", "code": "a", "display": "A"}]}},
        {"expansion": {"contains": [{"abstract": True, "contains": [{"system": "s", "code": "a", "display": "A"}]}]}},
    ],
    ids=["compose", "expansion", "nested"],
)
def test_a_contained_value_set(contained: dict[str, Any]) -> None:
    text = json.dumps(contained).replace(
        '"display": "A"', f'"display": "A", "extension": [{{"url": "{ORDINAL}", "valueDecimal": 4}}]'
    )
    value_set = {"resourceType": "ValueSet", "id": "v", **json.loads(text)}
    item, faults = only(question("1", "choice", answerValueSet="#v"), contained=[value_set])
    assert [(one.code, one.text, one.system) for one in item.choices] == [("a", "A", "s")]
    assert weights_of(item) == (4,)
    assert faults == []


def test_a_contained_code_systems_weights() -> None:
    system = {
        "resourceType": "CodeSystem",
        "url": "s",
        "concept": [{"code": "a", "display": "A", "property": [{"code": "itemWeight", "valueDecimal": 3}]}],
    }
    value_set = {"resourceType": "ValueSet", "id": "v", "compose": {"include": [{"system": "s"}]}}
    item, faults = only(question("1", "choice", answerValueSet="#v"), contained=[system, value_set])
    assert (weights_of(item), faults) == ((3,), [])


@pytest.mark.parametrize(
    "address", ["http://loinc.org/vs/LL358-3", "http://loinc.org/vs/LL358-3|2.72", "https://other.example/list-ll358-3"]
)
def test_ll358_3_without_options(address: str) -> None:
    item, faults = only(question("1", "choice", answerValueSet=address))
    assert [one.code for one in item.choices] == ["LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"]
    assert (weights_of(item), faults) == ((0, 1, 2, 3), [])


def test_ll358_3_listed_in_any_order_without_weights() -> None:
    codes = ["LA6571-9", "LA6568-5", "LA6570-1", "LA6569-3"]
    options = [{"valueCoding": {"system": "http://loinc.org", "code": code, "display": code}} for code in codes]
    item, _ = only(question("1", "choice", answerOption=options))
    assert weights_of(item) == (3, 0, 2, 1)
    item, _ = only(question("1", "choice", answerOption=options[:3]))
    assert weights_of(item) is None


def test_another_list_that_is_not_in_the_file_is_named() -> None:
    item, faults = only(question("1", "choice", answerValueSet="http://loinc.org/vs/LL3583-4"))
    assert item.choices == ()
    assert "http://loinc.org/vs/LL3583-4, finns inte i filen" in faults[0]


def test_conditions_and_a_chain_of_them() -> None:
    second = question("2", "boolean", enableWhen=[{"question": "1", "operator": "=", "answerCoding": {"code": "b"}}])
    third = question("3", "text", enableWhen=[{"question": "2", "operator": "=", "answerBoolean": True}])
    found = form(choice("1", 0, 1), second, third)
    assert found.items[1].conditions == (Condition("1", "=", "b"),)
    assert found.items[2].conditions == (Condition("2", "=", True),)


def test_a_condition_on_nothing_and_a_ring_of_them_ask_all_the_same() -> None:
    def when(link: str) -> dict[str, Any]:
        return {"enableWhen": [{"question": link, "operator": "exists", "answerBoolean": True}]}

    found, faults = read(
        file(
            question("1", "text", **when("gone")),
            question("2", "text", **when("3")),
            question("3", "text", **when("2")),
            question("4", "text", **when("3")),
        )
    )
    assert [item.conditions for item in found.items[:3]] == [(), (), ()]
    assert "1: Villkoret gäller frågan gone, som inte finns. Frågan ställs ändå." in faults
    assert {fault[0] for fault in faults if "ring" in fault} >= {"2", "3"}


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        ({"text": "X", "type": "string"}, "item[1]: linkId saknas"),
        (question("1", "string"), "item[1]: linkId 1 används redan"),
        (question("2", "matrix"), "2: Typen matrix finns inte här. Den läses som string."),
        ({"linkId": "2", "text": "X"}, "2: Frågan har ingen typ. Den läses som string."),
        ({"linkId": "2", "type": "string"}, "2: Frågan har ingen text."),
        (question("2", "string", required="true"), "2: required ska vara true eller false"),
        (question("2", "string", maxLength="x"), "2: maxLength ska vara ett heltal."),
        (question("2", "choice"), "2: Frågan har inga svarsalternativ"),
        ({**question("2", "string"), "linkId": 2}, "linkId ska vara en text"),
        (
            question("2", "group", item={"linkId": "3", "text": "X", "type": "string"}),
            "item[1].item: item ska vara en lista",
        ),
        (question("2", "choice", answerOption=[{"valueCoding": {}}]), "varken code eller display"),
        (question("2", "choice", answerOption=["x"]), "ska innehålla objekt, inte en text"),
        (question("2", "choice", answerOption=[{"valueString": "A"}] * 2), "2: Svarsalternativet A står flera gånger"),
        (question("2", "text", enableWhen=[{}]), "säger inte vilken fråga"),
        (
            question("2", "text", enableWhen=[{"question": "1", "operator": "~", "answerInteger": 1}]),
            "operatorn ~ finns inte",
        ),
        (question("2", "text", enableWhen=[{"question": "1"}] * 2), "enableBehavior saknas"),
    ],
)
def test_what_is_wrong_is_named_and_the_rest_is_read(item: dict[str, Any], fault: str) -> None:
    found, faults = read(file(question("1", "string"), item))
    assert found.items[0] == Item("1", "Fråga 1", ItemType.STRING)
    assert any(fault in said for said in faults), faults


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("", "rad 1, tecken 1", "JSON"),
        ('{\n  "resourceType": "Questionnaire",\n  "item": [,]\n}', "rad 3, tecken 12", "JSON"),
        ('{"resourceType": "Questionnaire", "x": NaN}', "filen", "inte är ett tal"),
        ("[" * 100_000, "filen", "djupt"),
        ("[]", "resourceType", "säger inte vad den är"),
        ('{"resourceType": "Patient"}', "resourceType", "Patient, inte ett formulär"),
        ('{"resourceType": "Questionnaire", "title": "X"}', "item", "inga frågor"),
        ('{"resourceType": "Questionnaire", "title": "X", "item": "1"}', "item", "lista"),
    ],
)
def test_what_cannot_be_read_says_where_and_what(text: str, where: str, message: str) -> None:
    found = read_questionnaire(text)
    assert found.questionnaire is None
    assert (found.faults[0].where, message in found.faults[0].message) == (where, True)


def test_a_byte_order_mark_and_a_bundle_are_read() -> None:
    assert read(b"\xef\xbb\xbf" + MAENDE.encode())[0].title == "Mående"
    bundle = {"resourceType": "Bundle", "entry": [{"resource": json.loads(MAENDE)}]}
    assert read(json.dumps(bundle))[0].title == "Mående"


def test_a_key_twice_is_said() -> None:
    text = MAENDE[:-1] + ', "title": "Annat"}'
    assert "title: Nyckeln title står två gånger i samma objekt. Den sista gäller." in read(text)[1]


def test_nothing_of_a_terminals_comes_through() -> None:
    hostile = "\x1b]52;c;aGVq\x07\u202e[/x]"
    found, faults = read(file(question("1", hostile, text=hostile), title=hostile))
    said = [found.title, found.items[0].text, *faults]
    assert not any("\x1b" in text or "\u202e" in text or "\x07" in text for text in said)
    assert "[/x]" in found.items[0].text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
KEYS = ("linkId", "type", "text", "item", "answerOption", "valueCoding", "code", "enableWhen", "question", "extension")
NEAR = st.recursive(
    JSON,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=25,
)


@given(st.text() | st.binary())
def test_no_text_makes_it_raise(text: str | bytes) -> None:
    read_questionnaire(text)


@given(NEAR, NEAR)
def test_no_json_makes_it_raise(items: Any, contained: Any) -> None:
    text = json.dumps({"resourceType": "Questionnaire", "title": "X", "item": items, "contained": contained})
    read_questionnaire(text)


@given(st.data())
def test_a_spoiled_form_is_still_read_or_refused_with_a_reason(data: st.DataObject) -> None:
    whole = json.loads(MAENDE)
    node: Any = copy.deepcopy(whole)
    spoiled = node
    for _ in range(data.draw(st.integers(1, 5))):
        if not isinstance(node, dict | list) or not node:
            break
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if data.draw(st.booleans()):
            node[key] = data.draw(JSON)
            break
        node = node[key]
    found = read_questionnaire(json.dumps(spoiled))
    assert found.questionnaire or found.faults
    if found.questionnaire:
        links = [item.link_id for item in found.questionnaire.items]
        assert len(links) == len(set(links)) > 0
