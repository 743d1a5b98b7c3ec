"""What a questionnaire asks, after it was read from its file (domain.md §6; FHIR R4 `Questionnaire`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

Value = str | float | bool
"""One answer: a choice's key, a text, a number, yes or no; days `ÅÅÅÅ-MM-DD`, times `HH:MM`, both as text."""


class ItemType(StrEnum):
    """What kind of answer an item takes; the value is FHIR's."""

    GROUP = "group"
    DISPLAY = "display"
    CHOICE = "choice"
    OPEN_CHOICE = "open-choice"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    STRING = "string"
    TEXT = "text"
    DATE = "date"
    TIME = "time"
    DATETIME = "dateTime"

    @property
    def is_question(self) -> bool:
        """Whether an item of the kind can be answered."""
        return self not in (ItemType.GROUP, ItemType.DISPLAY)


@dataclass(frozen=True)
class Choice:
    """One thing to choose. `weight` is what the file says that it counts, None where it says nothing."""

    code: str
    text: str
    system: str = ""
    weight: float | None = None
    own_key: str = ""
    """Set where an earlier choice of the question has the same code: they are told apart by what differs."""
    is_exclusive: bool = False
    """Whether it can't be chosen together with another."""

    @property
    def key(self) -> str:
        """What an answer keeps of it: the code, or the text where there is none, unless it has a key of its own."""
        return self.own_key or self.code or self.text


@dataclass(frozen=True)
class Condition:
    """An `enableWhen`: the item is asked when the answer to `question` compares so with `value`."""

    question: str
    operator: str
    """exists · = · != · > · < · >= · <="""
    value: Value
    choices: frozenset[str] = frozenset()
    """The keys of the choices that are meant, where `value` doesn't name one by its key."""
    coding: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)
    """As the file gives it, where it gives a coding."""


@dataclass(frozen=True)
class Item:
    """A question, a group of them, or a text. `minimum` and `maximum` bound a number, a day or a time."""

    link_id: str
    text: str
    type: ItemType
    depth: int = 0
    """0 for the outermost."""
    parent: str | None = None
    """The linkId of the group or question that it stands in."""
    required: bool = False
    repeats: bool = False
    choices: tuple[Choice, ...] = ()
    minimum: Value | None = None
    maximum: Value | None = None
    max_length: int | None = None
    conditions: tuple[Condition, ...] = ()
    any_condition: bool = False
    """Whether one condition is enough (`enableBehavior: any`)."""
    is_certain: bool = True
    """Whether all its conditions can be computed; where one can't it is shown, and never required."""
    is_put: bool = True
    """Whether anybody is asked: not what the file computes, hides or locks (readOnly), nor what lies in that."""
    initial: tuple[Value, ...] = ()
    """What is kept as the answer to a question that isn't put."""
    least_answers: int = 0
    """How many a given answer must have at least."""
    most_answers: int | None = None
    codes: tuple[tuple[str, str], ...] = ()
    """(system, code) pairs, such as LOINC's."""
    short: str = ""
    """What it is called where there is little room (SDC's shortText); empty where the file doesn't say it."""

    @property
    def heading(self) -> str:
        """What heads a column of its answers."""
        return self.short or self.text

    @property
    def is_question(self) -> bool:
        """Whether it can be answered."""
        return self.type.is_question

    @cached_property
    def weights(self) -> dict[Value, float | None]:
        """What each choice counts, by its key; the first of several with one key."""
        return {choice.key: choice.weight for choice in reversed(self.choices)}


@dataclass(frozen=True)
class Questionnaire:
    """A form that can be read. `items` is flat, in document order, groups included; linkIds are unique."""

    title: str
    items: tuple[Item, ...]
    address: str = ""
    """Its canonical `url`, without version; empty where the file gives none."""
    resource_id: str = ""

    def item(self, link_id: str) -> Item | None:
        """The item with this linkId, or None."""
        return self._by_link.get(link_id)

    @cached_property
    def links(self) -> frozenset[str]:
        """The linkIds of all items."""
        return frozenset(self._by_link)

    @cached_property
    def has_conditions(self) -> bool:
        """Whether any item is asked only under a condition."""
        return any(item.conditions for item in self.items)

    @cached_property
    def by_need(self) -> tuple[Item, ...]:
        """The items, each after those that decide whether it is asked: the one it stands in and its conditions'."""
        return in_order_of_need(self.items)[0]

    @cached_property
    def repeating(self) -> frozenset[str]:
        """The linkIds that can be answered several times: the item repeats, or something that it stands in does."""
        found: set[str] = set()
        for item in self.items:
            if item.repeats or item.parent in found:
                found.add(item.link_id)
        return frozenset(found)

    @cached_property
    def _by_link(self) -> dict[str, Item]:
        return {item.link_id: item for item in self.items}


def in_order_of_need(items: Sequence[Item]) -> tuple[tuple[Item, ...], frozenset[str]]:
    """Return the items, each after those that it depends on, and the linkIds that in the end depend on themselves.

    An item depends on the questions of its conditions and on what it stands in. The circular ones come last.
    """
    by_link = {item.link_id: item for item in items}
    needs = {item.link_id: _needs(item, by_link) for item in items}
    needed_by: dict[str, list[str]] = {link: [] for link in by_link}
    for link, others in needs.items():
        for other in others:
            needed_by[other].append(link)
    left = {link: len(others) for link, others in needs.items()}
    free = [link for link, number in left.items() if not number]
    for link in free:  # grows while it is walked
        for other in needed_by[link]:
            left[other] -= 1
            if not left[other]:
                free.append(other)
    circular = frozenset(link for link, number in left.items() if number)
    return (*(by_link[link] for link in free), *(item for item in items if item.link_id in circular)), circular


def _needs(item: Item, known: Mapping[str, Item]) -> set[str]:
    found = {condition.question for condition in item.conditions if condition.question in known}
    if item.parent is not None and item.parent in known:
        found.add(item.parent)
    return found


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file: where (an item's linkId, or a path in the file), and a sentence with the mend."""

    where: str
    message: str
