"""The tab *Tidslinje*: all that has happened, week by week or the whole period, by kind and by day (domain.md §4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.dialogs.span import SpanDialog
from screens.moment.timeline_lines import span_words, week_heading
from screens.moment.timeline_list import TimelineList
from screens.seam import LOST, Seam
from store.foundation.clock import Instant, local_day
from store.foundation.errors import DomainError, StoreUnreachable
from store.views.timeline import Span, TimelinePage, TimelineRow, open_timeline, timeline_page, week_of

NOTHING = "Inget har hänt än."
NOTHING_SO = "Inget har hänt av det slaget under tiden. Tryck x för att visa allt."


class Timeline(Vertical):
    """The rows and, over them, what of the timeline they are."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f", "filter", "Filtrera", id="timeline.filter", tooltip="Välj slags händelser, och mellan vilka dagar."
        ),
        Binding("t", "week(True)", "Vecka\xa0för\xa0vecka", id="timeline.week", tooltip="Visa en vecka i taget."),
        Binding("t", "week(False)", "Hela\xa0perioden", id="timeline.whole", tooltip="Visa hela perioden."),
        Binding("less_than_sign", "turn(-1)", "Veckan\xa0före", id="timeline.before", tooltip="Visa veckan före."),
        Binding("greater_than_sign", "turn(1)", "Veckan\xa0efter", id="timeline.after", tooltip="Visa veckan efter."),
        Binding("x", "clear", "Visa\xa0allt", id="timeline.clear", tooltip="Visa alla händelser under hela perioden."),
    ]
    DEFAULT_CSS = """
    Timeline #span { height: 1; padding: 0 1; color: $text-muted; }
    Timeline #span.-trouble { color: $text-error; text-style: bold; }
    """

    def __init__(self, seam: Seam, moment_id: int, id: str) -> None:
        """Show a moment's timeline."""
        super().__init__(id=id, classes="tab")
        self.seam = seam
        self.moment_id = moment_id
        self._span = Span()
        self._week: date | None = None
        """The Monday of the week that is shown, None for the whole period."""
        self._rows: list[TimelineRow] = []
        self._more = False
        self._started: date | None = None

    def compose(self) -> ComposeResult:
        """Lay out what will be filled."""
        yield Static(id="span", markup=False)
        yield TimelineList()

    @property
    def rows(self) -> TimelineList:
        """The list."""
        return self.query_one(TimelineList)

    def on_mount(self) -> None:
        """Open it."""
        self._open()

    async def changed(self) -> None:
        """Read what is new; the cursor stays."""
        self._read_new()

    # Reading

    @property
    def _shown(self) -> Span:
        """The span with the week's days, where a week is shown."""
        if self._week is None:
            return self._span
        first, last = week_of(self._week)
        return replace(self._span, first=first, last=last)

    @work(exclusive=True, group="timeline")
    async def _open(self) -> None:
        """Read a span from its newest row."""
        try:
            page = await self.seam.read(open_timeline, self.moment_id, self._shown)
        except DomainError as refusal:
            self._say_trouble(refusal)
            return
        self._rows = []
        self._take(page)

    @on(TimelineList.MoreAsked)
    def _more_asked(self, event: TimelineList.MoreAsked) -> None:
        event.stop()
        if self._more:
            self._more = False  # until it is known
            self._read_on()

    @work(group="timeline")
    async def _read_on(self) -> None:
        """Read the rows before the oldest that is read."""
        span, oldest = self._shown, self._rows[-1]
        try:
            page = await self.seam.read(timeline_page, self.moment_id, span, before=(oldest.at, oldest.seq))
        except DomainError as refusal:
            self._more = True
            self._say_trouble(refusal)
            return
        if span == self._shown and self._rows and self._rows[-1] == oldest:
            self._take(page)

    @work(group="timeline")
    async def _read_new(self) -> None:
        """Read the rows after the newest that is read."""
        if not self._rows:
            self._open()
            return
        span, newest = self._shown, self._rows[0]
        try:
            page = await self.seam.read(timeline_page, self.moment_id, span, after=(newest.at, newest.seq))
        except DomainError as refusal:
            self._say_trouble(refusal)
            return
        if page.more:
            self._open()  # so much at once that it is not read up from here
        elif span == self._shown and self._rows and self._rows[0] == newest:
            self._rows[:0] = page.rows
            self._show(page)

    def _take(self, page: TimelinePage) -> None:
        self._rows += page.rows
        self._more = page.more
        self._show(page)

    def _show(self, page: TimelinePage) -> None:
        if not self.is_attached:
            return
        self._started = local_day(Instant(page.started_at))
        self._say(self._words())
        self.rows.show(self._rows, self._started, NOTHING if self._shown == Span() else NOTHING_SO)
        self.refresh_bindings()

    def _words(self) -> str:
        assert self._started is not None
        if self._week is None:
            return span_words(self._span)
        return f"{week_heading(self._week, self._started)} · {', '.join(self._span.categories) or 'Alla händelser'}"

    def _say(self, text: str, *, trouble: bool = False) -> None:
        line = self.query_one("#span", Static)
        line.update(Content(text))
        line.set_class(trouble, "-trouble")

    def _say_trouble(self, refusal: DomainError) -> None:
        if self.is_attached:
            self._say(f"! {LOST if isinstance(refusal, StoreUnreachable) else refusal.message}", trouble=True)

    # What can be done here

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what does something."""
        if action == "week":
            return (self._week is None) is parameters[0]
        if action == "turn":
            return self._week is not None
        if action == "clear":
            return self._shown != Span()
        return super().check_action(action, parameters)

    @work(exclusive=True, group="dialog")
    async def action_filter(self) -> None:
        """Choose kinds and days."""
        done = await self.app.push_screen_wait(SpanDialog(self._span))
        if done is not None:
            self._week = None
            self._turn_to(done.value)

    def action_week(self, on: bool) -> None:
        """Show a week at a time, from the cursor's on; or the whole period."""
        row = self.rows.row
        day = local_day(Instant(row.at)) if row else local_day(self.seam.clock())
        self._week = week_of(day)[0] if on else None
        self._turn_to(self._span)

    def action_turn(self, weeks: int) -> None:
        """Show the week before or after."""
        assert self._week is not None
        self._week += timedelta(7 * weeks)
        self._turn_to(self._span)

    def action_clear(self) -> None:
        """Show all."""
        self._week = None
        self._turn_to(Span())

    def _turn_to(self, span: Span) -> None:
        self._span = span
        self._open()
