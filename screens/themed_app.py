"""What an app of ours looks like: our themes, Swedish words where Textual has English ones, and nothing that moves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, ClassVar

from textual.app import App, ReturnType, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.reactive import Reactive
from textual.screen import Screen
from textual.theme import Theme

from screens.commands import key_name
from screens.themes import DARK, LABELS, THEMES


class PreviewMode(StrEnum):
    """How previews beside lists are filled; the value is the word in the settings file."""

    RESTING = "vila"
    BY_KEY = "tangent"
    OFF = "av"


def _command_provider() -> type[Provider]:
    """Return what the palette searches; imported when it is opened, not before the first frame."""
    from screens.palette import CommandProvider

    return CommandProvider


class ThemedApp(App[ReturnType]):
    """An app in one of our themes that speaks Swedish."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "help_quit", show=False, system=True),
        Binding(
            "ctrl+p",
            "command_palette",
            "Kommandon",
            id="app.commands",
            priority=True,
            tooltip="Sök bland allt som går att göra här.",
        ),
        Binding(
            "ctrl+q",
            "quit",
            "Stäng\xa0appen",
            id="app.quit",
            priority=True,
            show=False,
            tooltip="Stäng appen och gå tillbaka till kommandoraden.",
        ),
    ]
    COMMANDS = {_command_provider}
    LATER_COMMANDS: ClassVar[tuple[Callable[[], type[Provider]], ...]] = ()
    """What the palette searches besides when who types pauses."""
    SCOPED_CSS = False  # an app's own type is not among those that a style sheet is scoped to
    DEFAULT_CSS = """
    Screen Button.-style-default {
        background: $panel; border-top: tall $rule; border-bottom: tall $rule;
        &:hover { background: $panel; }
    }
    /* What is said covers neither the keys and buttons at the foot nor the title and the tabs. It is as wide as its
       words, up to half of the window: of Textual's 50 % the last word is lost where it is the first too many. */
    Screen > ToastRack { dock: top; align: right top; margin: 2 0 0 0; max-height: 75vh; }
    Screen > ToastRack Toast { margin: 0; padding: 0 1; width: auto; max-width: 39; background: $panel; }
    .-roomy Screen > ToastRack Toast { max-width: 54; }
    /* Textual's own widgets mark the cursor by `reverse`, which it loses on the way to the screen. */
    Screen OptionList:nocolor > .option-list--option-highlighted { text-style: bold underline; }
    /* Density *tat*: no empty line under the tabs and between fields. */
    .-dense TabStrip { margin: 0; }
    .-dense Field { margin: 0; }
    """

    theme: Reactive[str] = Reactive(DARK.name)
    """One of `THEMES`."""
    graph_curve = "block"
    """What curves are drawn with: `block`, `punkter` or `tecken`."""
    preview_mode = PreviewMode.RESTING
    """How previews beside lists are filled."""

    def __init__(self, *, theme: str = DARK.name, dense: bool = False) -> None:
        """Begin with a theme of ours; a name that is none of theirs is passed over. `dense`: few empty lines."""
        # Textual chooses its filters in the constructor. Its own answer to NO_COLOR are shades of grey; with native
        # colours it is none at all.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.animation_level = "none"  # what is asked for is there at once, over a slow line too
        if theme != DARK.name and theme in self.available_themes:
            self.set_reactive(ThemedApp.theme, theme)
            self.stylesheet.set_variables(self.get_css_variables())
        if dense:
            self.add_class("-dense", update=False)

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Ours alone: the contrast of Textual's has not been tested. They are there before the style sheet is made."""
        return {theme.name: theme for theme in THEMES}

    def get_key_display(self, binding: Binding) -> str:
        """Return a key's name as the key bar shows it."""
        return key_name(binding)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:  # noqa: ARG002
        """Yield the commands that have no key: the themes. No Screenshot: it would write residents to a file."""
        for theme, (label, sentence) in LABELS.items():
            if theme != self.theme:
                yield SystemCommand(label, sentence, lambda theme=theme: setattr(self, "theme", theme))

    def action_command_palette(self) -> None:
        """Search among the commands."""
        from screens.palette import SwedishPalette

        if self.use_command_palette and not isinstance(self.screen, SwedishPalette):
            self.push_screen(SwedishPalette(provider() for provider in self.LATER_COMMANDS))

    def action_help_quit(self) -> None:
        """Say how the app is closed: ctrl+c only copies."""
        for _, binding, _, _ in self.active_bindings.values():
            if binding.id == "app.quit":
                self.notify(f"{key_name(binding)} stänger appen.")
