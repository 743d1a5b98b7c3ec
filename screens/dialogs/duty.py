"""*Uppgifter*: what is decided of a duty, and that it was done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import Field, Select, TextArea, TextInput
from screens.dialogs.day_field import DayField
from screens.dialogs.dialog import Dialog, Perform, submits
from store.care.duties import MOST_MONTHS, UnitDuty, check_decided_on


@dataclass(frozen=True)
class DutyDecision:
    """What was decided, as it was typed."""

    months: str
    delegate: str
    decided_by: str
    decided_on: str


class DecideDutyDialog(Dialog[DutyDecision, None]):
    """Record how often a duty is done and by whom, as the verksamhetschef has decided."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara")]
    main_label = "Spara"

    def __init__(
        self, duty: UnitDuty, people: Sequence[tuple[str, str]], today: str, perform: Perform[DutyDecision, None]
    ) -> None:
        """Ask for the decision.

        Args:
            duty: as it is decided now.
            people: those who may be delegated it: name and HSA-id.
            today: the ISO day that stands there where nothing is decided.
            perform: records it.
        """
        super().__init__(f"Bestäm · {duty.title}", perform, whom=None)
        self._duty, self._people, self._today = duty, people, today

    def body(self) -> Iterable[Widget]:
        """Return the fields."""
        yield Static(Content(self._duty.kind.facts.about), id="about", classes="before")
        yield Field("manader", "Görs var N:e månad", TextInput(id="months", placeholder=f"1–{MOST_MONTHS}"))
        chosen = self._duty.delegate or None
        yield Field("person", "Delegeras till", Select(self._people, prompt="Välj person", id="delegate", value=chosen))
        yield Field("beslutat-av", "Beslutat av", TextInput(id="decided-by", placeholder="Verksamhetschefens namn"))
        yield DayField("beslutat", "Beslutets dag", id="decided-on", check=check_decided_on)

    def on_mount(self) -> None:
        """Show what is decided."""
        self.query_one("#months", TextInput).value = str(self._duty.months)
        self.query_one("#decided-by", TextInput).value = self._duty.decided_by
        self.query_one("#decided-on", TextInput).value = self._duty.decided_on or self._today

    def value(self) -> DutyDecision:
        """Return what stands there; whether it will do, the store says."""
        typed = {one: self.query_one(f"#{one}", TextInput).value for one in ("months", "decided-by", "decided-on")}
        delegate = self.query_one("#delegate", Select).selection
        return DutyDecision(typed["months"], str(delegate or ""), typed["decided-by"], typed["decided-on"])


class FinishDutyDialog(Dialog[str, None]):
    """Note that a duty was done; the value is the note."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Klar")]
    DEFAULT_CSS = """
    FinishDutyDialog TextArea { height: 5; }
    """
    main_label = "Klar"

    def __init__(self, duty: UnitDuty, perform: Perform[str, None]) -> None:
        super().__init__(f"Klar · {duty.title}", perform, whom=None)
        self._duty = duty

    def body(self) -> Iterable[Widget]:
        """Return which one, and the note."""
        yield Static(Content(self._duty.kind.facts.about), id="about", classes="before")
        yield Field("anteckning", "Vad som har gjorts", TextArea(id="note"))

    def value(self) -> str:
        """Return the note."""
        return self.query_one("#note", TextArea).text
