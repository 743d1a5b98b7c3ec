"""The page of a moment's sömndagböcker, with a key that marks their rows as read."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from screens.journal_offer import JournalOffer, offer_journal
from screens.moment.document_screen import DocumentScreen, OpenMoment
from screens.moment.forms.diary import DiaryDocument
from screens.queue.walk import Walk
from screens.refusals import attempt
from screens.store_client import StoreClient
from screens.whom import Whom


class DiaryScreen(DocumentScreen):
    """A moment's diaries. Where the queue has led on to them they are marked as read by a key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "mark_read", "Läst", id="diary.read", tooltip="Markera dagbokens rader som lästa."),
    ]

    def __init__(
        self,
        client: StoreClient,
        moment_id: int,
        origin: str,
        *,
        whom: Whom,
        whose: str = "",
        walk: Walk | None = None,
        open_moment: OpenMoment | None = None,
        marks_read: bool = True,
    ) -> None:
        """Show the diaries; the other arguments are those of `DocumentScreen` and `DiaryDocument`."""
        is_for_colleague = walk is not None and walk.is_through_colleagues_queue
        self.diary = DiaryDocument(
            client, moment_id, marks_read=marks_read, works_for_colleague=is_for_colleague, was_read=self._offer_journal
        )
        super().__init__(
            client, moment_id, self.diary, origin, whom=whom, whose=whose, walk=walk, open_moment=open_moment
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to mark the rows where the queue has led on to them."""
        if action == "mark_read":
            return not self.diary.is_marked
        return super().check_action(action, parameters)

    def _offer_journal(self) -> None:
        """Offer the *Journalunderlag* of the rows that were read."""
        offer_journal(self.app, JournalOffer(self.client, self.moment_id, self.whom))

    @work(group="mark")
    async def action_mark_read(self) -> None:
        """Mark the rows as read."""
        await attempt(self.app, self.diary.mark_read(), whom=self.whom)
        self.reread()
