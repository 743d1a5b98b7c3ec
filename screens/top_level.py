"""The frame of the top level: whose work, on which unit, the tabs that the roles open, and what waits in them."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static

from screens.commands import PERSON_ID
from screens.contracts import FollowsChanges, HidesNumbers, HoldsUnsaved, OpensAnew, ShowsAll, TabContent
from screens.lists import MomentList
from screens.queue.watch import (
    QUEUE_TAB,
    QueueCounted,
    UrgentFlags,
    count_queue,
    due_words,
    loose_words,
    urgent_words,
)
from screens.safe_app import safe_app
from screens.shown_keys import own_key
from screens.store_client import StoreClient
from screens.tabs import POSSIBLE, TopTab, first_tab, tabs_for
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.cells import clean
from screens.widgets.key_bar import KeyBar
from screens.widgets.page import Page
from screens.widgets.tab_strip import TabItem, TabStrip
from screens.widgets.title_bar import TitleBar
from store.foundation.access import Role
from store.foundation.clock import local_day
from store.foundation.errors import DomainError, StoreUnreachable
from store.people.sign_in import StaffActor

PATIENCE_SECONDS = 0.2
"""How long the first painting of a list waits for its rows: with them it is laid out and painted once."""

RETRY_SECONDS = 1.0
"""How long after a failed reading it is tried again."""

URGENT_SECONDS = 15.0
"""How long word of a new prioriterad flagga stands, and of a ställföreträdare who fell away."""

SEE_PROFILE = "Se Ställföreträdare i Min profil."


class TopLevel(Page[None], FollowsChanges, HidesNumbers, HoldsUnsaved):
    """The frame with its tabs, without what opens over it."""

    BLANK = True  # all that is seen are its parts: its own lines needn't be made one by one
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                str(key % 10),
                f"tab({key}, '{tab.id}')",
                tab.label,
                show=False,
                id=f"main.{tab.id}.{key}",
                tooltip=f"Öppna fliken {tab.label}.",
            )
            for key, tab in POSSIBLE
        ),
    ]
    DEFAULT_CSS = """
    TopLevel > TabStrip { margin: 0 0 1 0; }
    TopLevel > ContentSwitcher { height: 1fr; }
    TopLevel #lost { height: auto; display: none; color: $text-error; padding: 0 1; }
    TopLevel #lost.-shown { display: block; }
    """

    def __init__(self, client: StoreClient) -> None:
        """Show the frame at once; the tabs that the roles open come with `signed_in`."""
        super().__init__()
        self.client = client
        self._tabs: dict[int, TopTab] = {}
        self._counts: dict[str, int] = {}
        self._urgent = UrgentFlags()
        self._lost_stand_ins: frozenset[str] = frozenset()
        """What has been said of the person's own ställföreträdare who fell away, since the sign-in."""
        self._answered = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield TitleBar(practice=self.client.practice, id="title")
        yield TabStrip((), id="tabs")
        yield Static(id="lost", markup=False)
        yield ContentSwitcher(id="content")
        yield KeyBar(also=frozenset((PERSON_ID,)))  # a newcomer looks here

    @property
    def tabs(self) -> Mapping[int, TopTab]:
        """The tabs that the roles open, by key; none before somebody is signed in."""
        return self._tabs

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

    async def signed_in(self, actor: StaffActor, urgent: frozenset[int]) -> None:
        """Show who works here, and open the first tab; `urgent` are the priority flags that are no news."""
        title = self.query_one(TitleBar)
        title.unit_name = actor.unit_name
        title.unit_code = (actor.unit_hsa_id or "").rpartition("-")[2]
        title.person = actor.name
        title.today = local_day(self.client.clock())
        self._urgent = UrgentFlags(urgent)
        self._lost_stand_ins = frozenset()
        self._take_roles(actor)
        await self.query_one(ContentSwitcher).remove_children()
        with self.app.batch_update(), self.query_one(KeyBar).held():
            await self._open(first_tab(self._tabs))
            if self.open_list is not None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._answered.wait(), PATIENCE_SECONDS)
        self.refresh(layout=True)  # a layout that came due meanwhile was passed over
        self.call_after_refresh(self._count)  # the rows first

    async def signed_out(self) -> None:
        """Be as before anybody signed in: nothing of who worked here stays."""
        self.workers.cancel_node(self)
        title = self.query_one(TitleBar)
        title.unit_name = title.unit_code = title.person = ""
        title.roles = ()
        self._tabs, self._counts = {}, {}
        self._answered = asyncio.Event()
        content = self.query_one(ContentSwitcher)
        content.current = None
        await content.remove_children()
        self._lost(None)
        self._show_tabs()

    async def roles_changed(self, actor: StaffActor) -> None:
        """Show the tabs of other roles; the open one stays where they open it, with what is written there."""
        open_tab, content = self.open_tab, self.query_one(ContentSwitcher)
        self._take_roles(actor)
        keys = {tab.id: key for key, tab in self._tabs.items()}
        kept = open_tab.id if open_tab is not None and open_tab.id in keys else ""
        stays = [page for page in content.children if page.id == kept and isinstance(page, HoldsUnsaved)]
        if not stays:
            content.current = None
        for page in [page for page in content.children if page not in stays]:  # a list's rows depend on the roles too
            await page.remove()
        await self._open(keys.get(kept, first_tab(self._tabs)))
        self.refresh_bindings()
        self.call_after_refresh(self._count)

    def _take_roles(self, actor: StaffActor) -> None:
        self.query_one(TitleBar).roles = tuple(role.value for role in Role if role in actor.roles)
        self._tabs, self._counts = tabs_for(actor.roles, practice=self.client.practice), {}

    @property
    def is_typed_in(self) -> bool:
        """Whether something stands written on a tab that is not saved."""
        return self._is_whole and any(
            isinstance(page, HoldsUnsaved) and page.is_typed_in for page in self.query_one(ContentSwitcher).children
        )

    async def changed(self) -> None:
        """Show what others have changed, or that the database is gone, or back."""
        if not self._is_whole:
            return
        self.query_one(TitleBar).today = local_day(self.client.clock())
        shown = self.query_one(ContentSwitcher).visible_content
        if isinstance(shown, TabContent):
            await shown.changed()
        if shown is None or shown.id != QUEUE_TAB:  # the queue counts itself
            self._count()

    async def masking_changed(self, hidden: bool) -> None:
        """Mask the personnummer in all lists, or show them again."""
        for shown in self.query(MomentList):
            shown.hide_numbers(hidden)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the tabs that the roles open."""
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
            await self._open_again(tab)
        else:
            await self._open_first(tab)
        self._show_tabs()
        shown = content.visible_content
        if tab.page:
            self._lost(None)  # it says so itself
        if isinstance(shown, TabContent):
            shown.enter()

    async def _open_again(self, tab: TopTab) -> None:
        content = self.query_one(ContentSwitcher)
        was_open, content.current = content.current == tab.id, tab.id
        shown = content.visible_content
        if not was_open and isinstance(shown, OpensAnew):
            shown.opened_again()
        elif tab.page:
            await self.changed()

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
            return MomentList(self.client, tab.list, hide_numbers=safe_app(self.app).hide_numbers, id=tab.id)
        module, _, name = tab.page.partition(":")
        made = getattr(await self.client.load(module), name)(self.client, id=tab.id)
        if not (isinstance(made, TabContent) and isinstance(made, Widget)):
            raise TypeError(f"{tab.page} makes nothing that a tab can hold")
        return made

    @property
    def _is_whole(self) -> bool:
        """Whether the frame stands: what was asked for may be answered while the app is being closed."""
        return {"tabs", "content", "lost"} <= {part.id for part in self.children}

    def _show_tabs(self) -> None:
        if not self._is_whole:
            return
        strip = self.query_one(TabStrip)
        strip.items = tuple(
            TabItem(
                tab.id,
                own_key(f"main.{tab.id}.{key}", str(key % 10)),
                tab.label,
                str(self._counts.get(tab.id, "")),
            )
            for key, tab in self._tabs.items()
        )
        strip.active = self.query_one(ContentSwitcher).current or ""

    @on(TabStrip.Chosen)
    async def _chosen(self, event: TabStrip.Chosen) -> None:
        await self._open(next(key for key, tab in self._tabs.items() if tab.id == event.tab_id))

    @on(MomentList.Read)
    def _read(self, event: MomentList.Read) -> None:
        self._answered.set()
        self._lost(None)
        self._counts[event.list_id] = event.number
        self._show_tabs()

    @on(MomentList.Failed)
    def _failed(self, event: MomentList.Failed) -> None:
        self._answered.set()
        if isinstance(event.error, StoreUnreachable):
            self._lost(event.error if self.open_list is not None else None)
            self.set_timer(RETRY_SECONDS, self.changed)  # a reading that fails late may come after the good news
        elif isinstance(event.error, DomainError):
            self.notify(event.error.message, severity="warning", markup=False)
        else:
            raise event.error

    # What waits

    def has_role(self, role: Role) -> bool:
        """Whether the one who works has a role."""
        actor = self.client.actor
        return isinstance(actor, StaffActor) and role in actor.roles

    @work(exclusive=True, group="count")
    async def _count(self) -> None:
        """Count what waits, whichever tab is open; where that can't be done, the next change does."""
        if any(tab.id == QUEUE_TAB for tab in self._tabs.values()):
            with suppress(DomainError):
                self._counted(await count_queue(self.client))

    @on(QueueCounted)
    def _counted(self, event: QueueCounted) -> None:
        if not self._is_whole:
            return
        self._counts[QUEUE_TAB] = event.number
        self._show_tabs()
        if safe_app(self.app).locked:  # what is said now would be seen by nobody
            self.set_timer(RETRY_SECONDS, self._count)
            return
        self._tell(event)

    def _tell(self, count: QueueCounted) -> None:
        """Say on whatever screen is open which priority flags are new, left by who was on them, or to be tried again.

        A new one in a queue that lies open, unfiltered, is seen there. Nobody is told of what they gave up themselves.
        Of one's own ställföreträdare who fell away it is said once a sign-in, until the person has seen it in *Min
        profil*.
        """
        is_on_top = self.app.screen is self
        new = self._urgent.news(count.urgent)
        loose = self._urgent.loosened(count.urgent, count.taken, given_up=self.client.own_claims.given_up)
        due = self._urgent.due(count.again, self.client.clock())
        shown = self.query_one(ContentSwitcher).visible_content
        is_seen = is_on_top and isinstance(shown, ShowsAll) and shown.shows_all
        said = [urgent_words(new, on_top=is_on_top)] if new and not is_seen else []
        said += [loose_words(loose, on_top=is_on_top)] if loose else []
        said += [due_words(due, on_top=is_on_top)] if due else []
        for words in reversed(said):  # the last one said is in front
            self.app.notify(words, severity="warning", timeout=URGENT_SECONDS)
        for sentence in [one for one in count.lost_stand_ins if one not in self._lost_stand_ins]:
            self._lost_stand_ins |= {sentence}
            self.app.notify(
                f"! {clean(sentence)} {SEE_PROFILE}", severity="warning", timeout=URGENT_SECONDS, markup=False
            )

    def next_end(self) -> int | None:
        """Return when the first priority flag is let go by its time, or is to be tried again; UTC milliseconds."""
        return self._urgent.next_end()

    def _lost(self, why: DomainError | None) -> None:
        if self._is_whole:
            self.query_one("#lost", Static).update(Content(why.message if why else ""))
            self.query_one("#lost").set_class(why is not None, "-shown")
