"""A tab of the top level as a page of its own, opened from *Att göra*."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget

from screens.contracts import FollowsChanges, TabContent
from screens.page_title import page_title
from screens.store_client import StoreClient
from screens.type_ahead import release_keys
from screens.widgets.key_bar import KeyBar
from screens.widgets.page import Page
from screens.widgets.title_bar import TitleBar


class TabPage(Page[None], FollowsChanges):
    """A tab in the frame of a page. A page says which by its constructor, and has its own key for the way back."""

    def __init__(self, client: StoreClient, origin: str, title: str, tab: TabContent) -> None:
        """Show a tab.

        Args:
            client: the way to the store.
            origin: where it was opened from, as the way back names it.
            title: what the page is called.
            tab: what the tab holds; a widget.
        """
        super().__init__()
        if not isinstance(tab, Widget):
            raise TypeError(f"{tab} can't be shown")
        self.client = client
        self._origin = origin
        self._name_shown = title
        self._tab = tab

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield page_title(self.client, self._origin, self._name_shown)
        yield self._tab
        yield KeyBar()

    def on_mount(self) -> None:
        """Let the tab have the focus."""
        self._tab.enter()
        self.call_after_refresh(release_keys, self.app)

    async def changed(self) -> None:
        """Read again."""
        await self._tab.changed()

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()
