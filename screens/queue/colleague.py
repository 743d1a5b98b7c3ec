"""A colleague's queue, for the invånaradministratör who covers during absence (domain.md §5)."""

from typing import ClassVar, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from screens.contracts import FollowsChanges
from screens.page_title import page_title
from screens.queue.tab import OpenMatters, QueueTab
from screens.store_client import StoreClient
from screens.type_ahead import release_keys
from screens.undo import undo_last
from screens.undo_key import UNDO_KEY
from screens.widgets.key_bar import KeyBar
from screens.widgets.page import Page
from screens.widgets.preview_pane import Read
from screens.widgets.title_bar import TitleBar


@final
class ColleagueQueue(Page[None], FollowsChanges):
    """The queue with whose it is over it. What is written from here is signed by the one who writes."""

    AUTO_FOCUS = "QueueList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Tillbaka", id="colleague_queue.back", tooltip="Gå tillbaka till översikten."),
        UNDO_KEY,
    ]
    DEFAULT_CSS = """
    ColleagueQueue > QueueTab { border-top: solid $rule; }
    """

    def __init__(
        self,
        client: StoreClient,
        open_matters: OpenMatters,
        read_preview: Read,
        hsa_id: str,
        name: str,
        origin: str,
    ) -> None:
        """`hsa_id` and `name` say whose queue it is; `origin` is what it was opened from, as the way back names it."""
        super().__init__()
        self._client = client
        self._open_matters = open_matters
        self._read_preview = read_preview
        self._hsa_id = hsa_id
        self._whose = f"Att göra för {name}"
        self._origin = origin

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield page_title(self._client, self._origin, self._whose)
        yield QueueTab(self._client, self._open_matters, self._read_preview, of=self._hsa_id, label=self._whose)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say who looks; take over what was typed while the page was on its way."""
        self.call_after_refresh(release_keys, self.app)

    async def changed(self) -> None:
        """Read it again."""
        await self.query_one(QueueTab).changed()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to undo once there is something."""
        return self._client.has_acted if action == "undo" else super().check_action(action, parameters)

    @work(exclusive=True, group="dialog")
    async def action_undo(self) -> None:
        """Undo the last that the person did, in whatever moment it was."""
        if await undo_last(self.app, self._client, None):
            await self.changed()

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()
