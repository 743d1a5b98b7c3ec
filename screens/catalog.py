"""*Programkatalogen*: all programs, those that are not open to the unit too, whom to ask and how they are had."""

import asyncio
from contextlib import suppress
from typing import ClassVar, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from screens.contracts import FollowsChanges
from screens.dialogs.controls import Lines
from screens.store_client import StoreClient
from screens.type_ahead import release_keys
from screens.widgets.cells import Ink
from screens.widgets.key_bar import KeyBar
from screens.widgets.page import Page
from screens.widgets.row import Row
from screens.widgets.row_list import RowList
from screens.widgets.title_bar import TitleBar
from screens.wording import plural
from store.foundation.clock import local_day
from store.foundation.errors import DomainError, StoreUnreachable
from store.views.catalog import CatalogProgram, program_catalog

HEADING = "Programkatalogen"
ABOUT = "Alla program som är installerade, också de som inte är öppna för enheten."
EMPTY = "Inga program är installerade."
OPEN, NOT_OPEN = Ink("✓ öppet", "done"), Ink("inte öppet", "muted")


class Programs(RowList):
    """A line for each program."""

    class Moved(Message):
        """The cursor stands on another program."""

    def move_to(self, row_id: str) -> None:
        """Put the cursor on a row, and let what tells of it know."""
        super().move_to(row_id)
        self.post_message(self.Moved())


@final
class CatalogScreen(Page[None], FollowsChanges):
    """The programs as a list, and all that is said of the cursor's."""

    AUTO_FOCUS = "#list"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    PATIENCE: ClassVar[float] = 0.2
    """Seconds for which the first frame waits for what it shows."""
    RETRY: ClassVar[float] = 1.0
    """Seconds after which a reading that found no database is tried again."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Tillbaka", id="catalog.back", tooltip="Gå tillbaka till det förra."),
    ]
    DEFAULT_CSS = """
    CatalogScreen #trouble { display: none; color: $text-error; padding: 0 1; }
    CatalogScreen.-troubled #trouble { display: block; }
    CatalogScreen #about { color: $text-muted; padding: 0 1; height: auto; }
    CatalogScreen #both { height: 1fr; border-top: solid $rule; }
    CatalogScreen VerticalScroll { scrollbar-size-vertical: 1; }
    CatalogScreen #names { height: auto; max-height: 50%; }
    CatalogScreen #told { height: 1fr; border-top: solid $rule; padding: 0 1; }
    CatalogScreen.-wide #both { layout: horizontal; }
    CatalogScreen.-wide #names { width: 48; height: 1fr; max-height: 100%; }
    CatalogScreen.-wide #told { width: 1fr; border-top: none; border-left: solid $rule; }
    CatalogScreen #text { max-width: 100; }
    """

    def __init__(self, client: StoreClient) -> None:
        super().__init__()
        self.client = client
        self._programs: tuple[CatalogProgram, ...] = ()
        self._list = Programs("list")
        self._turn = asyncio.Lock()
        self._shown = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield TitleBar(trail=("‹ Tillbaka", HEADING), practice=self.client.practice)
        yield Lines(id="trouble")
        yield Static(Content(ABOUT), id="about")
        with Container(id="both"):
            with VerticalScroll(id="names", can_focus=False):
                yield self._list
            with VerticalScroll(id="told", can_focus=False):
                yield Static(id="text", markup=False)
        yield KeyBar()

    async def on_mount(self) -> None:
        """Say who looks, and read."""
        title, actor = self.query_one(TitleBar), self.client.actor
        title.today, title.person = local_day(self.client.clock()), actor.name if actor else ""
        self.reread()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._shown.wait(), self.PATIENCE)
        self.call_after_refresh(release_keys, self.app)

    async def changed(self) -> None:
        """Read again: a program may have been opened, or the database is gone, or back."""
        self.reread()

    @work(group="read")
    async def reread(self) -> None:
        """Read and show; what stands stays where that can't be done, and why is said."""
        async with self._turn:
            trouble = await self._trouble()
        if not self.query("#trouble"):  # closed meanwhile
            return
        self.set_class(bool(trouble), "-troubled")
        self.query_one("#trouble", Lines).show([("!", Content(trouble))] if trouble else ())
        self._list.show_rows(tuple(_row(one) for one in self._programs))
        if self.focused is None and self._list.can_be_entered and self.is_current:
            self._list.focus()
        self._show_program()
        self._shown.set()

    async def _trouble(self) -> str:
        try:
            self._programs = tuple(await self.client.read(program_catalog))
        except StoreUnreachable as lost:
            self.set_timer(self.RETRY, self.reread)
            return lost.message
        except DomainError as refusal:
            return refusal.message
        return ""

    @on(Programs.Moved)
    def _show_program(self) -> None:
        shown = next((one for one in self._programs if one.program == self._list.cursor), None)
        self.query_one("#text", Static).update(_told(shown) if shown else Content(EMPTY))
        self.query_one("#told").scroll_home(animate=False)

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
