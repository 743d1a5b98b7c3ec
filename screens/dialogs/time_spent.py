"""*Rätta tid*: how many minutes of one's own a week was (ours)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from screens.dialogs.controls import Field, TextInput
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.whom import Whom
from screens.wording import plural
from store.care.time_spent import WeekTime, parse_week
from store.foundation.errors import Refused


@dataclass(frozen=True)
class OwnTime:
    """The own minutes of a week."""

    week: str
    minutes: int


class TimeDialog(Dialog[OwnTime, None]):
    """Put one's own time of a week right."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Rätta tiden")]
    DEFAULT_CSS = """
    TimeDialog Field .name { width: 14; }
    TimeDialog Field > .under { padding: 0 0 0 14; }
    TimeDialog .note { color: $text-muted; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "#minutes"

    main_label = "Rätta tiden"

    def __init__(self, week: str, known: Sequence[WeekTime], perform: Perform[OwnTime, None], *, whom: Whom) -> None:
        """`week` is this week as the store names it; `known` what is counted so far."""
        super().__init__("Rätta tid", perform, whom=whom)
        self._week = week
        self._known = {one.week: one for one in known}

    def body(self) -> Iterable[Widget]:
        """Return the week and the minutes."""
        week = TextInput(id="week", placeholder="2026-v48")
        week.value = self._week.replace("W", "v")
        yield Field("vecka", "Vecka", week)
        yield Field("minuter", "Dina minuter", TextInput(id="minutes", placeholder="Till exempel 15"))

    def on_mount(self) -> None:
        """Say what is counted."""
        self._say_known()

    @on(Input.Changed, "#week")
    def _say_known(self) -> None:
        """Say what is counted in the week that stands there."""
        try:
            one = self._known.get(name := parse_week(self.query_one("#week", TextInput).value), None) or WeekTime(
                name, 0, 0
            )
        except Refused:
            note = ""
        else:
            note = f"Räknat hittills: {plural(one.own, 'minut', 'minuter')} för dig, {one.minutes} för alla."
        self.query_one("#field-vecka", Field).show_note([("", Content(note))] if note else ())

    def value(self) -> OwnTime:
        """Return the week and the minutes."""
        text = self.query_one("#minutes", TextInput).value.strip()
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            raise Refused("Skriv minuterna med siffror, till exempel 15.", field="minuter")
        return OwnTime(self.query_one("#week", TextInput).value, int(text))
