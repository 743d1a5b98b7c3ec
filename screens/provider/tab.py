"""*Vårdgivare*: the units, which programs each has, who administers them, and what holds for all (domain.md §7)."""

from typing import ClassVar, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from screens.contracts import TabContent
from screens.dialogs.controls import Lines
from screens.dialogs.info import InfoDialog
from screens.list_trouble import ListTrouble
from screens.provider.actions import add, describe_unit, settings, switch_program
from screens.provider.rows import Line, ProviderRow, ProviderSource, above_words, columns_for, described, told
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.tab_actions import TabActions
from screens.widgets.paged_list import PagedList
from store.views.provider import ProviderUnit

NO_UNITS = "Inga enheter än. Tryck {provider.add} för att lägga till en."
NO_PROGRAMS = "Inga program är installerade. Installera ett med sob program installera DIR."
WIDE = 120
"""Columns of the screen from which the cursor's row is described beside the list."""


class ProviderList(PagedList[ProviderRow]):
    """The units, or the programs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Visa", id="provider.open", tooltip="Visa allt om den valda raden."),
    ]


@final
class ProviderTab(Vertical, TabContent):
    """The units or the programs, with what should be thought of above, and the cursor's row beside or under."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "p",
            "program",
            "Öppna/stäng\xa0program",
            id="provider.program",
            tooltip="Öppna ett program för en enhet, eller stäng det. Det som pågår fortsätter.",
        ),
        Binding("n", "add", "Ny\xa0enhet", id="provider.add", tooltip="Lägg till en enhet, med HSA-id och namn."),
        Binding(
            "b",
            "describe",
            "Namn\xa0och\xa0kontakt",
            id="provider.describe",
            tooltip="Ändra den valda enhetens namn, eller vem ni vänder er till där.",
        ),
        Binding("f", "switch(True)", "Per\xa0program", id="provider.programs", tooltip="Visa en rad per program."),
        Binding("f", "switch(False)", "Per\xa0enhet", id="provider.units", tooltip="Visa en rad per enhet."),
        Binding(
            "s",
            "settings",
            "Inställningar",
            id="provider.settings",
            tooltip="Ändra gallringsbeslut, avtal, loggtid och det andra som gäller alla enheter.",
        ),
    ]
    DEFAULT_CSS = """
    ProviderTab { height: 1fr; }
    ProviderTab > #above { padding: 0 1; max-height: 6; margin: 0 0 1 0; }
    ProviderTab > #both { height: 1fr; }
    ProviderTab ProviderList { width: 1fr; height: 1fr; }
    ProviderTab #detail {
        display: none; width: 50; height: 1fr; padding: 0 1; border-left: solid $rule; scrollbar-size-vertical: 1;
    }
    ProviderTab #told { height: auto; max-height: 40vh; padding: 0 1; border-top: solid $rule; color: $text-muted; }
    ProviderTab.-wide #detail { display: block; }
    ProviderTab.-wide #told { display: none; }
    """
    LOOK_AGAIN: ClassVar[float] = 30.0
    """Seconds after which it is read again: no change number tells of moments that were begun or ended."""

    def __init__(self, client: StoreClient, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.client = client
        self._source = ProviderSource(client)
        self._trouble = ListTrouble()
        self._actions = TabActions(self, self.changed)

    def compose(self) -> ComposeResult:
        """Lay out what should be thought of, and under it the rows, beside or over what there is to know of one."""
        yield self._trouble
        yield Lines(id="above")
        with Horizontal(id="both"):
            yield ProviderList(
                columns_for(by_program=False), self._source, fetch=self.client.run, empty=keyed(NO_UNITS)
            )
            with VerticalScroll(id="detail", can_focus=False):
                yield Lines(id="about")
        yield Static(id="told", markup=False)

    def on_mount(self) -> None:
        """Read now and then again."""
        self.set_interval(self.LOOK_AGAIN, self.changed)

    @property
    def rows(self) -> ProviderList:
        """The list of units, or of programs."""
        return self.query_one(ProviderList)

    @property
    def line(self) -> Line | None:
        """The cursor's unit or program."""
        return self.rows.row.value if self.query(ProviderList) and self.rows.row else None

    # What the owner asks

    def enter(self) -> None:
        """Take the focus."""
        self.rows.focus()

    async def changed(self) -> None:
        """Read it again: something has changed, or the database is gone, or back. The cursor stays on its row."""
        if self.query(ProviderList):  # the tab may be closing
            self.rows.refresh_rows()

    def on_resize(self, _event: Resize) -> None:
        """Describe the cursor's row where there is room."""
        self.set_class(self.app.size.width >= WIDE, "-wide")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the cursor's row, and the rows that are not shown."""
        if action == "switch":
            return parameters[0] is not self._source.by_program
        if action == "describe":
            return isinstance(self.line, ProviderUnit)
        if action == "settings":
            return self._source.settings is not None
        return self.line is not None if action == "program" else super().check_action(action, parameters)

    # Reading

    @on(PagedList.Loaded)
    def _loaded(self, event: PagedList.Loaded) -> None:
        event.stop()
        self._trouble.clear()
        self.query_one("#above", Lines).show(list(above_words(self._source)))
        self._show_line()

    @on(PagedList.Highlighted)
    def _moved(self, event: PagedList.Highlighted) -> None:
        event.stop()
        self._show_line()

    @on(PagedList.Failed)
    def _failed(self, event: PagedList.Failed) -> None:
        event.stop()
        self._trouble.tell(event.error, self.rows)

    def _show_line(self) -> None:
        line = self.line
        self.query_one("#about", Lines).show(described(line) if line else ())
        self.query_one("#told", Static).update(told(line) if line else Content(""))
        self.refresh_bindings()

    # What is done

    def action_switch(self, by_program: bool) -> None:
        """Show a row for each program, or for each unit."""
        old = self._source
        self._source = ProviderSource(self.client, by_program=by_program, settings=old.settings, known=old.provided)
        self.rows.set_columns(columns_for(by_program=by_program))
        self.rows.set_source(self._source, empty=keyed(NO_PROGRAMS if by_program else NO_UNITS))
        self.refresh_bindings()

    @on(PagedList.Opened)
    @work(exclusive=True, group="dialog")
    async def _opened(self, event: PagedList.Opened) -> None:
        event.stop()
        if self.line is not None:
            heading = self.line.name if isinstance(self.line, ProviderUnit) else self.line.title
            text = "\n".join(f"{mark} {words}".lstrip() for mark, words in described(self.line))
            await self.app.push_screen_wait(InfoDialog(heading, text, whom=None))

    def action_program(self) -> None:
        """Open or close a program: of those that there are for the cursor's unit, or for one of the units."""
        if self.line is not None:
            self._actions.begin(lambda: switch_program(self.app, self.client, self._source, self.line))

    def action_add(self) -> None:
        """Add a unit."""
        self._actions.begin(lambda: add(self.app, self.client))

    def action_describe(self) -> None:
        """Change name and contact of the cursor's unit."""
        unit = self.line
        if isinstance(unit, ProviderUnit):
            self._actions.begin(lambda: describe_unit(self.app, self.client, unit))

    def action_settings(self) -> None:
        """Change what is decided for all units."""
        held = self._source.settings
        if held is not None:
            self._actions.begin(lambda: settings(self.app, self.client, held))
