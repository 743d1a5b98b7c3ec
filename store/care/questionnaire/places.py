"""Where nested answers stand: an item under a repeating one has an answer under each of that one's (FHIR R4)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from store.care.questionnaire.conditions import Answers
from store.care.questionnaire.shape import Item, Questionnaire, Value


class GivenAnswers(dict[str, tuple[Value, ...]]):
    """Answers by linkId, and where nested ones stand.

    `places` holds by linkId which of its parent's answers each stands under, where not all stand under the first. A
    group that stands several times has its places too, one for each time.
    """

    def __init__(
        self,
        answers: Mapping[str, tuple[Value, ...]] | None = None,
        *,
        places: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        super().__init__(answers or {})
        self.places = {link: tuple(under) for link, under in (places or {}).items()}


class Placed(NamedTuple):
    """An item where it stands, with its answers there."""

    item: Item
    values: tuple[Value, ...]


_NOWHERE = -1
"""Stands for an answer that isn't there: what lies under it has none."""


def in_places(form: Questionnaire, answers: Answers) -> Iterator[Placed]:
    """Yield the items in document order; what lies under a repeated one comes with each of that one's answers.

    Without nested answers each item comes once, with all its answers.
    """
    places = answers.places if isinstance(answers, GivenAnswers) else {}
    if not places:
        yield from (Placed(item, answers.get(item.link_id, ())) for item in form.items)
        return
    inside: dict[str | None, list[Item]] = {}
    for item in reversed(form.items):
        inside.setdefault(item.parent, []).append(item)
    is_parted = {item.parent for item in form.items if any(places.get(item.link_id, ()))}
    stack: list[Placed | tuple[Item, int | None]] = [(item, None) for item in inside[None]]
    while stack:
        top = stack.pop()
        if isinstance(top, Placed):
            yield top
            continue
        item, under = top
        values, own = answers.get(item.link_id, ()), _own(item, under, answers, places)
        below = inside.get(item.link_id, [])
        if item.link_id in is_parted and own:
            for at in reversed(own):
                stack += [(one, at) for one in below]
                stack.append(Placed(item, values[at : at + 1]))
            continue
        stack += [(one, under if under is None else 0 if 0 in own else _NOWHERE) for one in below]
        stack.append(Placed(item, tuple(values[at] for at in own if at < len(values))))


def _own(item: Item, under: int | None, answers: Answers, places: Mapping[str, Sequence[int]]) -> list[int]:
    """Return which of an item's answers stand under that one of its parent's; all where the parent isn't parted."""
    number = _number(item.link_id, answers, places)
    if under is None:
        return list(range(number))
    last = _number(item.parent or "", answers, places) - 1
    stand = places.get(item.link_id) or (0,) * number
    return [at for at in range(number) if at < len(stand) and min(stand[at], last) == under]


def _number(link: str, answers: Answers, places: Mapping[str, Sequence[int]]) -> int:
    """Return how many answers an item has; a group, how many times it stands."""
    return max(len(answers.get(link, ())), len(places.get(link, ())), 1)
