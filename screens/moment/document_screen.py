"""A page that shows one document of a moment: a form's answers, the graph, the diary, a week, the journalunderlag."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import ClassVar, Protocol

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import ScreenResume
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from screens.contracts import FollowsChanges, ShowsResidentsSide
from screens.moment.news import GONE
from screens.moment.time_counter import TimeCounter
from screens.moment.trail import back
from screens.page_reading import PageReading
from screens.queue.position import WALK_ACTIONS, WALK_KEYS, QueuePosition
from screens.queue.walk import Walk
from screens.resident.home import look_at_side
from screens.resident.home_rows import Target
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.undo import undo_last
from screens.undo_key import UNDO_KEY
from screens.whom import Whom
from screens.widgets.key_bar import KeyBar
from screens.widgets.page import Page
from screens.widgets.title_bar import ALL_PARTS, TitleBar
from store.foundation.clock import local_day
from store.foundation.errors import DomainError, NotPermitted

OpenMoment = Callable[[str], Awaitable[str | None]]
"""Opens the resident's page over a document, until it is closed.

Takes what the document is called, for the way back to it, and returns a sentence to be said there, or None.
"""
BACK = "Tillbaka"
"""The way back from what may no longer be seen."""


class Document(Protocol):
    """What a page shows, and how that is read."""

    @property
    def title(self) -> tuple[str, ...]:
        """What is shown, in the words of the top line; empty until it is read."""

    @property
    def widgets(self) -> Iterable[Widget]:
        """The widgets that the document is shown in, from above."""

    async def read(self) -> None:
        """Read the document.

        Raises:
            DomainError: what the store refuses.
        """

    def show(self) -> None:
        """Show the document as it was read last."""


class DocumentScreen(Page[None], FollowsChanges):
    """A document, read when the page opens and again when others have changed something on the unit.

    Most lie over the resident's page. One that the queue opens by itself is given `open_moment`: then a key opens the
    resident's page over it, and the time on it is counted.
    """

    AUTO_FOCUS = "#document"
    BLANK = True  # all that is seen are its parts: its own lines needn't be made one by one
    BINDINGS: ClassVar[list[BindingType]] = [
        *WALK_KEYS,
        UNDO_KEY,
        Binding("escape", "back", "Tillbaka", id="paper.back", tooltip="Gå tillbaka dit sidan öppnades från."),
        Binding(
            "p",
            "open_moment",
            "Öppna\xa0momentet",
            id="paper.moment",
            tooltip="Öppna momentet, med invånarens telefonnummer och meddelanden.",
        ),
        Binding(
            "i",
            "residents_side",
            "Invånarens\xa0sida",
            id="paper.residents_side",
            tooltip="Se det som invånaren ser. Det går bara att läsa, och det loggas.",
        ),
    ]
    DEFAULT_CSS = """
    DocumentScreen {
        & #banner { height: auto; padding: 0 1; color: $text-error; text-style: bold; display: none; }
        & #document {
            height: 1fr; border-top: solid $rule; scrollbar-size-vertical: 1; scrollbar-gutter: stable;
        }
        & DrawnText { padding: 0 1; }
    }
    """

    def __init__(
        self,
        client: StoreClient,
        moment_id: int,
        document: Document,
        origin: str,
        *,
        whom: Whom,
        whose: str = "",
        walk: Walk | None = None,
        open_moment: OpenMoment | None = None,
    ) -> None:
        """Show a document.

        Args:
            client: the way to the store.
            moment_id: the moment that it belongs to.
            document: what is shown.
            origin: where the page was opened from, as the way back names it.
            whom: the resident and the program, as its dialogs say it.
            whose: the resident, where the way back doesn't say it.
            walk: the walk through the queue that the page is a part of, if it is.
            open_moment: opens the resident's page, where that doesn't lie under this one.
        """
        super().__init__()
        self.client = client
        self.moment_id = moment_id
        self.document = document
        self.position = QueuePosition(self, client, walk, may_close=self._may_close)
        self.time: TimeCounter | None = None
        if open_moment is not None:
            self.time = TimeCounter(
                self,
                client,
                lambda: moment_id,
                may_count=lambda: True,
                under=(ModalScreen, ShowsResidentsSide),
                saved=lambda: None,
            )
        self.whom = whom
        self._open_moment = open_moment
        self._origin = origin
        self._whose = (whose,) if whose else ()
        self._reading = PageReading(self, document.read, self._show_read)

    def compose(self) -> ComposeResult:
        """Lay out the frame with the document in it."""
        yield TitleBar(trail=self._trail, kept=ALL_PARTS, practice=self.client.practice)
        yield Static(id="banner", markup=False)
        yield from self.position.compose()
        with VerticalScroll(id="document"):
            yield from self.document.widgets
        yield KeyBar()

    async def on_mount(self) -> None:
        """Say who looks, and read. What is read soon is there in the first frame: it is laid out and painted once."""
        if self.time is not None:
            self.time.start()
        title, actor = self.query_one(TitleBar), self.client.actor
        title.today, title.person = local_day(self.client.clock()), actor.name if actor else ""
        self.position.show()
        await self._reading.begin()

    # Reading

    async def changed(self) -> None:
        """Read the document again: something on the unit has changed, or the database is gone, or back."""
        self.reread()

    def reread(self) -> None:
        """Read the document again, soon."""
        self._reading.ask()

    def _show_read(self, refusal: DomainError | None) -> None:
        """Show what was read; where that could not be done, what stands stays, and the reason is said."""
        is_gone = isinstance(refusal, NotPermitted)
        trouble = keyed(GONE) if is_gone else refusal.message if refusal is not None else ""
        banner = self.query_one("#banner", Static)
        banner.update(Content(f"! {trouble}"))
        banner.display = bool(trouble)
        self.query_one("#document").visible = not is_gone  # what one may not see any longer does not stay on screen
        self.keep_focus()
        if is_gone:
            self.query_one(TitleBar).trail = (back(BACK),)  # the way back may be the resident's name
        elif refusal is None:
            self.document.show()
            self.show_title()
            self.refresh_bindings()
        self.position.look()

    def show_title(self) -> None:
        """Say in the top line what is shown."""
        self.query_one(TitleBar).trail = self._trail

    @property
    def _trail(self) -> tuple[str, ...]:
        """The top line: the way back, whose document it is where that doesn't say it, of which program, and which."""
        return (back(self._origin), *self._whose, self.whom.program, *self.document.title)

    def show_from_top(self) -> None:
        """Read another document in this one's place, and begin at its top."""
        self.query_one("#document").scroll_home(animate=False)
        self.reread()

    # What can be done here

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what belongs to the walk, and the resident's page where it doesn't lie under this one."""
        if action in WALK_ACTIONS:
            return self.position.offers(action, parameters)
        if action == "undo":
            return self.client.has_acted
        if action == "open_moment":
            return self._open_moment is not None
        return super().check_action(action, parameters)

    def action_next_matter(self) -> None:
        """Go to the next matter of the queue."""
        self.position.advance()

    def action_handle_matter(self) -> None:
        """Handle the matter's flag."""
        self.position.handle()

    def action_claim(self, _what: str) -> None:
        """Claim the flag of the matter, or release the own claim, or take over a colleague's."""
        self.position.claim()

    def action_set_matter_aside(self) -> None:
        """Set the matter aside."""
        self.position.set_aside()

    @work(exclusive=True, group="dialog")
    async def action_undo(self) -> None:
        """Undo the last that the person did in the moment, or a message that was sent just now."""
        if await undo_last(self.app, self.client, self.moment_id, here=self.whom):
            self.reread()

    @work(exclusive=True, group="open")
    async def action_open_moment(self) -> None:
        """Open the resident's page, and read the document again when it is closed."""
        if self._open_moment is None:
            return
        name = (self._origin, *self._whose, *self.document.title)[-1]
        if sentence := await self._open_moment(name):
            self.notify(sentence)
        self.reread()

    @property
    def residents_target(self) -> Target | None:
        """What of the resident's side is about the same; None for nothing in particular."""
        return None

    def action_residents_side(self) -> None:
        """Show what the resident sees, over the document."""
        name = (self._origin, *self._whose, *self.document.title)[-1]
        self.app.push_screen(look_at_side(self.client, self.moment_id, name, self.whom, self.residents_target))

    # Closing

    async def action_back(self) -> None:
        """Go back to where the page was opened from."""
        if await self._may_close() and self.is_active:  # else the lock, say, came over it meanwhile
            self.dismiss(None)

    @on(TitleBar.Back)
    async def _back_clicked(self) -> None:
        await self.action_back()

    async def _may_close(self) -> bool:
        if self.time is not None:
            await self.time.save_at_closing()
        return True

    def on_screen_suspend(self) -> None:
        """Count time until something lies over the page."""
        if self.time is not None:
            self.time.count()

    def on_screen_resume(self, event: ScreenResume) -> None:  # noqa: ARG002
        """Close with the page that lay over this one where that was closed for the next matter."""
        self.position.resume()
