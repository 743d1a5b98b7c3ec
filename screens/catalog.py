"""*Programkatalogen*: all programs, those that are not open to the unit too, whom to ask and how they are had."""

from typing import ClassVar, final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from screens.contracts import FollowsChanges
from screens.page_reading import PageReading
from screens.page_title import page_title
from screens.reading_trouble import ReadingTrouble
from screens.store_client import StoreClient
from screens.widgets.cells import Ink
from screens.widgets.key_bar import KeyBar
from screens.widgets.list_and_text import ListAndText, TellingList
from screens.widgets.page import Page
from screens.widgets.row import Row
from screens.widgets.title_bar import TitleBar
from screens.wording import plural
from store.foundation.errors import DomainError
from store.views.catalog import CatalogProgram, program_catalog

HEADING = "Programkatalogen"
ABOUT = "Alla program som är installerade, också de som inte är öppna för enheten."
EMPTY = "Inga program är installerade."
OPEN, NOT_OPEN = Ink("✓ öppet", "done"), Ink("inte öppet", "muted")


@final
class CatalogScreen(Page[None], FollowsChanges):
    """The programs as a list, and all that is said of the cursor's."""

    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Tillbaka", id="catalog.back", tooltip="Gå tillbaka till det förra."),
    ]
    DEFAULT_CSS = """
    CatalogScreen #about { color: $text-muted; padding: 0 1; height: auto; }
    """

    def __init__(self, client: StoreClient) -> None:
        super().__init__()
        self.client = client
        self._programs: tuple[CatalogProgram, ...] = ()
        self._list = TellingList("list")
        self._reading = PageReading(self, self._read, self._show)

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield page_title(self.client, "Tillbaka", HEADING)
        yield ReadingTrouble()
        yield Static(Content(ABOUT), id="about")
        yield ListAndText(self._list)
        yield KeyBar()

    async def on_mount(self) -> None:
        """Say who looks, and read."""
        await self._reading.begin()

    async def changed(self) -> None:
        """Read again: a program may have been opened, or the database is gone, or back."""
        self._reading.ask()

    async def _read(self) -> None:
        self._programs = tuple(await self.client.read(program_catalog))

    def _show(self, refusal: DomainError | None) -> None:
        """Show what was read; what stands stays where that can't be done, and why is said."""
        self.query_one(ReadingTrouble).tell(refusal)
        self._list.show_rows(tuple(_row(one) for one in self._programs))
        self._list.take_free_focus()
        self._show_program()

    @on(TellingList.Moved)
    def _show_program(self) -> None:
        shown = next((one for one in self._programs if one.program == self._list.cursor), None)
        self.query_one(ListAndText).tell(_told(shown) if shown else Content(EMPTY))

    def action_back(self) -> None:
        """Go back to where the page was opened from."""
        self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()


def _row(program: CatalogProgram) -> Row:
    return Row(program.program, program.title, state=(OPEN if program.is_open else NOT_OPEN,))


def _told(program: CatalogProgram) -> Content:
    contact = program.contact
    facts = (
        ("Kontaktperson", contact.name),
        ("  E-post", contact.email),
        ("  Telefon", contact.phone),
        ("Utbildning", program.training_link),
        ("Rekommenderad tid", plural(program.recommended_days, "dag", "dagar")),
        ("Version", program.version),
    )
    lines = [Content(f"{name:<19}{value}") for name, value in facts if value]
    return Content("\n").join(
        [Content.styled(program.title, "bold"), Content(""), Content(program.way), Content(""), *lines]
    )
