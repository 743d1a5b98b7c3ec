"""The resident's programs: what one sees first who has several, or none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.contracts import HoldsUnsaved, ShowsResidentsSide
from screens.resident.home import HomeScreen
from screens.resident.side import Side
from screens.resident.texts import NO_PROGRAM, SIGNED_OUT
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.cells import clean
from screens.widgets.key_bar import KeyBar
from screens.widgets.option_list import OptionList
from screens.widgets.page import Page
from screens.widgets.title_bar import TitleBar
from screens.wording import plural
from store.care.moments import MomentStatus
from store.foundation.clock import local_day
from store.foundation.errors import DomainError, NotPermitted, StoreUnreachable
from store.people.residents import ResidentActor
from store.views.residents_page import ResidentsPage, own_programs

MY_PROGRAMS = "Mina program"
_STATUS = {
    MomentStatus.RUNNING: "pågår",
    MomentStatus.MAINTENANCE: "går att läsa",
    MomentStatus.ENDED: "avslutat",
}


class ProgramList(OptionList):
    """The programs, a line each."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Öppna", id="resident.open_program", tooltip="Öppna programmet."),
    ]
    DEFAULT_CSS = """
    ProgramList, ProgramList:focus {
        height: 1fr; border: none; padding: 0; background: $background; background-tint: transparent;
    }
    ProgramList > .option-list--option { padding: 0 1; }
    """


@final
class ProgramsScreen(Page[None], HoldsUnsaved, ShowsResidentsSide):
    """The programs of the one who acts. The only one that there is opens by itself."""

    BLANK = True
    about = "Dina program. {resident.open_program} öppnar ett."
    RETRY: ClassVar[float] = 1.0
    """Seconds after which a reading that found no database is tried again."""
    DEFAULT_CSS = """
    ProgramsScreen > Static { padding: 1 1; height: auto; }
    """

    def __init__(self, client: StoreClient, *, first: int | None = None) -> None:
        """Show nothing yet; `first` is the moment that is opened at once, by its id."""
        super().__init__()
        self.client = client
        self._first = first
        self.programs: tuple[ResidentsPage, ...] = ()
        self._sides: dict[int, Side] = {}
        self._has_opened = False
        self._was_shown = False

    @property
    def is_typed_in(self) -> bool:
        """Whether something stands written that is not sent, on the pages that lie over this one too."""
        return any(side.has_unsent for side in self._sides.values())

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield TitleBar(practice=self.client.practice, unit_name=MY_PROGRAMS)
        yield Static(id="about", markup=False)
        yield from self._body()
        yield KeyBar()

    def _body(self) -> Iterable[Widget]:
        yield ProgramList(id="programs")

    def on_mount(self) -> None:
        """Read the programs."""
        self.reread()

    async def changed(self) -> None:
        """Read the programs again."""
        self.reread()

    @work(exclusive=True, group="read")
    async def reread(self) -> None:
        """Read the programs and show them, or say why they can't be shown."""
        actor = self.client.actor
        if not isinstance(actor, ResidentActor):
            self._show_signed_out()
            return
        try:
            self.programs = await self.client.read(own_programs, actor.resident_id)
        except NotPermitted:
            self._show_signed_out()
            return
        except StoreUnreachable as lost:
            self._say(lost.message)
            self.set_timer(self.RETRY, self.reread)
            return
        except DomainError as refusal:
            self._say(refusal.message)
            return
        self._show(actor)
        if not self._was_shown:  # later another page may be waiting for its keys over this one
            self._was_shown = True
            release_keys(self.app)

    def _show(self, actor: ResidentActor) -> None:
        title = self.query_one(TitleBar)
        title.today, title.person = local_day(self.client.clock()), actor.name
        title.roles = ("ombud",) if actor.is_proxy else ()
        self._say("" if self.programs else NO_PROGRAM)
        found = self.query_one(ProgramList)
        here = found.highlighted
        found.clear_options()
        found.add_options(Option(_line(page)) for page in self.programs)
        if self.programs:
            found.highlighted = min(here or 0, len(self.programs) - 1)
        asked = [page for page in self.programs if page.id == self._first]
        if len(opens := asked or self.programs) == 1 and not self._has_opened and self.is_active:
            self._open(opens[0])

    def _show_signed_out(self) -> None:
        """Say that nobody acts here any longer; what one saw does not stay on screen."""
        self.programs = ()
        self.query_one(ProgramList).clear_options()
        self._say(keyed(SIGNED_OUT))

    def _say(self, sentence: str) -> None:
        about = self.query_one("#about", Static)
        about.update(Content(sentence))
        about.display = bool(sentence)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._open(self.programs[event.option_index])

    def _open(self, page: ResidentsPage) -> None:
        self._has_opened = True
        side = self._sides.setdefault(page.id, Side(self.client, page.id))
        hold_keys(self.app)
        self.app.push_screen(HomeScreen(side, MY_PROGRAMS), self._come_back)

    def _come_back(self, _: None) -> None:
        self.reread()


def _line(page: ResidentsPage) -> Content:
    new = f" · {plural(page.news, 'nyhet', 'nyheter')}" if page.news else ""
    return Content(f"{clean(page.program_title)} – {_STATUS[page.status]}{new}")
