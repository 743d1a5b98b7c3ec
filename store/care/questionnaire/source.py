"""A published file as it is read: sloppy values are taken for what they clearly mean, and every mend is noted."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from store.care.questionnaire.shape import Fault, Value
from store.foundation.text import clean

Node = dict[str, Any]
_SPOILED = re.compile("\ufffd|\u00c3[\u0080-\u00bf\u2026\u201e\u2013]")
"""UTF-8 that was read as another character set, and what was lost when another was read as UTF-8."""
MOST_FAULTS = 1_000
"""Faults that are told of one file; of more only the number is."""
_LONGEST_PLACE = 200
_VALUES = (
    "valueDecimal",
    "valueInteger",
    "valueString",
    "valueDate",
    "valueDateTime",
    "valueTime",
    "valueCode",
    "valueBoolean",
    "valueCoding",
    "valueQuantity",
    "valuePositiveInt",
    "valueUnsignedInt",
)


class Source:
    """The faults found so far, and careful readings of single values."""

    def __init__(self) -> None:
        self._faults: dict[Fault, None] = {}
        self._untold = 0

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong, in the order of finding it."""
        more = (Fault("filen", f"Ytterligare {self._untold} fel. Rätta de första och kontrollera igen."),)
        return (*self._faults, *(more if self._untold else ()))

    def fault(self, where: str, message: str) -> None:
        """Note what is wrong, once for each place."""
        if len(self._faults) < MOST_FAULTS:
            self._faults[Fault(_short(where), clean(message, multiline=False))] = None
        else:
            self._untold += 1

    def nodes(self, owner: Node, key: str, where: str) -> Iterator[tuple[Node, str]]:
        """Yield the objects of a list with the place of each; one alone is read as a list of it."""
        value = owner.get(key)
        if value is None:
            return
        if isinstance(value, dict):
            self.fault(f"{where}.{key}".lstrip("."), f"{key} ska vara en lista. Sätt [ ] omkring.")
            value = [value]
        if not isinstance(value, list):
            self.fault(f"{where}.{key}".lstrip("."), f"{key} ska vara en lista med objekt.")
            return
        for place, one in enumerate(value):
            path = f"{where}.{key}[{place}]".lstrip(".")
            if isinstance(one, dict):
                yield one, path
            else:
                self.fault(path, f"{key} ska innehålla objekt, inte {_kind(one)}. Det hoppas över.")

    def text(self, owner: Node, key: str, where: str, *, multiline: bool = True) -> str:
        """Return a text; a number is read as one."""
        value = owner.get(key)
        if value is None:
            return ""
        if isinstance(value, int | float) and not isinstance(value, bool):
            self.fault(where, f"{key} ska vara en text. Sätt {value} inom citattecken.")
            value = str(value)
        if not isinstance(value, str):
            self.fault(where, f"{key} ska vara en text, inte {_kind(value)}.")
            return ""
        if _SPOILED.search(value):
            self.fault(where, f"{key} har tecken som sparats fel, till exempel Ã¥ för å. Spara om texten som UTF-8.")
        return clean(value, multiline=multiline).strip()

    def flag(self, owner: Node, key: str, where: str) -> bool:
        """Return true or false, false where nothing is said."""
        value = owner.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fault(where, f"{key} ska vara true eller false, utan citattecken.")
        return isinstance(value, str) and value.strip().lower() == "true"

    def whole(self, owner: Node, key: str, where: str) -> int | None:
        """Return a whole number, None where there is none."""
        value = owner.get(key)
        if value is None:
            return None
        number = as_number(value)
        if number is None or number != int(number):
            self.fault(where, f"{key} ska vara ett heltal.")
            return None
        if not isinstance(value, int):
            self.fault(where, f"{key} ska vara ett heltal, utan citattecken och decimaler.")
        return int(number)


def extension_values(node: Node, *endings: str) -> list[Any]:
    """Return the values of a node's extensions whose address ends so, whatever case it is written in."""
    extensions = node.get("extension")
    if isinstance(extensions, dict):
        extensions = [extensions]
    found = []
    for one in extensions if isinstance(extensions, list) else ():
        url = one.get("url") if isinstance(one, dict) else None
        if isinstance(url, str) and url.lower().endswith(tuple(ending.lower() for ending in endings)):
            found += [one[key] for key in _VALUES if key in one]
    return found


def values_in(node: Node) -> list[Any]:
    """Return the values of an object that holds one under `value…`: FHIR's choice of types."""
    return [value for key, value in node.items() if key.startswith("value")]


def as_number(value: object) -> float | None:
    """Return a finite number, also one in quotation marks; None for all else."""
    if isinstance(value, str):
        try:
            value = float(value.strip())
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def as_value(value: object) -> Value | None:
    """Return an answer's value as `Answers` keeps it: a coding by its code, else its display."""
    if isinstance(value, dict):
        inside = (_single(value.get(key)) for key in ("code", "display", "value"))
        return next((found for found in inside if found is not None), None)
    return _single(value)


def _single(value: object) -> Value | None:
    if isinstance(value, str):
        return clean(value, multiline=False).strip() or None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return None if as_number(value) is None else value
    return None


def repeated(names: Iterable[str]) -> list[str]:
    """Return the names that stand more than once, each once."""
    return [name for name, times in Counter(names).items() if times > 1]


def _short(where: str) -> str:
    """Return a place as it is told: one deep in a file is told by its end."""
    text = clean(where, multiline=False)
    return text if len(text) <= _LONGEST_PLACE else f"…{text[-_LONGEST_PLACE:]}"


def _kind(value: object) -> str:
    names = {type(None): "null", bool: "true/false", str: "en text", dict: "ett objekt", list: "en lista"}
    return names.get(type(value), "ett tal")
