"""What somebody wrote in a diary's row that was refused, and why, in words: nobody can read what a program sends."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from store.care.questionnaire.answers import fault_at
from store.care.questionnaire.shape import Item
from store.foundation.text import clean

NOTHING = "Inget var ifyllt."


def refused_words(raw: str, items: Iterable[Item]) -> str:
    """Return a refused entry as `Släckte 23.15; Somna, min 20`; as it came where it is no row of answers.

    Args:
        raw: what was handed in: JSON by linkId or a FHIR QuestionnaireResponse, or anything else.
        items: the form's questions, in its order.
    """
    try:
        written = json.loads(raw)
    except (ValueError, RecursionError):
        return _line(raw)
    if not isinstance(written, dict):
        return _line(raw)
    answers = _by_link(written)
    headings = {item.link_id: item.heading for item in items}
    order = {link: place for place, link in enumerate(headings)}
    known = sorted(answers.items(), key=lambda one: order.get(one[0], len(order)))
    words = [(headings.get(link) or _line(link), _said(value)) for link, value in known]
    return "; ".join(f"{heading} {said}" for heading, said in words if said) or NOTHING


def reason_words(reason: str, items: Iterable[Item]) -> str:
    """Return why an entry was refused, each question named by its words alone, without its linkId in brackets."""
    for item in items:
        named = fault_at(item, "").message
        words = named.removesuffix(f" ({item.link_id}): ")
        reason = reason.replace(named, f"{words} " if words.endswith("?") else f"{words}: ")
    return reason


def _by_link(written: Mapping[str, Any]) -> dict[str, object]:
    if written.get("resourceType") != "QuestionnaireResponse":
        return dict(written)
    return dict(_answered(written.get("item")))


def _answered(items: object) -> Iterator[tuple[str, object]]:
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(link := item.get("linkId"), str):
            given = [one for one in _list(item.get("answer")) if isinstance(one, dict)]
            yield link, [value for one in given for key, value in one.items() if key.startswith("value")]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _said(value: object) -> str:
    """Return an answer, or several, as they were written; nothing for what is empty or no answer."""
    return ", ".join(filter(None, map(_one, value if isinstance(value, list) else [value])))


def _one(value: object) -> str:
    if isinstance(value, dict):  # a choice, as FHIR writes it
        value = value.get("display") or value.get("code")
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return _line(str(value)) if isinstance(value, str | int | float) else ""


def _line(text: str) -> str:
    return clean(text, multiline=False).strip()
