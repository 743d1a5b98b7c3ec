"""The resident's own messages, as the list of conversations and each conversation's page read them."""

from __future__ import annotations

from screens.resident.side import Conversations, Side
from store.care.conversations import Sender
from store.care.messages import WRITABLE_BY_RESIDENT
from store.views.conversations import MessageLine
from store.views.residents_page import Part, ResidentsPage


class OwnMessages:
    """What was read last. What has come is read by the resident once it is shown; nobody else marks it."""

    def __init__(self, side: Side, *, fresh: frozenset[int] = frozenset()) -> None:
        """`fresh` are the messages that were new when the messages were opened."""
        self.page: ResidentsPage | None = None
        self.conversations: Conversations = []
        self.fresh = fresh
        self._side = side

    async def read(self) -> None:
        """Read the messages; the first time they are opened."""
        if self.page is None:
            await self._side.open(Part.MESSAGES)
        self.page = await self._side.page()
        self.conversations = await self._side.messages()
        unread = {one.id for _, messages in self.conversations for one in messages if _is_unread(one)}
        self.fresh |= unread
        if unread and not self._side.only_looks:
            await self._side.note_read()

    @property
    def next_at(self) -> int | None:
        """When a message comes that is on its way (UTC milliseconds)."""
        return self.page.next_at if self.page else None

    @property
    def why_not_write(self) -> str:
        """Why nothing can be written."""
        if self.page is None or self._side.only_looks:
            return ""
        return WRITABLE_BY_RESIDENT.why_not(self.page.status, is_offered=False)

    @property
    def may_write(self) -> bool:
        """Whether something can be written."""
        return self.page is not None and not self._side.only_looks and not self.why_not_write


def _is_unread(message: MessageLine) -> bool:
    return message.sender is Sender.CLINICIAN and message.read_at is None
