"""Journalunderlag on screen: the text for the record system, of a moment or a period; it can be edited and copied."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from screens.clipboard import told_of
from screens.dialogs.journal import ArrivedDialog, EditDialog
from screens.dialogs.period import Days, PeriodDialog
from screens.moment.document_screen import DocumentScreen
from screens.queue.walk import Walk
from screens.refusals import attempt, notify_refusal, notify_warning
from screens.store_client import StoreClient
from screens.whom import Whom
from screens.widgets.cells import wrap
from screens.widgets.drawn_text import DrawnText
from store.foundation.errors import DomainError
from store.views.journal import JournalText, confirm_journal, copy_journal, read_journal

READ_IT = "Läs igenom det i journalen och komplettera med din bedömning."
EDITED = "Din ändrade text är inte kopierad. Samma tangent en gång till lämnar den."
CONFIRMED = "Noterat: texten finns i journalen."


class JournalDocument:
    """The *Journalunderlag* of a moment, for the days that are chosen."""

    title = ("Journalunderlag",)

    def __init__(self, client: StoreClient, moment_id: int) -> None:
        """Show a moment's text, of all its days."""
        self.days = Days()
        self.since_copied = False
        """Whether it is what has come since the latest copy that was confirmed."""
        self.is_edited = False
        self.has_arrived = False
        """Whether a copy that was made here is in the record."""
        self._client = client
        self._moment_id = moment_id
        self._journal: JournalText | None = None
        self.text = ""
        """As it stands, read or edited."""
        self._lines = DrawnText()

    @property
    def widgets(self) -> tuple[DrawnText]:
        """The text."""
        return (self._lines,)

    @property
    def until(self) -> int:
        """Until when the text tells."""
        return self._journal.until if self._journal else 0

    @property
    def was_copied(self) -> bool:
        """Whether something of the moment is in the record."""
        return self.has_arrived or (self._journal is not None and self._journal.copied_until is not None)

    async def read(self) -> None:
        """Read the text; what others change while it is open is not read in, so that it stands as it was seen."""
        if self._journal is None:
            await self.choose(self.days)

    async def choose(self, days: Days, *, since_copied: bool = False) -> None:
        """Read the text of other days.

        Raises:
            DomainError: what the store refuses; then what was read before stands.
        """
        self._journal = await self._client.read(read_journal, self._moment_id, *days, since_copied=since_copied)
        self.text, self.is_edited = self._journal.text, False
        self.days, self.since_copied = days, since_copied

    def edit(self, text: str) -> None:
        """Show another text in its place; nothing is stored."""
        self.is_edited = self.is_edited or text != self.text
        self.text = text

    def show(self) -> None:
        """Show the text as it stands."""
        self._lines.show(partial(_wrapped_lines, self.text))


class JournalScreen(DocumentScreen):
    """The *Journalunderlag*, with keys that edit it, copy it and choose what it is about."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Kopiera", id="journal.copy", tooltip="Kopiera texten. Det loggas."),
        Binding("e", "edit", "Redigera", id="journal.edit", tooltip="Ändra texten före kopieringen. Den sparas inte."),
        Binding("p", "period", "Välj\xa0period", id="journal.period", tooltip="Välj vilka dagar texten handlar om."),
        Binding(
            "s",
            "since(True)",
            "Sedan\xa0senast\xa0kopierat",
            id="journal.since",
            tooltip="Visa det som har hänt sedan den senaste kopian som är bekräftad.",
        ),
        Binding("s", "since(False)", "Hela\xa0momentet", id="journal.whole", tooltip="Visa hela momentet igen."),
    ]

    def __init__(
        self, client: StoreClient, moment_id: int, origin: str, *, whom: Whom, whose: str = "", walk: Walk | None = None
    ) -> None:
        """Show a moment's text; see `DocumentScreen`."""
        journal = JournalDocument(client, moment_id)
        super().__init__(client, moment_id, journal, origin, whom=whom, whose=whose, walk=walk)
        self.journal = journal
        self._has_warned = False
        """Whether it has been said that what was edited would be lost."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what has come since the latest copy where there is one."""
        if action == "since":
            return self.journal.was_copied and self.journal.since_copied is not parameters[0]
        return super().check_action(action, parameters)

    def _may_lose_edits(self) -> bool:
        """Return whether nothing edited would be lost, or the person has been told that it would."""
        if not self.journal.is_edited or self._has_warned:
            return True
        self._has_warned = True
        notify_warning(self.app, EDITED, whom=self.whom)
        return False

    async def _may_close(self) -> bool:
        return self._may_lose_edits() and await super()._may_close()

    @work(exclusive=True, group="dialog")
    async def action_edit(self) -> None:
        """Edit the text."""

        async def perform(text: str, _confirmed: bool) -> None:
            self.journal.edit(text)

        if await self.app.push_screen_wait(EditDialog(self.journal.text, perform, whom=self.whom)) is not None:
            self._has_warned = False
            self.journal.show()

    @work(exclusive=True, group="dialog")
    async def action_period(self) -> None:
        """Choose the days that the text is about."""
        if not self._may_lose_edits():
            return

        async def perform(days: Days, _confirmed: bool) -> None:
            await self.journal.choose(days)

        dialog = PeriodDialog(self.journal.days, perform, whom=self.whom)
        if await self.app.push_screen_wait(dialog) is not None:
            self._show_other()

    @work(exclusive=True, group="dialog")
    async def action_since(self, since_copied: bool) -> None:
        """Show what has come since the latest copy, or the whole moment again."""
        if self._may_lose_edits() and await attempt(
            self.app, self.journal.choose(Days(), since_copied=since_copied), whom=self.whom
        ):
            self._show_other()

    def _show_other(self) -> None:
        self.journal.show()
        self.query_one("#document").scroll_home(animate=False)
        self.refresh_bindings()

    @work(exclusive=True, group="dialog")
    async def action_copy(self) -> None:
        """Copy the text, which is logged first, and ask whether it has arrived."""
        journal = self.journal
        try:
            await self.client.read(copy_journal, self.moment_id)
        except DomainError as refusal:
            notify_refusal(self.app, refusal, whom=self.whom)
            return
        self.app.copy_to_clipboard(journal.text)
        journal.is_edited = False  # it has gone where it was meant to
        ways = f"sob visa {self.moment_id} --journal, med > FIL till en fil"
        said = told_of(journal.text, "Journalunderlaget", else_by=ways, then=READ_IT)

        async def perform(_arrived: bool, _confirmed: bool) -> None:
            await self.client.write(
                confirm_journal, self.moment_id, journal.until, journal.days.first, since_copied=journal.since_copied
            )

        if await self.app.push_screen_wait(ArrivedDialog(said, perform, whom=self.whom)) is not None:
            journal.has_arrived = True
            self.refresh_bindings()
            self.notify(self.whom.says(CONFIRMED), markup=False)


def _wrapped_lines(text: str, width: int) -> list[Content]:
    """Break the lines at the width; what a line is indented by, its continuation is too."""
    lines = []
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        lines += [Content(" " * indent + part) for part in wrap(line, max(1, width - indent))]
    return lines
