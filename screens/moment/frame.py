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
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from screens.moment import tabs
from screens.moment.allowed import Allowed
from screens.moment.manage import Manage
from screens.moment.messages import Messages
from screens.moment.news import GONE, news
from screens.moment.timeline import Timeline
from screens.moment.trail import back, trail_of
from screens.seam import LOST, Seam
from screens.type_ahead import release_keys
from screens.widgets.key_bar import KeyBar
from screens.widgets.tab_strip import TabStrip
from screens.widgets.title_bar import TitleBar
from store.foundation.clock import local_day
from store.foundation.errors import DomainError, NotPermitted, StoreUnreachable
from store.foundation.work import Work
from store.people.sign_in import StaffActor
from store.views.moment import MomentPage, open_moment, refresh_moment

P = ParamSpec("P")
T = TypeVar("T")


def _tab_key(key: str, tab: str) -> Binding:
    label = tabs.LABELS[tab]
    return Binding(key, f"tab('{tab}')", label, show=False, id=f"moment.{tab}", tooltip=f"Öppna fliken {label}.")


class MomentFrame(Screen[str | None]):
    """The page without what can be done on it."""

    AUTO_FOCUS = ""
    PATIENCE: ClassVar[float] = 0.2
    """Seconds for which the first frame waits for what it shows."""
    BINDINGS: ClassVar[list[BindingType]] = [_tab_key(str(key), tab) for key, tab in enumerate(tabs.LABELS, 1)]
    DEFAULT_CSS = """
    MomentFrame #banner { height: auto; padding: 0 1; color: $text-warning; text-style: bold; }
    MomentFrame #banner.-trouble { color: $text-error; }
    MomentFrame .tab { height: 1fr; border-top: solid $rule; }
    MomentFrame .later { padding: 1 2; color: $text-muted; }
    """

    def __init__(self, seam: Seam, moment_id: int, origin: str) -> None:
        """Show a moment; `origin` is the list that it was opened from, as the way back names it."""
        super().__init__()
        self.seam = seam
        self.moment_id = moment_id
        self.origin = origin
        self.page: MomentPage | None = None
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
        yield TitleBar(trail=(back(self.origin),), practice=self.seam.practice)
        yield TabStrip(tabs.items(0), active=tabs.MANAGE)
        yield Manage(id=tabs.MANAGE)
        yield KeyBar()

    @property
    def manage(self) -> Manage:
        """The tab *Hantera*."""
        return self.query_one(Manage)

    @property
    def messages(self) -> Messages | None:
        """The tab *Meddelanden*, once it has been opened."""
        return next(iter(self.query(Messages)), None)

    # Reading

    async def on_mount(self) -> None:
        """Open the moment. What is read soon is there in the first frame: it is laid out and painted once."""
        self._hide_numbers = bool(getattr(self.app, "hide_numbers", False))
        self._open()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._opened.wait(), self.PATIENCE)

    @work(group="read")
    async def _open(self) -> None:
        async with self._turn:
            await self._read()
        self.set_focus(self.manage.first, scroll_visible=False)
        self._opened.set()
        self.call_after_refresh(release_keys, self.app)

    async def changed(self) -> None:
        """Read the page again: something on the unit has changed, or the database is gone, or back.

        Returns at once. What was done on this very page is no news.
        """
        if not self._is_reread_due:
            self._is_reread_due = True
            self._reread()
        for timeline in self.query(Timeline):
            await timeline.changed()
        if self.messages is not None:
            await self.messages.changed()

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
            result = await self.seam.carry_out(command, operation, moment, *args, **kwargs)
            self._news = ""
            await self._read(is_own_doing=True)
        return result

    async def turn_to(self, moment_id: int) -> None:
        """Show another moment in this one's place."""
        await self.keep_drafts()
        async with self._turn:
            self.moment_id, self.page, self._news = moment_id, None, ""
            self.manage.start_over()
            await self._open_tab(tabs.MANAGE)
            await self.query(Timeline).remove()
            await self.query(Messages).remove()
            await self._read()
        self.set_focus(self.manage.first, scroll_visible=False)

    async def _read(self, *, is_own_doing: bool = False) -> None:
        """Read the page and show it, or say why it can't be shown."""
        operation = open_moment if self.page is None or self.is_gone else refresh_moment
        try:
            page = await self.seam.read(operation, self.moment_id)
        except NotPermitted as refusal:
            self._trouble = GONE if self.page else refusal.message
            self.is_gone, self.allowed = True, Allowed()
        except StoreUnreachable:
            self._trouble = LOST
        except DomainError as refusal:
            self._trouble = refusal.message
        else:
            self._take_up(page, is_own_doing=is_own_doing)
        if self.is_attached and not (self.is_gone and is_own_doing):
            self.show_state()

    def _take_up(self, page: MomentPage, *, is_own_doing: bool) -> None:
        before, self.page = self.page, page
        if self.is_gone:
            self._news = ""
        elif before is not None and not is_own_doing:
            self._news = news(before, page) or self._news
        self._trouble, self.is_gone = "", False
        actor = self.seam.actor
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
        elif self.page is not None:
            self.manage.show(self.page, self.allowed, self.seam.clock())
        if self.messages is not None:
            self.messages.show_allowed(self.allowed)
        self.refresh_bindings()

    def _paint_frame(self) -> None:
        title = self.query_one(TitleBar)
        actor, today = self.seam.actor, local_day(self.seam.clock())
        title.today, title.person = today, actor.name if actor else ""
        if self.page is not None:
            title.trail = trail_of(self.page, self.origin, today, hide_numbers=self._hide_numbers)
            self.query_one(TabStrip).items = tabs.items(self.page.unread_messages)
        self._paint_banner(self._trouble or self._news)

    def _paint_banner(self, said: str) -> None:
        """Say something over the tab; the line is made when there is first something to say."""
        banner = next(iter(self.query("#banner").results(Static)), None)
        if banner is None:
            if not said:
                return
            banner = Static(id="banner", markup=False)
            self.mount(banner, after=self.query_one(TabStrip))
        banner.update(Content(said and f"! {said}"))
        banner.display = bool(said)
        banner.set_class(bool(self._trouble), "-trouble")

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
        self.set_focus(self._focus_on(tab), scroll_visible=False)

    async def show_conversation(self, conversation: int) -> None:
        """Open the tab *Meddelanden* at a conversation."""
        await self._opened.wait()
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
            return Timeline(self.seam, self.moment_id, id=tab)
        if tab == tabs.MESSAGES:
            made = Messages(self.seam, self.moment_id, self.carry_out, id=tab)
            made.show_allowed(self.allowed)
            return made
        return Static(Content(tabs.LATER[tab]), id=tab, classes="tab later")

    def _focus_on(self, tab: str) -> Widget | None:
        if tab == tabs.TIMELINE:
            return self.query_one(Timeline).rows
        if self.messages is not None and tab == tabs.MESSAGES:
            return self.messages.talks
        return self._last_focused if tab == tabs.MANAGE else None
