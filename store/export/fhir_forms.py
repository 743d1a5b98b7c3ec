"""A form and its answers as FHIR R4 has them, made from what was read: what a file said besides is left out."""

from datetime import datetime
from typing import Any

from store.care.forms import Form
from store.care.questionnaire.places import in_places
from store.care.questionnaire.shape import Item, ItemType, Value
from store.export.records import Answered
from store.foundation.clock import STOCKHOLM

Node = dict[str, Any]


def questionnaire(form: Form) -> Node:
    """Return a form as a `Questionnaire`, but for its id and address."""
    found: Node = {"status": "active", "title": form.title or form.id}
    nodes: dict[str | None, Node] = {None: found}
    for item in form.questionnaire.items:
        node = nodes[item.link_id] = _item(item)
        nodes[item.parent].setdefault("item", []).append(node)
    return found


def _item(item: Item) -> Node:
    node: Node = {"linkId": item.link_id, "type": item.type.value}
    if item.text:
        node["text"] = item.text
    if item.type is not ItemType.DISPLAY:
        asked = {"required": item.required, "repeats": item.repeats}
        node |= {name: True for name, holds in asked.items() if holds}
    if item.choices and item.type in (ItemType.CHOICE, ItemType.OPEN_CHOICE):
        node["answerOption"] = [{"valueCoding": _coding(item, one.key)} for one in item.choices]
    return node


def response_items(answered: Answered) -> list[Node]:
    """Return what was answered, as the items of a `QuestionnaireResponse`: each under what it stands in."""
    whole: Node = {}
    latest: dict[str | None, Node] = {None: whole}
    for item, values in in_places(answered.form.questionnaire, answered.answers):
        node: Node = {"linkId": item.link_id}
        if item.text:
            node["text"] = item.text
        if item.is_question and values:
            node["answer"] = [_answer(item, value) for value in values]
        above = latest.get(item.parent, whole)
        latest[item.link_id] = node
        (above["answer"][-1] if above.get("answer") else above).setdefault("item", []).append(node)
    return _answered_only(whole.get("item", []))


def _answered_only(nodes: list[Node]) -> list[Node]:
    """Return the items that were answered, or hold one that was."""
    found = []
    for node in nodes:
        for holder in (node, *node.get("answer", ())):
            if inside := _answered_only(holder.pop("item", [])):
                holder["item"] = inside
        if "answer" in node or "item" in node:
            found.append(node)
    return found


def _answer(item: Item, value: Value) -> Node:
    """Return an answer as its kind has it."""
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if not isinstance(value, str):
        return {"valueInteger": int(value)} if item.type is ItemType.INTEGER else {"valueDecimal": value}
    if any(choice.key == value for choice in item.choices):
        return {"valueCoding": _coding(item, value)}
    if item.type is ItemType.DATE:
        return {"valueDate": value}
    if item.type is ItemType.TIME:
        return {"valueTime": f"{value}:00" if len(value) == len("07:00") else value}
    if item.type is ItemType.DATETIME:
        return {"valueDateTime": _with_zone(value)}
    return {"valueString": value}


def _coding(item: Item, key: str) -> Node:
    choice = next(one for one in item.choices if one.key == key)
    found = {"system": choice.system, "code": choice.code, "display": choice.text}
    return {name: value for name, value in found.items() if value}


def _with_zone(value: str) -> str:
    """Return a day, or a time with its seconds and its offset, which FHIR asks for."""
    if "T" not in value:
        return value
    read = datetime.fromisoformat(value)
    return (read if read.tzinfo else read.replace(tzinfo=STOCKHOLM)).isoformat(timespec="seconds")
