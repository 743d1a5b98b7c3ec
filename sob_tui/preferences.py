"""What an app is begun with from the settings file: how it looks, when it covers itself, the person's own keys."""

from typing import NamedTuple

from screens.themes import CONTRAST, DARK, LIGHT
from sob_tui.settings import Settings, read_settings

THEMES = {"mork": DARK.name, "ljus": LIGHT.name, "kontrast": CONTRAST.name}
"""The themes by their names in the settings file."""


class Preferences(NamedTuple):
    """What a person has set."""

    theme: str = DARK.name
    is_dense: bool = False
    idle_seconds: float | None = None
    """After how long without a key the screen is covered, at the latest; None where the unit's time holds."""
    faults: tuple[str, ...] = ()
    """A sentence for each thing that is wrong in the file; what holds without it is kept."""


def preferences(*, practice: bool, settings: Settings | None = None) -> Preferences:
    """Return what the settings file says; in practice only what is about the person and the terminal (domain.md §9)."""
    settings = settings or read_settings()
    is_idle_set = "idle_minutes" in settings.values  # else the unit's holds
    return Preferences(
        theme=THEMES[settings.value("theme")],
        is_dense=settings.value("density") == "tat",
        idle_seconds=None if practice or not is_idle_set else settings.value("idle_minutes") * 60.0,
        faults=settings.sentences(practice=practice),
    )
