"""Large and hostile files: what is too large is refused whole, and the rest is read in time that follows its size.

None of these is timed. One that takes the square of the size takes minutes here, and is noticed by that.
"""

from typing import Any

import pytest

from store.care.questionnaire.answers import asked, read_answers
from store.care.questionnaire.reader import MOST_ITEMS, read_questionnaire
from store.care.questionnaire.scoring import can_be_scored, sum_of
from store.care.questionnaire.source import MOST_FAULTS
from store.foundation.errors import Refused
from store.foundation.text import clean
from tests.forms import choice, file, form, question

MANY = 20_000


def faults_of(text: str | bytes) -> list[str]:
    return [f"{fault.where}: {fault.message}" for fault in read_questionnaire(text).faults]


def test_a_file_of_five_megabytes_is_read_and_one_byte_more_is_not() -> None:
    text = file(question("1", "text", text="Berätta"), title="Fritext")
    text = text.replace("ä", "a")
    whole = text[:-1] + ', "x": "' + "a" * (5_000_000 - len(text) - len(', "x": ""')) + '"}'
    assert len(whole) == 5_000_000
    assert read_questionnaire(whole).questionnaire
    for more in (whole + " ", (whole + " ").encode()):
        found = read_questionnaire(more)
        assert found.questionnaire is None
        assert [fault.message for fault in found.faults] == [
            "Filen är större än 5 MB. Ta bort det som inte är frågor, eller dela upp formuläret i flera."
        ]


def test_the_size_is_in_bytes_and_not_in_letters() -> None:
    text = file(question("1", "text", text="å" * 2_500_000))
    assert len(text) < 5_000_000 < len(text.encode())
    assert read_questionnaire(text).questionnaire is None


def nested(item: dict[str, Any], number: int) -> dict[str, Any]:
    return question("g", "group", item=[{**item, "linkId": str(at)} for at in range(number)])


@pytest.mark.parametrize("item", [question("x", "text"), question("x", "display"), {"text": "utan linkId"}])
def test_five_thousand_items_of_any_kind_are_read_and_one_more_is_not(item: dict[str, Any]) -> None:
    assert read_questionnaire(file(nested(item, MOST_ITEMS - 1))).questionnaire
    found = read_questionnaire(file(nested(item, MOST_ITEMS)))
    assert found.questionnaire is None
    (fault,) = found.faults
    assert fault.message == "Formuläret har fler än 5000 frågor, grupper och texter. Dela upp det i flera."


def test_a_value_set_that_many_questions_share_is_counted_with_each() -> None:
    value_set = {
        "resourceType": "ValueSet",
        "id": "v",
        "compose": {"include": [{"concept": [{"code": str(at), "display": str(at)} for at in range(1_000)]}]},
    }
    items = [question(str(at), "choice", answerValueSet="#v") for at in range(102)]
    assert read_questionnaire(file(*items[:100], contained=[value_set])).questionnaire
    found = read_questionnaire(file(*items, contained=[value_set]))
    assert found.questionnaire is None
    assert found.faults[-1].message == "Formuläret har fler än 100000 svarsalternativ. Dela upp det i flera."


def test_what_was_installed_before_there_were_limits_is_still_read() -> None:
    text = file(nested(question("x", "text"), MOST_ITEMS + 1))
    assert read_questionnaire(text, is_installed=True).questionnaire


def test_sets_that_include_each_other_are_read_once_each() -> None:
    def value_set(name: str) -> dict[str, Any]:
        include = [{"valueSet": ["#a", "#b", "#a"]}, {"concept": [{"code": name, "display": name}]}]
        return {"resourceType": "ValueSet", "id": name, "compose": {"include": include}}

    found = form(question("1", "choice", answerValueSet="#a"), contained=[value_set("a"), value_set("b")])
    assert sorted(one.code for one in found.items[0].choices) == ["a", "b"]


def test_a_hundred_thousand_keys_of_which_one_is_doubled() -> None:
    keys = ", ".join(f'"k{at}": 1' for at in range(100_000))
    text = file(question("1", "text"))[:-1] + f', {keys}, "k7": 2}}'
    assert faults_of(text) == ["k7: Nyckeln k7 står två gånger i samma objekt. Den sista gäller."]


def test_many_faults_are_told_up_to_a_number_and_the_others_counted() -> None:
    text = file(question("1", "text"))[:-1] + "".join(f', "k{at}": 1' for at in range(MANY)) * 2 + "}"
    found = faults_of(text)
    assert len(found) == MOST_FAULTS + 1
    assert found[-1] == f"filen: Ytterligare {MANY - MOST_FAULTS} fel. Rätta de första och kontrollera igen."


def test_doubled_link_ids_and_choices() -> None:
    found = faults_of(file(*[question("1", "text")] * (MOST_ITEMS - 1), choice("2", 0, 1)))
    assert len(found) == MOST_FAULTS + 1
    options = [{"valueString": str(at % 10_000)} for at in range(MANY)]
    assert len(faults_of(file(question("1", "choice", answerOption=options)))) == MOST_FAULTS + 1


def test_choices_that_nothing_but_a_small_weight_tells_apart() -> None:
    url = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
    options = [
        {"valueCoding": {"code": "a", "display": "A", "extension": [{"url": url, "valueDecimal": 1 + at / 10**12}]}}
        for at in range(MANY)
    ]
    found = read_questionnaire(file(question("1", "choice", answerOption=options))).questionnaire
    assert found
    choices = found.items[0].choices
    assert [one.key for one in choices[:4]] == ["a", "a|A", "a|A|", "a|A||1"]
    assert choices[-1].key == f"a|A||1|{MANY - 3}"


def chain(number: int) -> list[dict[str, Any]]:
    """Questions of which each is asked when the next one is answered: the worst order for it."""
    return [
        question(str(at), "text", enableWhen=[{"question": str(at + 1), "operator": "exists", "answerBoolean": True}])
        for at in range(number - 1)
    ] + [question(str(number - 1), "text")]


def test_a_long_chain_of_conditions() -> None:
    found = form(*chain(MOST_ITEMS))
    everything = {item.link_id: ("x",) for item in found.items}
    assert len(asked(found, everything)) == MOST_ITEMS
    del everything[str(MOST_ITEMS // 2)]
    assert len(asked(found, everything)) == MOST_ITEMS - MOST_ITEMS // 2
    assert read_answers(found, dict.fromkeys(everything, "x"))[1]


def test_a_long_ring_of_conditions_is_said_of_each_and_asked() -> None:
    items = chain(1_000)
    items[-1] |= {"enableWhen": [{"question": "0", "operator": "exists", "answerBoolean": True}]}
    found = read_questionnaire(file(*items))
    assert found.questionnaire
    assert not found.questionnaire.has_conditions
    assert len([fault for fault in found.faults if "ring" in fault.message]) == 1_000


def test_answers_to_many_strange_questions_name_some() -> None:
    found = form(question("1", "text"))
    _, faults = read_answers(found, {"1": "x", **{f"fråga {at}" * 50: 1 for at in range(MANY)}})
    assert len(faults) == 9
    assert faults[-1].message == f"Ytterligare {MANY - 8} frågor i svaren finns inte i formuläret."


def test_a_deep_file_is_read_or_refused() -> None:
    deep: dict[str, Any] = question("0", "text")
    for at in range(1, 150):
        deep = question(str(at), "group", item=[deep])
    assert form(deep).items[-1].depth == 149
    item = '{"item":[' * 100_000 + "]}" * 100_000
    assert "djupt" in faults_of('{"resourceType": "Questionnaire", "item":[' + item + "]}")[0]
    coding = '{"code":' * 900 + "1" + "}" * 900
    when = f'"enableWhen": [{{"question": "1", "answerCoding": {coding}}}]'
    read_questionnaire(f'{{"resourceType": "Questionnaire", "item": [{{"linkId": "1", {when}}}]}}')


def test_scores_of_many_questions() -> None:
    links = [str(at) for at in range(MOST_ITEMS)]
    found = form(*(choice(link, 0, 1) for link in links))
    assert can_be_scored(found)
    assert sum_of(found, links, dict.fromkeys(links, ("b",))) == (MOST_ITEMS, MOST_ITEMS)
    with pytest.raises(Refused, match="Frågan x0 finns inte"):
        sum_of(found, [f"x{at}" for at in range(MOST_ITEMS)], {})


@pytest.mark.parametrize("piece", ["\x9d\n", "\x1b]\n", "\x90a", "\u0301\u0323", "e\u0344\u0323"])
def test_text_is_cleaned_in_time_that_follows_its_length(piece: str) -> None:
    once = clean(piece * 200_000, multiline=True)
    assert clean(once, multiline=True) == once


def test_marks_are_kept_as_long_as_a_writing_may_have_them() -> None:
    assert clean("a" + "\u0323" * 30, multiline=True) == "\u1ea1" + "\u0323" * 29
    assert clean("a" + "\u0323" * 31 + "b", multiline=True) == "\u1ea1" + "\u0323" * 29 + "b"
