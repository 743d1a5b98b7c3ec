"""The help (F1): every key that does something on the screen beneath, and where to turn for more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widget import Widget

from screens.commands import Command, commands_of
from screens.shown_keys import keyed
from screens.widgets.cells import wrap

if TYPE_CHECKING:
    from store.people.ticket import Where

_FIRST = (
    "Läs först i behandlarmanualen. Fråga sedan en kollega eller enhetens superanvändare, och därefter den regionala "
    "supporten, som vid behov frågar den nationella."
)
_PLATFORM = "Fel i plattformen: {}"
_RESIDENTS = "Invånare får hjälp på 0770 - 72 00 00, alla dagar 06.00–22.00, eller på 1177.se under Support e-tjänster."
"""Where support is found (domain.md §10)."""

_FIELD_KEYS = (
    (("Tab", "shift+Tab"), "Gå till nästa eller föregående fält."),
    (("ctrl+c",), "Kopiera det som är markerat."),
)
_GAP = 2


class HelpScreen(ModalScreen[None]):
    """The keys in groups, those of the place first; Esc or F1 closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "dismiss_help", "Stäng", id="help.close", tooltip="Stäng hjälpen."),
    ]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll {
        width: 84; max-width: 100%; height: auto; max-height: 100%; margin: 1 0 0 0; /* not over the title bar */
        background: $surface; border: round $border; border-title-color: $foreground; border-title-style: bold;
        border-subtitle-color: $text-muted; padding: 0 1; scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, commands: Sequence[Command], support: Callable[[], Awaitable[Where]]) -> None:
        """Explain commands, as `commands_of` gives them; `support` is asked for when the help is on screen."""
        super().__init__()
        self._commands = commands
        self._support = support

    def compose(self) -> ComposeResult:
        """Show it all in one scrolling text."""
        with VerticalScroll() as scroll:
            scroll.border_title = Content("Hjälp")
            scroll.border_subtitle = Content(keyed("{help.close} Stäng"))
            yield HelpText(self._commands)

    @work
    async def on_mount(self) -> None:
        """Say whom the unit turns to."""
        self.query_one(HelpText).say(await self._support())

    def action_dismiss_help(self) -> None:
        """Close the help."""
        self.dismiss(None)


class HelpText(Widget):
    """The groups of keys and the paragraphs, wrapped to the width there is."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"help-text--heading", "help-text--key"}
    DEFAULT_CSS = """
    HelpText {
        height: auto;
        & > .help-text--heading { color: $text-muted; text-style: bold; }
        & > .help-text--key { color: $key; text-style: bold; }
    }
    """

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__()
        own = [command for command in commands if not command.everywhere]
        everywhere = [command for command in commands if command.everywhere]
        self._groups = {
            "Här": [(command.keys, command.sentence) for command in own],
            "Överallt": [*((command.keys, command.sentence) for command in everywhere), *_FIELD_KEYS],
        }
        self._support = ""

    def say(self, where: Where) -> None:
        """Say whom the unit turns to with questions of the platform."""
        self._support = where.support
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Return how many lines the help wraps to at a width."""
        return len(list(self._lines(width)))

    def render(self) -> Content:
        """Return the whole help, wrapped to the width there is."""
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> Iterator[Content]:
        heading = self.get_visual_style("help-text--heading", partial=True)
        column = max((cell_len(" ".join(keys)) for rows in self._groups.values() for keys, _ in rows), default=0)
        for title, rows in self._groups.items():
            if rows:
                yield Content.styled(title, heading)
                yield from self._rows(rows, column, width)
                yield Content("")
        yield Content.styled("Mer hjälp", heading)
        for paragraph in (_FIRST, _PLATFORM.format(self._support or "…"), _RESIDENTS):
            yield from map(Content, wrap(paragraph, width))

    def _rows(self, rows: Iterable[tuple[tuple[str, ...], str]], column: int, width: int) -> Iterator[Content]:
        style = self.get_visual_style("help-text--key", partial=True)
        for keys, sentence in rows:
            name = " ".join(keys)
            first, *rest = wrap(sentence, max(10, width - column - _GAP))
            pad = " " * (column - cell_len(name) + _GAP)
            yield Content.assemble((name, style), pad, first)
            yield from (Content(" " * (column + _GAP) + line) for line in rest)


def toggle_help(app: App[Any], support: Callable[[], Awaitable[Where]]) -> None:
    """Open the help on the app's screen, or close it if it is open: what the app's F1 does."""
    if isinstance(app.screen, HelpScreen):
        app.screen.dismiss(None)
    else:
        app.push_screen(HelpScreen(commands_of(app.screen), support))
