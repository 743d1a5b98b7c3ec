"""An activity of a plan: what, on which days, when."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Select as AnySelect

from screens.dialogs.controls import CheckBox, Field, Select, TextInput
from screens.dialogs.dialog import Dialog, submits
from screens.whom import Whom
from store.care.plan_rules import NewActivity, checked_activities, is_time
from store.care.recurrence import EVERY_DAY, WEEKDAYS, Recurrence
from store.foundation.errors import Refused
from store.foundation.text import shortened
from store.views.journal import day_given

DATES = 0
"""Stands for named days in the list of how it is repeated; else weeks."""

_REPEATS = {1: "Varje vecka", 2: "Varannan vecka", 3: "Var tredje vecka", 4: "Var fjärde vecka", DATES: "Vissa datum"}
_NO_DAY_TICKED = "Utan kryss infaller aktiviteten varje dag."
_SEVERAL_DATES = "Flera datum skiljs åt med komma."
_WEEKLY_FIELDS, _DATE_FIELDS = ("veckodagar", "fran", "till"), ("datum",)


class Weekdays(Horizontal):
    """A box to tick for each weekday."""

    DEFAULT_CSS = """
    Weekdays { height: auto; }
    Weekdays > CheckBox { width: 8; text-wrap: nowrap; text-overflow: clip; }
    Weekdays > #day-3 { width: 9; }
    """

    def compose(self) -> ComposeResult:
        """Lay out the seven."""
        for number, name in enumerate(WEEKDAYS):
            yield CheckBox(name, id=f"day-{number}")

    @property
    def ticked(self) -> tuple[int, ...]:
        """The days that are ticked, 0 for Monday."""
        return tuple(number for number in EVERY_DAY if self.query_one(f"#day-{number}", CheckBox).value)

    def tick(self, days: Iterable[int]) -> None:
        """Tick these days, and no others."""
        for number in EVERY_DAY:
            self.query_one(f"#day-{number}", CheckBox).value = number in days


class ActivityDialog(Dialog[NewActivity, NewActivity]):
    """Write an activity; it is checked as the store will check it, and given back."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Klar")]
    DEFAULT_CSS = """
    ActivityDialog Field .name { width: 14; }
    ActivityDialog Field > .under { padding: 0 0 0 14; }
    """
    main_label = "Klar"

    def __init__(self, today: date, activity: NewActivity | None = None, *, whom: Whom) -> None:
        """`activity` is what is written already, to be changed."""
        super().__init__("Ändra aktivitet" if activity else "Lägg till aktivitet", self._checked, whom=whom)
        self._today = today
        self._before = activity or NewActivity("", Recurrence())

    def body(self) -> Iterable[Widget]:
        """Return the fields."""
        before, rule = self._before, self._before.recurrence
        every = DATES if rule.dates else rule.every_weeks
        repeats = {every: f"Var {every}:e vecka"} | _REPEATS
        yield Field("vad", "Aktivitet", _line("what", before.description, "Till exempel: Promenad en kvart"))
        options = [(words, number) for number, words in repeats.items()]
        yield Field("hur", "Upprepas", Select(options, prompt="Välj", id="repeats", value=every))
        yield Field("veckodagar", "Veckodagar", Weekdays(id="days"))
        yield Field("datum", "Datum", _line("dates", ", ".join(map(str, rule.dates)), str(self._today)))
        yield Field("tid", "Klockslag", _line("at", before.at, "Frivilligt, till exempel 09:00"))
        yield Field("fran", "Från och med", _line("first", str(before.starts_on or ""), f"I dag, {self._today}"))
        yield Field("till", "Till och med", _line("last", str(rule.until or ""), "Så länge planen gäller"))

    def on_mount(self) -> None:
        """Tick the days, and say what is not plain."""
        days = self._before.recurrence.weekdays
        self.query_one(Weekdays).tick(() if days == EVERY_DAY else days)
        self.query_one("#field-veckodagar", Field).describe(_NO_DAY_TICKED)
        self.query_one("#field-datum", Field).describe(_SEVERAL_DATES)
        self._show_fields()

    @on(AnySelect.Changed, "#repeats")
    def _show_fields(self) -> None:
        """Show the fields that belong to how the activity is repeated."""
        has_dates = self.query_one("#repeats", Select).selection == DATES
        for names, shown in ((_WEEKLY_FIELDS, not has_dates), (_DATE_FIELDS, has_dates)):
            for name in names:
                self.query_one(f"#field-{name}", Field).display = shown

    def value(self) -> NewActivity:
        """Return the activity that stands in the fields."""
        every = self.query_one("#repeats", Select).selection
        if every is None:
            raise Refused("Välj hur ofta aktiviteten upprepas.", field="hur")
        what, at = self._text("what"), self._time()
        if not what:
            raise Refused("Skriv vad invånaren ska göra.", field="vad")
        if every == DATES:
            return NewActivity(what, Recurrence(dates=self._dates()), at)
        days = self.query_one(Weekdays).ticked or EVERY_DAY
        last = day_given(self._text("last"), "till")
        return NewActivity(what, Recurrence(days, int(every), last), at, day_given(self._text("first"), "fran"))

    async def _checked(self, activity: NewActivity, _confirmed: bool) -> NewActivity:
        """Return it as it was written, once the store's rules hold for it."""
        checked_activities((activity,), self._today)
        return activity

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", TextInput).value.strip()

    def _time(self) -> str:
        text = self._text("at")
        at = text.replace(".", ":").zfill(5) if text else ""
        if at and not is_time(at):
            raise Refused(f"{shortened(text)} är inget klockslag. Skriv timmar och minuter så här: 09:00.", field="tid")
        return at

    def _dates(self) -> tuple[date, ...]:
        days = (day_given(word, "datum") for word in self._text("dates").replace(",", " ").split())
        found = tuple(sorted({day for day in days if day is not None}))
        if not found:
            raise Refused("Skriv minst ett datum.", field="datum")
        return found


def _line(id: str, text: str, example: str) -> TextInput:
    line = TextInput(id=id, placeholder=example)
    line.value = text
    return line
