"""A field for a day, which says what day that is, with a calendar: on a weekend or a red day nobody answers."""

from datetime import date, timedelta
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from screens.dialogs.box import Box
from screens.dialogs.calendar import CalendarDialog, DayCheck, refusal_of, today_of, words_for
from screens.dialogs.controls import Field, TextInput
from store.foundation.errors import Refused
from store.views.journal import day_given


class DayInput(TextInput):
    """A day as `ÅÅÅÅ-MM-DD`, typed or chosen in a calendar."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "calendar", "Kalender", id="day.calendar", tooltip="Välj dagen i en kalender."),
    ]

    class CalendarAsked(Message):
        """The day is to be chosen in a calendar."""

    def action_calendar(self) -> None:
        """Ask for the calendar."""
        self.post_message(self.CalendarAsked())


class DayField(Field):
    """A field for a day, `ÅÅÅÅ-MM-DD`; under it stands which day of the week that is, and whether it is worked on."""

    def __init__(
        self,
        name: str,
        label: str,
        *,
        id: str,
        placeholder: str = "ÅÅÅÅ-MM-DD",
        day: date | None = None,
        check: DayCheck | None = None,
    ) -> None:
        """Make the field.

        Args:
            name: the field's, as the store's sentences name it.
            label: what stands before it.
            id: the input's.
            placeholder: what stands in it while it is empty.
            day: what stands there from the beginning.
            check: the store's rule for the day; the calendar lets none be chosen that it refuses.
        """
        control = DayInput(id=id, placeholder=placeholder)
        control.value = str(day or "")
        super().__init__(name, label, control)
        self._heading = label
        self._check = check

    @on(Input.Changed)
    def _day_typed(self, event: Input.Changed) -> None:
        """Say what day it is, as soon as it is one."""
        day = self._day_in(event.value)
        self.show_note([("", Content(words_for(day)))] if day else ())

    def _day_in(self, typed: str) -> date | None:
        try:
            return day_given(typed, self.id or "")
        except Refused:
            return None

    @on(DayInput.CalendarAsked)
    def _choose(self, event: DayInput.CalendarAsked) -> None:
        """Let the day be chosen, from the one that stands there on, else from the first that will do."""
        event.stop()
        field, today = self.query_one(DayInput), today_of(self.app)
        whom = self.screen.whom if isinstance(self.screen, Box) else None
        begin = today + timedelta(bool(refusal_of(self._check, today, today)))  # some days are to come
        day = self._day_in(field.value) or begin
        dialog = CalendarDialog(self._heading, day, today, whom=whom, check=self._check)
        self.app.push_screen(dialog, self._take)

    def _take(self, day: date | None) -> None:
        if day is not None:
            field = self.query_one(DayInput)
            field.value = day.isoformat()
            field.cursor_position = len(field.value)
