"""*Ny flagga*: one raised by hand (domain.md §4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Select as AnySelect

from screens.dialogs.controls import Field, Select, TextInput
from screens.dialogs.day_field import DayField
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.marks import SEVERITY_CELLS
from screens.whom import Whom
from store.foundation.coming_day import check_coming_day
from store.foundation.errors import Refused
from store.foundation.flag_kinds import Severity
from store.views.journal import day_given

URGENT = "Syns genast för alla behandlare på enheten, som notifieras. Ingen dag behövs."


@dataclass(frozen=True)
class NewFlag:
    """A flag as it is written; `due_on` None for at once."""

    text: str
    severity: Severity
    due_on: date | None


class FlagDialog(Dialog[NewFlag, int]):
    """Raise a flag; done, it gives the flag's id."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Sätt flaggan")]
    DEFAULT_CSS = """
    FlagDialog Field .name { width: 14; }
    FlagDialog Field > .under { padding: 0 0 0 14; }
    FlagDialog .note { color: $text-warning; }
    """
    main_label = "Sätt flaggan"

    def __init__(self, perform: Perform[NewFlag, int], *, whom: Whom) -> None:
        super().__init__("Ny flagga", perform, whom=whom)

    def body(self) -> Iterable[Widget]:
        """Return the text, how urgent it is and the day."""
        options = [(SEVERITY_CELLS[severity.rank].text, severity) for severity in Severity]
        urgency = Select(options, prompt="Välj", id="severity", value=Severity.WARNING)
        yield Field("text", "Text", TextInput(id="text", placeholder="Vad flaggan ska påminna om"))
        yield Field("allvar", "Allvar", urgency)
        check = partial(check_coming_day, field="datum")
        optional = "ÅÅÅÅ-MM-DD. Lämna tomt för genast"
        yield DayField("datum", "Gäller från", id="day", placeholder=optional, check=check)

    def value(self) -> NewFlag:
        """Return what stands there; whether it will do, the store says."""
        severity = self.query_one("#severity", Select).selection
        if severity is None:
            raise Refused("Välj hur allvarlig flaggan är.", field="allvar")
        day = day_given(self.query_one("#day", TextInput).value, "datum")
        return NewFlag(self.query_one("#text", TextInput).value, Severity(severity), day)

    @on(AnySelect.Changed, "#severity")
    def _chosen(self) -> None:
        """Say what a prioriterad flagga sets going, where one is chosen."""
        is_urgent = self.query_one("#severity", Select).selection is Severity.PRIORITY
        self.query_one("#field-allvar", Field).show_note([("!", Content(URGENT))] if is_urgent else ())
