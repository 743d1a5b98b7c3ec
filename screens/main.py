"""The top level: whose work, on which unit, and the tabs that the roles open."""

import asyncio
from contextlib import suppress
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static

from screens.lists import MomentList
from screens.seam import LOST, Seam
from screens.tab_page import TabPage
from screens.tabs import POSSIBLE, TopTab, first_tab, tabs_for
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.key_bar import KeyBar
from screens.widgets.tab_strip import TabItem, TabStrip
from screens.widgets.title_bar import TitleBar
from store.foundation.access import Role
from store.foundation.clock import local_day
from store.foundation.errors import DomainError, StoreUnreachable
from store.people.sign_in import StaffActor
from store.views.lists import Tab

PATIENCE_SECONDS = 0.2
"""How long the first painting of a list waits for its rows: with them it is laid out and painted once."""

RETRY_SECONDS = 1.0
"""How long after a failed reading it is tried again."""


class MainScreen(Screen[None]):
    """The lists and the other tabs of the top level."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                *(str(key), f"tab({key}, '{tab.id}')", tab.label),
                show=False,
                id=f"main.{tab.id}.{key}",
                tooltip=f"Öppna fliken {tab.label}.",
            )
            for key, tab in POSSIBLE
        ),
        Binding(
            *("m", "search_messages", "Sök\xa0i\xa0meddelanden"),
            id="list.search_messages",
            tooltip="Sök i alla meddelanden till och från dina invånare.",
        ),
    ]
    DEFAULT_CSS = """
    MainScreen > TabStrip { margin: 0 0 1 0; }
    MainScreen > ContentSwitcher { height: 1fr; }
    MainScreen #lost { height: auto; display: none; color: $text-error; padding: 0 1; }
    MainScreen #lost.-shown { display: block; }
    MainScreen .later { padding: 1 2; color: $text-muted; }
    """

    def __init__(self, seam: Seam) -> None:
        """Show the frame at once; what the roles open comes with `signed_in`."""
        super().__init__()
        self._seam = seam
        self._tabs: dict[int, TopTab] = {}
        self._counts: dict[str, int] = {}
        self._answered = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield TitleBar(practice=self._seam.practice, id="title")
        yield TabStrip((), id="tabs")
        yield Static(Content(LOST), id="lost")
        yield ContentSwitcher(id="content")
        yield KeyBar()

    @property
    def open_tab(self) -> TopTab | None:
        """The tab that is open; None before somebody is signed in."""
        shown = self.query_one(ContentSwitcher).current
        return next((tab for tab in self._tabs.values() if tab.id == shown), None)

    @property
    def open_list(self) -> MomentList | None:
        """The list of the open tab, where it holds one."""
        shown = self.query_one(ContentSwitcher).visible_content
        return shown if isinstance(shown, MomentList) else None

    async def signed_in(self, actor: StaffActor) -> None:
        """Show who works here, and open the first tab."""
        title = self.query_one(TitleBar)
        title.unit_name = actor.unit_name
        title.unit_code = (actor.unit_hsa_id or "").rpartition("-")[2]
        title.person = actor.name
        title.roles = tuple(role.value for role in Role if role in actor.roles)
        title.today = local_day(self._seam.clock())
        self._tabs = tabs_for(actor.roles)
        self._counts = {}
        await self.query_one(ContentSwitcher).remove_children()
        with self.app.batch_update():
            await self._open(first_tab(self._tabs))
            if self.open_list is not None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._answered.wait(), PATIENCE_SECONDS)
        self.refresh(layout=True)  # a layout that came due meanwhile was passed over

    async def changed(self) -> None:
        """Show what others have changed, or that the database is gone, or back."""
        if not self.query(ContentSwitcher):  # the app is being closed
            return
        shown = self.query_one(ContentSwitcher).visible_content
        if isinstance(shown, MomentList):
            shown.refresh_rows()
        elif isinstance(shown, TabPage):
            await shown.changed()

    async def masking_changed(self, hidden: bool) -> None:
        """Mask the personnummer in all lists, or show them again."""
        for shown in self.query(MomentList):
            shown.hide_numbers(hidden)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the tabs that the roles open, and the search where the lists are."""
        if action == "search_messages":
            return self._searches_messages and self.open_list is not None
        if action != "tab":
            return super().check_action(action, parameters)
        key, tab_id = parameters
        return isinstance(key, int) and key in self._tabs and self._tabs[key].id == tab_id

    @work(exclusive=True, group="tab")
    async def action_tab(self, key: int, _tab_id: str) -> None:
        """Open a tab by its key."""
        await self._open(key)

    async def _open(self, key: int) -> None:
        tab, content = self._tabs[key], self.query_one(ContentSwitcher)
        if content.query_children(f"#{tab.id}"):
            content.current = tab.id
            if tab.page:
                await self.changed()
        else:
            await self._open_first(tab)
        self._show_tabs()
        shown = content.visible_content
        if isinstance(shown, MomentList):
            shown.rows.focus()
        elif isinstance(shown, TabPage):
            self._lost(False)  # it says so itself
            shown.enter()

    async def _open_first(self, tab: TopTab) -> None:
        """Make a tab and open it; where it takes a moment to be loaded, what is typed is kept for it."""
        content = self.query_one(ContentSwitcher)
        if tab.page:
            hold_keys(self.app)
        try:
            made = await self._made(tab)
            if not content.query_children(f"#{tab.id}"):  # else a key and a click both asked for it
                await content.mount(made)
            content.current = tab.id
        finally:
            if tab.page:
                self.call_after_refresh(release_keys, self.app)

    async def _made(self, tab: TopTab) -> Widget:
        if tab.list is not None:
            return MomentList(self._seam, tab.list, hide_numbers=getattr(self.app, "hide_numbers", False), id=tab.id)
        if not tab.page:
            return Static(Content(tab.later), id=tab.id, classes="later")
        module, _, name = tab.page.partition(":")
        page: Widget = getattr(await self._seam.load(module), name)(self._seam, id=tab.id)
        return page

    def _show_tabs(self) -> None:
        strip = self.query_one(TabStrip)
        strip.items = tuple(
            TabItem(tab.id, str(key), tab.label, str(self._counts.get(tab.id, ""))) for key, tab in self._tabs.items()
        )
        strip.active = self.query_one(ContentSwitcher).current or ""

    @on(TabStrip.Chosen)
    async def _chosen(self, event: TabStrip.Chosen) -> None:
        await self._open(next(key for key, tab in self._tabs.items() if tab.id == event.tab_id))

    @on(MomentList.Read)
    def _read(self, event: MomentList.Read) -> None:
        self._answered.set()
        self._lost(False)
        self._counts[event.list_id] = event.number
        self._show_tabs()

    @on(MomentList.Failed)
    def _failed(self, event: MomentList.Failed) -> None:
        self._answered.set()
        if isinstance(event.error, StoreUnreachable):
            self._lost(self.open_list is not None)
            self.set_timer(RETRY_SECONDS, self.changed)  # a reading that fails late may come after the good news
        elif isinstance(event.error, DomainError):
            self.notify(event.error.message, severity="warning", markup=False)
        else:
            raise event.error

    def _lost(self, lost: bool) -> None:
        self.query_one("#lost").set_class(lost, "-shown")

    @on(MomentList.Opened)
    @work(exclusive=True, group="open")
    async def _open_moment(self, event: MomentList.Opened) -> None:
        await self._show_moment(event.moment)

    async def _show_moment(self, moment: int) -> None:
        page = await self._seam.load("screens.moment.page")
        label = self.open_tab.label if self.open_tab else ""
        told = await self.app.push_screen_wait(page.MomentScreen(self._seam, moment, label))
        if told:
            self.notify(told)
        await self.changed()

    @property
    def _searches_messages(self) -> bool:
        actor = self._seam.actor
        return isinstance(actor, StaffActor) and Role.CLINICIAN in actor.roles

    @work(exclusive=True, group="open")
    async def action_search_messages(self) -> None:
        """Search in the messages of all one's own residents."""
        hold_keys(self.app)
        search = await self._seam.load("screens.message_search")
        label = self.open_tab.label if self.open_tab else ""
        await self.app.push_screen_wait(search.MessageSearch(self._seam, label))
        await self.changed()

    @on(MomentList.StartAsked)
    @work(exclusive=True, group="open")
    async def _start_moment(self, event: MomentList.StartAsked) -> None:
        starting = await self._seam.load("screens.starting")
        tab = self.open_tab
        try:
            outcome = await starting.ask_for_start(
                self.app, self._seam, event.program, names_clinician=tab is not None and tab.list is Tab.ALL
            )
        except DomainError as refusal:
            release_keys(self.app)
            self.notify(refusal.message, severity="warning")
            return
        if outcome is None:
            return
        await self.changed()
        if outcome.is_new:
            self.notify("Momentet är startat.")
        else:
            hold_keys(self.app)
            await self._show_moment(outcome.moment)
