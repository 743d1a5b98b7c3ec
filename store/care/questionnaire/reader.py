"""FHIR R4 `Questionnaire` files, read leniently: what can be read is, and every fault says where and what (§6)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from store.care.questionnaire.choice_reader import MOST_CHOICES, ChoiceReader
from store.care.questionnaire.condition_reader import asked_all_the_same, possible, read_conditions
from store.care.questionnaire.shape import Fault, Item, ItemType, Questionnaire, Value
from store.care.questionnaire.source import Node, Source, as_number, as_value, extension_values, repeated, values_in
from store.care.questionnaire.unsupported import extension_names, is_put, name_of_the_whole, name_what_is_not_done
from store.care.questionnaire.values import read_value
from store.foundation.text import NOT_UTF8, clean, utf8

LONG_TEXT = 10_000
"""Characters from which on a question's text is pointed out."""
SHORT = 40
"""Characters of a question's short text, at most."""
MOST_BYTES = 5_000_000
MOST_ITEMS = 5_000
TOO_LARGE = "Filen är större än 5 MB. Ta bort det som inte är frågor, eller dela upp formuläret i flera."

_READ_AS = {
    "coding": ItemType.CHOICE,
    "question": ItemType.STRING,
    "quantity": ItemType.DECIMAL,
    "url": ItemType.STRING,
    "reference": ItemType.DISPLAY,
    "attachment": ItemType.DISPLAY,
}
"""Types that are no questions of ours: R5's name of a choice, and what is taken for something near."""


@dataclass(frozen=True)
class QuestionnaireFile:
    """A file as it was read. Without a questionnaire it could not be."""

    questionnaire: Questionnaire | None
    faults: tuple[Fault, ...]


def read_questionnaire(text: str | bytes, *, is_installed: bool = False) -> QuestionnaireFile:
    """Return the form in a file's text and every fault in it. Never raises.

    Args:
        text: the file.
        is_installed: whether it was taken in before: then it is read whatever its size.
    """
    source = Source()
    try:
        if not is_installed and _size(text) > MOST_BYTES:
            raise _TooLargeError("filen", TOO_LARGE)
        data = _parse(source, text)
        resource = None if data is None else _resource(source, data)
        form = None if resource is None else _form(source, resource, is_installed=is_installed)
    except _TooLargeError as error:
        return QuestionnaireFile(None, (Fault(*error.args),))
    return QuestionnaireFile(form, source.faults)


class _TooLargeError(ValueError):
    """There is more than a form may have: where, and what."""


def _parse(source: Source, text: str | bytes) -> Any:
    try:
        text = utf8(text) if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        source.fault(f"rad {line}", NOT_UTF8)
        return None
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_no_constant, object_pairs_hook=_once(source))
    except json.JSONDecodeError as error:
        place = f"rad {error.lineno}, tecken {error.colno}"
        source.fault(place, "Filen går inte att tolka som JSON. Se efter citattecken, komman och klamrar där.")
    except (ValueError, RecursionError) as error:
        why = "är för djupt nästlad" if isinstance(error, RecursionError) else "innehåller något som inte är ett tal"
        source.fault("filen", f"Filen går inte att tolka som JSON: den {why}.")
    return None


def _size(text: str | bytes) -> int:
    """Return the size in bytes; one that can't be written as UTF-8 is none that came from a file."""
    return len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "replace"))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _once(source: Source) -> Any:
    """Return what makes an object of its pairs and notes a key that stands twice; the last one holds, as in JSON."""

    def make(pairs: list[tuple[str, Any]]) -> Node:
        made = dict(pairs)
        if len(made) < len(pairs):
            for key in repeated(key for key, _ in pairs):
                source.fault(key, f"Nyckeln {key} står två gånger i samma objekt. Den sista gäller.")
        return made

    return make


def _resource(source: Source, data: Any) -> Node | None:
    """Return the questionnaire in the data: the whole, or the first in a bundle."""
    if isinstance(data, dict) and data.get("resourceType") == "Bundle":
        for entry, _ in source.nodes(data, "entry", ""):
            inner = entry.get("resource")
            if isinstance(inner, dict) and inner.get("resourceType") == "Questionnaire":
                return inner
    if isinstance(data, dict) and data.get("resourceType") == "Questionnaire":
        return data
    found = data.get("resourceType") if isinstance(data, dict) else None
    said = f"Filen är {found}" if isinstance(found, str) else "Filen säger inte vad den är"
    source.fault("resourceType", f'{said}, inte ett formulär. Det ska stå "resourceType": "Questionnaire".')
    return None


def _form(source: Source, resource: Node, *, is_installed: bool) -> Questionnaire | None:
    title = source.text(resource, "title", "title", multiline=False)
    if not title:
        title = source.text(resource, "name", "name", multiline=False)
        source.fault("title", 'Formuläret har ingen titel. Skriv "title": "…".')
    contained = [node for node, _ in source.nodes(resource, "contained", "")]
    items = _items(source, resource, ChoiceReader(source, contained), is_installed=is_installed)
    if not items:
        source.fault("item", 'Formuläret har inga frågor. De ska stå i "item": […], var och en med linkId och type.')
        return None
    name_of_the_whole(source, resource)
    address = source.text(resource, "url", "url", multiline=False).partition("|")[0]
    return Questionnaire(title, possible(source, items), address, str(resource.get("id") or ""))


def _items(source: Source, resource: Node, choices: ChoiceReader, *, is_installed: bool) -> list[Item]:
    """Return all items in document order. Walked without recursion: a file may be nested as deep as it likes."""
    items: list[Item] = []
    seen: set[str] = set()
    not_put: set[str | None] = set()
    stack = [(node, path, 0, None) for node, path in _reversed(source.nodes(resource, "item", ""))]
    met = 0
    while stack:
        node, path, depth, parent = stack.pop()
        met += 1
        if not is_installed:
            _check_number(met, MOST_ITEMS, "frågor, grupper och texter")
            _check_number(choices.number, MOST_CHOICES, "svarsalternativ")
        link = _link(source, node, path, seen)
        if link:
            seen.add(link)
            item = _item(source, node, link, depth, parent, choices, can_be_put=parent not in not_put)
            items.append(item)
            if not item.is_put:
                not_put.add(link)
        inside = (depth + 1, link) if link else (depth, parent)
        stack += [(inner, where, *inside) for inner, where in _reversed(source.nodes(node, "item", path))]
    return items


def _check_number(number: int, most: int, what: str) -> None:
    if number > most:
        raise _TooLargeError("item", f"Formuläret har fler än {most} {what}. Dela upp det i flera.")


def _reversed(found: Iterator[tuple[Node, str]]) -> list[tuple[Node, str]]:
    return list(found)[::-1]


def _link(source: Source, node: Node, path: str, seen: set[str]) -> str:
    link = source.text(node, "linkId", path, multiline=False)
    if not link:
        source.fault(path, "linkId saknas, så frågan kan inte få något svar. Ge den ett eget linkId.")
    elif link in seen:
        source.fault(path, f"linkId {link} används redan av en fråga ovanför. Ge den ett eget linkId.")
        return ""
    return link


def _item(
    source: Source,
    node: Node,
    link: str,
    depth: int,
    parent: str | None,
    choices: ChoiceReader,
    *,
    can_be_put: bool,
) -> Item:
    kind = _kind(source, node, link)
    text = source.text(node, "text", link)
    if not text and kind.is_question:
        source.fault(link, 'Frågan har ingen text. Skriv "text": "…".')
    if len(text) > LONG_TEXT:
        source.fault(link, f"Texten är {len(text)} tecken lång.")
    conditions = read_conditions(source, node, link)
    is_conditional = "enablewhenexpression" in extension_names(node)
    if is_conditional:
        instead = asked_all_the_same(required=node.get("required") is True)
        source.fault(link, f"Villkoret (enableWhenExpression) räknas inte ut. {instead}")
    can_choose = kind in (ItemType.CHOICE, ItemType.OPEN_CHOICE)
    listed = choices.choices(node, link) if can_choose or "answerOption" in node else ()
    if kind is ItemType.CHOICE and not listed:
        source.fault(link, "Frågan har inga svarsalternativ (answerOption), så den kan inte besvaras.")
    name_what_is_not_done(source, node, link)
    item = Item(
        link_id=link,
        text=text,
        type=kind,
        depth=depth,
        parent=parent,
        required=source.flag(node, "required", link),
        repeats=source.flag(node, "repeats", link),
        choices=listed,
        minimum=_bound(node, "minValue"),
        maximum=_bound(node, "maxValue"),
        max_length=source.whole(node, "maxLength", link),
        conditions=conditions.found,
        any_condition=conditions.is_any,
        is_certain=conditions.is_certain and not is_conditional,
        is_put=is_put(source, node, link, kind) and can_be_put,
        least_answers=_number(node, "minOccurs") or 0,
        most_answers=_number(node, "maxOccurs"),
        codes=tuple(_codes(source, node, link)),
        short=_short(node),
    )
    return item if item.is_put else replace(item, initial=tuple(_initial(source, node, item)))


def _short(node: Node) -> str:
    """Return what a question is called where there is little room; empty where the file doesn't say it."""
    found = (one for one in extension_values(node, "shortText") if isinstance(one, str))
    return clean(next(found, ""), multiline=False)[:SHORT]


def _initial(source: Source, node: Node, item: Item) -> Iterator[Value]:
    """Yield what is kept for a question that nobody is asked; nothing of a group."""
    given = [value for one, _ in source.nodes(node, "initial", item.link_id) for value in values_in(one)]
    given += [choice["valueCoding"] for choice in _preselected(node)] if not given else []
    for raw in given if item.is_question else ():
        try:
            yield read_value(item, raw)
        except ValueError as error:
            source.fault(item.link_id, f"Värdet i filen (initial) sparas inte. {error}")


def _preselected(node: Node) -> list[Node]:
    options = node.get("answerOption")
    return [
        one
        for one in (options if isinstance(options, list) else ())
        if isinstance(one, dict) and one.get("initialSelected") is True and isinstance(one.get("valueCoding"), dict)
    ]


def _number(node: Node, name: str) -> int | None:
    values = [as_number(value) for value in extension_values(node, f"-{name}", f"/{name}")]
    return int(values[0]) if values and values[0] is not None and 0 <= values[0] < 1e9 else None


def _kind(source: Source, node: Node, link: str) -> ItemType:
    said = source.text(node, "type", link, multiline=False)
    if said == "coding" and node.get("answerConstraint") == "optionsOrString":
        return ItemType.OPEN_CHOICE
    if said in set(ItemType):
        return ItemType(said)
    near = _READ_AS.get(said) or _guess(node)
    if said != "coding":
        what = f"Typen {said} finns inte här" if said else "Frågan har ingen typ"
        source.fault(link, f"{what}. Den läses som {near.value}. Typer: {', '.join(ItemType)}.")
    return near


def _guess(node: Node) -> ItemType:
    if node.get("answerOption") or node.get("answerValueSet") or node.get("option"):
        return ItemType.CHOICE
    return ItemType.GROUP if node.get("item") else ItemType.STRING


def _bound(node: Node, name: str) -> Value | None:
    values = extension_values(node, f"/{name}")
    return as_value(values[0]) if values else None


def _codes(source: Source, node: Node, link: str) -> Iterator[tuple[str, str]]:
    for code, path in source.nodes(node, "code", link):
        value = source.text(code, "code", path, multiline=False)
        if value:
            yield source.text(code, "system", path, multiline=False), value
