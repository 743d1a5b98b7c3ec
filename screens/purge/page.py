"""*Gallring* as a page, opened from *Att göra*."""

from typing import ClassVar, final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from screens.contracts import FollowsChanges
from screens.purge.tab import PurgeTab
from screens.store_client import StoreClient
from screens.type_ahead import release_keys
from screens.widgets.key_bar import KeyBar
from screens.widgets.page import Page
from screens.widgets.title_bar import TitleBar
from store.foundation.clock import local_day

TITLE = "Gallring"


@final
class PurgeScreen(Page[None], FollowsChanges):
    """The list of what is due to be purged as a page, with a way back to where it was opened from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Tillbaka", id="purge.back", tooltip="Gå tillbaka."),
    ]

    def __init__(self, client: StoreClient, origin: str) -> None:
        """`origin` is where it was opened from, as the way back names it."""
        super().__init__()
        self.client = client
        self._origin = origin
        self._tab = PurgeTab(client)

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield TitleBar(trail=(f"‹ {self._origin}", TITLE), practice=self.client.practice)
        yield self._tab
        yield KeyBar()

    def on_mount(self) -> None:
        """Say who looks."""
        title, actor = self.query_one(TitleBar), self.client.actor
        title.today, title.person = local_day(self.client.clock()), actor.name if actor else ""
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
