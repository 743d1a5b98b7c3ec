"""What a program's `program.toml` says, read key by key so that every fault has its line."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.care.program_faults import FORBIDDEN, MAX_LINE, Reading
from store.care.program_shape import DEFAULT_END_REASONS, Contact

MAX_DAYS = 730
"""Longest time in days: personal data is erased within two years from the start (FAQ)."""


@dataclass(frozen=True)
class Settings:
    """The keys of `program.toml`. `opens` is None for "all"; `opens_line` is where it stands."""

    title: str
    version: str
    recommended_days: int
    contact: Contact
    opens: tuple[str, ...] | None
    opens_line: int | None
    reminders: tuple[int, ...]
    end_reasons: tuple[str, ...]
    requires_training: bool


def read_settings(reading: Reading, path: Path) -> Settings | None:
    """The settings, with stand-ins where a fault was noted; None when the file is unreadable or not TOML."""
    text = reading.text(path)
    data = None if text is None else _parse(reading, path, text)
    if text is None or data is None:
        return None
    table = _Table(reading, path, text, data)
    settings = Settings(
        title=table.text("title"),
        version=_version(table),
        recommended_days=_days(table),
        contact=_contact(table),
        opens=_opens(table),
        opens_line=table.line("opens_from_start"),
        reminders=_reminders(table),
        end_reasons=_end_reasons(table),
        requires_training=_requires_training(table),
    )
    table.unknown_keys()
    return settings


class _Table:
    """One TOML table: keys are taken out one by one, and what is left in the end is unknown."""

    def __init__(self, reading: Reading, path: Path, text: str, data: dict[str, Any], name: str = "") -> None:
        """`name` is empty for the top table."""
        self._reading, self._path, self._text, self._name = reading, path, text, name
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
            line = _header_line(self._text, self._name) if self._name else None
            where = f" under [{self._name}]" if self._name else ""
            self._reading.fault(self._path, line, f"Nyckeln {key} saknas.", f"Lägg till raden {example}{where}.")
        return value

    def text(self, key: str, *, needed: bool = True) -> str:
        """A one-line text; empty when absent or at fault."""
        value = self.need(key, f'{key} = "…"') if needed else self.take(key)
        if value is None:
            return ""
        if _is_line(value):
            return str(value).strip()
        message = f"{key} ska vara en text på en rad, utan styrtecken."
        self.fault(key, message, f'Skriv {key} = "…" med text mellan citattecknen, högst {MAX_LINE} tecken.')
        return ""

    def table(self, key: str, example: str) -> _Table | None:
        """A table inside this one."""
        value = self.need(key, example)
        if isinstance(value, dict):
            return _Table(self._reading, self._path, self._text, value, key)
        if value is not None:
            self.fault(key, f"{key} ska vara en tabell.", f"Skriv {example}.")
        return None

    def line(self, key: str) -> int | None:
        """The line where the key is set, else its table's line, else None."""
        return _key_line(self._text, key, self._name)

    def fault(self, key: str, message: str, mend: str) -> None:
        """Note a fault at the key."""
        self._reading.fault(self._path, self.line(key), message, mend)

    def unknown_keys(self) -> None:
        """Note every key that nothing has asked for, with the nearest known one."""
        for key in self._left:
            near = difflib.get_close_matches(key, self._known, n=1)
            known = ", ".join(self._known)
            mend = (
                f"Menade du {near[0]}? Annars: ta bort raden." if near else f"Ta bort den. Nycklar som finns: {known}."
            )
            self.fault(key, f"Okänd nyckel: {key}.", mend)


def _parse(reading: Reading, path: Path, text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else len(text.rstrip("\n").split("\n"))
        mend = f'Rätta raden. Texter står inom citattecken, listor inom [ ]: title = "Namn". ({error})'
        reading.fault(path, line, "Filen går inte att tolka som TOML.", mend)
        return None


def _version(table: _Table) -> str:
    mend = 'Skriv siffror med punkter, inom citattecken: version = "1.0".'
    value = table.need("version", 'version = "1.0"')
    if value is not None and not (isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9}){0,3}", value)):
        table.fault("version", 'version ska vara en text som "1.0".', mend)
    return str(value)


def _days(table: _Table) -> int:
    value = table.need("recommended_days", "recommended_days = 90")
    if value is None or _is_days(value):
        return int(value or 1)
    mend = f"Skriv antalet dagar som ett heltal från 1 till {MAX_DAYS}: recommended_days = 90."
    table.fault("recommended_days", "recommended_days ska vara ett antal dagar.", mend)
    return 1


def _contact(table: _Table) -> Contact:
    inner = table.table("contact", '[contact] med name = "…" och email = "…"')
    if inner is None:
        return Contact("")
    contact = Contact(inner.text("name"), inner.text("email", needed=False), inner.text("phone", needed=False))
    if not (contact.email or contact.phone):
        inner.fault("email", "Kontaktpersonen går inte att nå.", "Lägg till email eller phone under [contact].")
    if contact.email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", contact.email):
        inner.fault("email", "E-postadressen är inte fullständig.", 'Skriv den som email = "namn@example.org".')
    if contact.phone and not re.fullmatch(r"\+?[0-9][0-9 -]{4,20}", contact.phone):
        inner.fault("phone", "Telefonnumret är inte rätt skrivet.", "Skriv bara siffror, mellanslag och bindestreck.")
    inner.unknown_keys()
    return contact


def _opens(table: _Table) -> tuple[str, ...] | None:
    value = table.need("opens_from_start", 'opens_from_start = "all"')
    if value is None or value == "all":
        return None
    if isinstance(value, list) and value and all(_is_line(one) for one in value):
        return tuple(one.strip() for one in value)
    mend = 'Skriv opens_from_start = "all", eller en lista: opens_from_start = ["borja-har"].'
    table.fault("opens_from_start", 'opens_from_start ska vara "all" eller en lista med modulernas id.', mend)
    return None


def _reminders(table: _Table) -> tuple[int, ...]:
    value = table.take("reminders")
    if value is None:
        return ()
    if isinstance(value, list) and all(_is_days(one) for one in value) and len(set(value)) == len(value):
        return tuple(sorted(value))
    mend = f"Skriv olika heltal från 1 till {MAX_DAYS}: reminders = [14]."
    table.fault("reminders", "reminders ska vara en lista med antal dagar efter start.", mend)
    return ()


def _end_reasons(table: _Table) -> tuple[str, ...]:
    value = table.take("end_reasons")
    if value is None:
        return DEFAULT_END_REASONS
    if isinstance(value, list) and value and all(_is_line(one) for one in value):
        reasons = tuple(one.strip() for one in value)
        if len(set(reasons)) == len(reasons):
            return reasons
    mend = 'Skriv minst en, ingen två gånger: end_reasons = ["Övrigt"]. Utan nyckeln gäller standardlistan.'
    table.fault("end_reasons", "end_reasons ska vara en lista med avslutningsorsaker.", mend)
    return DEFAULT_END_REASONS


def _requires_training(table: _Table) -> bool:
    value = table.take("requires_training")
    if value is None or isinstance(value, bool):
        return value is not False
    table.fault("requires_training", "requires_training ska vara true eller false.", "Skriv requires_training = true.")
    return True


def _is_days(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_DAYS


def _is_line(value: object) -> bool:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= MAX_LINE:
        return False
    return not (FORBIDDEN.search(value) or "\n" in value or "\t" in value)


def _key_line(text: str, key: str, table: str) -> int | None:
    here = ""
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[+\s*([^\[\]]+?)\s*\]+\s*(#|$)", line):
            here = header[1]
            if not table and here == key:
                return number
        elif here == table and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""", line):
            return number
    return _header_line(text, table) if table else None


def _header_line(text: str, table: str) -> int | None:
    pattern = re.compile(rf"^[ \t]*(\[\s*{re.escape(table)}\s*\]|{re.escape(table)}\s*[.=])", re.MULTILINE)
    found = pattern.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None
