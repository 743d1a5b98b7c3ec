"""Journalunderlag on screen: the text for the record system, of a moment or a period; one key copies it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from screens.dialogs.controls import Field
from screens.moment.paper import Paper, Text
from screens.seam import Seam
from screens.widgets.cells import wrap
from store.foundation.errors import DomainError
from store.views.journal import copy_journal, day_given, read_journal

COPIED = "Journalunderlaget är kopierat. Klistra in det i journalen, läs igenom det och komplettera med din bedömning."


class JournalScreen(Paper):
    """The text, and the days that it is about."""

    AUTO_FOCUS = "#paper"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Kopiera", id="journal.copy", tooltip="Kopiera texten. Det loggas."),
        Binding("p", "period", "Välj\xa0period", id="journal.period", tooltip="Gå till periodens dagar."),
    ]
    DEFAULT_CSS = """
    JournalScreen #period { height: auto; padding: 0 1; }
    JournalScreen #period Field { width: 1fr; max-width: 46; margin: 0 2 1 0; }
    """

    def __init__(self, seam: Seam, moment_id: int, origin: str) -> None:
        """Show a moment's text; `origin` is whose it is, as the way back names it."""
        super().__init__(seam, moment_id, (origin, "Journalunderlag"))
        self._period: tuple[date | None, date | None] = (None, None)
        self._is_opened = False
        self._text = ""

    def body(self) -> Iterable[Widget]:
        """Return the days, and the text."""
        with Horizontal(id="period"):
            yield Field("fran", "Från och med", Input(placeholder="ÅÅÅÅ-MM-DD", id="first", max_length=10))
            yield Field("till", "Till och med", Input(placeholder="ÅÅÅÅ-MM-DD", id="last", max_length=10))
        yield Text()

    async def read(self) -> None:
        """Read the text; what others change while it is open is not read in, so that it stands as it was seen."""
        if not self._is_opened:
            self._text = await self.seam.read(read_journal, self.moment_id, *self._period)
            self._is_opened = True

    def show_state(self) -> None:
        """Show the text."""
        self.query_one(Text).show(partial(_lines, self._text))

    def action_period(self) -> None:
        """Go to the days."""
        self.query_one("#first", Input).focus()

    @on(Input.Submitted)
    @work(group="period")
    async def _period_given(self) -> None:
        """Take the days over where both can be read; what is wrong is said where it stands."""
        fields = {field.id: field for field in self.query(Field)}
        for field in fields.values():
            field.show_fault("")
        try:
            first = day_given(self.query_one("#first", Input).value, "fran")
            last = day_given(self.query_one("#last", Input).value, "till")
            text = await self.seam.read(read_journal, self.moment_id, first, last)
        except DomainError as refusal:
            if wrong := fields.get(f"field-{refusal.field}"):
                wrong.show_fault(refusal.message)
                self.set_focus(wrong.control)
            else:
                self.notify(refusal.message, severity="warning", markup=False)
            return
        self._text, self._period = text, (first, last)
        self.show_state()
        self.query_one("#paper").focus(scroll_visible=False)

    @work(group="copy")
    async def action_copy(self) -> None:
        """Copy the text; that it was is logged first."""
        try:
            text = await self.seam.read(copy_journal, self.moment_id, *self._period)
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
