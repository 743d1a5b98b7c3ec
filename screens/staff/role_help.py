"""What each role may do: the access table as help, by role."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from screens.contracts import FollowsChanges
from screens.page_reading import PageReading
from screens.page_title import page_title
from screens.reading_trouble import ReadingTrouble
from screens.store_client import StoreClient
from screens.widgets.cells import Ink
from screens.widgets.key_bar import KeyBar
from screens.widgets.list_and_text import ListAndText, TellingList
from screens.widgets.page import Page
from screens.widgets.row import Row
from screens.widgets.title_bar import TitleBar
from store.foundation.access import Role, Standing
from store.foundation.errors import DomainError
from store.people.personnel import Permission, permissions

TITLE = "Vad rollerna får göra"

OPEN, READ = "Öppna ", "Läsa "
"""How a text begins that says the same of one thing: to open it is to read it."""


def by_role(table: Sequence[Permission]) -> dict[str, list[str]]:
    """Return what each role and standing may, in the order of the roles; steps of something else are left out."""
    deeds = [one for one in table if one.is_deed]
    found = {str(who): [one.text for one in deeds if str(who) in one.may] for who in (*Role, *Standing)}
    return {who: [text for text in texts if not _is_opened(text, texts)] for who, texts in found.items() if texts}


def _is_opened(text: str, texts: Sequence[str]) -> bool:
    return text.startswith(READ) and f"{OPEN}{text.removeprefix(READ)}" in texts


@final
class PermissionsScreen(Page[None], FollowsChanges):
    """The roles as a list, and all that the cursor's may do."""

    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "turn(1)", "Bläddra", id="permissions.on", tooltip="Bläddra nedåt bland det rollen får."),
        Binding("b", "turn(-1)", "Bläddra\xa0upp", id="permissions.up", tooltip="Bläddra uppåt bland det rollen får."),
        Binding("escape", "back", "Tillbaka", id="permissions.back", tooltip="Gå tillbaka till Personal."),
    ]

    def __init__(self, client: StoreClient, origin: str) -> None:
        """`origin` is the page or list that it was opened from, as the way back names it."""
        super().__init__()
        self._client = client
        self._origin = origin
        self._rights: Mapping[str, Sequence[str]] = {}
        self._list = TellingList("list")
        self._reading = PageReading(self, self._read, self._show)

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield page_title(self._client, self._origin, TITLE)
        yield ReadingTrouble()
        yield ListAndText(self._list)
        yield KeyBar()

    async def on_mount(self) -> None:
        """Say who looks, and read."""
        await self._reading.begin()

    async def changed(self) -> None:
        """Read again: the database is gone, or back."""
        self._reading.ask()

    async def _read(self) -> None:
        self._rights = by_role(await self._client.read(permissions))

    def _show(self, refusal: DomainError | None) -> None:
        """Show what was read; what stands stays where that can't be done, and why is said."""
        self.query_one(ReadingTrouble).tell(refusal)
        rows = (Row(who, _name(who), state=(Ink(str(len(rights)), "muted"),)) for who, rights in self._rights.items())
        self._list.show_rows(tuple(rows))
        self._list.take_free_focus()
        self._show_rights()

    @on(TellingList.Moved)
    def _show_rights(self) -> None:
        row = self._list.row
        rights = self._rights.get(row.id, ()) if row else ()
        heading = [Content.styled(_name(row.id), "bold"), Content("")] if row else []
        self.query_one(ListAndText).tell(Content("\n").join([*heading, *map(Content, rights)]))

    def action_turn(self, pages: int) -> None:
        """Scroll what the role may by what is seen of it at once."""
        self.query_one(ListAndText).turn(pages)

    def action_back(self) -> None:
        """Close the page."""
        self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()


def _name(who: str) -> str:
    return who[:1].upper() + who[1:]
