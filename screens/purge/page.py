"""*Gallring* as a page, opened from *Att göra*."""

from typing import ClassVar, final

from textual.binding import Binding, BindingType

from screens.purge.tab import PurgeTab
from screens.store_client import StoreClient
from screens.tab_page import TabPage

TITLE = "Gallring"


@final
class PurgeScreen(TabPage):
    """The list of what is due to be purged as a page, with a way back to where it was opened from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Tillbaka", id="purge.back", tooltip="Gå tillbaka."),
    ]

    def __init__(self, client: StoreClient, origin: str) -> None:
        """`origin` is where it was opened from, as the way back names it."""
        super().__init__(client, origin, TITLE, PurgeTab(client))
