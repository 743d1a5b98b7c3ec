"""*Logguppföljning*: what is drawn, what is remarked, and the signature."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Select as AnySelect
from textual.widgets import Static

from screens.dialogs.controls import Field, Select, TextArea, TextInput
from screens.dialogs.dialog import Dialog, Perform, check_all, submits
from screens.widgets.cells import clean
from screens.wording import plural
from store.care.log_draw import PERCENT, RESIDENTS, STAFF, DrawKind, Period
from store.care.log_drawing import DrawChoice, person_given, reason_given
from store.care.log_review_rows import ReviewLine
from store.people.unit_settings import typed_number

KINDS = (
    ("Så många i personalen och så många invånare", DrawKind.NUMBER.value),
    ("En dag i månaden", DrawKind.DAY.value),
    ("En andel av personalen", DrawKind.PERCENT.value),
)
SEED = "Slumpat. Samma frö drar samma rader en gång till."
ON_SUSPICION = "Vid misstanke: allt som loggen har om en person en månad. Skälet loggas."
_NUMBERS = {"personal": DrawKind.NUMBER, "invanare": DrawKind.NUMBER, "procent": DrawKind.PERCENT}
"""The fields for a number, and what is drawn by it."""


class DrawDialog(Dialog[DrawChoice, int]):
    """Draw a sample; done, it gives the review's number."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Dra")]
    main_label = "Dra"

    def __init__(self, period: str, seed: str, perform: Perform[DrawChoice, int]) -> None:
        """`period` and `seed` stand there to begin with: last month, and something that nobody chose."""
        super().__init__("Dra ett stickprov", perform, whom=None)
        self._period, self._seed = period, seed

    def body(self) -> Iterable[Widget]:
        """Return the fields."""
        yield Field("period", "Månad", TextInput(id="period", placeholder="ÅÅÅÅ-MM"))
        yield Field("slag", "Vad som dras", Select(KINDS, prompt="Välj", id="kind", value=DrawKind.NUMBER.value))
        yield Field("personal", "Personal, antal", TextInput(id="staff"))
        yield Field("invanare", "Invånare, antal", TextInput(id="residents"))
        yield Field("procent", "Andel, procent", TextInput(id="percent"))
        yield Field("fro", "Frö", TextInput(id="seed"))

    def on_mount(self) -> None:
        """Show what is usual."""
        usual = {"period": self._period, "staff": STAFF, "residents": RESIDENTS, "percent": PERCENT, "seed": self._seed}
        for name, value in usual.items():
            self.query_one(f"#{name}", TextInput).value = str(value)

        self.query_one("#field-fro", Field).describe(SEED)

    @on(AnySelect.Changed, "#kind")
    def _chosen(self) -> None:
        """Ask only for the numbers that belong to what is drawn."""
        for field, kind in _NUMBERS.items():
            self.query_one(f"#field-{field}").display = self._kind is kind

    @property
    def _kind(self) -> DrawKind:
        return DrawKind(str(self.query_one("#kind", Select).selection or DrawKind.NUMBER.value))

    def value(self) -> DrawChoice:
        """Return what is to be drawn; raises `Refused` where the month is none."""
        typed = {name: self.query_one(f"#{name}", TextInput).value for name in ("period", "seed")}
        staff, residents, percent = (self._number(name) for name in ("staff", "residents", "percent"))
        return DrawChoice(Period.parse(typed["period"]), self._kind, typed["seed"], staff, residents, percent)

    def _number(self, name: str) -> int:
        return typed_number(self.query_one(f"#{name}", TextInput).value)


class TargetedDialog(Dialog[DrawChoice, int]):
    """Begin a riktad kontroll; done, it gives the review's number."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Börja")]
    DEFAULT_CSS = """
    TargetedDialog TextArea { height: 4; }
    """
    main_label = "Börja"

    def __init__(self, period: str, perform: Perform[DrawChoice, int]) -> None:
        super().__init__("Riktad kontroll", perform, whom=None)
        self._period = period

    def body(self) -> Iterable[Widget]:
        """Return what it means, and the fields."""
        yield Static(Content(ON_SUSPICION), id="about", classes="before")
        yield Field("period", "Månad", TextInput(id="period", placeholder="ÅÅÅÅ-MM"))
        yield Field("person", "Vem", TextInput(id="person", placeholder="HSA-id, eller invånarens personnummer"))
        yield Field("skal", "Skäl", TextArea(id="reason"))

    def on_mount(self) -> None:
        """Show the month."""
        self.query_one("#period", TextInput).value = self._period

    def value(self) -> DrawChoice:
        """Return whom it is about, and why; raises `SeveralFaults` where something is missing."""
        check_all(self._month, self._person, self._reason)
        period, person, reason = self._month(), self._person(), self._reason()
        return DrawChoice(period, DrawKind.TARGETED, person=person, reason=reason)

    def _month(self) -> Period:
        return Period.parse(self.query_one("#period", TextInput).value)

    def _person(self) -> str:
        return person_given(self.query_one("#person", TextInput).value)

    def _reason(self) -> str:
        return reason_given(self.query_one("#reason", TextArea).text)


class RemarkDialog(Dialog[str, None]):
    """Judge a row with a remark; the value is the comment."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Med anmärkning")]
    DEFAULT_CSS = """
    RemarkDialog TextArea { height: 5; }
    """
    main_label = "Med anmärkning"

    def __init__(self, row: str, comment: str, perform: Perform[str, None]) -> None:
        """`row` says which it is; `comment` is what stands there already."""
        super().__init__("Med anmärkning", perform, whom=None)
        self._row, self._comment = row, comment

    def body(self) -> Iterable[Widget]:
        """Return which row, and the comment."""
        yield Static(Content(clean(self._row)), id="which", classes="before")
        yield Field("kommentar", "Kommentar", TextArea(self._comment, id="comment"))

    def value(self) -> str:
        """Return the comment."""
        return self.query_one("#comment", TextArea).text


class SignDialog(Dialog[bool, None]):
    """Sign a review, once it has been said what that means."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Signera")]
    main_label = "Signera"

    def __init__(self, line: ReviewLine, perform: Perform[bool, None]) -> None:
        super().__init__("Signera granskningen", perform, whom=None)
        self._line = line

    def body(self) -> Iterable[Widget]:
        """Return which one, and what it means."""
        line = self._line
        yield Static(Content.styled(f"Granskning {line.id} av {line.period}", "bold"), id="which")
        rows = plural(line.rows, "rad", "rader")
        left = f", {plural(line.left, 'inte bedömd', 'inte bedömda')}" if line.left else ""
        yield Static(Content(f"{rows}, {line.remarks} med anmärkning{left}. Sedan ändras den inte."))

    def value(self) -> bool:
        """Return that it is to be done: there is nothing to fill in."""
        return True
