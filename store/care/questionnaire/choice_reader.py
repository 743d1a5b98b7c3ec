"""The choices of an item: listed on it, or in a value set in the same file."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from store.care.questionnaire.choosing import told_apart
from store.care.questionnaire.shape import Choice
from store.care.questionnaire.source import Node, Source, repeated
from store.care.questionnaire.unsupported import extension_names, name_what_is_not_done
from store.care.questionnaire.weights import LL358_3, LOINC, names_ll358_3, property_weights, weight_in

_NEVER_DEEPER = 50
"""Levels of a value set's expansion."""
MOST_CHOICES = 100_000
"""Choices of all a form's questions together: a value set may be long, and many questions may share it."""


class ChoiceReader:
    """Reads choices, with the value sets and code systems that the file contains at hand."""

    def __init__(self, source: Source, contained: Iterable[Node]) -> None:
        self._source = source
        self.number = 0
        """Choices given so far."""
        self._sets: dict[str, Node] = {}
        self._read: dict[str, list[Choice]] = {}
        self._systems: dict[str, dict[str, Node]] = {}
        for one in contained:
            if one.get("resourceType") == "ValueSet":
                for key in ("id", "url"):
                    if isinstance(one.get(key), str):
                        self._sets[one[key].lstrip("#")] = one
            elif one.get("resourceType") == "CodeSystem" and isinstance(one.get("url"), str):
                self._systems[one["url"]] = dict(_concepts(one, "concept"))

    def choices(self, item: Node, link: str) -> tuple[Choice, ...]:
        """Return an item's choices, with what each counts."""
        listed = "answerOption" if "answerOption" in item else "option"
        found = [self._option(node, path, link) for node, path in self._source.nodes(item, listed, link)]
        choices = [choice for choice in found if choice is not None]
        if not choices and (address := _address(item)):
            choices = self._of_set(address, link)
        self.number += len(choices)
        choices = _as_ll358_3(choices)
        self._check(choices, link)
        return tuple(told_apart(choices))

    def _option(self, node: Node, path: str, link: str) -> Choice | None:
        choice = self._read_option(node, path, link)
        name_what_is_not_done(self._source, node, path)
        is_alone = choice is not None and "optionexclusive" in extension_names(node)
        return replace(choice, is_exclusive=True) if choice and is_alone else choice

    def _read_option(self, node: Node, path: str, link: str) -> Choice | None:
        coding = node.get("valueCoding")
        if isinstance(coding, dict):
            return self._coded(coding, str(coding.get("system") or ""), path, link, node)
        for key in ("valueString", "valueInteger", "valueDate", "valueTime", "valueDecimal"):
            if key in node:
                text = self._source.text({key: str(node[key])}, key, link, multiline=False)
                weight = weight_in(self._source, path, node, node.get(f"_{key}"))
                return Choice("", text, weight=weight) if text else None
        self._source.fault(path, "Svarsalternativet har inget värde som kan läsas (valueCoding eller valueString).")
        return None

    def _coded(self, coding: Node, system: str, path: str, link: str, *around: object) -> Choice | None:
        code = self._source.text(coding, "code", link, multiline=False)
        text = self._source.text(coding, "display", link, multiline=False)
        if not (code or text):
            self._source.fault(path, "Svarsalternativet har varken code eller display.")
            return None
        concept = self._systems.get(system, {}).get(code, {})
        own = weight_in(self._source, path, *around, coding, coding.get("_display"))
        if own is None:
            own = weight_in(self._source, path, concept, *property_weights(concept))
        return Choice(code, text or str(concept.get("display") or code), system, own)

    def _of_set(self, address: str, link: str) -> list[Choice]:
        found = self._sets.get(address.lstrip("#")) or self._sets.get(address.partition("|")[0])
        choices = self._set_of(address, found, link) if found else []
        if choices:
            return choices
        if names_ll358_3(address) or (found and names_ll358_3(str(found.get("url") or ""))):
            return [Choice(code, f"{weight:g}", LOINC, weight) for code, weight in LL358_3.items()]
        what = "är tom" if found else "finns inte i filen"
        self._source.fault(link, f"Listan med svarsalternativ, {address}, {what}. Lägg in alternativen i filen.")
        return []

    def _set_of(self, address: str, value_set: Node, link: str) -> list[Choice]:
        """Return what a value set holds; it is read once, however many questions share it."""
        if address not in self._read:
            self._read[address] = list(islice(self._members(value_set, link), MOST_CHOICES + 1))
        return self._read[address]

    def _members(self, value_set: Node, link: str) -> Iterator[Choice]:
        """Yield what a value set holds, with the sets that it includes, each set once."""
        stack, seen = [value_set], {id(value_set)}
        while stack:
            one = stack.pop()
            expansion, compose = one.get("expansion"), one.get("compose")
            if isinstance(expansion, dict) and expansion.get("contains"):
                for _, concept in _concepts(expansion, "contains"):
                    yield from self._choice(concept, str(concept.get("system") or ""), link)
            elif isinstance(compose, dict):
                for include, path in self._source.nodes(compose, "include", link):
                    yield from self._included(include, path, link)
                    others = [other for other in self._other_sets(include) if id(other) not in seen]
                    seen.update(id(other) for other in others)
                    stack += others

    def _included(self, include: Node, path: str, link: str) -> Iterator[Choice]:
        system = str(include.get("system") or "")
        if include.get("concept"):
            for concept, _ in self._source.nodes(include, "concept", path):
                yield from self._choice(concept, system, link)
        elif system in self._systems:
            for concept in self._systems[system].values():
                yield from self._choice(concept, system, link)

    def _other_sets(self, include: Node) -> Iterator[Node]:
        for address in _list(include.get("valueSet")):
            if (found := self._sets.get(str(address).lstrip("#"))) is not None:
                yield found

    def _choice(self, concept: Node, system: str, link: str) -> Iterator[Choice]:
        if concept.get("abstract") is True:
            return
        choice = self._coded(concept, system, f"{link}: {concept.get('code')}", link, *property_weights(concept))
        if choice is not None:
            yield choice

    def _check(self, choices: list[Choice], link: str) -> None:
        texts_of: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for choice in choices:
            texts_of[choice.key][choice.text] = None
        for key in repeated(choice.key for choice in choices):
            texts = list(texts_of[key])
            apart = f"De hålls isär med det som skiljer: {', '.join(texts[:5])}." if len(texts) > 1 else ""
            said = f"Svarsalternativet {key} står flera gånger. {apart} Ge varje alternativ sin egen kod."
            self._source.fault(link, said.replace("  ", " "))
        without = [choice.text for choice in choices if choice.weight is None]
        if without and len(without) < len(choices):
            said = ", ".join(without[:5])
            self._source.fault(link, f"Vikt saknas för: {said}. Frågan kan besvaras men inte poängsättas.")


def _address(item: Node) -> str:
    """Where an item's value set is said to be: R4's answerValueSet, R3's options."""
    value: Any = item.get("answerValueSet") or item.get("options")
    if isinstance(value, dict):
        value = value.get("reference")
    return value.strip() if isinstance(value, str) else ""


def _concepts(owner: Node, key: str) -> Iterator[tuple[str, Node]]:
    """Yield the concepts under a key with their codes, those within others after them."""
    stack = [(one, 0) for one in reversed(_list(owner.get(key)))]
    while stack:
        one, depth = stack.pop()
        if not isinstance(one, dict):
            continue
        yield str(one.get("code")), one
        if depth < _NEVER_DEEPER:
            stack += [(inner, depth + 1) for inner in reversed(_list(one.get(key)))]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _as_ll358_3(choices: list[Choice]) -> list[Choice]:
    """Give LOINC's list its weights where the file lists just its four answers and no weights."""
    is_list = {choice.code for choice in choices} == LL358_3.keys() and len(choices) == len(LL358_3)
    if not is_list or any(choice.weight is not None or "loinc.org" not in choice.system for choice in choices):
        return choices
    return [replace(choice, weight=LL358_3[choice.code]) for choice in choices]
