"""Journalunderlag on screen: the text for the record system, of a moment or a period; one key copies it."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from screens.dialogs.period import Days, PeriodDialog
from screens.moment.document_screen import Paper
from screens.store_client import StoreClient
from screens.widgets.cells import wrap
from screens.widgets.drawn_text import DrawnText
from store.foundation.errors import DomainError
from store.views.journal import copy_journal, read_journal

COPIED = "Journalunderlaget är kopierat. Klistra in det i journalen, läs igenom det och komplettera med din bedömning."


class JournalScreen(Paper):
    """The text, of the days that are chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Kopiera", id="journal.copy", tooltip="Kopiera texten. Det loggas."),
        Binding("p", "period", "Välj\xa0period", id="journal.period", tooltip="Välj vilka dagar texten handlar om."),
    ]

    def __init__(self, client: StoreClient, moment_id: int, origin: str) -> None:
        """Show a moment's text; `origin` is whose it is, as the way back names it."""
        super().__init__(client, moment_id, (origin, "Journalunderlag"))
        self._days = Days()
        self._is_opened = False
        self._text = ""

    async def read(self) -> None:
        """Read the text; what others change while it is open is not read in, so that it stands as it was seen."""
        if not self._is_opened:
            self._text = await self.client.read(read_journal, self.moment_id, *self._days)
            self._is_opened = True

    def show_state(self) -> None:
        """Show the text."""
        self.query_one(DrawnText).show(partial(_lines, self._text))

    @work(exclusive=True, group="dialog")
    async def action_period(self) -> None:
        """Choose the days that the text is about."""

        async def perform(days: Days, _confirmed: bool) -> None:
            self._text = await self.client.read(read_journal, self.moment_id, *days)
            self._days = days

        if await self.app.push_screen_wait(PeriodDialog(self._days, perform)) is not None:
            self.show_state()

    @work(group="copy")
    async def action_copy(self) -> None:
        """Copy the text; that it was is logged first."""
        try:
            text = await self.client.read(copy_journal, self.moment_id, *self._days)
        except DomainError as refusal:
            self.notify(refusal.message, severity="warning", markup=False)
            return
        self._text = text
        self.show_state()
        self.app.copy_to_clipboard(text)
        self.notify(COPIED, markup=False)


def _lines(text: str, width: int) -> list[Content]:
    """Break the lines at the width; what a line is indented by, its continuation is too."""
    lines = []
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        lines += [Content(" " * indent + part) for part in wrap(line, max(1, width - indent))]
    return lines
