"""*Statistik*: the unit's figures of whole months, a program at a time, with bars (domain.md §11)."""

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
from screens.widgets.key_bar import KeyBar
from screens.widgets.list_and_text import ListAndText, TellingList
from screens.widgets.page import Page
from screens.widgets.row import Row
from screens.widgets.title_bar import TitleBar
from store.care.month_counting import Month
from store.care.statistics import Statistics, counted_programs, see_statistics
from store.care.statistics_words import BAR, lines_of
from store.foundation.clock import local_day
from store.foundation.errors import DomainError, StoreUnreachable

TITLE = "Statistik"
ABOUT = "Hela månader på enheten, de senaste tolv. En månad räknas när den är slut, och ändras inte sedan."
EMPTY = "Ingen månad är räknad än. Den första räknas när den är slut."
MONTHS = 12


@final
class StatisticsScreen(Page[None], FollowsChanges):
    """The programs that have figures as a list, and the cursor's figures."""

    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "turn(1)", "Bläddra", id="statistics.on", tooltip="Bläddra nedåt bland programmets tal."),
        Binding("b", "turn(-1)", "Bläddra\xa0upp", id="statistics.up", tooltip="Bläddra uppåt bland programmets tal."),
        Binding("escape", "back", "Tillbaka", id="statistics.back", tooltip="Gå tillbaka till fliken."),
    ]
    DEFAULT_CSS = """
    StatisticsScreen #about, StatisticsScreen #empty { color: $text-muted; padding: 0 1; height: auto; }
    StatisticsScreen ListAndText.-wide #names { width: 36; }
    """

    def __init__(self, client: StoreClient, origin: str) -> None:
        """`origin` is the tab that it was opened from, as the way back names it."""
        super().__init__()
        self.client = client
        self._origin = origin
        self._found: tuple[Statistics, ...] = ()
        self._list = TellingList("list")
        self._reading = PageReading(self, self._read, self._show)

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield page_title(self.client, self._origin, TITLE)
        yield ReadingTrouble()
        yield Static(Content(ABOUT), id="about")
        yield ListAndText(self._list, above=(Static(Content(EMPTY), id="empty"),))
        yield KeyBar()

    async def on_mount(self) -> None:
        """Say who looks, and read."""
        self.query_one("#empty").display = False
        await self._reading.begin()

    async def changed(self) -> None:
        """Read again: the database is gone, or back, or a month has been counted."""
        self._reading.ask()

    async def _read(self) -> None:
        last = Month.of(local_day(self.client.clock())).after(-1)
        programs = await self.client.read(counted_programs)
        self._found = tuple(
            [
                await self.client.read(see_statistics, program, last.after(1 - MONTHS), last, is_published=False)
                for program, _ in programs
            ]
        )

    def _show(self, refusal: DomainError | None) -> None:
        """Show what was read; what stands stays while the database is away, and why is said."""
        if refusal is not None and not isinstance(refusal, StoreUnreachable):
            self._found = ()
        self.query_one(ReadingTrouble).tell(refusal)
        self._list.show_rows(tuple(Row(one.program, one.title) for one in self._found))
        self.query_one("#empty").display = refusal is None and not self._found
        self._list.take_free_focus()
        self._show_figures()

    @on(TellingList.Moved)
    def _show_figures(self) -> None:
        row = self._list.row
        shown = next((one for one in self._found if row and row.id == one.program), None)
        lines = list(lines_of(shown)) if shown else []
        self.query_one(ListAndText).tell(Content("\n").join(map(_styled, lines, [*lines[1:], ""])))

    def action_turn(self, pages: int) -> None:
        """Scroll the figures by what is seen of them at once."""
        self.query_one(ListAndText).turn(pages)

    def action_back(self) -> None:
        """Go back to the tab."""
        self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()


def _styled(line: str, following: str) -> Content:
    """Return a line of the figures: bold where what follows belongs under it, its bar weaker than its number."""
    if line.startswith(" "):
        number = line.rstrip(BAR)
        return Content.assemble(number, (line[len(number) :], "$rule"))
    return Content.styled(line, "bold" if following.startswith(" ") else "")
