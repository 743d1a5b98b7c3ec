"""The tab *Tidslinje*: all that has happened, week by week or the whole period, by kind and by day (domain.md §4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.dialogs.span import SpanDialog
from screens.moment.available_actions import Allowed
from screens.moment.timeline.timeline_lines import joined, place_of, span_words, week_heading
from screens.moment.timeline.timeline_list import TimelineList
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.whom import Whom
from screens.workers import InTurn
from store.foundation.clock import Instant, local_day
from store.foundation.errors import DomainError, NotPermitted
from store.views.timeline import Span, TimelinePage, TimelineRow, open_timeline, timeline_page, week_of

NOTHING = "Inget har hänt än."
NOTHING_SO = "Inget sådant har hänt under den tiden. Tryck {timeline.clear} för att visa allt."


class TimelineTab(Vertical):
    """The events, and over them a line that says which of them are shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f",
            "filter",
            "Filtrera",
            id="timeline.filter",
            tooltip="Välj vilka händelser som visas, och mellan vilka dagar.",
        ),
        Binding("t", "week(True)", "Vecka\xa0för\xa0vecka", id="timeline.week", tooltip="Visa en vecka i taget."),
        Binding("t", "week(False)", "Hela\xa0perioden", id="timeline.whole", tooltip="Visa hela perioden."),
        Binding("less_than_sign", "turn(-1)", "Veckan\xa0före", id="timeline.before", tooltip="Visa veckan före."),
        Binding("greater_than_sign", "turn(1)", "Veckan\xa0efter", id="timeline.after", tooltip="Visa veckan efter."),
        Binding("x", "clear", "Visa\xa0allt", id="timeline.clear", tooltip="Visa alla händelser under hela perioden."),
    ]
    DEFAULT_CSS = """
    TimelineTab #span { height: 1; margin: 0 0 1 0; padding: 0 1; color: $text-muted; }
    TimelineTab #span.-trouble { color: $text-error; text-style: bold; }
    """

    def __init__(self, client: StoreClient, moment_id: int, id: str, *, whom: Callable[[], Whom]) -> None:
        """Show a moment's timeline; `whom` tells whose, for the dialog."""
        super().__init__(id=id, classes="tab")
        self.client = client
        self.moment_id = moment_id
        self._whom = whom
        self._span = Span()
        self._week: date | None = None
        """The Monday of the week that is shown, None for the whole period."""
        self._rows: list[TimelineRow] = []
        self._of: Span | None = None
        """The span that the rows are of, None until one is read."""
        self._more = False
        turn = asyncio.Lock()
        self._rereading = InTurn(self, "timeline", turn, self._reread)
        self.was_read = self._rereading.was_done
        self._reading_on = InTurn(self, "timeline", turn, self._read_on)
        self._started: date | None = None

    def compose(self) -> ComposeResult:
        """Lay out what will be filled."""
        yield Static(id="span", markup=False)
        yield TimelineList()

    @property
    def rows(self) -> TimelineList:
        """The list."""
        return self.query_one(TimelineList)

    @property
    def first(self) -> TimelineList:
        """What gets the focus when the tab is opened."""
        return self.rows

    def on_mount(self) -> None:
        """Open the timeline."""
        self._rereading.ask()

    async def changed(self) -> None:
        """Read the newest events again; the cursor stays."""
        self._rereading.ask()

    def show_allowed(self, allowed: Allowed) -> None:
        """Do nothing: whoever sees the timeline may do all that can be done here."""

    # Reading

    @property
    def _shown(self) -> Span:
        """The span with the week's days, where a week is shown."""
        if self._week is None:
            return self._span
        first, last = week_of(self._week)
        return replace(self._span, first=first, last=last)

    async def _reread(self) -> None:
        """Open what is to be shown, or read its newest page again where it is open already."""
        span = self._shown
        is_open = self._of == span
        page = await self._read(timeline_page if is_open else open_timeline, span)
        if page is None or span != self._shown:
            return
        known = self._rows if is_open else []
        self._rows, self._more = joined(page, known, more=self._more)
        self._of = span
        self._show(page)

    @on(TimelineList.MoreAsked)
    def _more_asked(self, event: TimelineList.MoreAsked) -> None:
        event.stop()
        if self._more:
            self._reading_on.ask()

    async def _read_on(self) -> None:
        """Read the rows before the oldest that is read."""
        span = self._shown
        if not self._more or self._of != span:
            return
        page = await self._read(timeline_page, span, before=place_of(self._rows[-1]))
        if page is not None and span == self._shown:
            self._rows += page.rows
            self._more = page.more
            self._show(page)

    async def _read(self, operation: Callable[..., TimelinePage], span: Span, **place: Any) -> TimelinePage | None:
        """Return a page, or say why there is none."""
        try:
            return await self.client.read(operation, self.moment_id, span, **place)
        except DomainError as refusal:
            self._say_trouble(refusal)
            return None

    def _show(self, page: TimelinePage) -> None:
        if not self.is_attached:
            return
        self._started = started = local_day(Instant(page.started_at))
        self._say(self._words(started))
        self.rows.show(self._rows, started, NOTHING if self._shown == Span() else keyed(NOTHING_SO))
        self.refresh_bindings()

    def _words(self, started: date) -> str:
        if self._week is None:
            return span_words(self._span)
        return f"{week_heading(self._week, started)} · {', '.join(self._span.categories) or 'Alla händelser'}"

    def _say(self, text: str, *, trouble: bool = False) -> None:
        line = self.query_one("#span", Static)
        line.update(Content(text))
        line.set_class(trouble, "-trouble")

    def _say_trouble(self, refusal: DomainError) -> None:
        if not self.is_attached:
            return
        if isinstance(refusal, NotPermitted):  # what may no longer be seen is not left standing
            self._rows, self._of, self._more = [], None, False
            self.rows.empty()
        self._say(f"! {refusal.message}", trouble=True)

    # What can be done here

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what changes what is shown."""
        if action == "week":
            return (self._week is None) is parameters[0]
        if action == "turn":
            return self._may_turn(int(str(parameters[0])))
        if action == "clear":
            return self._shown != Span()
        return super().check_action(action, parameters)

    @work(exclusive=True, group="dialog")
    async def action_filter(self) -> None:
        """Choose the kinds of events and the days."""
        done = await self.app.push_screen_wait(SpanDialog(self._span, whom=self._whom()))
        if done is not None:
            self._week = None
            self._turn_to(done.value)

    def action_week(self, on: bool) -> None:
        """Show a week at a time, from the cursor's on; or the whole period."""
        row = self.rows.row
        day = local_day(Instant(row.at)) if row else local_day(self.client.clock())
        self._week = week_of(day)[0] if on else None
        self._turn_to(self._span)

    def action_turn(self, weeks: int) -> None:
        """Show the week before or after."""
        if self._week is not None:
            self._week += timedelta(weeks=weeks)
            self._turn_to(self._span)

    def _may_turn(self, weeks: int) -> bool:
        """Whether there is something to turn to: from the week of the start to this one."""
        if self._week is None or self._started is None:
            return False
        today = local_day(self.client.clock())
        return week_of(self._started)[0] <= self._week + timedelta(weeks=weeks) <= today

    def action_clear(self) -> None:
        """Show all kinds of events, of the whole period."""
        self._week = None
        self._turn_to(Span())

    def _turn_to(self, span: Span) -> None:
        self._span = span
        self._rereading.ask()
