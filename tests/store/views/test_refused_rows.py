"""A refused row of a diary in words."""

import json

import pytest

from store.care.questionnaire.shape import Item, ItemType
from store.views.refused_rows import reason_words, refused_words

ITEMS = (
    Item("dag", "Vilken morgon gäller det?", ItemType.DATE, short="Morgon"),
    Item("lade", "När släckte du?", ItemType.TIME, short="Släckte"),
    Item("vaken", "Vaken?", ItemType.INTEGER),
    Item("hur", "Hur?", ItemType.CHOICE, short="Sömnen"),
)
RESPONSE = {
    "resourceType": "QuestionnaireResponse",
    "item": [
        {"linkId": "lade", "answer": [{"valueTime": "22:3O"}]},
        {"linkId": "hur", "answer": [{"valueCoding": {"code": "1", "display": "Dåligt"}}]},
        {"linkId": "vaken", "answer": "ingen lista"},
        "skräp",
    ],
}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ('{"vaken": 20, "lade": "23.15", "dag": "i går", "kommentar": null}', "Morgon i går; Släckte 23.15; Vaken? 20"),
        (
            '{"lade": "[/x]\\u001b]52;c;eA==\\u0007", "annat": ["a", true, {}, [1]]}',
            "Släckte [/x]; annat a, ja",
        ),
        (json.dumps(RESPONSE), "Släckte 22:3O; Sömnen Dåligt"),
        ("{lade: 23.15", "{lade: 23.15"),
        ("[1, 2]", "[1, 2]"),
        ("{}", "Inget var ifyllt."),
        ("[" * 100_000, "[" * 100_000),
    ],
)
def test_it_is_said_by_the_questions_short_words_in_their_order(raw: str, words: str) -> None:
    assert refused_words(raw, ITEMS) == words


def test_the_reason_names_a_question_by_its_words_alone() -> None:
    reason = 'När släckte du? (lade): "22.3O" (lade) är inte ett klockslag. Ange tid (tid): Ange ett heltal.'
    assert reason_words(reason, (*ITEMS, Item("tid", "Ange tid", ItemType.INTEGER))) == (
        'När släckte du? "22.3O" (lade) är inte ett klockslag. Ange tid: Ange ett heltal.'
    )
    assert reason_words("Det är ingen lista (lade).", ITEMS) == "Det är ingen lista (lade)."
