"""*Inställningar*: what is set and where that comes from; the person's own is changed here, keys by pressing them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar, NamedTuple, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from screens.dialogs.choose import Choice, ChoiceDialog
from screens.dialogs.controls import Lines
from screens.dialogs.key import KeyDialog
from screens.keymap import keys_shown
from screens.page_title import page_title
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.cells import Ink
from screens.widgets.key_bar import KeyBar
from screens.widgets.list_and_text import ListAndText, TellingList
from screens.widgets.page import Page
from screens.widgets.row import Row
from screens.widgets.title_bar import TitleBar
from store.foundation.errors import Refused

TITLE = "Inställningar"
SAVED = "Sparat i inställningsfilen."


class ShownSetting(NamedTuple):
    """A line of the page."""

    id: str
    title: str
    value: str
    place: str
    """Where the value comes from, in words."""
    about: str
    choices: tuple[tuple[str, str], ...] = ()
    """What it can be changed to here, each with its words."""
    command: str = ""
    """The command's id, where it is a key of the person's own."""


class NamedCommand(NamedTuple):
    """A command that can have another key."""

    id: str
    label: str
    keys: str
    """With commas between."""


class SettingsAccess:
    """What the page shows and changes. The file is the program's: no screen knows it."""

    @property
    @abstractmethod
    def place(self) -> str:
        """Where the file is."""

    @abstractmethod
    def lines(self) -> tuple[ShownSetting, ...]:
        """Return what is set."""

    @abstractmethod
    def faults(self) -> tuple[str, ...]:
        """Return a sentence for each thing that is wrong in the file."""

    @abstractmethod
    def change(self, name: str, value: str) -> None:
        """Change a setting in the file and here. Raises `Refused` where the file can't be changed."""

    @abstractmethod
    def commands(self) -> tuple[NamedCommand, ...]:
        """Return all commands with the keys that they have now."""

    @abstractmethod
    def fault_of(self, command: str, key: str) -> str | None:
        """Return why a command can't have a key; None where it can."""

    @abstractmethod
    def set_key(self, command: str, key: str | None) -> None:
        """Give a command a key, or its own again (None), in the file and here. Raises `Refused` as `change` does."""


@final
class SettingsScreen(Page[None]):
    """The settings as a list, and what the one that the cursor is on does."""

    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "change", "Ändra", id="settings.change", tooltip="Ändra den valda inställningen."),
        Binding(
            "b", "key", "Byt\xa0tangent", id="settings.key", tooltip="Välj ett kommando och tryck en tangent för det."
        ),
        Binding(
            "x", "own_key", "Vanlig\xa0tangent", id="settings.reset", tooltip="Ge kommandot dess vanliga tangent igen."
        ),
        Binding("escape", "back", "Tillbaka", id="settings.back", tooltip="Gå tillbaka."),
    ]
    DEFAULT_CSS = """
    SettingsScreen #trouble { color: $text-warning; padding: 0 1; height: auto; max-height: 50%; }
    SettingsScreen #about { color: $text-muted; padding: 0 1; height: auto; }
    """

    def __init__(self, client: StoreClient, access: SettingsAccess, origin: str) -> None:
        """`origin` is where it was opened from, as the way back names it."""
        super().__init__()
        self.client = client
        self._access = access
        self._origin = origin
        self._lines: tuple[ShownSetting, ...] = ()
        self._list = TellingList("list")

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield page_title(self.client, self._origin, TITLE)
        yield Lines(id="trouble")
        yield Static(Content(f"Filen: {self._access.place}"), id="about")
        yield ListAndText(self._list)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say who looks, and show what is set."""
        self._show()
        self.call_after_refresh(release_keys, self.app)

    @property
    def line(self) -> ShownSetting | None:
        """The setting that the cursor is on."""
        row = self._list.row
        return next((one for one in self._lines if row and row.id == one.id), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the setting that the cursor is on."""
        line = self.line
        if action == "change":
            return line is not None and bool(line.choices or line.command)
        if action == "own_key":
            return line is not None and bool(line.command)
        return super().check_action(action, parameters)

    def _show(self) -> None:
        self._lines = self._access.lines()
        faults = self._access.faults()
        self.query_one("#trouble", Lines).show([("!", Content(one)) for one in faults])
        self.query_one("#trouble").display = bool(faults)
        self._list.show_rows(tuple(Row(one.id, one.title, state=(Ink(one.value, "accent"),)) for one in self._lines))
        self._show_text()

    @on(TellingList.Moved)
    def _show_text(self) -> None:
        shown = self.line
        told = [f"{shown.value} ({shown.place})", shown.about] if shown else []
        title = Content.styled(shown.title if shown else "", "bold")
        self.query_one(ListAndText).tell(Content("\n\n").join([title, *map(Content, told)]))
        self.refresh_bindings()

    def action_back(self) -> None:
        """Go back to where it was opened."""
        self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()

    @work(exclusive=True, group="dialog")
    async def action_change(self) -> None:
        """Choose another value, or press another key."""
        line = self.line
        if line is None:
            return
        if line.command:
            await self._press_key(line.command)
            return
        hold_keys(self.app)
        choices = [Choice(value, words) for value, words in line.choices]
        current = next((value for value, words in line.choices if words == line.value), None)
        chosen = await self.app.push_screen_wait(ChoiceDialog(line.title, choices, whom=None, current=current))
        if chosen is not None:
            self._do(lambda: self._access.change(line.id, chosen))

    @work(exclusive=True, group="dialog")
    async def action_key(self) -> None:
        """Choose a command, and press the key that it is to have."""
        hold_keys(self.app)
        choices = [
            Choice(one.id, f"{one.label}  {keys_shown(one.keys.split(','))}", one.id) for one in self._access.commands()
        ]
        command = await self.app.push_screen_wait(ChoiceDialog("Byt tangent för", choices, whom=None))
        if command is not None:
            await self._press_key(command)

    def action_own_key(self) -> None:
        """Give the command of the cursor's line the key that it has for everybody."""
        if (line := self.line) is not None and line.command:
            self._do(lambda: self._access.set_key(line.command, None))

    async def _press_key(self, command: str) -> None:
        now = next(one for one in self._access.commands() if one.id == command)
        hold_keys(self.app)
        shown = keys_shown(now.keys.split(","))
        key = await self.app.push_screen_wait(
            KeyDialog(now.label, shown, lambda pressed: self._access.fault_of(command, pressed))
        )
        if key is not None:
            self._do(lambda: self._access.set_key(command, key))

    def _do(self, deed: Callable[[], None]) -> None:
        try:
            deed()
        except Refused as refusal:
            self.notify(refusal.message, severity="warning", markup=False)
            return
        self._show()
        self.notify(SAVED)
