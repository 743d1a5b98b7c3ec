"""*Meddelandemallar*: the texts that a unit, or a person, has ready for messages."""

from collections.abc import Sequence
from typing import ClassVar, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from screens.contracts import FollowsChanges
from screens.dialogs.info import InfoDialog
from screens.dialogs.template import RemoveTemplateDialog, TemplateDialog, TemplateText
from screens.page_reading import PageReading
from screens.page_title import page_title
from screens.reading_trouble import ReadingTrouble
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys
from screens.widgets.cells import Ink
from screens.widgets.key_bar import KeyBar
from screens.widgets.list_and_text import ListAndText, TellingList
from screens.widgets.page import Page
from screens.widgets.row import Row
from screens.widgets.title_bar import TitleBar
from store.care.templates import (
    Template,
    remove_own_template,
    remove_unit_template,
    save_own_template,
    save_unit_template,
    templates,
)
from store.foundation.errors import DomainError, StoreUnreachable

TITLE = "Meddelandemallar"
UNITS = "enhetens"
EMPTY = "Inga mallar än. Tryck {templates.add} för att skriva en."


@final
class TemplatesScreen(Page[None], FollowsChanges):
    """The templates as a list, and what stands in the one that the cursor is on."""

    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "change", "Ändra", id="templates.change", tooltip="Ändra den valda mallen."),
        Binding("enter", "look", "Läs", id="templates.look", tooltip="Läs hela texten i den valda mallen."),
        Binding("n", "add", "Ny mall", id="templates.add", tooltip="Skriv en ny mall."),
        Binding("x", "remove", "Ta bort", id="templates.remove", tooltip="Ta bort den valda mallen; du får en fråga."),
        Binding("escape", "back", "Tillbaka", id="templates.back", tooltip="Gå tillbaka till fliken."),
    ]
    DEFAULT_CSS = """
    TemplatesScreen #about, TemplatesScreen #empty { color: $text-muted; padding: 0 1; height: auto; }
    """

    def __init__(self, client: StoreClient, origin: str, *, of_unit: bool = False) -> None:
        """`origin` is the tab that it was opened from, as the way back names it; `of_unit`: not one's own templates."""
        super().__init__()
        self.client = client
        self._origin = origin
        self._of_unit = of_unit
        self._templates: tuple[Template, ...] = ()
        self._is_read = False
        self._list = TellingList("list")
        self._reading = PageReading(self, self._read, self._show)

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield page_title(self.client, self._origin, TITLE)
        yield ReadingTrouble()
        yield Static(Content(_about(self._of_unit)), id="about")
        yield ListAndText(self._list, above=(Static(Content(keyed(EMPTY)), id="empty"),))
        yield KeyBar()

    async def on_mount(self) -> None:
        """Say who looks, and read."""
        self.query_one("#empty").display = False
        await self._reading.begin()

    @property
    def template(self) -> Template | None:
        """The template that the cursor is on."""
        row = self._list.row
        return next((one for one in self._templates if row and row.id == str(one.id)), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the template that the cursor is on."""
        if action in ("change", "remove"):
            return self._may_change
        if action == "look":
            return self.template is not None and not self._may_change
        if action == "add":
            return self._is_read
        return super().check_action(action, parameters)

    # Reading

    async def changed(self) -> None:
        """Read again: something on the unit has changed, or the database is gone, or back."""
        self._reading.ask()

    async def _read(self) -> None:
        found = await self.client.read(templates)
        self._templates = tuple(one for one in found if one.is_units or not self._of_unit)
        self._is_read = True

    def _show(self, refusal: DomainError | None) -> None:
        """Show what was read; what stands stays while the database is away, and why is said."""
        if refusal is not None and not isinstance(refusal, StoreUnreachable):
            self._templates, self._is_read = (), False
        self.query_one(ReadingTrouble).tell(refusal)
        self._show_templates()

    def _show_templates(self) -> None:
        self._list.show_rows(tuple(_row(one, marked=not self._of_unit) for one in self._templates))
        self.query_one("#empty").display = self._is_read and not self._templates
        self._list.take_free_focus()
        self._show_text()

    @on(TellingList.Moved)
    def _show_text(self) -> None:
        shown = self.template
        lines = (Content.styled(shown.title, "bold"), Content(shown.text)) if shown else ()
        self.query_one(ListAndText).tell(Content("\n\n").join(lines))
        self.refresh_bindings()

    # What is done with a template

    @property
    def _may_change(self) -> bool:
        return self.template is not None and self.template.is_units == self._of_unit

    def action_back(self) -> None:
        """Go back to the tab."""
        self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()

    def action_look(self) -> None:
        """Read the whole of a text that is not one's own to change."""
        if (shown := self.template) is not None:
            self.app.push_screen(InfoDialog(shown.title, shown.text, whom=None))

    def action_add(self) -> None:
        """Write a new template."""
        self._write("Ny mall", None)

    def action_change(self) -> None:
        """Change the template that the cursor is on."""
        self._write("Ändra mallen", self.template)

    @work(exclusive=True, group="dialog")
    async def _write(self, heading: str, template: Template | None) -> None:
        hold_keys(self.app)
        save = save_unit_template if self._of_unit else save_own_template
        changed = template.id if template else None

        async def perform(written: TemplateText, confirmed: bool) -> int:
            title, text = written.title, written.text
            return await self.client.write(save, title, text, template=changed, seen=template, confirmed=confirmed)

        done = await self.app.push_screen_wait(TemplateDialog(heading, perform, template))
        if done is not None:
            self._list.move_to(str(done.value))  # it comes with the next reading
            self._reading.ask()
            self.notify("Mallen är sparad.")

    @work(exclusive=True, group="dialog")
    async def action_remove(self) -> None:
        """Take the one that the cursor is on away, after a question."""
        template = self.template
        if template is None:
            return
        hold_keys(self.app)
        remove = remove_unit_template if self._of_unit else remove_own_template

        async def perform(_value: bool, _confirmed: bool) -> None:
            await self.client.write(remove, template.id)

        if await self.app.push_screen_wait(RemoveTemplateDialog(template, perform)) is not None:
            self._reading.ask()
            self.notify("Mallen är borttagen.")


def _row(template: Template, *, marked: bool) -> Row:
    state: Sequence[Ink] = (Ink(UNITS, "muted"),) if template.is_units and marked else ()
    return Row(str(template.id), template.title, state=tuple(state))


def _about(of_unit: bool) -> str:
    if of_unit:
        return "Enhetens mallar kan användas av alla som skriver meddelanden till invånare på enheten."
    return "Egna mallar ser bara du. Enhetens mallar skrivs av enhetens behörighetsadministratör."
