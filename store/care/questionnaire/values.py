"""One value as it was given, turned into what is kept; a wrong one is refused with an example of a right one."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime

from store.care.questionnaire.choosing import named_by
from store.care.questionnaire.shape import Choice, Item, ItemType, Value
from store.foundation.text import clean

LONGEST = 10_000
"""Characters in a text where the form says nothing."""
_SHOWN_CHOICES = 8
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9](?:\.0+)?)?", re.ASCII)
_NEARLY_TIME = re.compile(r"(?:kl\.? ?)?([01]?[0-9]|2[0-4])[.,;: h]?([0-5][0-9])", re.ASCII | re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DATETIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}.*", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?", re.ASCII)
_YES = {"true": True, "ja": True, "false": False, "nej": False}


def read_value(item: Item, raw: object) -> Value:
    """Return an answer as it is kept; `raw` is a JSON value, not null.

    Raises:
        ValueError: it is no answer to the item; the text says why in Swedish, with an example.
    """
    value = _READERS[item.type](item, raw)
    _check_bounds(item, value)
    return value


def is_nothing(raw: object) -> bool:
    """Whether it stands for no answer at all."""
    return raw is None or raw in ([], {}) or (isinstance(raw, str) and not clean(raw, multiline=False).strip())


def shown(item: Item, value: Value) -> str:
    """Return a kept value as a person reads it."""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, str):
        return next((choice.text for choice in item.choices if choice.key == value), value)
    return f"{value:.10g}".replace(".", ",")


def _choice(item: Item, raw: object) -> Value:
    """By weight, by code, by text, in that order, each where one choice alone has it (contract.md §2)."""
    for found in _ways(item, raw):
        if len(found) == 1:
            return found[0].key
        if found:
            raise ValueError(f"{_said(raw)} står för flera svarsalternativ. {_more_exact(item, found)}")
    listed = _listed(choice.text for choice in item.choices)
    raise ValueError(f"{_said(raw)} är inget av svarsalternativen. Välj bland: {listed}.")


def _ways(item: Item, raw: object) -> list[list[Choice]]:
    if isinstance(raw, dict):
        return [named_by(item.choices, raw)]
    number = raw if isinstance(raw, int | float) and not isinstance(raw, bool) else None
    text = clean(str(raw), multiline=False).strip()
    return [
        [choice for choice in item.choices if number is not None and choice.weight == number],
        [choice for choice in item.choices if choice.code == text and text],
        [choice for choice in item.choices if choice.text == text],
    ]


def _more_exact(item: Item, found: list[Choice]) -> str:
    """Return how to say which one is meant: by its code or its text, whichever no other choice has."""
    for what, of in _NAMES.items():
        taken = Counter(of(choice) for choice in item.choices)
        if all(of(choice) and taken[of(choice)] == 1 for choice in found):
            return f"Ange alternativets {what} i stället: {_listed(of(choice) for choice in found)}."
    return "Filen skiljer dem inte åt. Ge varje alternativ sin egen kod."


_NAMES: dict[str, Callable[[Choice], str]] = {
    "kod": lambda choice: choice.code,
    "text": lambda choice: choice.text,
    "vikt": lambda choice: "" if choice.weight is None else f"{choice.weight:g}",
}


def _listed(texts: Iterable[str]) -> str:
    found = list(texts)
    return ", ".join(found[:_SHOWN_CHOICES]) + (" …" if len(found) > _SHOWN_CHOICES else "")


def _open_choice(item: Item, raw: object) -> Value:
    try:
        return _choice(item, raw)
    except ValueError:
        if isinstance(raw, str):
            return _text(item, raw)
        raise


def _boolean(_item: Item, raw: object) -> Value:
    value = _YES.get(raw.strip().lower()) if isinstance(raw, str) else raw
    if not isinstance(value, bool):
        raise ValueError(f"{_said(raw)} är varken ja eller nej. Svara true eller false.")
    return value


def _integer(item: Item, raw: object) -> Value:
    value = _as_number(raw)
    if value is None or value != int(value):
        raise ValueError(f"{_said(raw)} är inte ett heltal. Skriv till exempel {_example(item)}.")
    return int(value)


def _decimal(item: Item, raw: object) -> Value:
    value = _as_number(raw)
    if value is None:
        raise ValueError(f"{_said(raw)} är inte ett tal. Skriv till exempel {_example(item)}.")
    return value


def _as_number(raw: object) -> float | None:
    if isinstance(raw, dict):  # a FHIR Quantity
        raw = raw.get("value")
    if isinstance(raw, str) and _NUMBER.fullmatch(raw.strip()):
        raw = float(raw.strip().replace(",", "."))
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    return raw if abs(raw) < 1e15 and math.isfinite(raw) else None


def _example(item: Item) -> str:
    return str(item.minimum) if isinstance(item.minimum, int | float) and item.minimum > 0 else "20"


def _text(item: Item, raw: object) -> Value:
    if not isinstance(raw, str | int | float) or isinstance(raw, bool):
        raise ValueError(f"{_said(raw)} är ingen text. Skriv svaret inom citattecken.")
    text = clean(str(raw), multiline=item.type is ItemType.TEXT).strip()
    limit = min(item.max_length or LONGEST, LONGEST)
    if len(text) > limit:
        raise ValueError(f"Texten är för lång: högst {limit} tecken, nu {len(text)}.")
    return text


def _date(_item: Item, raw: object) -> Value:
    text = raw.strip() if isinstance(raw, str) else ""
    if _DATE.fullmatch(text) and _is_read(date.fromisoformat, text):
        return text
    raise ValueError(f"{_said(raw)} är inget datum. Skriv år, månad och dag så här: 2026-11-22.")


def _time(_item: Item, raw: object) -> Value:
    found = _TIME.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if found is None:
        near = _NEARLY_TIME.fullmatch(raw.strip()) if isinstance(raw, str) else None
        meant = f" Menade du {int(near[1]) % 24:02d}:{near[2]}?" if near else ""
        raise ValueError(f"{_said(raw)} är inte ett klockslag. Skriv timmar och minuter så här: 22:30.{meant}")
    return f"{int(found[1]):02d}:{found[2]}"


def _datetime(item: Item, raw: object) -> Value:
    text = raw.strip() if isinstance(raw, str) else ""
    if _DATETIME.fullmatch(text) and _is_read(datetime.fromisoformat, text):
        return text
    try:
        return _date(item, raw)
    except ValueError:
        raise ValueError(
            f"{_said(raw)} är ingen tidpunkt. Skriv datum och klockslag så här: 2026-11-22T22:30."
        ) from None


def _is_read(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _no_question(_item: Item, _raw: object) -> Value:
    raise ValueError("Det är ingen fråga och kan inte besvaras. Ta bort svaret.")


_READERS: dict[ItemType, Callable[[Item, object], Value]] = {
    ItemType.GROUP: _no_question,
    ItemType.DISPLAY: _no_question,
    ItemType.CHOICE: _choice,
    ItemType.OPEN_CHOICE: _open_choice,
    ItemType.BOOLEAN: _boolean,
    ItemType.INTEGER: _integer,
    ItemType.DECIMAL: _decimal,
    ItemType.STRING: _text,
    ItemType.TEXT: _text,
    ItemType.DATE: _date,
    ItemType.TIME: _time,
    ItemType.DATETIME: _datetime,
}


def _check_bounds(item: Item, value: Value) -> None:
    least, most = item.minimum, item.maximum
    if least is not None and _is_less(value, least):
        raise ValueError(f"{shown(item, value)} är för lite. Minst {shown(item, least)} går att ange.")
    if most is not None and _is_less(most, value):
        raise ValueError(f"{shown(item, value)} är för mycket. Högst {shown(item, most)} går att ange.")


def _is_less(left: Value, right: Value) -> bool:
    """Compare two of a kind; days and times are ordered as their text is."""
    if isinstance(left, str) or isinstance(right, str):
        return isinstance(left, str) and isinstance(right, str) and left < right
    return left < right


def _said(raw: object) -> str:
    """Return what was given, short and between quotation marks."""
    text = clean(raw if isinstance(raw, str) else str(raw), multiline=False)
    return f'"{text[:40]}{"…" if len(text) > 40 else ""}"'
