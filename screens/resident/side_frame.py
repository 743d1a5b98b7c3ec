"""The frame of a page on the resident's side: the top line, what is said over the page, and the way back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from screens.page_reading import PageReading
from screens.resident.side import Side
from screens.resident.texts import GONE, KEPT, LOOKING
from screens.shown_keys import keyed
from screens.widgets.key_bar import KeyBar
from screens.widgets.page import Page
from screens.widgets.title_bar import ALL_PARTS, TitleBar
from store.foundation.clock import local_day
from store.foundation.errors import DomainError, NotPermitted
from store.people.residents import ResidentActor

BACK = Binding("escape", "back", "Tillbaka", id="resident.back", tooltip="Gå tillbaka dit du kom från.")
"""The key of every page with a frame; its action is the page's own."""


class SideFrame(Widget):
    """All of a page: its own widgets between the top line and the keys.

    The page is read when it opens, and again when it is asked to or is due. What of it may no longer be seen is hidden:
    its widgets of the class `side`.
    """

    BLANK = True  # all that is seen are its parts
    DEFAULT_CSS = """
    SideFrame {
        layout: vertical; height: 100%; overflow-y: auto;
        & #looking { height: auto; padding: 0 1; background: $panel; color: $text-warning; text-style: bold; }
        & #banner { height: auto; padding: 0 1; color: $text-error; text-style: bold; display: none; }
        & .words { height: auto; padding: 0 1; }
        & .muted { color: $text-muted; }
        & #side { height: 1fr; border-top: solid $rule; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    }
    """

    def __init__(
        self,
        page: Page[None],
        side: Side,
        origin: str,
        *,
        heading: Callable[[], str],
        read: Callable[[], Awaitable[None]],
        show: Callable[[], None],
        next_at: Callable[[], int | None] = lambda: None,
        is_written: Callable[[], bool] = lambda: False,
    ) -> None:
        """Frame a page.

        Args:
            page: the page.
            side: the moment's side that it belongs to.
            origin: where the page was opened from, as the way back names it.
            heading: returns what is shown, in the words of the top line; empty until that is read.
            read: reads what the page shows; raises `DomainError` where the store refuses.
            show: shows what was read last.
            next_at: returns when it is to be read again though nobody changes anything (UTC milliseconds), None for
                never.
            is_written: returns whether something stands written on the page that is kept, but not sent.
        """
        super().__init__()
        self._page = page
        self._side = side
        self._origin = origin
        self._heading = heading
        self._show = show
        self._next_at = next_at
        self._is_written = is_written
        self._reading = PageReading(page, read, self._show_read)
        self._parts: tuple[Widget, ...] = ()
        self._later: Timer | None = None
        self._says_state = False

    def around(self, *parts: Widget) -> SideFrame:
        """Return the frame with the page's own widgets in it, from above."""
        self._parts = parts
        return self

    def compose(self) -> ComposeResult:
        """Lay out the frame with the page's own widgets in it."""
        yield TitleBar(kept=ALL_PARTS, practice=self._side.client.practice)
        if self._side.only_looks:
            yield Static(Content(LOOKING), id="looking")
        yield Static(id="banner", markup=False)
        yield from self._parts
        yield KeyBar()

    async def on_mount(self) -> None:
        """Read. What is read soon is there in the first frame."""
        self._show_title()
        await self._reading.begin()

    def _show_title(self) -> None:
        title, actor, whom = self.query_one(TitleBar), self._side.client.actor, self._side.looked_at
        title.today = local_day(self._side.client.clock())
        title.person = actor.name if actor else ""
        if isinstance(actor, ResidentActor) and actor.is_proxy:
            title.roles = ("ombud",)
        about = (whom.name, whom.program) if whom else ()
        title.trail = (f"‹ {self._origin}", *about, *filter(None, (self._heading(),)))

    # Reading

    def reread(self) -> None:
        """Read the page again, soon."""
        self._reading.ask()

    def come_back(self, _: None) -> None:
        """Read the page again: one that lay over it is closed."""
        self.reread()

    def _show_read(self, refusal: DomainError | None) -> None:
        """Show what was read; where that could not be done, what stands stays, and the reason is said."""
        is_gone = isinstance(refusal, NotPermitted)
        self.say_state(keyed(GONE) if is_gone else refusal.message if refusal is not None else "")
        for part in self.query(".side"):
            part.visible = not is_gone  # what may not be seen any longer does not stay on screen
        if refusal is None:
            self._show()
            self._show_title()
            self._plan_next()
            self._page.refresh_bindings()
        self._page.keep_focus()

    def _plan_next(self) -> None:
        if self._later is not None:
            self._later.stop()
            self._later = None
        due = self._next_at()
        if due is not None:
            seconds = max(0.1, (due - self._side.client.clock()) / 1000)
            self._later = self.set_timer(seconds, self.reread)

    # What is said over the page

    def say(self, sentence: str) -> None:
        """Say over the page what was wrong with what was done; it stands, whatever is read, until more is said."""
        self._says_state = False
        self._show_banner(sentence)

    def say_state(self, sentence: str) -> None:
        """Say over the page what can't be done as things are; an empty sentence takes away what this has said."""
        if sentence or self._says_state:
            self._says_state = bool(sentence)
            self._show_banner(sentence)

    def _show_banner(self, sentence: str) -> None:
        banner = self.query_one("#banner", Static)
        banner.update(Content(f"! {sentence}"))
        banner.display = bool(sentence)

    # Closing

    @on(TitleBar.Back)
    def leave(self) -> None:
        """Go back to where the page was opened from; what is written is kept, and that is said."""
        if self._is_written():
            self._page.notify(KEPT)
        if self._page.is_active:
            self._page.dismiss(None)
