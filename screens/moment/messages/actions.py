"""What is done on the tab *Meddelanden* beside writing: marking as read, choosing a template, copying a draft."""

from __future__ import annotations

from textual.widget import Widget

from screens.clipboard import send_to_clipboard
from screens.dialogs.choose import Choice, ChoiceDialog
from screens.moment.messages.autosave import Autosave
from screens.moment.reader import MomentReader
from screens.refusals import attempt, read_for_dialog
from screens.type_ahead import release_keys
from store.care.conversations import mark_conversation_read, mark_conversation_unread
from store.care.drafts import copy_draft
from store.views.conversations import filled_templates

NO_TEMPLATES = "Det finns inga mallar. Egna mallar skriver du under Min profil, enhetens under Enhet."


class MessageActions:
    """Changes conversations and reads templates. To be awaited in a worker of the tab."""

    def __init__(self, tab: Widget, moment: MomentReader, moment_id: int) -> None:
        """Act on the messages of a tab."""
        self._tab = tab
        self._moment = moment
        self._moment_id = moment_id

    async def mark(self, conversation: int, *, as_read: bool) -> bool:
        """Mark a conversation as read, or as unread; returns whether that was done."""
        operation = mark_conversation_read if as_read else mark_conversation_unread
        return await attempt(
            self._tab.app, self._moment.do(operation, self._moment_id, conversation), whom=self._moment.whom
        )

    async def choose_template(self) -> str | None:
        """Return a template's text with the names filled in; None where none is chosen."""
        app = self._tab.app
        templates = await read_for_dialog(
            app, self._moment.client, filled_templates, self._moment.whom, self._moment_id
        )
        if templates is None:
            return None
        if not templates:
            release_keys(app)
            app.notify(NO_TEMPLATES, markup=False)
            return None
        choices = [Choice(one.text, one.title, "Enhetens mall" if one.is_units else "Egen mall") for one in templates]
        return await app.push_screen_wait(ChoiceDialog("Mallar", choices, whom=self._moment.whom))

    async def copy(self, text: Autosave) -> None:
        """Copy a draft that can't be sent; that it was is logged first."""
        app, whom = self._tab.app, self._moment.whom
        if await attempt(app, self._moment.client.read(copy_draft, self._moment_id, text.draft), whom=whom):
            send_to_clipboard(app, text.written.text, whom.says("Utkastet"))
