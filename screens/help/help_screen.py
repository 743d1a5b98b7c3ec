"""The help on screen: every key that does something beneath, the pages about it, a search, and where to turn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input
from textual.widgets.option_list import Option

from screens.commands import Command, commands_of
from screens.contracts import ClosesFreely
from screens.dialogs.controls import TextInput
from screens.help.article_screen import ArticleScreen
from screens.help.entries import ALL, Entry, all_pages, column_of, drawn, entries, found, places_of
from screens.help.practising import Practising
from screens.shown_keys import with_keys
from screens.widgets.option_list import OptionList
from store.help.articles import Help, shipped_help
from store.people.ticket import Where

Run = Callable[[], object]
KEYS = "{help.search} Sök   {help.open} Kör eller läs   {help.close} Stäng"
WIDTH, FRAME = 84, 5
"""Cells of the box at most, and those of them that border, padding and scroll bar take."""


class Query(TextInput):
    """What is searched for; the lines follow while it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.lines", "Till raderna", show=False, id="help.lines", tooltip="Gå till raderna."),
    ]


class Lines(OptionList):
    """The lines, with a cursor on those that do something."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "select", "Kör eller läs", id="help.open", tooltip="Kör det som raden säger, eller läs sidan."
        ),
    ]
    DEFAULT_CSS = """
    Lines, Lines:focus { height: auto; max-height: 100%; border: none; padding: 0; background: $surface; }
    Lines:focus { background-tint: transparent; }
    Lines > .option-list--option { padding: 0 1; }
    Lines > .option-list--option-disabled { color: $foreground; }
    """


class HelpScreen(ModalScreen[Run | None], ClosesFreely):
    """The lines in groups, those of the place first; returns what is to be run once it is closed."""

    AUTO_FOCUS = "Lines"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "dismiss_help", "Stäng", id="help.close", tooltip="Stäng hjälpen."),
        Binding("slash", "search", "Sök", key_display="/", id="help.search", tooltip="Sök i hjälpen."),
    ]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > Vertical {
        width: 84; max-width: 100%; height: auto; max-height: 100%; margin: 1 0 0 0; /* not over the title bar */
        background: $surface; border: round $border; border-title-color: $foreground; border-title-style: bold;
        border-subtitle-color: $text-muted; padding: 0; scrollbar-size-vertical: 1;
    }
    HelpScreen Query { dock: top; margin: 0 1 1 1; }
    HelpScreen Lines { scrollbar-size-vertical: 1; }
    """

    def __init__(
        self,
        commands: Sequence[Command],
        support: Callable[[], Awaitable[Where]],
        *,
        places: tuple[str, ...] = (),
        catalog: Run | None = None,
        practising: Practising | None = None,
    ) -> None:
        """Explain commands, as `commands_of` gives them.

        Args:
            commands: what can be done beneath.
            support: whom the unit turns to; asked when the help is on screen.
            places: where one is, the nearest first, as `places_of` says.
            catalog: opens the catalogue of programs; None where nobody could read it.
            practising: the pages' exercises; None for none.
        """
        super().__init__()
        self._commands = commands
        self._support = support
        self._catalog = catalog
        self._practising = practising
        self._help: Help = shipped_help()
        self._pages = self._help.at(places)
        self._where: Where | None = None
        self._shown: tuple[Entry, ...] = ()
        self._is_all_pages = False

    def compose(self) -> ComposeResult:
        """Lay out the field over the lines."""
        with Vertical() as box:
            box.border_title = Content("Hjälp")
            box.border_subtitle = with_keys(KEYS, "bold")
            yield Query(id="query", placeholder="Sök: en fråga, ett ord, en feltext")
            self._shown = tuple(entries(self._commands, self._pages, self._where, self._catalog))
            yield Lines(*self._drawn(), id="lines", markup=False)

    @work
    async def on_mount(self) -> None:
        """Say whom the unit turns to, and which pages could not be read."""
        for fault in self._help.faults:
            self.app.notify(f"{fault.file}: {fault.message}", severity="warning")
        self._where = await self._support()
        if self.is_attached:
            self._show()

    def on_resize(self) -> None:
        """Wrap the lines for the width there is."""
        self._show()

    # What is shown

    @on(Input.Changed)
    def _typed(self) -> None:
        box = self.query_one(Vertical)
        box.styles.min_height = max(box.outer_size.height, 1)  # it stays where it is while the lines become few
        self._show(from_top=True)

    def _show(self, *, from_top: bool = False) -> None:
        lines = self.query_one(Lines)
        query = self.query_one(Query).value
        if query.strip():
            self._shown = tuple(found(self._help, self._commands, query))
        elif self._is_all_pages:
            self._shown = tuple(all_pages(self._help))
        else:
            self._shown = tuple(entries(self._commands, self._pages, self._where, self._catalog))
        before = None if from_top else lines.highlighted
        lines.clear_options()
        lines.add_options(self._drawn())
        first = next((at for at, one in enumerate(self._shown) if one.does), None)
        lines.highlighted = before if before is not None and before < len(self._shown) else first
        if lines.highlighted == first:
            lines.scroll_home(animate=False)

    def _drawn(self) -> list[Option]:
        column, width = column_of(self._shown), max(20, min(WIDTH, self.app.size.width) - FRAME)
        lines = []
        for at, entry in enumerate(self._shown):
            line = drawn(entry, column, width)
            parted = Content("\n") + line if at and entry.is_heading else line
            lines.append(Option(parted, disabled=not entry.does))
        return lines

    # What is done

    def action_search(self) -> None:
        """Go to the search field."""
        self.query_one(Query).focus()

    def action_lines(self) -> None:
        """Go to the lines."""
        self.query_one(Lines).focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        highlighted = self.query_one(Lines).highlighted
        if highlighted is not None and self.query_one(Query).value.strip():
            self._open(self._shown[highlighted])
        else:
            self.action_lines()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._open(self._shown[event.option_index])

    def _open(self, entry: Entry) -> None:
        article = self._help.article(entry.page) if entry.page else None
        if entry.run is not None:
            self.dismiss(entry.run)
        elif entry.page == ALL:
            self._is_all_pages = True
            self._show(from_top=True)
        elif article is not None:
            page = ArticleScreen(article, self._support, self._practising, self._help)
            self.app.push_screen(page, self._article_closed)

    def _article_closed(self, all_of_it: bool | None) -> None:
        if all_of_it:
            self.dismiss(None)

    def action_dismiss_help(self) -> None:
        """Show the lines of the place again where a search is on, or all pages stand; else close the help."""
        query = self.query_one(Query)
        if query.value or self._is_all_pages:
            self._is_all_pages, query.value = False, ""
            self._show(from_top=True)
            self.action_lines()
        else:
            self.dismiss(None)


def toggle_help(
    app: App[Any],
    support: Callable[[], Awaitable[Where]],
    catalog: Run | None = None,
    practising: Practising | None = None,
) -> None:
    """Open the help on the app's screen, or close it if it is open: what the app's F1 does."""
    if isinstance(app.screen, HelpScreen):
        app.screen.dismiss(None)
    elif isinstance(app.screen, ArticleScreen):
        app.screen.dismiss(True)
    else:
        places = places_of(app.screen_stack)
        screen = HelpScreen(commands_of(app.screen), support, places=places, catalog=catalog, practising=practising)
        app.push_screen(screen, lambda run: run() if run is not None else None)
