"""The resident's activities, week by week, each to be marked as done or not done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar, NamedTuple, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.contracts import ShowsResidentsSide
from screens.resident.mark_dialog import MarkDialog, Marked
from screens.resident.side import Side
from screens.resident.side_frame import BACK, SideFrame
from screens.resident.texts import MARKED
from screens.whom import Whom
from screens.widgets.cells import clean
from screens.widgets.option_list import OptionList
from screens.widgets.page import Page
from screens.wording import day_and_month
from store.foundation.clock import local_day
from store.views.plans import OwnActivities, PlannedActivity
from store.views.residents_page import Part, ResidentsPage

DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
HEADING = "Aktiviteter"
MOST_DAYS = 2 * 366
"""No moment is kept longer."""
NOTHING = "Inga aktiviteter den här veckan."


class ActivityLine(NamedTuple):
    """A line: a day's heading, or an activity on the day."""

    day: date
    activity: PlannedActivity | None = None


class ActivityList(OptionList):
    """The week's lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Markera", id="resident.mark", tooltip="Säg hur det gick med aktiviteten."),
    ]
    DEFAULT_CSS = """
    ActivityList, ActivityList:focus {
        height: 1fr; border: none; padding: 0; background: $background; background-tint: transparent;
    }
    ActivityList > .option-list--option { padding: 0 1; }
    ActivityList > .option-list--option-disabled { color: $foreground; text-style: bold; }
    """
    may_mark = False
    """Whether how it went can be said here."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to mark where that can be done."""
        return self.may_mark if action == "select" else super().check_action(action, parameters)


@final
class ActivitiesScreen(Page[None], ShowsResidentsSide):
    """A week of activities."""

    BLANK = True
    about = "Dina aktiviteter den här veckan. {resident.mark} på en rad: säg om du gjorde den, och hur det gick."
    BINDINGS: ClassVar[list[BindingType]] = [
        BACK,
        Binding("less_than_sign", "turn(-1)", "Veckan före", id="resident.before", tooltip="Visa veckan före."),
        Binding("greater_than_sign", "turn(1)", "Veckan efter", id="resident.after", tooltip="Visa veckan efter."),
    ]

    def __init__(self, side: Side, origin: str) -> None:
        """Show this week."""
        super().__init__()
        self.side = side
        self.frame = SideFrame(self, side, origin, heading=lambda: HEADING, read=self._read, show=self._show)
        self._day: date | None = None
        self._own: OwnActivities | None = None
        self._page: ResidentsPage | None = None
        self._lines: tuple[ActivityLine, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the page in its frame."""
        about = Static(id="about", classes="words side", markup=False)
        yield self.frame.around(about, ActivityList(id="side", classes="side"))

    async def _read(self) -> None:
        """Read the week; the first time the page is opened."""
        if self._page is None:
            await self.side.open(Part.ACTIVITIES)
        self._page = await self.side.page()
        self._own = await self.side.activities(self._day)

    def _show(self) -> None:
        """Show the week; the cursor stays, and begins at today's first."""
        if self._own is None:
            return
        found, before = self.query_one(ActivityList), self._under_cursor
        self._lines = tuple(_lines(self._own))
        found.may_mark = self._page is not None and self._page.is_running and not self.side.only_looks
        found.clear_options()
        found.add_options(Option(self._text(line), disabled=line.activity is None) for line in self._lines)
        found.highlighted = self._place(before)
        self.query_one("#about", Static).update(Content(self._about))

    @property
    def _about(self) -> str:
        own = self._own
        if own is None:
            return ""
        first, last = own.week.days[0].day, own.week.days[-1].day
        titles = ", ".join(clean(plan.title) for plan in own.plans)
        week = f"{day_and_month(first)} – {day_and_month(last)}: {own.week.done} av {own.week.planned} gjorda"
        return "\n".join(filter(None, (titles, week if own.week.planned else NOTHING, self._why_not)))

    @property
    def _why_not(self) -> str:
        """Return why nothing can be marked."""
        if self._page is None or self.side.only_looks or self._page.is_running:
            return ""
        return "Det går inte längre att markera aktiviteter i det här programmet."

    def _text(self, line: ActivityLine) -> Content:
        if line.activity is None:
            today = " – i dag" if line.day == self._today else ""
            return Content(f"{DAYS[line.day.weekday()].capitalize()} {day_and_month(line.day)}{today}")
        one = line.activity
        state = {True: "✓ gjort", False: "✗ inte gjort", None: "○"}[one.is_done]
        note = f" – {clean(one.note.splitlines()[0])}" if one.note else ""
        return Content(f"  {state}  {f'{one.at} ' if one.at else ''}{clean(one.description)}{note}")

    @property
    def _under_cursor(self) -> ActivityLine | None:
        at = self.query_one(ActivityList).highlighted
        return self._lines[at] if at is not None and at < len(self._lines) else None

    def _place(self, before: ActivityLine | None) -> int | None:
        open_lines = [at for at, line in enumerate(self._lines) if line.activity is not None]
        today = self._today
        key = (before.day, before.activity.activity) if before and before.activity else None
        for at in open_lines:
            line = self._lines[at]
            if line.activity is not None and key == (line.day, line.activity.activity):
                return at
        later = [at for at in open_lines if self._lines[at].day >= today]
        return next(iter((*later, *open_lines)), None)

    async def changed(self) -> None:
        """Read the page again: something has changed, or the database is gone, or back."""
        self.frame.reread()

    def action_back(self) -> None:
        """Go back to where the page was opened from."""
        self.frame.leave()

    # What can be done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to turn, as far as a plan may reach."""
        if action == "turn":
            return self._own is not None and abs((self._week(int(str(parameters[0]))) - self._today).days) <= MOST_DAYS
        return super().check_action(action, parameters)

    def action_turn(self, weeks: int) -> None:
        """Show the week before or after."""
        self._day = self._week(weeks)
        self.frame.say("")
        self.frame.reread()

    @property
    def _today(self) -> date:
        return local_day(self.side.client.clock())

    def _week(self, weeks: int) -> date:
        """Return a day of the week that is so many weeks from the one that is shown."""
        return (self._day or self._today) + timedelta(weeks=weeks)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        line = self._lines[event.option_index]
        if line.activity is None or self._page is None:
            return
        if line.day > self._today:
            self.frame.say("Dagen har inte kommit än. Du kan markera aktiviteten tidigast samma dag.")
        else:
            self._mark(line.day, line.activity, self._page.program_title)

    @work(exclusive=True, group="dialog")
    async def _mark(self, day: date, one: PlannedActivity, program: str) -> None:
        async def perform(marked: Marked, _confirmed: bool) -> None:
            await self.side.mark(one.activity, day, done=marked.is_done, note=marked.note)

        whom = Whom(one.description, program, self.side.moment)
        dialog = MarkDialog(perform, whom=whom, is_done=one.is_done is not False, note=one.note)
        if await self.app.push_screen_wait(dialog) is not None:
            self.frame.say("")
            self.notify(MARKED)
        self.frame.reread()


def _lines(own: OwnActivities) -> Iterator[ActivityLine]:
    for day in own.week.days:
        if day.activities:
            yield ActivityLine(day.day)
            yield from (ActivityLine(day.day, one) for one in day.activities)
