"""Every setting with its value and where that comes from, for `sob installningar` and for the page in the app."""

import os
from collections.abc import Iterator
from typing import NamedTuple

from sob_tui.password_places import has_password
from sob_tui.settings import Settings, escape_default
from sob_tui.settings_schema import KEYMAP, SETTINGS, Setting, Value, delivery_tables

HIDDEN = "(visas inte)"
OPTION, VARIABLE, FILE, DEFAULT = "flagga", "miljövariabel", "fil", "standard"
"""Where a value comes from, in the order in which they come before each other."""


class SettingLine(NamedTuple):
    """A setting as it holds now."""

    name: str
    value: Value | None
    source: str
    place: str
    """The option, the variable, or the file's line in words; empty for what holds by default."""
    line: int | None
    allowed: str
    about: str


def report(settings: Settings, store: str | None = None) -> tuple[SettingLine, ...]:
    """Return all settings; `store` is what `--store` says."""
    return (*(_line(one, settings, store) for one in SETTINGS), *_delivery(settings), *_keys(settings))


def _line(one: Setting, settings: Settings, store: str | None) -> SettingLine:
    value, source, place = settings.value(one.name), DEFAULT, ""
    line = None
    if one.name == "store" and store:
        value, source, place = store, OPTION, "--store"
    elif one.variable and (said := os.environ.get(one.variable)) and (one.name == "store" or said.isdigit()):
        value, source, place = said if one.name == "store" else int(said), VARIABLE, one.variable
    elif one.name in settings.values and one.read(settings.values[one.name]) is not None:
        source, line = FILE, settings.line_of((one.name,))
        place = f"rad {line}"
    if one.name == "escape_ms" and value is None:
        value = escape_default()
    if one.name == "store" and isinstance(value, str) and has_password(value):
        value = HIDDEN
    return SettingLine(one.name, value, source, place, line, one.allowed, one.about)


def _delivery(settings: Settings) -> Iterator[SettingLine]:
    for table in delivery_tables():
        found = settings.values.get(table.name)
        for key, value in (found if isinstance(found, dict) else {}).items():
            line = settings.line_of((table.name, key))
            hidden = key in table.secret or key not in table.keys or not isinstance(value, str | int)
            shown = HIDDEN if hidden or _has_secret(value) else value
            yield SettingLine(f"{table.name}.{key}", shown, FILE, f"rad {line}", line, "", table.about)


def _has_secret(value: Value) -> bool:
    return isinstance(value, str) and has_password(value)


def _keys(settings: Settings) -> Iterator[SettingLine]:
    refused = {fault.path[1] for fault in settings.faults if fault.path[:1] == (KEYMAP.name,) and fault.path[1:]}
    for name, key in settings.keymap.items():
        if name in refused:
            continue
        line = settings.line_of((KEYMAP.name, name))
        shown = key if isinstance(key, str | int) else HIDDEN
        yield SettingLine(f"{KEYMAP.name}.{name}", shown, FILE, f"rad {line}", line, "", KEYMAP.about)
