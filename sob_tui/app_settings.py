"""What the page *Inställningar* shows and changes, in the settings file and in the app that is open."""

from collections.abc import Mapping
from typing import Any

from textual import constants

from screens import keymap
from screens.settings_page import NamedCommand, SettingsAccess, ShownSetting
from screens.themed_app import PreviewMode, ThemedApp
from screens.widgets.preview_pane import PreviewPane
from sob_tui.preferences import checked, preferences
from sob_tui.settings import Settings, escape_seconds, read_settings
from sob_tui.settings_file import write_value
from sob_tui.settings_report import VARIABLE, SettingLine, report
from sob_tui.settings_schema import KEYMAP, SETTINGS, Setting

WORDS: Mapping[str, Mapping[str, str]] = {
    "theme": {"mork": "Mörkt", "ljus": "Ljust", "kontrast": "Hög kontrast"},
    "density": {"luftig": "Luftigt", "tat": "Tätt"},
    "graph": {"block": "Block", "punkter": "Punkter", "tecken": "Tecken"},
    "preview": {"vila": "När markören vilar", "tangent": "Med en tangent", "av": "Aldrig"},
    "idle_minutes": {str(number): f"{number} min" for number in (5, 10, 15, 30, 60)},
    "escape_ms": {str(number): f"{number} ms" for number in (50, 100, 300, 500, 1000)},
}
"""What can be chosen on the page, with its words; the file takes more."""


class AppSettings(SettingsAccess):
    """The settings file and an app."""

    def __init__(self, app: ThemedApp[Any], *, practice: bool) -> None:
        """In practice only what holds there is shown (domain.md §9)."""
        self._app = app
        self._practice = practice

    @property
    def place(self) -> str:
        """Where the file is."""
        return str(read_settings().path)

    def lines(self) -> tuple[ShownSetting, ...]:
        """Return what is set."""
        own = {one.name: one for one in SETTINGS if one.is_own or not self._practice}
        labels = {one.id: one.label for one in self.commands()}
        found = []
        for line in report(_checked(read_settings())):
            table, _, name = line.name.partition(".")
            if not name and table in own:
                found.append(_setting(own[table], line))
            elif table == KEYMAP.name and name in labels:
                found.append(_key(line, name, labels[name]))
            elif name and table != KEYMAP.name and not self._practice:
                found.append(ShownSetting(line.name, line.name, _value(line), _place(line), line.about))
        return tuple(found)

    def faults(self) -> tuple[str, ...]:
        """Return a sentence for each thing that is wrong in the file."""
        found = _checked(read_settings())
        told = [fault for fault in found.faults if fault.is_own or not self._practice]
        return tuple(f"Rad {found.line_of(one.path)}: {one.message}" if one.path else one.message for one in told)

    def change(self, name: str, value: str) -> None:
        """Write a setting, and let it hold here."""
        write_value((name,), int(value) if value.isdigit() else value)
        self._take_up()

    def commands(self) -> tuple[NamedCommand, ...]:
        """Return all commands with the keys that they have now."""
        own = checked(read_settings()).keymap
        found = [NamedCommand(name, label, own.get(name, keys)) for name, label, keys in keymap.labelled()]
        return tuple(sorted(found, key=lambda one: (one.label.lower(), one.id)))

    def fault_of(self, command: str, key: str) -> str | None:
        """Return why a command can't have a key; None where it can."""
        return keymap.fault_of(command, key, checked(read_settings()).keymap)

    def set_key(self, command: str, key: str | None) -> None:
        """Write a command's key, or take it away, and let it hold here."""
        write_value((KEYMAP.name, command), key)
        self._take_up()

    def _take_up(self) -> None:
        mine = preferences(practice=self._practice)
        if self._app.theme != mine.theme:
            self._app.theme = mine.theme
        self._app.set_class(mine.is_dense, "-dense")
        self._app.graph_curve = mine.graph
        self._app.preview_mode = PreviewMode(mine.preview)
        for screen in self._app.screen_stack:
            for pane in screen.query(PreviewPane):
                pane.settle()
        self._app.set_keymap(mine.keymap)
        constants.ESCAPE_DELAY = escape_seconds()  # type: ignore[misc]  # where Textual looks each time


def _checked(settings: Settings) -> Settings:
    return checked(settings).settings


def _setting(one: Setting, line: SettingLine) -> ShownSetting:
    words = WORDS.get(one.name, {})
    said = "" if line.value is None else str(line.value)
    choices = tuple(words.items()) if line.source != VARIABLE else ()
    return ShownSetting(one.name, one.title, words.get(said, said) or "–", _place(line), one.about, choices)


def _key(line: SettingLine, command: str, label: str) -> ShownSetting:
    keys = keymap.keys_shown(str(line.value).split(","))
    return ShownSetting(
        line.name, f"Tangent: {label}", keys, _place(line), f"{line.about} Kommando: {command}.", (), command
    )


def _value(line: SettingLine) -> str:
    return "" if line.value is None else str(line.value)


def _place(line: SettingLine) -> str:
    return ", ".join(filter(None, (line.source, line.place)))
