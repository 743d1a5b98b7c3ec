"""What the pages of the resident's side have in common: the frame, the reading, and the way back."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from screens.contracts import FollowsChanges, HoldsUnsaved
from screens.page_reading import PageReading
from screens.resident.side import Side
from screens.resident.texts import GONE, LOOKING
from screens.shown_keys import keyed
from screens.widgets.key_bar import KeyBar
from screens.widgets.page import Page
from screens.widgets.title_bar import ALL_PARTS, TitleBar
from store.foundation.clock import local_day
from store.foundation.errors import DomainError, NotPermitted
from store.people.residents import ResidentActor


class SideScreen(Page[None], FollowsChanges, HoldsUnsaved):
    """A page, read when it opens and again when something has changed. Subclasses give `body`, `read` and `show`."""

    BLANK = True
    ABOUT: ClassVar[str]
    """What the help says of the page."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Tillbaka", id="resident.back", tooltip="Gå tillbaka dit du kom från."),
    ]
    DEFAULT_CSS = """
    SideScreen {
        & #looking { height: auto; padding: 0 1; background: $panel; color: $text-warning; text-style: bold; }
        & #banner { height: auto; padding: 0 1; color: $text-error; text-style: bold; display: none; }
        & .words { height: auto; padding: 0 1; }
        & .muted { color: $text-muted; }
        & #side { height: 1fr; border-top: solid $rule; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    }
    """

    def __init__(self, side: Side, origin: str) -> None:
        """`origin` is where the page was opened from, as the way back names it; empty where there is none."""
        super().__init__()
        self.side = side
        self.origin = origin
        self._reading = PageReading(self, self.read, self._show_read)
        self._later: Timer | None = None
        self._says_state = False

    # What a page gives

    @property
    @abstractmethod
    def heading(self) -> tuple[str, ...]:
        """What is shown, in the words of the top line."""

    @abstractmethod
    def body(self) -> Iterable[Widget]:
        """Return the widgets between the top line and the keys."""

    @abstractmethod
    async def read(self) -> None:
        """Read what the page shows.

        Raises:
            DomainError: what the store refuses.
        """

    @abstractmethod
    def show(self) -> None:
        """Show what was read last."""

    def next_at(self) -> int | None:
        """Return when it is to be read again though nobody changes anything (UTC milliseconds), None for never."""
        return None

    @property
    def is_typed_in(self) -> bool:
        """Whether something stands written, here or on another page, that is not sent."""
        return self.side.has_unsent

    # The frame

    def compose(self) -> ComposeResult:
        """Lay out the frame with the page's own parts in it."""
        yield TitleBar(kept=ALL_PARTS, practice=self.side.client.practice)
        if self.side.only_looks:
            yield Static(Content(LOOKING), id="looking")
        yield Static(id="banner", markup=False)
        yield from self.body()
        yield KeyBar()

    async def on_mount(self) -> None:
        """Read. What is read soon is there in the first frame."""
        self._show_title()
        await self._reading.begin()

    def _show_title(self) -> None:
        title, actor, whom = self.query_one(TitleBar), self.side.client.actor, self.side.looked_at
        title.today = local_day(self.side.client.clock())
        title.person = actor.name if actor else ""
        if isinstance(actor, ResidentActor) and actor.is_proxy:
            title.roles = ("ombud",)
        back = (f"‹ {self.origin}",) if self.origin else ()
        about = (whom.name, whom.program) if whom else ()
        if back:
            title.trail = (*back, *about, *self.heading)
        else:
            title.unit_name = " · ".join(self.heading)

    # Reading

    async def changed(self) -> None:
        """Read the page again: something has changed, or the database is gone, or back."""
        self.reread()

    def reread(self) -> None:
        """Read the page again, soon."""
        self._reading.ask()

    def _show_read(self, refusal: DomainError | None) -> None:
        """Show what was read; where that could not be done, what stands stays, and the reason is said."""
        is_gone = isinstance(refusal, NotPermitted)
        self.say_state(keyed(GONE) if is_gone else refusal.message if refusal is not None else "")
        for part in self.query(".side"):
            part.visible = not is_gone  # what may not be seen any longer does not stay on screen
        if refusal is None:
            self.show()
            self._show_title()
            self._plan_next()
            self.refresh_bindings()
        self.keep_focus()

    def come_back(self, _: None) -> None:
        """Read the page again: one that lay over it is closed."""
        self.reread()

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

    def _plan_next(self) -> None:
        if self._later is not None:
            self._later.stop()
            self._later = None
        due = self.next_at()
        if due is not None:
            seconds = max(0.1, (due - self.side.client.clock()) / 1000)
            self._later = self.set_timer(seconds, self.reread)

    # Closing

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way back where there is one."""
        if action == "back":
            return bool(self.origin)
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Go back to where the page was opened from."""
        if self.origin and self.is_active:
            self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()
