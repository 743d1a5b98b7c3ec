"""*Skjut upp*: a matter of the queue that waits until a day, with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from screens.dialogs.controls import Button, Field, TextInput
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.wording import short_date
from store.foundation.errors import Refused
from store.views.journal import day_given

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
QUICK = {"tomorrow": ("I\xa0morgon", 1), "week": ("Om\xa0en\xa0vecka", 7)}
"""What can be chosen at once, by the button's id: its words, and how many days it is from today."""
COMES_BACK = "Ärendet kommer tillbaka den dagen, eller tidigare om något nytt händer i det."


@dataclass(frozen=True)
class Until:
    """Until which day a matter is set aside, and why."""

    day: date
    reason: str


class SetAsideDialog(Dialog[Until, None]):
    """Set a matter aside until a day, for a reason."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Skjut upp")]
    AUTO_FOCUS: ClassVar[str | None] = "#tomorrow"
    DEFAULT_CSS = """
    SetAsideDialog #matter { text-style: bold; margin: 0 0 1 0; }
    SetAsideDialog Field .name { width: 10; }
    SetAsideDialog Field > .under { padding: 0 0 0 11; }
    SetAsideDialog #quick { height: 1; margin: 0 0 1 6; }
    SetAsideDialog #aside { color: $text-muted; margin: 1 0 0 0; }
    """

    main_label = "Skjut upp"

    def __init__(self, reason: str, today: date, perform: Perform[Until, None]) -> None:
        """`reason` is what waits, in words."""
        super().__init__("Skjut upp ärendet", perform)
        self._reason = reason
        self._today = today

    def body(self) -> Iterable[Widget]:
        """Return the day with its quick choices, and the reason."""
        yield Static(Content(self._reason), id="matter")
        yield Field("till", "Till", TextInput(id="day", placeholder="ÅÅÅÅ-MM-DD"))
        with Horizontal(id="quick"):
            for name, (words, _) in QUICK.items():
                yield Button(words, id=name)
        yield Field("skal", "Skäl", TextInput(id="why", placeholder="Till exempel: Har bokat tid på torsdag."))
        yield Static(Content(COMES_BACK), id="aside")

    def value(self) -> Until:
        """Return the day and the reason; whether they will do, the store says."""
        day = day_given(self.query_one("#day", TextInput).value.strip(), "till")
        if day is None:
            raise Refused("Ange en dag, som ÅÅÅÅ-MM-DD.", field="till")
        return Until(day, self.query_one("#why", TextInput).value)

    @on(Button.Pressed, "#tomorrow, #week")
    def _quick(self, event: Button.Pressed) -> None:
        """Fill in a day, and go on to the reason."""
        event.stop()
        _, days = QUICK[event.button.id or ""]
        self.query_one("#day", TextInput).value = (self._today + timedelta(days)).isoformat()
        self.query_one("#why", TextInput).focus()

    @on(Input.Changed, "#day")
    def _day_typed(self, event: Input.Changed) -> None:
        """Say what day it is, as soon as it is one."""
        try:
            day = day_given(event.value.strip(), "till")
        except Refused:
            day = None
        said = f"{WEEKDAYS[day.weekday()]} {short_date(day)}" if day else ""
        self.query_one("#field-till", Field).show_note([("", Content(said))] if said else ())
