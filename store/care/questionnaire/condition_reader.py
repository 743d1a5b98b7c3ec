"""An item's conditions (`enableWhen`) as the file gives them, and those that can't hold taken away."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from store.care.questionnaire.choosing import named_by
from store.care.questionnaire.shape import Condition, Item, ItemType, in_order_of_need
from store.care.questionnaire.source import Node, Source, as_value

OPERATORS = ("exists", "=", "!=", ">", "<", ">=", "<=")


def asked_all_the_same(*, required: bool) -> str:
    """Return what is done with an item whose condition can't be computed."""
    return f"Frågan ställs ändå.{' Den är inte obligatorisk.' if required else ''}"


class Conditions(NamedTuple):
    """An item's conditions. `is_any`: one is enough. `is_certain`: none of them was beyond reading."""

    found: tuple[Condition, ...]
    is_any: bool
    is_certain: bool


def read_conditions(source: Source, item: Node, link: str) -> Conditions:
    """Return an item's conditions.

    Several without `enableBehavior` are read as "one is enough" (so R3 had it): rather a question too many.
    """
    instead = asked_all_the_same(required=item.get("required") is True)
    found = [_condition(source, node, path, link, instead) for node, path in source.nodes(item, "enableWhen", link)]
    behavior = source.text(item, "enableBehavior", link)
    if behavior not in ("all", "any"):
        if behavior:
            source.fault(link, f"enableBehavior kan vara all eller any, inte {behavior}. Det läses som any.")
        elif len(found) > 1:
            source.fault(link, "enableBehavior saknas vid flera villkor. Skriv all eller any; det läses som any.")
    is_any = len(found) > 1 and behavior != "all"
    return Conditions(tuple(one for one in found if one is not None), is_any, None not in found)


def possible(source: Source, items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items with the conditions that can be computed; what has one that can't is never required.

    Gone are those on what isn't there or isn't put, and those by which an item in the end depends on itself.
    """
    by_link = {item.link_id: item for item in items}
    kept = [_judged(source, item, by_link) for item in items]
    _, bound = in_order_of_need(kept)
    for item in kept:
        if item.conditions and item.link_id in bound:
            why = "Villkoren går i ring: frågan beror i slutänden på sig själv."
            source.fault(item.link_id, f"{why} {asked_all_the_same(required=item.required)}")
    return tuple(
        _never_required(
            replace(item, conditions=(), is_certain=False) if item.conditions and item.link_id in bound else item
            for item in kept
        )
    )


def _judged(source: Source, item: Item, by_link: Mapping[str, Item]) -> Item:
    conditions = []
    for condition in item.conditions:
        asked = by_link.get(condition.question)
        if asked is None:
            what = "som inte finns"
        elif not (asked.is_put or asked.initial):
            what = "som inte ställs"
        else:
            conditions.append(_on_choices(source, item, condition, asked))
            continue
        instead = asked_all_the_same(required=item.required)
        source.fault(item.link_id, f"Villkoret gäller frågan {condition.question}, {what}. {instead}")
    is_certain = item.is_certain and len(conditions) == len(item.conditions)
    # One of "any" that can't be judged may have been the one that held.
    lost = item.any_condition and not is_certain
    return replace(item, conditions=() if lost else tuple(conditions), is_certain=is_certain)


def _on_choices(source: Source, item: Item, condition: Condition, asked: Item) -> Condition:
    """Return a condition on a choice with the keys that it means; what it says may be a code that several have."""
    if not asked.choices or condition.operator not in ("=", "!="):
        return condition
    if condition.coding is not None:
        keys = {choice.key for choice in named_by(asked.choices, condition.coding, all_alike=True)}
    else:
        keys = {choice.key for choice in asked.choices if condition.value in (choice.key, choice.code)}
        keys = keys or {choice.key for choice in asked.choices if condition.value == choice.text}
    if not keys and asked.type is ItemType.CHOICE and isinstance(condition.value, str):
        what = f"Villkoret gäller svaret {condition.value} på frågan {asked.link_id}"
        source.fault(item.link_id, f"{what}, som inte finns bland svarsalternativen.")
    return condition if keys <= {condition.value} else replace(condition, choices=frozenset(keys))


def _never_required(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items; not required is what may not be asked by a condition beyond computing, nor what lies in it."""
    uncertain: set[str] = set()
    for item in items:
        if not item.is_certain or item.parent in uncertain:
            uncertain.add(item.link_id)
        yield replace(item, required=False) if item.link_id in uncertain else item


def _condition(source: Source, node: Node, path: str, link: str, instead: str) -> Condition | None:
    question = source.text(node, "question", link, multiline=False)
    if not question:
        source.fault(path, f"Villkoret säger inte vilken fråga det gäller (question). {instead}")
        return None
    answers = [value for key, value in node.items() if key.startswith("answer")]
    value = as_value(answers[0]) if answers else None
    operator = source.text(node, "operator", link) or ("exists" if value is None else "=")
    if operator == "exists":
        said = value if isinstance(value, bool) else node.get("hasAnswer", True)
        return Condition(question, operator, said is not False)
    if operator not in OPERATORS or value is None:
        what = f"operatorn {operator} finns inte" if operator not in OPERATORS else "värdet (answer…) saknas"
        source.fault(path, f"Villkoret går inte att läsa: {what}. {instead}")
        return None
    coding = answers[0] if isinstance(answers[0], dict) and "answerCoding" in node else None
    return Condition(question, operator, value, coding=coding)
