"""The conversation that is open in *Meddelanden*: read, opened, begun, written in and sent, one thing at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

from textual.widget import Widget

from screens.journal_offer import JournalOffer, with_offer
from screens.moment.messages.autosave import Autosave
from screens.moment.messages.composer import Composer
from screens.moment.messages.conversation_list import ConversationList
from screens.moment.messages.conversation_rows import open_row
from screens.moment.messages.drafts import DraftSaver
from screens.moment.messages.reader import MessagesReader
from screens.moment.messages.sender import MessageSender
from screens.moment.reader import MomentReader
from screens.refusals import attempt
from screens.shown_keys import keyed
from screens.workers import is_closing
from store.views.conversations import open_conversation, view_conversation

SENT = "Meddelandet är skickat."
UNDO_HINT = "{messages.list} och {undo.last} ångrar inom 5 sekunder."
AFTER_LIST = "{messages.list} och "
"""What comes before a key that the field would take as a letter."""


class OpenConversation:
    """Opens conversations in a tab, and keeps list, text and composer at the one that is open."""

    def __init__(
        self,
        tab: Widget,
        moment: MomentReader,
        reader: MessagesReader,
        drafts: DraftSaver,
        composer: Composer,
        conversations: ConversationList,
        *,
        covers: bool,
        show: Callable[[], None],
    ) -> None:
        """Open for a tab.

        Args:
            tab: where it is shown.
            moment: changes the moment, and shows it anew.
            reader: reads the list and the conversations.
            drafts: saves what is written.
            composer: where it is written.
            conversations: the list.
            covers: whether what is opened is read for a colleague.
            show: shows what was read last.
        """
        self._tab = tab
        self._moment = moment
        self._reader = reader
        self._drafts = drafts
        self._composer = composer
        self._conversations = conversations
        self._covers = covers
        self._show = show
        self.sender = MessageSender(moment, moment.moment_id, composer)
        self.turn = asyncio.Lock()
        """Held while something is read, opened or sent: each begins with what the one before it left."""

    @property
    def row(self) -> str:
        """The id of its row in the list; empty where nothing is open."""
        text = self._drafts.current
        return open_row(text.conversation, text.draft) if text is not None else ""

    def follow(self) -> None:
        """Put the cursor on its row."""
        if (row := self.row) and self._conversations.cursor != row:
            self._conversations.move_to(row)

    def focus(self) -> None:
        """Go where it is written in, where the tab is the one that is shown."""
        if self._tab.display:
            where = self._composer.field if self._composer.display else self._conversations
            self._tab.screen.set_focus(where, scroll_visible=False)

    async def read(self) -> bool:
        """Read the list and what is open of it, in a turn that the caller has; returns whether that went well."""
        is_first, text = self._reader.page is None, self._drafts.current
        async with AsyncExitStack() as stack:
            if text is not None:  # no saving may come between what is read and what it is compared with
                await stack.enter_async_context(text.turn)
            page = await self._reader.fetch_page()
            if page is None or is_closing(self._tab):
                return False
            self._reader.page = page
            self._drafts.follow(page.drafts, is_asked_about=self.sender.awaits_confirmation)
        if text is not None and text.conversation is not None:
            thread = await self._reader.fetch_thread(text.conversation)
            if thread is None or is_closing(self._tab):
                return False
            self._reader.take(thread)
        self._show()
        if is_first and (unread := self._conversations.first_unread()):
            self._conversations.move_to(unread)
        return True

    async def open(self, conversation: int, draft: int | None = None, *, marks_read: bool = True) -> None:
        """Open a conversation, with the draft that is written in it; `marks_read` where its row was opened."""
        async with self.turn:
            opening = self._tell(conversation, marks_read=marks_read)
            if await attempt(self._tab.app, opening, whom=self._moment.whom):
                await self._show_conversation(conversation, draft)

    async def _tell(self, conversation: int, *, marks_read: bool) -> None:
        """Tell the store that a conversation is opened."""
        moment = self._moment
        if marks_read:
            await moment.do(open_conversation, moment.moment_id, conversation, covers=self._covers)
        else:
            await moment.client.read(view_conversation, moment.moment_id, conversation)

    async def _show_conversation(self, conversation: int, draft: int | None = None) -> None:
        thread = await self._reader.fetch_thread(conversation)
        if thread is None or not await self._drafts.put_away(self._reader):
            return
        self._reader.thread = None
        self._reader.take(thread)
        self._begin(self._reader.text_of(conversation, draft))
        await self.read()
        self.follow()
        self.focus()

    async def open_new(self, draft: int | None = None, *, is_blank: bool = False) -> None:
        """Begin a new conversation, or go on with the draft of one."""
        async with self.turn:
            is_read = await self._drafts.put_away(self._reader)
            if not (is_read or await self._drafts.keep()):
                return
            self._reader.thread = None
            self._begin(self._reader.text_of(None, draft, is_blank=is_blank or not is_read))
            self.follow()
            self.focus()

    def _begin(self, text: Autosave) -> None:
        self.sender.start_over()
        self._composer.start_over()
        self._drafts.open(text)
        self._composer.to_end()
        self._show()

    async def send(self, text: Autosave, leads_on: Callable[[int | None, str], bool]) -> bool:
        """Send a text, in a turn that the caller has.

        `leads_on` is asked when it has gone, in which conversation: whether the page closes for the queue's next matter
        by that, which is returned. It is given what is to be said there.
        """
        is_sent = await self.sender.send(text, self._reader.last_seen)
        if is_closing(self._tab):
            return False
        if is_sent and leads_on(text.conversation, self._offering(SENT)):
            self._begin(text)
            return True
        if is_sent:
            self._tab.notify(self._offering(f"{SENT} {keyed(UNDO_HINT)}", first=AFTER_LIST), markup=False)
            await self._show_sent(text)
        self._drafts.after_saving(text)
        return False

    def _offering(self, said: str, *, first: str = "") -> str:
        """Return what is said of a message that has gone, with the offer of the *Journalunderlag*."""
        moment = self._moment
        offer = JournalOffer(moment.client, moment.moment_id, moment.whom)
        return with_offer(self._tab.app, offer, moment.whom.says(said), may_read=not moment.is_gone, first=first)

    async def _show_sent(self, text: Autosave) -> None:
        """Empty the composer and show the message where it stands."""
        known = {one.id for one in self._reader.page.conversations} if self._reader.page else set()
        self._begin(text)
        if not await self.read() or self._reader.page is None:
            return
        conversation = text.conversation
        if conversation is None:
            conversation = next((one.id for one in self._reader.page.conversations if one.id not in known), None)
        if conversation is not None:
            await self._show_conversation(conversation)
