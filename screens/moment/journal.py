"""Journalunderlag on screen: the text for the record system, of a moment or a period; one key copies it."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from screens.clipboard import send_to_clipboard
from screens.dialogs.period import Days, PeriodDialog
from screens.moment.document_screen import DocumentScreen
from screens.queue.walk import Walk
from screens.refusals import notify_refusal
from screens.store_client import StoreClient
from screens.whom import Whom
from screens.widgets.cells import wrap
from screens.widgets.drawn_text import DrawnText
from store.foundation.errors import DomainError
from store.views.journal import copy_journal, read_journal

READ_IT = "Läs igenom det i journalen och komplettera med din bedömning."


class JournalDocument:
    """The *Journalunderlag* of a moment, for the days that are chosen."""

    title = ("Journalunderlag",)

    def __init__(self, client: StoreClient, moment_id: int) -> None:
        """Show a moment's text, of all its days."""
        self.days = Days()
        self._client = client
        self._moment_id = moment_id
        self._is_opened = False
        self._text = ""
        self._lines = DrawnText()

    @property
    def widgets(self) -> tuple[DrawnText]:
        """The text."""
        return (self._lines,)

    async def read(self) -> None:
        """Read the text; what others change while it is open is not read in, so that it stands as it was seen."""
        if not self._is_opened:
            await self.choose(self.days)

    async def choose(self, days: Days) -> None:
        """Read the text of other days.

        Raises:
            DomainError: what the store refuses; then what was read before stands.
        """
        self._text = await self._client.read(read_journal, self._moment_id, *days)
        self.days, self._is_opened = days, True

    async def copy(self) -> str:
        """Return the text as it is now, to be copied; that it was is logged.

        Raises:
            DomainError: what the store refuses.
        """
        self._text = await self._client.read(copy_journal, self._moment_id, *self.days)
        return self._text

    def show(self) -> None:
        """Show the text that was read last."""
        self._lines.show(partial(_wrapped_lines, self._text))


class JournalScreen(DocumentScreen):
    """The *Journalunderlag*, with keys that copy it and choose its days."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Kopiera", id="journal.copy", tooltip="Kopiera texten. Det loggas."),
        Binding("p", "period", "Välj\xa0period", id="journal.period", tooltip="Välj vilka dagar texten handlar om."),
    ]

    def __init__(
        self, client: StoreClient, moment_id: int, origin: str, *, whom: Whom, walk: Walk | None = None
    ) -> None:
        """Show a moment's text; `origin` is whose it is, as the way back names it."""
        journal = JournalDocument(client, moment_id)
        super().__init__(client, moment_id, journal, origin, whom=whom, walk=walk)
        self.journal = journal

    @work(exclusive=True, group="dialog")
    async def action_period(self) -> None:
        """Choose the days that the text is about."""

        async def perform(days: Days, _confirmed: bool) -> None:
            await self.journal.choose(days)

        if await self.app.push_screen_wait(PeriodDialog(self.journal.days, perform, whom=self.whom)) is not None:
            self.journal.show()

    @work(group="copy")
    async def action_copy(self) -> None:
        """Copy the text; that it was is logged first."""
        try:
            text = await self.journal.copy()
        except DomainError as refusal:
            notify_refusal(self.app, refusal)
            return
        self.journal.show()
        ways = f"sob visa {self.moment_id} --journal, med > FIL till en fil"
        send_to_clipboard(self.app, text, self.whom.says("Journalunderlaget"), else_by=ways, then=READ_IT)


def _wrapped_lines(text: str, width: int) -> list[Content]:
    """Break the lines at the width; what a line is indented by, its continuation is too."""
    lines = []
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        lines += [Content(" " * indent + part) for part in wrap(line, max(1, width - indent))]
    return lines
