"""*Logguppföljning* as a page, opened from *Att göra*."""

from typing import ClassVar, final

from textual.binding import Binding, BindingType

from screens.log_review.tab import TITLE, ReviewsTab
from screens.store_client import StoreClient
from screens.tab_page import TabPage


@final
class ReviewsScreen(TabPage):
    """The unit's log reviews as a page, for who has no tab for them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Tillbaka", id="reviews.back", tooltip="Gå tillbaka."),
    ]

    def __init__(self, client: StoreClient, origin: str) -> None:
        """`origin` is where it was opened from, as the way back names it."""
        super().__init__(client, origin, TITLE, ReviewsTab(client))
