"""What stands in a form's fields while somebody fills it in: which questions are asked, and what is wrong at each.

The rules are those of whatever is handed in (`store.care.handed_in`); here they are asked field by field.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from store.care.handed_in import AskedForm, HandedIn, read_handed_in
from store.care.questionnaire.answers import asked, fault_at
from store.care.questionnaire.shape import Choice, Item, ItemType, Questionnaire, Value
from store.care.questionnaire.values import is_nothing, read_value
from store.care.questionnaire.weights import WEIGHT_PLACES

Typed = Mapping[str, tuple[str, ...]]
"""By linkId what stands in a field: a choice by its key, `true` or `false`, else the text as it was typed."""


def asked_of(form: Questionnaire, typed: Typed) -> frozenset[str]:
    """Return the linkIds of what is asked with the answers that stand there now; what is wrong counts as no answer."""
    answers = {item.link_id: values for item in form.items if (values := tuple(_read(item, typed)))}
    return asked(form, answers)


def hand_in(form: AskedForm, typed: Typed) -> HandedIn:
    """Return what stands in the fields, read and checked as it is handed in; what is not asked is left out.

    Raises:
        Refused: it is too much.
    """
    questionnaire = form.form.questionnaire
    wanted = asked_of(questionnaire, typed)
    given = {
        item.link_id: raw
        for item in questionnaire.items
        if item.is_put and item.link_id in wanted and (raw := list(_raw(item, typed)))
    }
    return read_handed_in(form, json.dumps(given, ensure_ascii=False))


def faults_by_field(form: Questionnaire, handed_in: HandedIn) -> dict[str, str]:
    """Return what is wrong, by the linkId of the question that it is wrong with; of no one question under ``."""
    found: dict[str, str] = {}
    for fault in (fault for entry in handed_in.entries for fault in entry.faults):
        link, sentence = _placed(form, fault)
        found.setdefault(link, sentence)
    return found


def fault_in(item: Item, values: tuple[str, ...]) -> str:
    """Return what is wrong in a field by itself, whatever stands in the others; empty where nothing is."""
    try:
        for raw in _raw(item, {item.link_id: values}):
            read_value(item, raw)
    except ValueError as error:
        return str(error)
    return ""


def _placed(form: Questionnaire, fault: str) -> tuple[str, str]:
    for item in form.items:
        named = fault_at(item, "").message
        if fault.startswith(named):
            return item.link_id, fault.removeprefix(named)
    return "", fault


def _read(item: Item, typed: Typed) -> Iterator[Value]:
    if not item.is_put:
        yield from item.initial
        return
    for raw in _raw(item, typed):
        try:
            yield read_value(item, raw)
        except ValueError:
            continue


def _raw(item: Item, typed: Typed) -> Iterator[Any]:
    """Yield the answers to an item as they are handed in, none where nothing stands there."""
    for value in typed.get(item.link_id, ()):
        if is_nothing(value) or not item.is_question:
            continue
        choice = next((choice for choice in item.choices if choice.key == value), None)
        if choice is not None:
            yield _coding(choice)
        else:
            yield value == "true" if item.type is ItemType.BOOLEAN and value in ("true", "false") else value


def _coding(choice: Choice) -> dict[str, Any]:
    """Return a choice with all that tells it from the others."""
    said: dict[str, Any] = {"system": choice.system, "code": choice.code, "display": choice.text}
    if choice.weight is not None:
        said["extension"] = [{"url": WEIGHT_PLACES[0], "valueDecimal": choice.weight}]
    return said
