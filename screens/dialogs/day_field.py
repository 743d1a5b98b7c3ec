"""A field for a day to come, which says what day that is: on a weekend or a red day nobody answers."""

from datetime import date

from textual import on
from textual.content import Content
from textual.widgets import Input

from screens.dialogs.controls import Field, TextInput
from screens.wording import short_date
from store.foundation.errors import Refused
from store.foundation.working_days import is_working_day, next_working_day
from store.views.journal import day_given

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")


class DayField(Field):
    """A field for a day, `ÅÅÅÅ-MM-DD`; under it stands which day of the week that is, and whether it is worked on."""

    def __init__(
        self, name: str, label: str, *, id: str, placeholder: str = "ÅÅÅÅ-MM-DD", day: date | None = None
    ) -> None:
        """`name` and `label` are the field's, `id` the input's; `day` stands there from the beginning."""
        control = TextInput(id=id, placeholder=placeholder)
        control.value = str(day or "")
        super().__init__(name, label, control)

    @on(Input.Changed)
    def _day_typed(self, event: Input.Changed) -> None:
        """Say what day it is, as soon as it is one."""
        try:
            day = day_given(event.value, self.id or "")
        except Refused:
            day = None
        self.show_note([("", Content(words_for(day)))] if day else ())


def words_for(day: date) -> str:
    """Return which day it is, as `söndag 6 dec 2026, ingen arbetsdag. Nästa är måndag 7 dec 2026`."""
    words = f"{WEEKDAYS[day.weekday()]} {short_date(day)}"
    if is_working_day(day):
        return words
    following = next_working_day(day)
    return f"{words}, ingen arbetsdag. Nästa är {WEEKDAYS[following.weekday()]} {short_date(following)}"
