"""What is done with forms from the resident's page: marked as read, and asked for."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from screens.dialogs.choose import Choice, ChoiceDialog
from screens.journal_offer import JournalOffer, offer_journal
from screens.moment.reader import MomentReader
from screens.refusals import attempt, read_for_dialog
from screens.type_ahead import release_keys
from store.care.form_answers import mark_answer_read, mark_answer_unread
from store.care.measurements import request_form, requestable_forms

NO_FORMS = "Programmet har inga formulär att begära, och enheten har inte installerat några."


class FormActions:
    """Marks answers and asks the resident for forms. To be awaited in a worker of the page."""

    def __init__(self, page: Screen[Any], reader: MomentReader) -> None:
        """Act on the forms of a page's moment."""
        self._page = page
        self._reader = reader

    async def mark(self, answers: tuple[int, ...], *, as_read: bool) -> None:
        """Mark answers as read or as unread, until one is refused."""
        operation, moment = mark_answer_read if as_read else mark_answer_unread, self._reader.moment_id
        for answer in answers:
            if not await attempt(self._page.app, self._reader.do(operation, moment, answer), whom=self._reader.whom):
                return
        if as_read and answers:
            offer_journal(self._page.app, JournalOffer(self._reader.client, moment, self._reader.whom))

    async def request(self) -> None:
        """Choose a form and ask the resident for it."""
        app, moment = self._page.app, self._reader.moment_id
        forms = await read_for_dialog(app, self._reader.client, requestable_forms, self._reader.whom, moment)
        if forms is None:
            return
        if not forms:
            release_keys(app)
            app.notify(self._reader.whom.says(NO_FORMS), markup=False)
            return
        whom = self._reader.whom
        choices = [Choice(form, title) for form, title in forms]
        chosen = await app.push_screen_wait(ChoiceDialog("Begär en mätning", choices, whom=whom))
        if chosen is not None and await attempt(app, self._reader.do(request_form, moment, chosen), whom=whom):
            app.notify(whom.says(f"Mätningen är begärd: {dict(forms)[chosen]}."), markup=False)
