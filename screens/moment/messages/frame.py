"""What stands on the tab *Meddelanden*, and how it is read: once when it opens, and again when others change it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from textual import work
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.events import Resize

from screens.moment.available_actions import Allowed
from screens.moment.messages.autosave import DraftKeeper
from screens.moment.messages.composer import Desk
from screens.moment.messages.conversation_list import ConversationList
from screens.moment.messages.conversation_rows import rows_of
from screens.moment.messages.intro import MessagesIntro
from screens.moment.messages.thread_view import ThreadView
from screens.moment.messages.withheld import Withheld, why_withheld
from screens.store_client import StoreClient
from screens.widgets.rule_heading import RuleHeading
from store.care.maintenance import resume_moment
from store.care.messages import send_message
from store.foundation.errors import NotPermitted, StoreUnreachable
from store.foundation.work import ReadTransaction
from store.views.conversations import MessageLine, MessagesPage, Thread, conversation_page, messages_page, open_messages

P = ParamSpec("P")
T = TypeVar("T")

Carry = Callable[..., Awaitable[Any]]
"""Carries out an operation on the moment under a command's UUID, and shows the page anew."""

EMPTY = "Inga konversationer än."
EMPTY_HINT = "Tryck n för att skapa en ny konversation."
OPEN_HINT = "Tryck Enter för att öppna konversationen vid markören."
NEW_HINT = "Invånaren ser konversationen när du har skickat det första meddelandet."
NEW_TITLE = "Ny konversation"
WIDE = 120
"""Columns from which the list stands beside the conversation."""
ROOMY = 34
"""Lines from which there is room for everything at once."""


class MessagesFrame(Vertical):
    """The list, the open conversation and the field, without what can be done with them."""

    DEFAULT_CSS = """
    MessagesFrame {
        & > MessagesIntro { padding: 0 1; }
        & > #pair { height: 1fr; layout: vertical; }
        & #talks { height: auto; max-height: 5; scrollbar-size-vertical: 1; }
        &.-open #talks { max-height: 3; }
        &.-roomy #talks, &.-roomy.-open #talks { max-height: 8; }
        & #talk { height: 1fr; }
        &.-wide {
            & > #pair { layout: horizontal; }
            & #talks, &.-open #talks { width: 36; height: 1fr; max-height: 100%; border-top: solid $rule; }
            & #talk { width: 1fr; border-left: solid $rule; }
        }
        &.-roomy #text, &.-roomy #left { height: 8; }
    }
    """

    def __init__(self, client: StoreClient, moment_id: int, carry: Carry, id: str) -> None:
        """Show a moment's messages; `carry` changes the moment."""
        super().__init__(id=id, classes="tab")
        self.client = client
        self.moment_id = moment_id
        self.page: MessagesPage | None = None
        self.allowed = Allowed()
        self.keeper: DraftKeeper | None = None
        """What is written in what is open; None while nothing is."""
        self.thread: Thread | None = None
        self._carry = carry
        self._messages: tuple[MessageLine, ...] = ()
        self._turn = asyncio.Lock()
        self._is_due = self._is_more_due = False
        self._more = False

    def compose(self) -> ComposeResult:
        """Lay out what will be filled."""
        yield MessagesIntro()
        with Container(id="pair"):
            with VerticalScroll(id="talks", can_focus=False):
                yield ConversationList()
            with Vertical(id="talk"):
                yield RuleHeading()
                yield ThreadView()
                yield Withheld()
                yield Desk()

    @property
    def talks(self) -> ConversationList:
        """The conversations."""
        return self.query_one(ConversationList)

    @property
    def first(self) -> ConversationList:
        """What the person begins with."""
        return self.talks

    @property
    def desk(self) -> Desk:
        """Where it is written."""
        return self.query_one(Desk)

    @property
    def view(self) -> ThreadView:
        """The open conversation."""
        return self.query_one(ThreadView)

    @property
    def why(self) -> str:
        """Why nothing can be written, and what to do about it; empty where it can."""
        may_write, may_resume = self.allowed(send_message), self.allowed(resume_moment)
        return why_withheld(self.page.why_not_write if self.page else "", may_write=may_write, may_resume=may_resume)

    @property
    def may_write(self) -> bool:
        """Whether something can be written and sent."""
        return self.page is not None and not self.why

    @property
    def is_here(self) -> bool:
        """Whether the tab can be shown anything: it, or its page, may have been closed while something was read."""
        return self.is_attached and not self._pruning

    def on_mount(self) -> None:
        """Open the messages."""
        self.show_state()
        self.ask()

    def on_resize(self, event: Resize) -> None:
        """Lay out for the room there is."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self.set_class(self.app.size.height >= ROOMY, "-roomy")
        self._make_room()

    # Reading

    async def changed(self) -> None:
        """Read what is new; cursor, place and text stay."""
        self.ask()

    def ask(self) -> None:
        """Read it all again, soon and once."""
        if not self._is_due:
            self._is_due = True
            self._reread()

    @work(group="messages")
    async def _reread(self) -> None:
        async with self._turn:
            self._is_due = False
            await self.read()

    async def read(self) -> bool:
        """Read the page and what is open of it, in a turn that the caller has; returns whether that went well."""
        is_first, keeper = self.page is None, self.keeper
        async with AsyncExitStack() as stack:
            if keeper is not None:  # no saving may come between what is read and what it is compared with
                await stack.enter_async_context(keeper.turn)
            page = await self.try_to_read(open_messages if is_first else messages_page)
            if page is None or not self.is_here:
                return False
            self.page = page
            if keeper is not None:
                self.follow(keeper)
        if keeper is not None and keeper.conversation is not None:
            thread = await self.try_to_read(conversation_page, keeper.conversation)
            if thread is None or not self.is_here:
                return False
            self.take_up(thread)
        self.show_state()
        if is_first and (unread := self.talks.first_unread()):
            self.talks.move_to(unread)
        return True

    def follow(self, keeper: DraftKeeper) -> None:
        """Hook: the drafts were read again."""

    async def try_to_read(
        self, operation: Callable[Concatenate[ReadTransaction, int, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """Return what is read of the moment, or nothing: why, the page says over the tab."""
        try:
            return await self.client.read(operation, self.moment_id, *args, **kwargs)
        except NotPermitted:
            if self.is_here:
                self.empty()  # what may no longer be seen is not left standing
        except StoreUnreachable:
            pass
        return None

    async def carry(self, command: UUID, operation: Callable[..., T], *args: object, **options: object) -> T:
        """Carry out an operation on the moment.

        Raises:
            DomainError: what it refuses.
        """
        done: T = await self._carry(command, operation, *args, **options)
        return done

    def take_up(self, thread: Thread) -> None:
        """Join the newest messages with those that are known before them."""
        if self.thread is None or self.thread.conversation.id != thread.conversation.id or not thread.messages:
            self._messages, self._more = thread.messages, thread.more
        else:
            first = (thread.messages[0].sent_at, thread.messages[0].id)
            older = tuple(one for one in self._messages if (one.sent_at, one.id) < first)
            known = self._messages and (self._messages[-1].sent_at, self._messages[-1].id) >= first
            self._messages = (*older, *thread.messages) if known else thread.messages
            self._more = self._more if known and older else thread.more
        self.thread = thread

    def ask_for_older(self) -> None:
        """Read what came before the oldest message that is shown."""
        if self._more and not self._is_more_due:
            self._is_more_due = True
            self._read_on()

    @work(group="messages")
    async def _read_on(self) -> None:
        async with self._turn:
            self._is_more_due = False
            if self.thread is None or not self._more or not self._messages:
                return
            oldest, conversation = self._messages[0], self.thread.conversation.id
            older = await self.try_to_read(conversation_page, conversation, before=(oldest.sent_at, oldest.id))
            if older is not None and self.is_here:
                self._messages, self._more = (*older.messages, *self._messages), older.more
                self._show_thread()

    # Showing

    def show_allowed(self, allowed: Allowed) -> None:
        """Take what the person may do with the moment as it is now."""
        self.allowed = allowed
        if self.is_here and self.is_mounted:  # else what it is shown on is not there yet
            self.show_state()

    def show_state(self) -> None:
        """Show what was read last, and what is open of it."""
        page = self.page
        unread, drafts = (page.unread, len(page.drafts)) if page else (None, None)
        self.query_one(MessagesIntro).show(unread, drafts, may_write=self.may_write)
        if page is not None:
            self.talks.show_talks(rows_of(page, self.client.clock()), EMPTY)
        self.set_class(self.keeper is not None, "-open")
        self._make_room()
        self._show_thread()
        self.show_field()
        self.refresh_bindings()

    def _make_room(self) -> None:
        """Leave the guide's words out where the open conversation needs their lines."""
        is_open, is_low = self.has_class("-open"), not self.has_class("-roomy")
        self.query_one(MessagesIntro).say_words(not (is_open and is_low))

    def _show_thread(self) -> None:
        heading, keeper = self.query_one(RuleHeading), self.keeper
        if keeper is not None and keeper.conversation is not None and self.thread is not None:
            heading.show(self.thread.conversation.heading)
            self.view.show(self._messages, self.client.clock(), more=self._more)
        else:
            heading.show(NEW_TITLE if keeper is not None else "")
            self.view.say(self._hint())

    def _hint(self) -> str:
        if self.keeper is not None:
            return NEW_HINT if self.may_write else ""
        if self.page is None:
            return ""
        if self.page.conversations or self.page.drafts:
            return f"{OPEN_HINT} {EMPTY_HINT}" if self.may_write else OPEN_HINT
        return EMPTY_HINT if self.may_write else ""

    def show_field(self) -> None:
        """Show the field, or why there is none."""
        keeper, page = self.keeper, self.page
        self.desk.display = keeper is not None and self.may_write
        text = keeper.written.text if keeper is not None else ""
        self.query_one(Withheld).show(self.why if page is not None else "", text)
        if page is not None:
            self.desk.show_notice(page.collects_at, is_reached=page.is_reached)

    def empty(self) -> None:
        """Show nothing."""
        self.page = self.thread = self.keeper = None
        self._messages, self._more = (), False
        self.talks.start_over()
        self.show_state()
