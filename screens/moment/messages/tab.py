"""The tab *Meddelanden*: conversations with the resident, and what can be done with them (guide; domain.md §4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar
from uuid import uuid4

from textual import on, work
from textual.binding import Binding, BindingType

from screens.dialogs.choose import Choice, ChoiceDialog
from screens.moment.messages import intro
from screens.moment.messages.composer import Desk
from screens.moment.messages.conversation_list import ConversationList
from screens.moment.messages.thread_view import ThreadView
from screens.moment.messages.writing import MessagesWriting
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.mark import Mark
from store.care.conversations import mark_conversation_read, mark_conversation_unread
from store.care.drafts import copy_draft
from store.foundation.errors import DomainError
from store.views.conversations import filled_templates

COPIED = "Utkastet är kopierat."
NO_TEMPLATES = "Det finns inga mallar. Egna mallar skriver du under Min profil, enhetens under Enhet."


class Messages(MessagesWriting):
    """The tab."""

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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done here and now."""
        if action == "new":
            return self.may_write
        if action == "mark":
            return self._may_mark(as_read=bool(parameters[0]))
        if action == "send":
            return self.desk.display and self.keeper is not None
        if action == "copy":
            return bool(self.why and self.keeper is not None and not self.keeper.written.is_blank)
        if action == "to_list":
            return self._is_within_talk
        return super().check_action(action, parameters)

    @property
    def _is_within_talk(self) -> bool:
        """Whether the person is in what is open, and not in the list."""
        focused = self.screen.focused
        return focused is not None and any(node.id == "talk" for node in focused.ancestors)

    # Going from one to another

    def action_to_list(self) -> None:
        """Go back to the list; what is written is kept."""
        self.save_now()
        self.talks.focus()

    @on(ConversationList.OpenAsked)
    async def _open_asked(self, event: ConversationList.OpenAsked) -> None:
        event.stop()
        if event.row.conversation is not None:
            self._open(event.row.conversation)
        else:
            self._open_new(event.row.draft)

    @work(group="messages")
    async def _open(self, conversation: int, draft: int | None = None) -> None:
        await self.open(conversation, draft)

    @work(group="messages")
    async def _open_new(self, draft: int | None = None, *, is_blank: bool = False) -> None:
        await self.open_new(draft, is_blank=is_blank)

    def action_new(self) -> None:
        """Begin a new conversation: with its draft if there is one, and without when that is open already."""
        keeper = self.keeper
        is_written = keeper is not None and keeper.conversation is None and not keeper.written.is_blank
        self._open_new(is_blank=is_written)

    @on(Mark.Pressed)
    def _mark_pressed(self, event: Mark.Pressed) -> None:
        event.stop()
        if event.mark.id == intro.NEW:
            self.action_new()
        elif event.mark.id == intro.DRAFTS:
            self._open_next_draft()
        elif (unread := self.talks.next_unread()) is not None:
            self.talks.focus()
            self.talks.move_to(unread)

    def _open_next_draft(self) -> None:
        """Open the own draft after the one that is open, from the first again."""
        drafts = self.page.drafts if self.page else ()
        here = next((at for at, one in enumerate(drafts) if self.keeper and one.id == self.keeper.draft), -1)
        if not drafts:
            return
        draft = drafts[(here + 1) % len(drafts)]
        if draft.conversation is None:
            self._open_new(draft.id)
        else:
            self._open(draft.conversation, draft.id)

    @on(ThreadView.OlderAsked)
    def _older_asked(self, event: ThreadView.OlderAsked) -> None:
        event.stop()
        self.ask_for_older()

    # Read and unread

    @property
    def _marked(self) -> int | None:
        """The conversation that a mark is set on: the open one from within it, else the cursor's."""
        if self._is_within_talk:
            return self.keeper.conversation if self.keeper else None
        return self.talks.row.conversation if self.talks.row else None

    def _may_mark(self, *, as_read: bool) -> bool:
        marked = self._marked
        unread = next((one.unread for one in self.page.conversations if one.id == marked), None) if self.page else None
        operation: Callable[..., object] = mark_conversation_read if as_read else mark_conversation_unread
        return unread is not None and bool(unread) is as_read and self.allowed(operation)

    @work(group="mark")
    async def action_mark(self, as_read: bool) -> None:
        """Mark a conversation as read, or as unread again."""
        if self._marked is None:
            return
        try:
            await self.carry(uuid4(), mark_conversation_read if as_read else mark_conversation_unread, self._marked)
        except DomainError as refusal:
            self.notify(refusal.message, severity="warning", markup=False)
        else:
            self.ask()

    # What is written

    def action_send(self) -> None:
        """Send what is written."""
        self.send()

    @on(Desk.SendAsked)
    def _send_asked(self, event: Desk.SendAsked) -> None:
        event.stop()
        self.send()

    @work(group="copy")
    async def action_copy(self) -> None:
        """Copy a draft that can't be sent; that it was is logged first."""
        if (keeper := self.keeper) is None:
            return
        try:
            await self.client.read(copy_draft, self.moment_id, keeper.draft)
        except DomainError as refusal:
            self.notify(refusal.message, severity="warning", markup=False)
            return
        self.app.copy_to_clipboard(keeper.written.text)
        self.notify(COPIED, markup=False)

    @on(Desk.TemplateAsked)
    @work(exclusive=True, group="dialog")
    async def _template_asked(self, event: Desk.TemplateAsked) -> None:
        """Choose a template; it stands in the field with the names filled in before it is sent."""
        event.stop()
        hold_keys(self.app)
        try:
            templates = await self.client.read(filled_templates, self.moment_id)
        except DomainError as refusal:
            release_keys(self.app)
            self.notify(refusal.message, severity="warning", markup=False)
            return
        if not templates:
            release_keys(self.app)
            self.notify(NO_TEMPLATES, markup=False)
            return
        choices = [Choice(one.text, one.title, "Enhetens mall" if one.is_units else "Egen mall") for one in templates]
        if (text := await self.app.push_screen_wait(ChoiceDialog("Mallar", choices))) is not None:
            self.desk.insert(text)
