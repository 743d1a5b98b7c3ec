"""Every kind of event has its words and its filter in one table."""

import re

import pytest

from store.foundation.events import TOLD, Category, EventKind

FACTS = {
    *(
        "activity",
        "day",
        "done",
        "form",
        "holder",
        "made",
        "module",
        "what",
        "next",
        "number",
        "outcome",
        "reason",
        "responsible",
        "severity",
    ),
    *("first", "last", "minutes", "note", "sort", "step", "title", "to", "until", "version"),
}
"""What a sentence may say of an event."""


@pytest.mark.parametrize("kind", EventKind)
def test_a_kind_of_event_is_told_of(kind: EventKind) -> None:
    told = TOLD[kind]
    assert told.category in Category
    assert told.sentence
    assert set(re.findall(r"\{(\w*)\}", told.sentence)) <= FACTS
    assert told.journal.count("{}") == bool(told.journal)


def test_every_filter_shows_something() -> None:
    assert {kind.told.category for kind in EventKind} == set(Category)
