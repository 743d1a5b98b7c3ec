"""A small calendar to choose a day in: weeks from Monday on with their numbers, as in Sweden."""

from __future__ import annotations

from calendar import Calendar, monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import ClassVar

from textual import events, on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.box import Box
from screens.dialogs.controls import Button
from screens.moment_opener import OpensMoments
from screens.whom import Whom
from screens.wording import MONTHS, day_and_month, short_date
from store.foundation.clock import local_day, wall_clock
from store.foundation.errors import Refused
from store.foundation.working_days import is_working_day, next_working_day

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
DayCheck = Callable[[date, date], object]
"""A rule of the store for a day, and what day it is today; raises `Refused` where it will not do."""
_CELL = 4
_WEEK = 4
"""Cells of a day, and of the week's number before it."""


def today_of(app: App[object]) -> date:
    """Return which day it is in Stockholm: by the store's clock, which practice moves; else by the machine's."""
    return local_day(app.client.clock()) if isinstance(app, OpensMoments) else local_day(wall_clock())


def refusal_of(check: DayCheck | None, day: date, today: date) -> str:
    """Return why a day will not do, as the store says it; empty where it will, or where nothing is known of that."""
    try:
        if check is not None:
            check(day, today)
    except Refused as refusal:
        return refusal.message
    return ""


def words_for(day: date) -> str:
    """Return which day it is, as `fredag 4 dec 2026`, or `söndag 6 dec, ingen arbetsdag. Nästa är måndag 7 dec`.

    The year stands over both already, in the field or the calendar; it is said again where the next day's is another.
    """
    if is_working_day(day):
        return name_of(day)
    following = next_working_day(day)
    name = name_of if following.year != day.year else name_without_year
    return f"{name(day)}, ingen arbetsdag. Nästa är {name(following)}"


def name_of(day: date) -> str:
    """Return a day with its weekday, as `söndag 6 dec 2026`."""
    return f"{WEEKDAYS[day.weekday()]} {short_date(day)}"


def name_without_year(day: date) -> str:
    """Return a day with its weekday, as `söndag 6 dec`."""
    return f"{WEEKDAYS[day.weekday()]} {day_and_month(day)}"


class MonthView(Widget, can_focus=True):
    """A month, with the cursor on a day: in brackets, so that it is seen without colours."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Välj", id="calendar.choose", tooltip="Skriv in den markerade dagen."),
        Binding("left", "move(-1)", "Dag", id="calendar.before", tooltip="Dagen före."),
        Binding("right", "move(1)", "Dag", show=False, id="calendar.after", tooltip="Dagen efter."),
        Binding("up", "move(-7)", "Vecka", id="calendar.week_before", tooltip="En vecka tidigare."),
        Binding("down", "move(7)", "Vecka", show=False, id="calendar.week_after", tooltip="En vecka senare."),
        Binding("pageup", "turn(-1)", "Månad", id="calendar.month_before", tooltip="En månad tidigare."),
        Binding("pagedown", "turn(1)", "Månad", show=False, id="calendar.month_after", tooltip="En månad senare."),
        Binding("home", "today", "I\xa0dag", id="calendar.today", tooltip="Till dagens datum."),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "calendar--cursor",
        "calendar--off",
        "calendar--refused",
        "calendar--today",
    }
    DEFAULT_CSS = """
    MonthView {
        width: 32; height: 8;
        & > .calendar--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
        }
        & > .calendar--off { color: $text-muted; }
        & > .calendar--refused { color: $text-muted; text-style: strike; }
        & > .calendar--today { text-style: bold underline; }
    }
    """

    class Moved(Message):
        """The cursor stands on another day."""

    class Chosen(Message):
        """The cursor's day was chosen."""

    def __init__(self, day: date, today: date, check: DayCheck | None = None) -> None:
        """Show a day's month, with the cursor on it; what `check` refuses is struck out and can't be chosen."""
        super().__init__()
        self.day = day
        self._today = today
        self._check = check

    @property
    def refusal(self) -> str:
        """Why the cursor's day can't be chosen; empty where it can."""
        return refusal_of(self._check, self.day, self._today)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """A line for the month, one for the weekdays, and six weeks at the most."""
        return 8

    def render(self) -> Content:
        """The month."""
        month = f"{MONTHS[self.day.month - 1]} {self.day.year}"
        days = "".join(f" {name[:2]} " for name in WEEKDAYS)
        head = [Content.styled(month, "bold"), Content.styled("v.".ljust(_WEEK) + days, "$text-muted")]
        return Content("\n").join([*head, *map(self._line, weeks_of(self.day))])

    def _line(self, week: list[date]) -> Content:
        number = Content.styled(str(week[0].isocalendar().week).ljust(_WEEK), "$text-muted")
        return Content.assemble(number, *(self._cell(day) for day in week))

    def _cell(self, day: date) -> Content:
        if day.month != self.day.month:
            return Content(" " * _CELL)
        if day == self.day:
            return Content.assemble((f"[{day.day:>2}]", self.get_visual_style("calendar--cursor")))
        cell = Content(f"{'›' if day == self._today else ' '}{day.day:>2} ")
        off = "calendar--off" if not is_working_day(day) else ""
        if refusal_of(self._check, day, self._today):
            off = "calendar--refused"
        for part in filter(None, (off, "calendar--today" if day == self._today else "")):
            cell = cell.stylize(self.get_visual_style(part, partial=True), 1, 3)
        return cell

    def go(self, day: date) -> None:
        """Put the cursor on a day."""
        self.day = day
        self.refresh()
        self.post_message(self.Moved())

    def action_move(self, days: int) -> None:
        """Go on or back by days, as far as there are dates."""
        number = self.day.toordinal() + days
        if date.min.toordinal() <= number <= date.max.toordinal():
            self.go(date.fromordinal(number))

    def action_turn(self, months: int) -> None:
        """Go on or back by months; a month that is shorter ends on its last day."""
        year, month = divmod(self.day.year * 12 + self.day.month - 1 + months, 12)
        if date.min.year <= year <= date.max.year:
            self.go(date(year, month + 1, min(self.day.day, monthrange(year, month + 1)[1])))

    def action_today(self) -> None:
        """Go to today."""
        self.go(self._today)

    def action_choose(self) -> None:
        """Choose the day, unless it will not do: why stands there already."""
        if not self.refusal:
            self.post_message(self.Chosen())

    def on_click(self, event: events.Click) -> None:
        """Go to the day that was clicked; choose the one that the cursor is on."""
        offset = event.get_content_offset(self)
        weeks = list(weeks_of(self.day))
        if offset is None or not 2 <= offset.y < len(weeks) + 2 or not 0 <= (at := (offset.x - _WEEK) // _CELL) < 7:
            return
        day = weeks[offset.y - 2][at]
        if day == self.day:
            self.action_choose()
        elif day.month == self.day.month:
            self.go(day)


def weeks_of(day: date) -> Iterator[list[date]]:
    """Yield a month's weeks, Monday first; days before the year 1 and after 9999 are none."""
    first = day.replace(day=1)
    for number in range(len(Calendar().monthdayscalendar(day.year, day.month))):
        monday = first.toordinal() - first.weekday() + 7 * number
        yield [date.fromordinal(max(1, min(monday + at, date.max.toordinal()))) for at in range(7)]


class CalendarDialog(Box[date]):
    """Choose a day; Esc chooses none."""

    DEFAULT_CSS = """
    CalendarDialog > #box { width: 42; }
    CalendarDialog #said { height: auto; min-height: 2; margin: 1 0 0 0; }
    """

    def __init__(
        self, heading: str, day: date, today: date, *, whom: Whom | None, check: DayCheck | None = None
    ) -> None:
        """`heading` says what the day is for; `day` has the cursor first; what `check` refuses can't be chosen."""
        super().__init__(heading, whom=whom)
        self._day = day
        self._today = today
        self._check = check

    def body(self) -> Iterable[Widget]:
        """Return the month, and in words which day the cursor is on."""
        yield MonthView(self._day, self._today, self._check)
        yield Static(id="said", markup=False)

    def buttons(self) -> Iterable[Widget]:
        """Return *Avbryt*."""
        yield Button("Avbryt", id="cancel")

    def on_mount(self) -> None:
        """Say the first day."""
        self._say()

    @on(MonthView.Moved)
    def _say(self) -> None:
        month = self.query_one(MonthView)
        day, refusal = month.day, month.refusal
        is_today = "I dag, " if day == self._today else "I morgon, " if day == self._today + timedelta(1) else ""
        if refusal:  # which day would be the next to work on is of no use then
            words = Content.assemble(is_today + name_of(day), "\n", (f"! {refusal}", "$text-warning"))
        else:
            words = Content(is_today + words_for(day))
        self.query_one("#said", Static).update(words)

    @on(MonthView.Chosen)
    def _chosen(self) -> None:
        self.dismiss(self.query_one(MonthView).day)
