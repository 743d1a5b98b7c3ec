"""The tab *Meddelanden*: conversations with the resident, and what can be done with them (guide; domain.md §4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.events import DescendantFocus, Resize

from screens.moment.available_actions import Allowed
from screens.moment.messages import intro
from screens.moment.messages.actions import MessageActions
from screens.moment.messages.composer import Composer
from screens.moment.messages.conversation_list import ConversationList
from screens.moment.messages.conversation_pane import ConversationPane
from screens.moment.messages.conversation_rows import BEGUN, rows_of
from screens.moment.messages.drafts import DraftSaver
from screens.moment.messages.intro import MessagesIntro
from screens.moment.messages.open_conversation import OpenConversation
from screens.moment.messages.reader import MessagesReader
from screens.moment.messages.thread_view import ThreadView
from screens.moment.messages.withheld import why_withheld
from screens.moment.reader import MomentReader
from screens.refusals import notify_warning
from screens.shown_keys import keyed
from screens.type_ahead import hold_keys, keys_held, release_keys
from screens.widgets.mark import Mark
from screens.workers import InTurn, is_closing
from store.care.conversations import mark_conversation_read, mark_conversation_unread
from store.care.maintenance import resume_moment
from store.care.messages import send_message
from store.views.conversations import MessagesPage

EMPTY = "Inga konversationer än."
ELSEWHERE = "Inget är skickat. Markören stod på en annan rad. Det här är texten: {messages.send} skickar den."
WIDE = 120
"""Columns from which the list stands beside the conversation."""
ROOMY = 34
"""Lines from which there is room for everything at once."""


class MessagesTab(Vertical):
    """The list of conversations, the open one, and the composer under it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "Skapa ny konversation", id="messages.new", tooltip="Skapa ny konversation."),
        Binding("m", "mark(True)", "Läst", id="messages.read", tooltip="Markera konversationen som läst."),
        Binding("M", "mark(False)", "Oläst\xa0igen", id="messages.unread", tooltip="Gör konversationen oläst igen."),
        Binding("ctrl+s", "send", "Skicka\xa0meddelande", id="messages.send", tooltip="Skicka meddelandet i fältet."),
        Binding("c", "copy", "Kopiera\xa0utkastet", id="messages.copy", tooltip="Kopiera det som inte kan skickas."),
        Binding(
            "escape",
            "to_list",
            "Till\xa0listan",
            id="messages.list",
            tooltip="Gå till listan. Texten är kvar som utkast.",
        ),
    ]

    DEFAULT_CSS = """
    MessagesTab {
        & > MessagesIntro { padding: 0 1; }
        & > #pair { height: 1fr; layout: vertical; }
        & #talks { height: auto; max-height: 5; scrollbar-size-vertical: 1; }
        &.-open #talks { max-height: 3; }
        &.-roomy #talks, &.-roomy.-open #talks { max-height: 8; }
        &.-wide {
            & > #pair { layout: horizontal; }
            & #talks, &.-open #talks { width: 36; height: 1fr; max-height: 100%; border-top: solid $rule; }
            & #talk { width: 1fr; border-left: solid $rule; }
        }
        &.-roomy #text, &.-roomy #left { height: 8; }
    }
    """

    def __init__(
        self,
        moment: MomentReader,
        *,
        works_for_colleague: bool,
        leads_on: Callable[[int | None, str], bool],
        id: str,
    ) -> None:
        """Show a moment's messages.

        Args:
            moment: changes the moment, and shows it anew.
            works_for_colleague: whether what is opened is read for a colleague.
            leads_on: asked when a message has gone, in which conversation: whether the page closes for the queue's next
                matter by that. It is given what is to be said there.
            id: the tab's.
        """
        super().__init__(id=id, classes="tab")
        self.conversations = ConversationList()
        self.composer = Composer()
        self.allowed = Allowed()
        self._moment = moment
        self._moment_id = moment_id = moment.moment_id
        self._client = moment.client
        self._leads_on = leads_on
        self.reader = MessagesReader(moment.client, moment_id, self._refused)
        self.drafts = DraftSaver(self, self.composer, self.ask)
        self._opened = OpenConversation(
            self,
            moment,
            self.reader,
            self.drafts,
            self.composer,
            self.conversations,
            covers=works_for_colleague,
            show=self.show_state,
        )
        self._actions = MessageActions(self, moment, moment_id)
        self._pane = ConversationPane(self.composer)
        self._is_sending = False
        self._turn = self._opened.turn
        self._rereading = InTurn(self, "messages", self._turn, self._opened.read)
        self.was_read = self._rereading.was_done
        self._reading_older = InTurn(self, "messages", self._turn, self._read_older)

    def compose(self) -> ComposeResult:
        """Lay out what will be filled."""
        yield MessagesIntro()
        with Container(id="pair"):
            with VerticalScroll(id="talks", can_focus=False):
                yield self.conversations
            yield self._pane

    @property
    def page(self) -> MessagesPage | None:
        """The list as it was read last, None until it is."""
        return self.reader.page

    @property
    def first(self) -> ConversationList:
        """What gets the focus when the tab is opened."""
        return self.conversations

    @property
    def _why_withheld(self) -> str:
        """Why nothing can be written, and what to do about it; empty where it can."""
        may_write, may_resume = self.allowed(send_message), self.allowed(resume_moment)
        return why_withheld(self.page.why_not_write if self.page else "", may_write=may_write, may_resume=may_resume)

    @property
    def may_write(self) -> bool:
        """Whether something can be written and sent."""
        return self.page is not None and not self._why_withheld

    def on_mount(self) -> None:
        """Open the messages."""
        self.show_state()
        self.ask()

    def on_resize(self, event: Resize) -> None:
        """Lay out for the room there is."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self.set_class(self.app.size.height >= ROOMY, "-roomy")
        self._make_room()

    def on_unmount(self) -> None:
        """Leave the file of what is written, where there is one, to be taken up when the database is back."""
        self.drafts.let_go()

    # Reading

    async def changed(self) -> None:
        """Read what is new, and save what could not be saved before; cursor, place and text stay."""
        if self.drafts.current is not None and self.drafts.current.is_lost:
            self.drafts.save_now()
        self.ask()

    def ask(self) -> None:
        """Read the list and the open conversation again, soon and once."""
        self._rereading.ask()

    @on(ThreadView.OlderAsked)
    def _older_asked(self, event: ThreadView.OlderAsked) -> None:
        event.stop()
        if self.reader.has_older:
            self._reading_older.ask()

    async def _read_older(self) -> None:
        if await self.reader.read_older() and not is_closing(self):
            self._show_thread()

    def _refused(self) -> None:
        """Show nothing: what may no longer be seen is not left standing."""
        if is_closing(self):
            return
        self.drafts.close()
        self.reader.forget()
        self.conversations.start_over()
        self.show_state()

    # Showing

    def show_allowed(self, allowed: Allowed) -> None:
        """Take what the person may do with the moment as it is now."""
        self.allowed = allowed
        if self.is_mounted and not is_closing(self):  # else what it is shown on is not there yet
            self.show_state()

    def show_state(self) -> None:
        """Show what was read last, and what is open of it."""
        page = self.page
        unread, drafts = (page.unread, len(page.drafts)) if page else (None, None)
        self.query_one(MessagesIntro).show(unread, drafts, may_write=self.may_write)
        if page is not None:
            is_begun = self._opened.row == BEGUN
            self.conversations.show_conversations(rows_of(page, self._client.clock(), is_begun=is_begun), EMPTY)
            if self._is_in_conversation:
                self._opened.follow()
        self.set_class(self.drafts.current is not None, "-open")
        self._make_room()
        self._show_thread()
        self._show_composer()
        self.refresh_bindings()

    def _make_room(self) -> None:
        """Leave the guide's words out where the open conversation needs their lines."""
        is_open, is_low = self.has_class("-open"), not self.has_class("-roomy")
        self.query_one(MessagesIntro).say_words(not (is_open and is_low))

    def _show_thread(self) -> None:
        now = self._client.clock()
        self._pane.show_thread(self.reader, self.drafts.current, now, may_write=self.may_write)

    def _show_composer(self) -> None:
        """Show the composer, or why nothing can be written, and the draft's state."""
        composer = self.composer
        was_shown, had_focus = composer.display, composer.has_focus_within
        self.drafts.take_typed()
        self._pane.show_composer(self.reader, self.drafts.current, self._why_withheld)
        if was_shown and not composer.display:
            self.drafts.save_now()
            if had_focus:
                self.conversations.focus()
        self.drafts.show_state()

    # Opening

    @on(ConversationList.OpenAsked)
    def _open_asked(self, event: ConversationList.OpenAsked) -> None:
        event.stop()
        if event.row.id == BEGUN:
            self._opened.focus()
        elif event.row.conversation is not None:
            self._open(event.row.conversation)
        else:
            self._open_new(event.row.draft)

    def action_new(self) -> None:
        """Begin a new conversation: with its draft if there is one, and without when that is open already."""
        text = self.drafts.current
        is_written = text is not None and text.conversation is None and not text.written.is_blank
        self._open_new(is_blank=is_written)

    @work(group="messages")
    async def _open(self, conversation: int, draft: int | None = None, *, marks_read: bool = True) -> None:
        with keys_held(self.app):  # what is typed from now on is the answer
            await self.open(conversation, draft, marks_read=marks_read)

    async def open(self, conversation: int, draft: int | None = None, *, marks_read: bool = True) -> None:
        """Open a conversation, with the draft that is written in it; `marks_read` where its row was opened."""
        await self._opened.open(conversation, draft, marks_read=marks_read)

    async def show_taken_back(self) -> None:
        """Show the text of a message that was taken back, where nothing else has been written since."""
        text = self.drafts.current
        if text is not None and text.conversation is not None and text.written.is_blank:
            await self.open(text.conversation, marks_read=False)

    @work(group="messages")
    async def _open_new(self, draft: int | None = None, *, is_blank: bool = False) -> None:
        """Begin a new conversation, or go on with the draft of one."""
        with keys_held(self.app):
            await self._opened.open_new(draft, is_blank=is_blank)

    @on(DescendantFocus)
    def _focused(self) -> None:
        """Let the cursor follow where the focus goes into the open conversation."""
        if self._is_in_conversation:
            self._opened.follow()

    # What is written

    @on(Composer.Typed)
    def _typed(self, event: Composer.Typed) -> None:
        event.stop()
        text = self.drafts.current
        if text is not None and self.composer.display:
            self.drafts.typed()
            self._opened.sender.typed(text.written)

    def action_send(self) -> None:
        """Send what is written; from a list whose cursor is elsewhere, show first where it would go."""
        if self._is_in_conversation or self.conversations.cursor == self._opened.row:
            self._send()
            return
        self._opened.follow()
        self._opened.focus()
        notify_warning(self.app, keyed(ELSEWHERE), whom=self._moment.whom)

    @on(Composer.SendAsked)
    def _send_asked(self, event: Composer.SendAsked) -> None:
        event.stop()
        self._opened.follow()
        self._send()

    @work(group="send")
    async def _send(self) -> None:
        """Send what stands in the composer; once is enough."""
        if self.drafts.current is None or self._is_sending:
            return
        self._is_sending = True
        hold_keys(self.app)  # what is typed from now on belongs to the next message
        leads_on = False
        try:
            async with self._turn:
                leads_on = await self._opened.send(self.drafts.current, self._leads_on)
        finally:
            self._is_sending = False
            if not leads_on:
                release_keys(self.app)

    @work(group="copy")
    async def action_copy(self) -> None:
        """Copy a draft that can't be sent."""
        if self.drafts.current is not None:
            await self._actions.copy(self.drafts.current)

    @on(Composer.TemplateAsked)
    @work(exclusive=True, group="dialog")
    async def _template_asked(self, event: Composer.TemplateAsked) -> None:
        """Choose a template; it stands in the field with the names filled in before it is sent."""
        event.stop()
        if (text := await self._actions.choose_template()) is not None:
            self.composer.insert_template(text)

    # What can be done here

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the messages as they are now."""
        text = self.drafts.current
        if action == "new":
            return self.may_write
        if action == "mark":
            return self._may_mark(as_read=bool(parameters[0]))
        if action == "send":
            return self.composer.display and text is not None
        if action == "copy":
            return bool(self._why_withheld and text is not None and not text.written.is_blank)
        if action == "to_list":
            return self._is_in_conversation
        return super().check_action(action, parameters)

    @property
    def _is_in_conversation(self) -> bool:
        """Whether the focus is in the open conversation, and not in the list."""
        focused = self.screen.focused
        return focused is not None and any(node.id == "talk" for node in focused.ancestors)

    def action_to_list(self) -> None:
        """Go back to the list; what is written is kept."""
        self.drafts.save_now()
        self.conversations.focus()

    @on(Mark.Pressed)
    def _mark_pressed(self, event: Mark.Pressed) -> None:
        event.stop()
        if event.mark.id == intro.NEW:
            self.action_new()
        elif event.mark.id == intro.DRAFTS:
            self._open_next_draft()
        elif (unread := self.conversations.next_unread()) is not None:
            self.conversations.focus()
            self.conversations.move_to(unread)

    def _open_next_draft(self) -> None:
        """Open the person's next draft after the one that is open, from the first again."""
        text = self.drafts.current
        draft = self.reader.draft_after(text.draft if text is not None else None)
        if draft is None:
            return
        if draft.conversation is None:
            self._open_new(draft.id)
        else:
            self._open(draft.conversation, draft.id, marks_read=False)

    # Read and unread

    @property
    def _conversation_to_mark(self) -> int | None:
        """The conversation that `m` marks: the open one where the focus is in it, else the cursor's."""
        if self._is_in_conversation:
            return self.drafts.current.conversation if self.drafts.current else None
        return self.conversations.row.conversation if self.conversations.row else None

    def _may_mark(self, *, as_read: bool) -> bool:
        marked, page = self._conversation_to_mark, self.page
        unread = next((one.unread for one in page.conversations if one.id == marked), None) if page else None
        operation: Callable[..., object] = mark_conversation_read if as_read else mark_conversation_unread
        return unread is not None and bool(unread) is as_read and self.allowed(operation)

    @work(group="mark")
    async def action_mark(self, as_read: bool) -> None:
        """Mark a conversation as read, or as unread again."""
        conversation = self._conversation_to_mark
        if conversation is not None and await self._actions.mark(conversation, as_read=as_read):
            self.ask()
