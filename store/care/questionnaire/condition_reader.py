"""An item's conditions (`enableWhen`) as the file gives them, and those that can't hold taken away."""

from collections.abc import Sequence
from dataclasses import replace

from store.care.questionnaire.shape import Condition, Item, in_order_of_need
from store.care.questionnaire.source import Node, Source, as_value

OPERATORS = ("exists", "=", "!=", ">", "<", ">=", "<=")


def read_conditions(source: Source, item: Node, link: str) -> tuple[tuple[Condition, ...], bool]:
    """Return an item's conditions, and whether one of them is enough.

    Several without `enableBehavior` are read as "one is enough" (so R3 had it): rather a question too many.
    """
    found = [_condition(source, node, path, link) for node, path in source.nodes(item, "enableWhen", link)]
    conditions = tuple(condition for condition in found if condition is not None)
    behavior = source.text(item, "enableBehavior", link)
    if behavior not in ("all", "any"):
        if behavior:
            source.fault(link, f"enableBehavior kan vara all eller any, inte {behavior}. Det läses som any.")
        elif len(found) > 1:
            source.fault(link, "enableBehavior saknas vid flera villkor. Skriv all eller any; det läses som any.")
    return conditions, len(found) > 1 and behavior != "all"


def possible(source: Source, items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items without conditions on what isn't there, or that in the end depend on themselves."""
    known = {item.link_id for item in items}
    kept = []
    for item in items:
        for condition in item.conditions:
            if condition.question not in known:
                source.fault(
                    item.link_id, f"Villkoret gäller frågan {condition.question}, som inte finns. Frågan ställs ändå."
                )
        conditions = tuple(condition for condition in item.conditions if condition.question in known)
        # One of "any" that can't be judged may have been the one that held.
        lost = item.any_condition and len(conditions) < len(item.conditions)
        kept.append(replace(item, conditions=() if lost else conditions))
    _, bound = in_order_of_need(kept)
    circular = [item.link_id for item in kept if item.conditions and item.link_id in bound]
    for link in circular:
        source.fault(link, "Villkoren går i ring: frågan beror i slutänden på sig själv. Den ställs ändå.")
    return tuple(replace(item, conditions=()) if item.link_id in bound else item for item in kept)


def _condition(source: Source, node: Node, path: str, link: str) -> Condition | None:
    question = source.text(node, "question", link, multiline=False)
    if not question:
        source.fault(path, "Villkoret säger inte vilken fråga det gäller (question). Frågan ställs ändå.")
        return None
    answers = [value for key, value in node.items() if key.startswith("answer")]
    value = as_value(answers[0]) if answers else None
    operator = source.text(node, "operator", link) or ("exists" if value is None else "=")
    if operator == "exists":
        said = value if isinstance(value, bool) else node.get("hasAnswer", True)
        return Condition(question, operator, said is not False)
    if operator not in OPERATORS or value is None:
        what = f"operatorn {operator} finns inte" if operator not in OPERATORS else "värdet (answer…) saknas"
        source.fault(path, f"Villkoret går inte att läsa: {what}. Frågan ställs ändå.")
        return None
    return Condition(question, operator, value)
