"""The resident's help (F1): what the page is for, its keys, and where to turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, ClassVar

from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from screens.commands import Command, commands_of
from screens.contracts import ShowsResidentsSide
from screens.resident.texts import HELP
from screens.shown_keys import keyed, with_keys
from screens.widgets.cells import wrap
from screens.widgets.drawn_text import DrawnText


class ResidentHelp(ModalScreen[None]):
    """The help over a page; Esc or F1 closes."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "dismiss_help", "Stäng", id="help.close", tooltip="Stäng hjälpen."),
    ]
    DEFAULT_CSS = """
    ResidentHelp { align: center middle; }
    ResidentHelp > VerticalScroll {
        width: 76; max-width: 100%; height: auto; max-height: 100%; margin: 1 0 0 0; /* not over the title bar */
        background: $surface; border: round $border; border-title-color: $foreground; border-title-style: bold;
        border-subtitle-color: $text-muted; padding: 0 1; scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, about: str, commands: Sequence[Command]) -> None:
        """Explain a page and its commands."""
        super().__init__()
        self._about = about
        self._commands = commands

    def compose(self) -> ComposeResult:
        """Show it all in one scrolling text."""
        text = DrawnText()
        with VerticalScroll() as scroll:
            scroll.border_title = Content("Hjälp")
            scroll.border_subtitle = with_keys("{help.close} Stäng", "bold")
            yield text
        text.show(partial(draw_help, self._about, self._commands))

    def action_dismiss_help(self) -> None:
        """Close the help."""
        self.dismiss(None)


def draw_help(about: str, commands: Sequence[Command], width: int) -> list[Content]:
    """Return the help's lines for a width."""
    return list(_lines(about, commands, max(20, width)))


def _lines(about: str, commands: Sequence[Command], width: int) -> Iterator[Content]:
    yield from map(Content, wrap(about, width))
    yield from (Content(""), Content.styled("Tangenter", "bold"))
    column = max((cell_len(" ".join(one.keys)) for one in commands), default=0) + 2
    for one in commands:
        keys = " ".join(one.keys)
        first, *rest = wrap(one.sentence, max(10, width - column))
        yield Content.assemble((keys, "bold"), " " * (column - cell_len(keys)), first)
        yield from (Content(" " * column + line) for line in rest)
    yield from (Content(""), Content.styled("Mer hjälp", "bold"))
    for paragraph in HELP:
        yield from map(Content, wrap(paragraph, width))


def toggle_help(app: App[Any]) -> None:
    """Open the help on the app's screen, or close it if it is open."""
    if isinstance(app.screen, ResidentHelp):
        app.screen.dismiss(None)
        return
    screen = app.screen
    about = screen.about if isinstance(screen, ShowsResidentsSide) else ""
    app.push_screen(ResidentHelp(keyed(about), commands_of(screen)))
