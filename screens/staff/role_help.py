"""What each role may do: the access table as help, by role."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from screens.list_trouble import ListTrouble
from screens.page_title import page_title
from screens.store_client import StoreClient
from screens.type_ahead import release_keys
from screens.whole_source import WholeRow, WholeSource
from screens.widgets.columns import Column
from screens.widgets.key_bar import KeyBar
from screens.widgets.outline import SectionInfo
from screens.widgets.page import Page
from screens.widgets.paged_list import PagedList
from screens.widgets.paging import Key, Place
from screens.widgets.title_bar import TitleBar
from store.foundation.access import Role, Standing
from store.people.personnel import Permission, permissions

TITLE = "Vad rollerna får göra"


OPEN, READ = "Öppna ", "Läsa "
"""How a text begins that says the same of one thing: to open it is to read it."""


class Rights(WholeSource[str]):
    """What one role may, in Swedish order."""

    def __init__(self, who: str, texts: Sequence[str]) -> None:
        self._who = who
        self._texts = texts

    def read(self) -> Sequence[str]:
        """Return what the role may."""
        return self._texts

    def id_of(self, value: str) -> str:
        """Return the role and the words: others may do the same."""
        return f"{self._who}: {value}"


class RightsSource:
    """The access table by role: what somebody who has it may do. Called in a thread."""

    def __init__(self, client: StoreClient) -> None:
        self._client = client
        self._roles: dict[str, Rights] = {}

    def sections(self) -> Sequence[SectionInfo]:
        """Read the access table."""
        self._roles = {who: Rights(who, texts) for who, texts in by_role(self._client.read_here(permissions)).items()}
        return [
            replace(section, key=who, heading=who[:1].upper() + who[1:])
            for who, rights in self._roles.items()
            for section in rights.sections()
        ]

    def page(
        self, section: Hashable, after: Key | None, limit: int, *, backwards: bool = False
    ) -> Sequence[WholeRow[str]]:
        """Return the rows of a role next after a key, or next before it."""
        return self._roles[str(section)].page(section, after, limit, backwards=backwards)

    def page_at(self, section: Hashable, offset: int, limit: int) -> Sequence[WholeRow[str]]:
        """Return the rows of a role from a place on."""
        return self._roles[str(section)].page_at(section, offset, limit)

    def locate(self, row_id: Hashable) -> Place | None:
        """Return where a row stands now."""
        found = ((who, rights.locate(row_id)) for who, rights in self._roles.items())
        return next((place._replace(section=who) for who, place in found if place is not None), None)

    def offset_of(self, section: Hashable, key: Key) -> int:
        """Return how many rows of a role come before a key."""
        return self._roles[str(section)].offset_of(section, key)


def by_role(table: Sequence[Permission]) -> dict[str, list[str]]:
    """Return what each role and standing may, in the order of the roles; steps of something else are left out."""
    deeds = [one for one in table if one.is_deed]
    found = {str(who): [one.text for one in deeds if str(who) in one.may] for who in (*Role, *Standing)}
    return {who: [text for text in texts if not _is_opened(text, texts)] for who, texts in found.items() if texts}


def _is_opened(text: str, texts: Sequence[str]) -> bool:
    return text.startswith(READ) and f"{OPEN}{text.removeprefix(READ)}" in texts


class PermissionList(PagedList[WholeRow[str]]):
    """The list of what can be done; nothing in it opens."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to move only."""
        return False if action == "open" else super().check_action(action, parameters)


class PermissionsScreen(Page[None]):
    """For each role what it may do, a line each; the whole of the cursor's stands below."""

    AUTO_FOCUS = "PermissionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Tillbaka", id="permissions.back", tooltip="Gå tillbaka till Personal."),
    ]
    DEFAULT_CSS = """
    PermissionsScreen > PermissionList { height: 1fr; border-top: solid $rule; }
    PermissionsScreen > #about { height: auto; min-height: 2; padding: 0 1; border-top: solid $rule; }
    """

    def __init__(self, client: StoreClient, origin: str) -> None:
        """`origin` is the page or list that it was opened from, as the way back names it."""
        super().__init__()
        self._client = client
        self._origin = origin
        self._trouble = ListTrouble()

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield page_title(self._client, self._origin, TITLE)
        yield self._trouble
        columns = (Column[WholeRow[str]](title="Får", cell=lambda row: row.value, width=70, least=20, flex=1),)
        yield PermissionList(columns, RightsSource(self._client), fetch=self._client.run)
        yield Static(id="about", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say who looks; take over what was typed while the page was on its way."""
        self.call_after_refresh(release_keys, self.app)

    @property
    def rows(self) -> PermissionList:
        """The list of what can be done."""
        return self.query_one(PermissionList)

    @on(PagedList.Loaded)
    @on(PagedList.Highlighted)
    def _show_about(self) -> None:
        self._trouble.clear()
        row = self.rows.row
        section = self.rows.section
        words = Content.assemble((section.heading, "bold"), f": {row.value}") if row and section else Content("")
        self.query_one("#about", Static).update(words)

    @on(PagedList.Failed)
    def _failed(self, event: PagedList.Failed) -> None:
        self._trouble.tell(event.error, self.rows)

    def action_back(self) -> None:
        """Close the page."""
        self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()
