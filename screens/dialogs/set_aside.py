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

from screens.contracts import KeepsDrafts
from screens.dialogs.calendar import WEEKDAYS
from screens.dialogs.controls import Button, Field, TextInput
from screens.dialogs.day_field import DayField
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.note_draft import NoteDraft
from screens.whom import Whom
from screens.wording import day_and_month
from store.care.set_aside import check_until
from store.foundation.errors import Refused
from store.foundation.working_days import next_working_day
from store.views.journal import day_given

QUICK = {"tomorrow": ("I\xa0morgon", 1), "week": ("Om\xa0en\xa0vecka", 7)}
"""What can be chosen at once, by the button's id: its words, and how many days it is from today."""
WORKDAY = "-workday"
"""Ends the id of the button for the next working day, beside one that names no working day."""
COMES_BACK = "Ärendet kommer tillbaka den dagen, eller tidigare om något nytt händer i det."


@dataclass(frozen=True)
class Until:
    """Until which day a matter is set aside, and why."""

    day: date
    reason: str


class SetAsideDialog(Dialog[Until, None], KeepsDrafts):
    """Set a matter aside until a day, for a reason."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Skjut upp")]
    AUTO_FOCUS: ClassVar[str | None] = "#quick Button"
    DEFAULT_CSS = """
    SetAsideDialog #matter { text-style: bold; margin: 0 0 1 0; }
    SetAsideDialog Field .name { width: 10; }
    SetAsideDialog Field > .under { padding: 0 0 0 10; }
    SetAsideDialog #quick { height: 1; margin: 0 0 1 8; }
    SetAsideDialog #aside { color: $text-muted; margin: 1 0 0 0; }
    """

    main_label = "Skjut upp"

    def __init__(
        self, reason: str, today: date, perform: Perform[Until, None], *, whom: Whom, draft: NoteDraft | None = None
    ) -> None:
        """`reason` is what waits, in words; `draft` keeps what is typed where the dialog is closed over it."""
        super().__init__("Skjut upp ärendet", perform, whom=whom)
        self._reason = reason
        self._draft = draft
        self.typed = draft.left if draft else ""
        """What stands in the reason; it outlives the field."""
        self._days = quick_days(today)

    def body(self) -> Iterable[Widget]:
        """Return the day with its quick choices, and the reason."""
        yield Static(Content(self._reason), id="matter")
        yield DayField("till", "Till", id="day", check=check_until)
        with Horizontal(id="quick"):
            for name, (words, _) in self._days.items():
                yield Button(words, id=name)
        why = TextInput(id="why", placeholder="Till exempel: Har bokat tid på torsdag.")
        why.value = self._draft.left if self._draft else ""
        yield Field("skal", "Skäl", why)
        yield Static(Content(COMES_BACK), id="aside")

    @on(Input.Changed, "#why")
    def _reason_typed(self, event: Input.Changed) -> None:
        self.typed = event.value

    async def keep_drafts(self) -> bool:
        """Keep the reason; returns whether it is safe."""
        return self._draft is None or await self._draft.keep(self.typed)

    def value(self) -> Until:
        """Return the day and the reason; whether they will do, the store says."""
        day = day_given(self.query_one("#day", TextInput).value.strip(), "till")
        if day is None:
            raise Refused("Ange en dag, som ÅÅÅÅ-MM-DD.", field="till")
        return Until(day, self.query_one("#why", TextInput).value)

    @on(Button.Pressed, "#quick Button")
    def _quick(self, event: Button.Pressed) -> None:
        """Fill in a day, and go on to the reason."""
        event.stop()
        _, day = self._days[event.button.id or ""]
        self.query_one("#day", TextInput).value = day.isoformat()
        self.query_one("#why", TextInput).focus()


def quick_days(today: date) -> dict[str, tuple[str, date]]:
    """Return the days that can be chosen at once, by the button's id, each with its words.

    Each says its weekday; after one on which nobody works comes the next working day.
    """
    days = {}
    for name, (words, number) in QUICK.items():
        day = today + timedelta(number)
        days[name] = (f"{words}\xa0({WEEKDAYS[day.weekday()]})", day)
        if (following := next_working_day(day)) != day:
            words = f"{WEEKDAYS[following.weekday()]}\xa0{day_and_month(following)}"
            days[name + WORKDAY] = (words.capitalize(), following)
    return days
