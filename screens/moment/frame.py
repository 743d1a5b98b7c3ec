"""What stands around a resident's page, and how it is read: once when it opens, and again when others change it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar, Concatenate, ParamSpec, TypeVar
from uuid import UUID, uuid4

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from screens.contracts import FollowsChanges, HidesNumbers, KeepsDrafts
from screens.moment import tabs
from screens.moment.available_actions import Allowed
from screens.moment.banner import say_under
from screens.moment.flags.tab import FlagsTab
from screens.moment.manage.tab import Manage
from screens.moment.messages.tab import Messages
from screens.moment.news import news, why_gone
from screens.moment.page_state import PageState, open_page, refresh_page
from screens.moment.timeline.tab import Timeline
from screens.moment.trail import back, trail_of
from screens.queue.page import OnTheWay, WalkLine
from screens.safe_app import safe_app
from screens.store_client import LOST, StoreClient
from screens.type_ahead import release_keys
from screens.widgets.key_bar import KeyBar
from screens.widgets.tab_strip import TabStrip
from screens.widgets.title_bar import TitleBar
from store.foundation.clock import local_day
from store.foundation.errors import DomainError, NotPermitted, StoreUnreachable
from store.foundation.work import Work
from store.people.sign_in import StaffActor
from store.views.moment import MomentPage

P = ParamSpec("P")
T = TypeVar("T")


def _tab_key(key: str, tab: str) -> Binding:
    label = tabs.LABELS[tab]
    return Binding(key, f"tab('{tab}')", label, show=False, id=f"moment.{tab}", tooltip=f"Öppna fliken {label}.")


class MomentFrame(OnTheWay[str | None], FollowsChanges, HidesNumbers, KeepsDrafts):
    """The page without what can be done on it."""

    AUTO_FOCUS = ""
    PATIENCE: ClassVar[float] = 0.2
    """Seconds for which the first frame waits for what it shows."""
    BINDINGS: ClassVar[list[BindingType]] = [_tab_key(str(key), tab) for key, tab in enumerate(tabs.LABELS, 1)]
    DEFAULT_CSS = """
    MomentFrame .tab { height: 1fr; border-top: solid $rule; }
    """

    def __init__(self, client: StoreClient, moment_id: int, origin: str) -> None:
        """Show a moment; `origin` is the list that it was opened from, as the way back names it."""
        super().__init__()
        self.client = client
        self.moment_id = moment_id
        self.origin = origin
        self.state: PageState | None = None
        self.allowed = Allowed()
        self.is_gone = False
        """Whether the page may no longer be seen."""
        self._trouble = ""
        self._news = ""
        self._hide_numbers = False
        self._turn = asyncio.Lock()
        self._opened = asyncio.Event()
        self._is_reread_due = False
        self._last_focused: Widget | None = None

    def compose(self) -> ComposeResult:
        """Lay out the frame with the first tab; the others come when they are opened."""
        yield TitleBar(trail=(back(self.origin),), practice=self.client.practice)
        if self.walk is not None:
            yield WalkLine()
        yield TabStrip(tabs.items(), active=tabs.MANAGE)
        yield Manage(id=tabs.MANAGE)
        yield KeyBar()

    @property
    def page(self) -> MomentPage | None:
        """The moment, once it is read."""
        return self.state.page if self.state else None

    @property
    def manage(self) -> Manage:
        """The tab *Hantera*."""
        return self.query_one(Manage)

    @property
    def messages(self) -> Messages | None:
        """The tab *Meddelanden*, once it has been opened."""
        return next(iter(self.query(Messages)), None)

    @property
    def _later_tabs(self) -> list[Timeline | Messages | FlagsTab]:
        """The other tabs, once they have been opened."""
        return [tab for tab in self.children if isinstance(tab, Timeline | Messages | FlagsTab)]

    # Reading

    async def on_mount(self) -> None:
        """Open the moment. What is read soon is there in the first frame: it is laid out and painted once."""
        self._hide_numbers = safe_app(self.app).hide_numbers
        self.show_walk()
        self._open()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._opened.wait(), self.PATIENCE)

    @work(group="read")
    async def _open(self) -> None:
        async with self._turn:
            await self._read()
        self.set_focus(self.manage.first, scroll_visible=False)
        await self.arrive()
        self._opened.set()
        self.call_after_refresh(release_keys, self.app)

    async def arrive(self) -> None:
        """Hook: show what the page was opened for, before anything is typed on it."""

    async def changed(self) -> None:
        """Read the page again: something on the unit has changed, or the database is gone, or back.

        Returns at once. What was done on this very page is no news.
        """
        if not self._is_reread_due:
            self._is_reread_due = True
            self._reread()
        for tab in self._later_tabs:
            await tab.changed()
        self.look_at_walk()

    @work(group="read")
    async def _reread(self) -> None:
        async with self._turn:
            self._is_reread_due = False
            await self._read()

    async def masking_changed(self, hidden: bool) -> None:
        """Hide the personnummer, or show it again."""
        self._hide_numbers = hidden
        self.show_state()

    async def do(self, operation: Callable[Concatenate[Work, int, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out an operation on the moment, and show what became of it.

        Raises:
            DomainError: what the operation refuses.
        """
        return await self.carry_out(uuid4(), operation, *args, **kwargs)

    async def carry_out(
        self, command: UUID, operation: Callable[Concatenate[Work, int, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do the same as a command that may be sent again."""
        moment = self.moment_id  # this one, also where another is shown before it is this deed's turn
        async with self._turn:
            result = await self.client.carry_out(command, operation, moment, *args, **kwargs)
            self._news = ""
            await self._read(is_own_doing=True)
        return result

    async def turn_to(self, moment_id: int) -> None:
        """Show another moment in this one's place."""
        await self.keep_drafts()
        async with self._turn:
            self.moment_id, self.state, self._news = moment_id, None, ""
            self.manage.start_over()
            await self._open_tab(tabs.MANAGE)
            for tab in self._later_tabs:
                await tab.remove()
            await self._read()
        self.set_focus(self.manage.first, scroll_visible=False)

    async def _read(self, *, is_own_doing: bool = False) -> None:
        """Read the page and show it, or say why it can't be shown."""
        operation = open_page if self.state is None or self.is_gone else refresh_page
        try:
            state = await self.client.read(operation, self.moment_id)
        except NotPermitted as refusal:
            self._trouble = await why_gone(self.client, self.moment_id, self.allowed) if self.page else refusal.message
            self.is_gone, self.allowed = True, Allowed()
        except StoreUnreachable:
            self._trouble = LOST
        except DomainError as refusal:
            self._trouble = refusal.message
        else:
            self._take_up(state, is_own_doing=is_own_doing)
        if self.is_attached and not (self.is_gone and is_own_doing):
            self.show_state()

    def _take_up(self, state: PageState, *, is_own_doing: bool) -> None:
        before, self.state, page = self.page, state, state.page
        if self.is_gone:
            self._news = ""
        elif before is not None and not is_own_doing:
            self._news = news(before, page) or self._news
        self._trouble, self.is_gone = "", False
        actor = self.client.actor
        assert isinstance(actor, StaffActor)
        self.allowed = Allowed.on(page, actor)

    # Painting

    def show_state(self) -> None:
        """Show the page as it was read last, unless it is being closed."""
        if not self.query(TitleBar):
            return
        self._paint_frame()
        if self.is_gone:
            self.manage.empty()
        elif self.state is not None:
            self.manage.show(self.state, self.allowed, self.client.clock())
        for tab in self._later_tabs:
            tab.show_allowed(self.allowed)
        self.refresh_bindings()

    def _paint_frame(self) -> None:
        title = self.query_one(TitleBar)
        actor, today = self.client.actor, local_day(self.client.clock())
        title.today, title.person = today, actor.name if actor else ""
        if self.page is not None:
            title.trail = trail_of(self.page, self.origin, today, hide_numbers=self._hide_numbers)
            self.query_one(TabStrip).items = tabs.items_of(self.page)
        say_under(self.query_one(TabStrip), self._trouble or self._news, is_trouble=bool(self._trouble))

    # Tabs

    async def action_tab(self, tab: str) -> None:
        """Open a tab."""
        await self._open_tab(tab)

    @on(TabStrip.Chosen)
    async def _chosen(self, event: TabStrip.Chosen) -> None:
        event.stop()
        await self._open_tab(event.tab_id)

    async def _open_tab(self, tab: str) -> None:
        strip = self.query_one(TabStrip)
        if strip.active == tab:
            return
        if strip.active == tabs.MANAGE:
            self._last_focused = self.focused
        if strip.active == tabs.MESSAGES and self.messages is not None:
            self.messages.save_now()
        if not self.query_children(f"#{tab}"):
            await self.mount(self._made(tab), before=self.query_one(KeyBar))
        self.query_one(f"#{strip.active}").display = False
        self.query_one(f"#{tab}").display = True
        strip.active = tab
        if tab == tabs.FLAGS:
            self.query_one(FlagsTab).come_back()
        self.set_focus(self._focus_on(tab), scroll_visible=False)

    async def show_conversation(self, conversation: int) -> None:
        """Open the tab *Meddelanden* at a conversation."""
        await self._opened.wait()
        await self.open_conversation(conversation)

    async def open_conversation(self, conversation: int) -> None:
        """Do the same on a page that is opening."""
        await self._open_tab(tabs.MESSAGES)
        if self.messages is not None:
            await self.messages.open(conversation)

    # What is written

    async def keep_drafts(self) -> bool:
        """See to it that what is written outlives the page; returns whether it does."""
        return self.messages is None or await self.messages.keep_drafts()

    def on_screen_suspend(self) -> None:
        """Save what is written when something lies over the page, as the lock does."""
        if self.messages is not None:
            self.messages.save_now()

    def _made(self, tab: str) -> Widget:
        if tab == tabs.TIMELINE:
            return Timeline(self.client, self.moment_id, id=tab)
        if tab == tabs.MESSAGES:
            made = Messages(self.client, self.moment_id, self.carry_out, id=tab)
            made.goes_on, made.covers = self.answered, self.covers
            made.show_allowed(self.allowed)
            return made
        flags = FlagsTab(self.client, self.moment_id, id=tab)
        flags.show_allowed(self.allowed)
        return flags

    def _focus_on(self, tab: str) -> Widget | None:
        first = {one.id: one.first for one in self._later_tabs}
        return first.get(tab, self._last_focused)
