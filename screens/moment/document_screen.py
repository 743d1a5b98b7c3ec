"""A page of text over the resident's page: a form's answers, the graph, a diary, the journalunderlag."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.contracts import FollowsChanges
from screens.moment.news import GONE
from screens.moment.trail import back
from screens.queue.page import OnTheWay, WalkLine
from screens.store_client import LOST, StoreClient
from screens.type_ahead import release_keys
from screens.widgets.drawn_text import DrawnText
from screens.widgets.key_bar import KeyBar
from screens.widgets.title_bar import TitleBar
from store.foundation.clock import local_day
from store.foundation.errors import DomainError, NotPermitted, StoreUnreachable


class Paper(OnTheWay[None], FollowsChanges):
    """A page that is read again when others change what stands on it. Subclasses give `read` and `show_state`."""

    AUTO_FOCUS = "#paper"
    PATIENCE: ClassVar[float] = 0.2
    """Seconds for which the first frame waits for what it shows."""
    RETRY: ClassVar[float] = 1.0
    """Seconds after which a reading that found no database is tried again."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Tillbaka", id="paper.back", tooltip="Gå tillbaka dit sidan öppnades från."),
    ]
    DEFAULT_CSS = """
    Paper #banner { height: auto; padding: 0 1; color: $text-error; text-style: bold; display: none; }
    Paper #paper { height: 1fr; border-top: solid $rule; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    Paper DrawnText { padding: 0 1; }
    """

    def __init__(self, client: StoreClient, moment_id: int, trail: tuple[str, ...]) -> None:
        """Take the moment, and the words of the top line: the way back, and whose it is where that doesn't say it."""
        super().__init__()
        self.client = client
        self.moment_id = moment_id
        self.whose = trail[1:]
        """Whose it is, where the way back doesn't say it."""
        self._trail = trail
        self._turn = asyncio.Lock()
        self._shown = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield TitleBar(trail=(back(self._trail[0]), *self._trail[1:]), practice=self.client.practice)
        yield Static(id="banner", markup=False)
        if self.walk is not None:
            yield WalkLine()
        with VerticalScroll(id="paper"):
            yield from self.body()
        yield KeyBar()

    def body(self) -> Iterable[Widget]:
        """Return what the page holds."""
        yield DrawnText()

    async def read(self) -> None:
        """Read what is shown.

        Raises:
            DomainError: what the operation refuses.
        """
        raise NotImplementedError

    def show_state(self) -> None:
        """Show what was read."""
        raise NotImplementedError

    async def on_mount(self) -> None:
        """Say who looks, and read. What is read soon is there in the first frame: it is laid out and painted once."""
        title, actor = self.query_one(TitleBar), self.client.actor
        title.today, title.person = local_day(self.client.clock()), actor.name if actor else ""
        self.show_walk()
        self.reread()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._shown.wait(), self.PATIENCE)
        self.call_after_refresh(release_keys, self.app)

    async def changed(self) -> None:
        """Read it again: something on the unit has changed, or the database is gone, or back."""
        self.reread()

    @work(group="read")
    async def reread(self) -> None:
        """Read and show; what stands stays where that can't be done, and why is said."""
        async with self._turn:
            trouble = await self._trouble()
        if not self.is_attached:
            return
        banner = self.query_one("#banner", Static)
        banner.update(Content(f"! {trouble}"))
        banner.display = bool(trouble)
        self.query_one("#paper").visible = trouble != GONE  # what one may not see any longer does not stay on screen
        if not trouble:
            self.show_state()
            self.refresh_bindings()
        self._shown.set()
        self.look_at_walk()

    async def _trouble(self) -> str:
        try:
            await self.read()
        except NotPermitted:
            return GONE
        except StoreUnreachable:
            if self.is_attached:
                self.set_timer(self.RETRY, self.reread)  # the app may not have seen that it was away
            return LOST
        except DomainError as refusal:
            return refusal.message
        return ""

    def set_trail(self, *parts: str) -> None:
        """Say what the page is about now, after the way back."""
        self._trail = (self._trail[0], *parts)
        self.query_one(TitleBar).trail = (back(self._trail[0]), *parts)

    @property
    def title_words(self) -> str:
        """What the page is called, for the way back to it."""
        return self._trail[-1]

    async def action_back(self) -> None:
        """Go back."""
        if await self.may_leave():
            self.dismiss(None)

    @on(TitleBar.Back)
    async def _back_clicked(self) -> None:
        await self.action_back()
