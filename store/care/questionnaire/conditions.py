"""Which questions are asked, by what has been answered (`enableWhen`, FHIR R4)."""

from collections.abc import Container, Mapping

from store.care.questionnaire.shape import Condition, Item, Questionnaire, Value

Answers = Mapping[str, tuple[Value, ...]]
"""What is answered, by linkId: one value, or several where the item repeats. A choice stands as its `Choice.key`."""


def asked(form: Questionnaire, answers: Answers) -> frozenset[str]:
    """Return the linkIds of what is asked: its conditions hold, and what it stands in is asked.

    An answer to a question that isn't asked counts for nothing, so one condition may settle the next.
    """
    if not form.has_conditions:
        return form.links
    found: set[str] = set()
    for item in form.by_need:
        if (item.parent is None or item.parent in found) and _is_enabled(item, answers, found):
            found.add(item.link_id)
    return frozenset(found)


def _is_enabled(item: Item, answers: Answers, counted: Container[str]) -> bool:
    held = [
        _holds(condition, answers.get(condition.question, ()) if condition.question in counted else ())
        for condition in item.conditions
    ]
    return not held or (any(held) if item.any_condition else all(held))


def _holds(condition: Condition, given: tuple[Value, ...]) -> bool:
    if condition.operator == "exists":
        return bool(given) is bool(condition.value)
    if condition.choices and condition.operator in ("=", "!="):
        return any((value in condition.choices) is (condition.operator == "=") for value in given)
    return any(_compares(value, condition.operator, condition.value) for value in given)


def _compares(given: Value, operator: str, value: Value) -> bool:
    if operator in ("=", "!="):
        return (_same(given) == _same(value)) is (operator == "=")
    left, right = _number(given), _number(value)
    order = _order(left, right) if left is not None and right is not None else _order(str(given), str(value))
    return {">": order > 0, "<": order < 0, ">=": order >= 0, "<=": order <= 0}[operator]


def _order(left: float | str, right: float | str) -> int:
    return (left > right) - (left < right)  # type: ignore[operator]


def _same(value: Value) -> object:
    """Return what equal values have in common: a code that is a number may be compared with one."""
    number = _number(value)
    return number if number is not None else value


def _number(value: Value) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value)
    except ValueError:
        return None
