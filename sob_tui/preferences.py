"""What an app is begun with from the settings file: how it looks, when it covers itself, the person's own keys."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

from screens.themes import CONTRAST, DARK, LIGHT
from sob_tui.kept_keymap import KeptKeys, keep_check, kept_check
from sob_tui.settings import Settings, read_settings
from sob_tui.settings_schema import GRAPHS, KEYMAP, PREVIEWS, Fault

THEMES = {"mork": DARK.name, "ljus": LIGHT.name, "kontrast": CONTRAST.name}
"""The themes by their names in the settings file."""


class Preferences(NamedTuple):
    """What a person has set."""

    theme: str = DARK.name
    is_dense: bool = False
    graph: str = GRAPHS[0]
    """What the graph's curves are drawn with."""
    preview: str = PREVIEWS[0]
    """How previews beside lists are filled."""
    idle_seconds: float | None = None
    """After how long without a key the screen is covered, at the latest; None where the unit's time holds."""
    keymap: dict[str, str] = {}
    """The person's own keys, as Textual is given them."""
    faults: tuple[str, ...] = ()
    """A sentence for each thing that is wrong in the file; what holds without it is kept."""


class CheckedKeys(NamedTuple):
    """A settings file whose table of keys has been checked."""

    settings: Settings
    """With what is wrong among the keys."""
    keymap: dict[str, str]
    """The own keys that were accepted, by binding id."""
    whole: dict[str, str]
    """The keymap as Textual expects it: binding ids and their keys."""


def preferences(*, practice: bool) -> Preferences:
    """Return what the settings file says; in practice only what is about the person and the terminal (domain.md §9)."""
    settings, _, keymap = checked(read_settings())
    is_idle_set = "idle_minutes" in settings.values  # else the unit's holds
    return Preferences(
        theme=THEMES[settings.value("theme")],
        is_dense=settings.value("density") == "tat",
        graph=settings.value("graph"),
        preview=settings.value("preview"),
        idle_seconds=None if practice or not is_idle_set else settings.value("idle_minutes") * 60.0,
        keymap=keymap,
        faults=settings.sentences(practice=practice),
    )


def checked(settings: Settings) -> CheckedKeys:
    """Check the person's own keys; who has none, or had the same at the last start, doesn't wait for it (0.6 s)."""
    if not settings.keymap:
        return CheckedKeys(settings, {}, {})
    found = kept_check(settings.keymap)
    if found is None:
        found = _check(settings.keymap)
        keep_check(settings.keymap, found)
    faults = (Fault((KEYMAP.name, name), sentence) for name, sentence in found.faults)
    return CheckedKeys(settings._replace(faults=(*settings.faults, *faults)), found.keymap, found.whole)


def _check(wanted: Mapping[str, Any]) -> KeptKeys:
    """Check keys beside those of every screen, all of which are imported for it."""
    import_module("sob_tui.app")  # declares the app's keys
    from screens.keymap import check

    found = check(wanted)
    return KeptKeys(tuple((one.id, one.message) for one in found.faults), found.keymap, found.whole)
