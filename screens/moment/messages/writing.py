"""Opening and sending on the tab *Meddelanden*."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from textual import work

from screens.moment.messages.autosave import DraftKeeper, Written
from screens.moment.messages.conversation_rows import row_of
from screens.moment.messages.drafts import MessagesDrafts
from screens.type_ahead import hold_keys, release_keys
from store.care.drafts import DraftText
from store.care.messages import send_message
from store.foundation.errors import DomainError, NeedsConfirmation, Refused, StoreUnreachable
from store.views.conversations import conversation_page, messages_page, open_conversation, open_messages

SENT = "Meddelandet är skickat."
SEND_AGAIN = "Tryck ctrl+s en gång till för att skicka ändå."


class MessagesWriting(MessagesDrafts):
    """The tab with what is opened, and sent."""

    _sending: tuple[Written, UUID] | None = None
    """What is being sent, and its command: sent again unchanged, it is sent once."""
    _is_sending = False
    covers = False
    """Whether one works for a colleague: what is opened is read."""
    goes_on: Callable[[int | None, str], bool] | None = None
    """Asked when a message has gone, in which conversation: whether the page is left for something else by that."""

    # Opening

    async def open(self, conversation: int, draft: int | None = None) -> bool:
        """Open a conversation, with the draft that is written in it; returns whether that could be done."""
        async with self._turn:
            try:
                await self.carry(uuid4(), open_conversation, conversation, covers=self.covers)
            except DomainError as refusal:
                self.notify(refusal.message, severity="warning", markup=False)
                return False
            return await self._show_conversation(conversation, draft)

    async def _show_conversation(self, conversation: int, draft: int | None = None) -> bool:
        thread = await self.try_to_read(conversation_page, conversation)
        if thread is None or not await self._put_away():
            return False
        self.thread = None
        self.take_up(thread)
        self._begin(DraftKeeper(self.client, self.moment_id, conversation, self._draft(conversation, draft)))
        await self.read()
        self.talks.move_to(row_of(conversation))
        self._focus_field()
        return True

    async def open_new(self, draft: int | None = None, *, is_blank: bool = False) -> None:
        """Begin a new conversation, or go on with the draft of one."""
        async with self._turn:
            is_read = await self._put_away()
            if not (is_read or await self.keep_drafts()):
                return
            found = None if is_blank or not is_read else self._draft(None, draft)
            self.thread = None
            self._begin(DraftKeeper(self.client, self.moment_id, None, found))
            if found is not None:
                self.talks.move_to(f"draft-{found.id}")
            self._focus_field()

    def _draft(self, conversation: int | None, draft: int | None) -> DraftText | None:
        """Return the draft that is asked for, else the newest of the conversation."""
        drafts = [one for one in self.page.drafts if one.conversation == conversation] if self.page else []
        return next((one for one in drafts if draft in (None, one.id)), None)

    async def _put_away(self) -> bool:
        """Keep what is written before something else takes its place, and read the drafts as they are by then."""
        while await self.keep_drafts():
            page = await self.try_to_read(open_messages if self.page is None else messages_page)
            if page is None or not self.is_here:
                return False
            if self._is_kept():  # else something was typed while it was read
                self.page = page
                return True
        return False

    def _begin(self, keeper: DraftKeeper) -> None:
        if self.keeper not in (None, keeper):
            self.keeper.let_go()
        self.keeper = keeper
        self._answered = self._warned = self._sending = None
        self.desk.start_over()
        self.write(keeper)
        self.desk.to_end()
        self.show_state()

    def _focus_field(self) -> None:
        if not self.display:  # another tab was opened meanwhile
            return
        self.screen.set_focus(self.desk.field if self.desk.display else self.talks, scroll_visible=False)

    # Sending

    @work(group="send")
    async def send(self) -> None:
        """Send what stands in the field; once is enough."""
        if self.keeper is None or self._is_sending:
            return
        self._is_sending = True
        hold_keys(self.app)  # what is typed on belongs to the next message
        is_left = False
        try:
            async with self._turn:
                is_left = await self._send(self.keeper)
        finally:
            self._is_sending = False
            if not is_left:
                release_keys(self.app)

    async def _send(self, keeper: DraftKeeper) -> bool:
        """Send it, and return whether the page is left by that."""
        keeper.written = written = self.desk.written
        self._answered = written
        self.desk.show_fault(None)
        async with keeper.turn:
            is_sent = await self._try_to_deliver(keeper, written)
        if not self.is_here:
            return False
        if is_sent and self.goes_on is not None and self.goes_on(keeper.conversation, SENT):
            self._begin(keeper)
            return True
        if is_sent:
            self.notify(SENT, markup=False)
            await self._after_sending(keeper)
        self._after_saving(keeper)
        return False

    async def _try_to_deliver(self, keeper: DraftKeeper, written: Written) -> bool:
        """Send it and let the draft go, or say at the field why not."""
        try:
            await self._deliver(keeper, written)
        except StoreUnreachable:
            await keeper.keep_in_file()
            return False
        except NeedsConfirmation as warning:
            self._warned = written
            self.desk.show_fault(Refused(f"{warning.message} {SEND_AGAIN}"))
            return False
        except DomainError as refusal:
            self.desk.show_fault(refusal)
            return False
        await keeper.sent()
        return True

    async def _deliver(self, keeper: DraftKeeper, written: Written) -> None:
        """Send it, once however often it is tried.

        Raises:
            DomainError: what the store refuses.
        """
        await keeper.settle()
        if self._sending is None or self._sending[0] != written:
            self._sending = written, uuid4()
        await self.carry(
            self._sending[1],
            send_message,
            written.text,
            conversation=keeper.conversation,
            heading=written.heading,
            delivery=self.desk.delivery,
            draft=keeper.draft,
            version=keeper.version,
            confirmed=written == self._warned,
        )

    async def _after_sending(self, keeper: DraftKeeper) -> None:
        """Empty the field and show the message where it stands."""
        known = {one.id for one in self.page.conversations} if self.page else set()
        self._begin(keeper)
        if not await self.read() or self.page is None:
            return
        conversation = keeper.conversation
        if conversation is None:
            conversation = next((one.id for one in self.page.conversations if one.id not in known), None)
        if conversation is not None:
            await self._show_conversation(conversation)
