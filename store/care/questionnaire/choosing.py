"""Which of a question's choices are meant: one is its system, code, display and weight together (a Coding in FHIR)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from store.care.questionnaire.shape import Choice
from store.care.questionnaire.source import as_number, extension_values
from store.care.questionnaire.weights import WEIGHT_PLACES
from store.foundation.text import clean


def told_apart(choices: Iterable[Choice]) -> list[Choice]:
    """Return the choices, each with a key that no other has; one that is another's like in everything is left out.

    The first with a code keeps the code alone, so that what was answered before still means the same.
    """
    found: dict[str, Choice] = {}
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(2))
    seen: set[tuple[object, ...]] = set()
    for choice in choices:
        whole = (choice.system, choice.code, choice.text, choice.weight)
        if whole in seen:
            continue
        seen.add(whole)
        key = next(key for key in _keys(choice, numbers) if key not in found)
        found[key] = choice if key == choice.key else replace(choice, own_key=key)
    return list(found.values())


def _keys(choice: Choice, numbers: Mapping[str, Iterator[int]]) -> Iterator[str]:
    """Yield what it may be kept as, the shortest first; `numbers` tell those apart that nothing else does."""
    yield choice.key
    said = [choice.code, choice.text, choice.system, "" if choice.weight is None else f"{choice.weight:g}"]
    for number in range(2, len(said) + 1):
        yield "|".join(said[:number])
    whole = "|".join(said)
    for number in numbers[whole]:
        yield f"{whole}|{number}"


def named_by(choices: Sequence[Choice], coding: Mapping[str, Any], *, all_alike: bool = False) -> list[Choice]:
    """Return the choices that a coding may mean: by its code, else its display; one more fact is asked at a time.

    Args:
        choices: a question's.
        coding: FHIR's: code, display and system, one or more of them, and maybe a weight.
        all_alike: whether all that fit what it says are meant; else the one that fits best is looked for.
    """
    code, display, system = (_text(coding.get(key)) for key in ("code", "display", "system"))
    found = [choice for choice in choices if (choice.code == code if code else choice.text == display)]
    found = [choice for choice in found if not (system and choice.system) or choice.system == system]
    if all_alike and not (code and display):
        return found
    weights = {as_number(value) for value in extension_values(dict(coding), *WEIGHT_PLACES)} - {None}
    facts: tuple[Callable[[Choice], bool], ...] = (
        lambda choice: choice.text == display,
        lambda choice: choice.system == system,
        lambda choice: choice.weight in weights,
    )
    for fact in facts:
        if len(found) > 1:
            found = [choice for choice in found if fact(choice)] or found
    return found


def _text(value: object) -> str:
    return clean(value, multiline=False).strip() if isinstance(value, str) else ""
