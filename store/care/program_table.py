"""A table of a `program.toml`, read key by key so that every fault has its line."""

from __future__ import annotations

import difflib
import re
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from store.care.program_faults import FORBIDDEN, MAX_LINE, ProgramReader

MAX_DAYS = 730
"""Longest time in days: personal data is erased within two years from the start (FAQ)."""
MOST_UNKNOWN = 20
"""Unknown names in one place that are told with what was probably meant; of more only the number is."""


class Table:
    """One TOML table: keys are taken out one by one, and what is left in the end is unknown."""

    def __init__(
        self, reader: ProgramReader, path: Path, text: str, data: dict[str, Any], name: str = "", lines_before: int = 0
    ) -> None:
        """`name` is empty for the top table; `text` is the file's, or the part of it in which the table stands."""
        self._reader, self._path, self._text, self._name = reader, path, text, name
        self._lines_before = lines_before
        self._left = dict(data)
        self._known: list[str] = []

    def take(self, key: str) -> Any:
        """The key's value, or None."""
        self._known.append(key)
        return self._left.pop(key, None)

    def need(self, key: str, example: str) -> Any:
        """The key's value; its absence is a fault. `example` is a right line."""
        value = self.take(key)
        if value is None:
            line = self._at(_header_line(self._text, self._name)) if self._name else None
            where = f" under [{self._name}]" if self._name else ""
            self._reader.fault(self._path, line, f"Nyckeln {key} saknas.", f"Lägg till raden {example}{where}.")
        return value

    def text(self, key: str, *, needed: bool = True) -> str:
        """A one-line text; empty when absent or at fault."""
        value = self.need(key, f'{key} = "…"') if needed else self.take(key)
        if value is None:
            return ""
        if is_line(value):
            return str(value).strip()
        message = f"{key} ska vara en text på en rad, utan styrtecken."
        self.fault(key, message, f'Skriv {key} = "…" med text mellan citattecknen, högst {MAX_LINE} tecken.')
        return ""

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Whether something is so; the default when absent or at fault."""
        value = self.take(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.fault(key, f"{key} ska vara true eller false.", f"Skriv {key} = true.")
        return default

    def number(self, key: str, least: int, most: int) -> int | None:
        """A whole number within limits; None when absent or at fault."""
        value = self.take(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and least <= value <= most):
            return value
        mend = f"Skriv till exempel {key} = {max(least, 7)}."
        self.fault(key, f"{key} ska vara ett heltal från {least} till {most}.", mend)
        return None

    def table(self, key: str, example: str, *, needed: bool = True) -> Table | None:
        """A table inside this one."""
        value = self.need(key, example) if needed else self.take(key)
        if isinstance(value, dict):
            return Table(self._reader, self._path, self._text, value, self._full(key), self._lines_before)
        if value is not None:
            self.fault(key, f"{key} ska vara en tabell.", f"Skriv {example}.")
        return None

    def tables(self, key: str) -> list[Table]:
        """A list of tables inside this one, each with its own part of the file."""
        value = self.take(key)
        name = self._full(key)
        if value is None:
            return []
        if not (isinstance(value, list) and all(isinstance(one, dict) for one in value)):
            self.fault(key, f"{key} ska vara en lista med tabeller.", f"Skriv [[{name}]] överst i var och en.")
            return []
        parts = _parts(self._text, name)
        if len(parts) != len(value):  # written on one line
            parts = [(self._text, 0)] * len(value)
        return [
            Table(self._reader, self._path, text, one, name, self._lines_before + before)
            for one, (text, before) in zip(value, parts, strict=True)
        ]

    def line(self, key: str) -> int | None:
        """The line where the key is set, else its table's line, else None."""
        found = self._key_lines.get(self._full(key))
        return self._at(found or (_header_line(self._text, self._name) if self._name else None))

    def fault(self, key: str, message: str, mend: str) -> None:
        """Note a fault at the key."""
        self._reader.fault(self._path, self.line(key), message, mend)

    def unknown_keys(self) -> None:
        """Note every key that nothing has asked for, with the nearest known one."""
        for key in list(self._left)[:MOST_UNKNOWN]:
            near = difflib.get_close_matches(key, self._known, n=1)
            known = ", ".join(self._known)
            mend = (
                f"Menade du {near[0]}? Annars: ta bort raden." if near else f"Ta bort den. Nycklar som finns: {known}."
            )
            self.fault(key, f"Okänd nyckel: {key}.", mend)
        if len(self._left) > MOST_UNKNOWN:
            more = len(self._left) - MOST_UNKNOWN
            self._reader.fault(self._path, None, f"Ytterligare {more} okända nycklar.", "Ta bort dem.")

    @cached_property
    def _key_lines(self) -> dict[str, int]:
        return _lines(self._text)

    def _full(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key

    def _at(self, line: int | None) -> int | None:
        return None if line is None else line + self._lines_before


def is_days(value: object) -> bool:
    """Whether it is a number of days that a program can last."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_DAYS


def is_line(value: object) -> bool:
    """Whether it is a text of one line that can be shown."""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= MAX_LINE:
        return False
    return not (FORBIDDEN.search(value) or "\n" in value or "\t" in value)


def _lines(text: str) -> dict[str, int]:
    """Return by a key's whole name, its table's included, the line where it is first set; by a table's its header's."""
    here = ""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[+\s*([^\[\]]+?)\s*\]+\s*(#|$)", line):
            here = header[1]
            found.setdefault(here, number)
        elif key := re.match(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*[=.]""", line):
            name = key[1] or key[2] or key[3]
            found.setdefault(f"{here}.{name}" if here else name, number)
    return found


def _header_line(text: str, table: str) -> int | None:
    pattern = re.compile(rf"^[ \t]*(\[+\s*{re.escape(table)}\s*\]|{re.escape(table)}\s*[.=])", re.MULTILINE)
    found = pattern.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _parts(text: str, name: str) -> list[tuple[str, int]]:
    """The part of the text that each `[[name]]` heads, with the number of lines before it."""
    header = re.compile(rf"^[ \t]*\[\[[ \t]*{re.escape(name)}[ \t]*\]\]", re.MULTILINE)
    starts = [found.start() for found in header.finditer(text)]
    return [
        (text[start:end], text.count("\n", 0, start)) for start, end in pairwise([*starts, len(text)]) if start != end
    ]
