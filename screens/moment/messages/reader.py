"""What is read of a moment's messages: the list with its drafts, and the open conversation from its newest message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from screens.moment.messages.autosave import Autosave
from screens.store_client import StoreClient
from store.care.drafts import DraftText
from store.foundation.errors import NotPermitted, StoreUnreachable
from store.foundation.read_transaction import ReadTransaction
from store.views.conversations import MessageLine, MessagesPage, Thread, conversation_page, messages_page, open_messages

P = ParamSpec("P")
T = TypeVar("T")


class MessagesReader:
    """What is known of the messages. Whoever reads sees to it that one reading comes at a time."""

    def __init__(self, client: StoreClient, moment_id: int, refused: Callable[[], None]) -> None:
        """Know nothing yet; `refused` is called when the messages may no longer be seen."""
        self.page: MessagesPage | None = None
        self.thread: Thread | None = None
        """The open conversation as it was read last."""
        self.messages: tuple[MessageLine, ...] = ()
        """Its messages, joined over all readings."""
        self.has_older = False
        """Whether there are messages before those."""
        self._client = client
        self._moment_id = moment_id
        self._refused = refused

    @property
    def last_seen(self) -> int | None:
        """The id of the newest message on screen; None where there is none."""
        return self.messages[-1].id if self.messages else None

    def forget(self) -> None:
        """Know nothing any longer."""
        self.page = self.thread = None
        self.messages, self.has_older = (), False

    def text_of(self, conversation: int | None, draft: int | None, *, is_blank: bool = False) -> Autosave:
        """Return what is written in a conversation, or in a new one: the draft that is asked for, else the newest."""
        drafts = [one for one in self.page.drafts if one.conversation == conversation] if self.page else []
        found = next((one for one in drafts if not is_blank and draft in (None, one.id)), None)
        return Autosave(self._client, self._moment_id, conversation, found)

    def draft_after(self, draft: int | None) -> DraftText | None:
        """Return the draft after another in the list, from the first again; None where there is none."""
        drafts = self.page.drafts if self.page else ()
        here = next((at for at, one in enumerate(drafts) if one.id == draft), -1)
        return drafts[(here + 1) % len(drafts)] if drafts else None

    async def fetch_page(self) -> MessagesPage | None:
        """Return the list as it is now; the first time that it was opened is logged."""
        if self.page is None:
            await self._client.hold_key(self._moment_id)  # what is written must be sealed also without a database
        return await self.fetch(open_messages if self.page is None else messages_page)

    async def fetch_thread(self, conversation: int) -> Thread | None:
        """Return the newest messages of a conversation."""
        return await self.fetch(conversation_page, conversation)

    async def fetch(
        self, operation: Callable[Concatenate[ReadTransaction, int, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """Return what is read of the moment; None where it can't be, and the page says why over the tab."""
        try:
            return await self._client.read(operation, self._moment_id, *args, **kwargs)
        except NotPermitted:
            self._refused()
        except StoreUnreachable:
            pass
        return None

    def take(self, thread: Thread) -> None:
        """Join the newest messages with those that are known before them."""
        if self.thread is None or self.thread.conversation.id != thread.conversation.id or not thread.messages:
            self.messages, self.has_older = thread.messages, thread.more
        else:
            first = (thread.messages[0].sent_at, thread.messages[0].id)
            older = tuple(one for one in self.messages if (one.sent_at, one.id) < first)
            known = self.messages and (self.messages[-1].sent_at, self.messages[-1].id) >= first
            self.messages = (*older, *thread.messages) if known else thread.messages
            self.has_older = self.has_older if known and older else thread.more
        self.thread = thread

    async def read_older(self) -> bool:
        """Read what came before the oldest message that is known; returns whether there was something."""
        if self.thread is None or not self.has_older or not self.messages:
            return False
        oldest, conversation = self.messages[0], self.thread.conversation.id
        older = await self.fetch(conversation_page, conversation, before=(oldest.sent_at, oldest.id))
        if older is None:
            return False
        self.messages, self.has_older = (*older.messages, *self.messages), older.more
        return True
