"""Which tab of a resident's page is open. *Hantera* is there from the beginning; the others are made when opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen
from textual.widget import Widget

from screens.moment import tabs
from screens.moment.flags.tab import FlagsTab
from screens.moment.manage.tab import ManageTab
from screens.moment.messages.tab import MessagesTab
from screens.moment.timeline.tab import TimelineTab
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.key_bar import KeyBar
from screens.widgets.tab_strip import TabStrip
from screens.workers import start

LaterTab = MessagesTab | TimelineTab | FlagsTab


class TabSwitcher:
    """Opens the tabs of a page, and gives the focus to the first thing on each."""

    def __init__(self, page: Screen[Any], make: Callable[[str], LaterTab]) -> None:
        """Switch a page's tabs; `make` makes one of the later tabs."""
        self._page = page
        self._make = make
        self._last_focused: Widget | None = None
        """What had the focus on *Hantera* when another tab was opened."""

    @property
    def manage(self) -> ManageTab:
        """The tab *Hantera*."""
        return self._page.query_one(ManageTab)

    @property
    def later(self) -> list[LaterTab]:
        """The other tabs, once they have been opened."""
        return [tab for tab in self._page.children if isinstance(tab, LaterTab)]

    @property
    def messages(self) -> MessagesTab | None:
        """The tab *Meddelanden*, once it has been opened."""
        return next((tab for tab in self.later if isinstance(tab, MessagesTab)), None)

    @property
    def flags(self) -> FlagsTab | None:
        """The tab *Flaggor och aktivitetsplaner*, once it has been opened."""
        return next((tab for tab in self.later if isinstance(tab, FlagsTab)), None)

    @property
    def active(self) -> str:
        """The open tab."""
        return self._strip.active

    @property
    def _strip(self) -> TabStrip:
        return self._page.query_one(TabStrip)

    async def turn_to(self, tab: str) -> None:
        """Open a tab by a key or a click; keys that come before it has been read are for what is read there."""
        is_new = tab != tabs.MANAGE and not self._page.query_children(f"#{tab}")
        if is_new:
            hold_keys(self._page.app)
        await self.open(tab)
        if is_new:
            start(self._page, "tab", self._release_keys_once_read, tab)

    async def _release_keys_once_read(self, tab: str) -> None:
        try:
            await next(one for one in self.later if one.id == tab).was_read.wait()
        finally:
            release_keys(self._page.app)

    async def open(self, tab: str) -> None:
        """Open a tab."""
        strip = self._strip
        if strip.active == tab:
            return
        if strip.active == tabs.MANAGE:
            self._last_focused = self._page.focused
        if strip.active == tabs.MESSAGES and self.messages is not None:
            self.messages.drafts.save_now()
        if not self._page.query_children(f"#{tab}"):
            await self._page.mount(self._make(tab), before=self._page.query_one(KeyBar))
        self._page.query_one(f"#{strip.active}").display = False
        self._page.query_one(f"#{tab}").display = True
        strip.active = tab
        if tab == tabs.FLAGS and self.flags is not None:
            self.flags.come_back()
        self._page.set_focus(self._focus_on(tab), scroll_visible=False)

    async def start_over(self) -> None:
        """Open *Hantera*, and let the other tabs go: another moment takes this one's place."""
        self.manage.start_over()
        await self.open(tabs.MANAGE)
        for tab in self.later:
            await tab.remove()

    def reread_flags(self) -> None:
        """Let the tab *Flaggor och aktivitetsplaner* show at once what was done on the page."""
        if self.flags is not None:
            self.flags.ask()

    def _focus_on(self, tab: str) -> Widget | None:
        if tab == tabs.MANAGE:
            last = self._last_focused
            return last if last is not None and last.focusable else self.manage.first
        return next((one.first for one in self.later if one.id == tab), None)
