"""What each role may do: the access table, as help."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from screens.store_client import StoreClient
from screens.type_ahead import release_keys
from screens.whole_source import WholeRow, WholeSource
from screens.widgets.columns import Column
from screens.widgets.key_bar import KeyBar
from screens.widgets.paged_list import PagedList
from screens.widgets.title_bar import TitleBar
from store.foundation.clock import local_day
from store.foundation.errors import DomainError, StoreUnreachable
from store.people.personnel import Permission, permissions

TITLE = "Vad rollerna får göra"


class PermissionSource(WholeSource[Permission]):
    """The access table as rows: each thing that can be done, with who may."""

    def __init__(self, client: StoreClient) -> None:
        self._client = client

    def read(self) -> Sequence[Permission]:
        """Read the access table."""
        return self._client.read_here(permissions)

    def id_of(self, value: Permission) -> str:
        """Return the words for what can be done: they are unique."""
        return value.text


class PermissionList(PagedList[WholeRow[Permission]]):
    """The list of what can be done; nothing in it opens."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to move only."""
        return False if action == "open" else super().check_action(action, parameters)


class PermissionsScreen(Screen[None]):
    """A line for each thing that can be done, with who may; the whole of the cursor's stands below."""

    AUTO_FOCUS = "PermissionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Tillbaka", id="permissions.back", tooltip="Gå tillbaka till Personal."),
    ]
    DEFAULT_CSS = """
    PermissionsScreen > #trouble { height: auto; display: none; color: $text-error; padding: 0 1; }
    PermissionsScreen.-troubled > #trouble { display: block; }
    PermissionsScreen > PermissionList { height: 1fr; border-top: solid $rule; }
    PermissionsScreen > #about { height: auto; min-height: 2; padding: 0 1; border-top: solid $rule; }
    """
    RETRY: ClassVar[float] = 1.0
    """Seconds after which a reading that found no database is tried again."""

    def __init__(self, client: StoreClient, origin: str) -> None:
        """`origin` is the page or list that it was opened from, as the way back names it."""
        super().__init__()
        self._client = client
        self._origin = origin

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield TitleBar(trail=(f"‹ {self._origin}", TITLE), practice=self._client.practice)
        yield Static(id="trouble", markup=False)
        columns = (
            Column[WholeRow[Permission]](
                title="Vad som kan göras", cell=lambda row: row.value.text, width=36, least=20, most=60, flex=1
            ),
            Column[WholeRow[Permission]](title="Vem som får", cell=_who, width=36, least=20, most=100, flex=2, give=1),
        )
        yield PermissionList(columns, PermissionSource(self._client), fetch=self._client.run)
        yield Static(id="about", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say who looks; take over what was typed while the page was on its way."""
        title, actor = self.query_one(TitleBar), self._client.actor
        title.today, title.person = local_day(self._client.clock()), actor.name if actor else ""
        self.call_after_refresh(release_keys, self.app)

    @property
    def rows(self) -> PermissionList:
        """The list of what can be done."""
        return self.query_one(PermissionList)

    @on(PagedList.Loaded)
    @on(PagedList.Highlighted)
    def _show_about(self) -> None:
        self.set_class(False, "-troubled")
        row = self.rows.row
        words = Content.assemble((row.value.text, "bold"), f": {_who(row)}") if row else Content("")
        self.query_one("#about", Static).update(words)

    @on(PagedList.Failed)
    def _failed(self, event: PagedList.Failed) -> None:
        if isinstance(event.error, StoreUnreachable):
            self.query_one("#trouble", Static).update(Content(f"! {event.error.message}"))
            self.set_class(True, "-troubled")
            self.set_timer(self.RETRY, self.rows.refresh_rows)
        elif isinstance(event.error, DomainError):
            self.notify(event.error.message, severity="warning", markup=False)
        else:
            raise event.error

    def action_back(self) -> None:
        """Close the page."""
        self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()


def _who(row: WholeRow[Permission]) -> str:
    return ", ".join(row.value.may)
