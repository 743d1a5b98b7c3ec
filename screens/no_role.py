"""What stands in the place of the tabs for who has no role on the unit: that it is so, and who gives roles."""

from typing import final

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from screens.contracts import TabContent
from screens.store_client import StoreClient

HEADING = "Du har ingen roll på enheten än"
WORDS = (
    "Rollerna avgör vad du kan se och göra här. De ges av enhetens behörighetsadministratör, efter utbildning. Be hen "
    "ge dig en roll, eller fråga din chef om du inte vet vem det är.",
    "När du har fått en roll öppnas flikarna av sig själva.",
)


@final
class NoRoleTab(VerticalScroll, TabContent):
    """A heading and a few lines; the app goes over to the tabs when a role is given."""

    DEFAULT_CSS = """
    NoRoleTab { padding: 1 2; }
    NoRoleTab Static { max-width: 76; margin: 0 0 1 0; }
    """

    def __init__(self, _client: StoreClient, *, id: str) -> None:
        super().__init__(id=id)

    def compose(self) -> ComposeResult:
        """Show the words."""
        yield Static(Content.styled(HEADING, "bold"))
        for words in WORDS:
            yield Static(Content(words))

    def enter(self) -> None:
        """Take the focus."""
        self.focus()

    async def changed(self) -> None:
        """Stay: the roles are the app's to look at."""
