"""*Byt behandlare* for all that a colleague has: somebody is away, and another takes over."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import CheckBox, Field
from screens.dialogs.dialog import Perform, submits
from screens.dialogs.switch import SwitchDialog, SwitchRequest
from screens.whom import BETWEEN, whom_of
from screens.wording import list_time, number
from store.care.moments import MomentStatus
from store.foundation.clock import Instant
from store.foundation.errors import Refused
from store.people.staff import Colleague
from store.views.unit_overview import ClinicianLine, MovableMoment, UrgentMoment

MEANS = (
    "Invånare i vidmakthållande läge får inget meddelande. Olästa meddelanden, formulär, flaggor och planer följer med."
)


class SwitchAllDialog(SwitchDialog):
    """Choose who takes over all moments of a colleague."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Flytta alla")]
    DEFAULT_CSS = """
    SwitchAllDialog #what { margin: 0 0 1 0; max-height: 3; }
    SwitchAllDialog #moments { height: auto; margin: 1 0 0 0; }
    SwitchAllDialog #moments CheckBox { margin: 0; }
    SwitchAllDialog #means { color: $text-muted; margin: 1 0 0 0; }
    """

    main_label = "Flytta alla"
    heading_words = "Flytta alla moment"
    offer = "Skicka ett meddelande till invånarna om bytet"

    def __init__(
        self,
        line: ClinicianLine,
        colleagues: Sequence[Colleague],
        perform: Perform[SwitchRequest, None],
        moments: Sequence[MovableMoment],
        *,
        urgent: Sequence[UrgentMoment] = (),
    ) -> None:
        """`line` says whose `moments` they are, `colleagues` are those to choose from; see `UrgentMoment`."""
        said = [f"Ohanterad prioriterad flagga sedan {list_time(Instant(one.since))}: {_whom(one)}" for one in urgent]
        super().__init__(colleagues, perform, whom=None, present=line.hsa_id, may_write=True, urgent=said)
        self._line = line
        self._moments = tuple(moments)

    def body(self) -> Iterable[Widget]:
        """Return whose they are and how many, over the list and the message."""
        words = (
            f"{number(len(self._moments))} moment flyttas från {self._line.name}. Ta bort kryss för dem som stannar."
        )
        yield Static(Content(words), id="what")
        yield from super().body()
        with_boxes = (CheckBox(_label(one), is_ticked=True, id=f"moment-{one.id}") for one in self._moments)
        yield Field("moment", "", Vertical(*with_boxes, id="moments"))
        yield Static(Content(MEANS), id="means")

    def value(self) -> SwitchRequest:
        """Return the choice, with the moments that stay."""
        stays = tuple(one.id for one in self._moments if not self.query_one(f"#moment-{one.id}", CheckBox).value)
        if self._moments and len(stays) == len(self._moments):
            raise Refused("Kryssa minst ett moment att flytta.", field="moment")
        return replace(super().value(), leave=stays)


def _label(moment: MovableMoment) -> str:
    """Return the resident and the program, and whether the moment is in maintenance."""
    return f"{_whom(moment)}{' · vidmakthållande' if moment.status == MomentStatus.MAINTENANCE else ''}"


def _whom(moment: MovableMoment | UrgentMoment) -> str:
    """Return whom a moment is about; a protected resident is masked."""
    whom = whom_of(moment.name, moment.program_title, is_protected=moment.protected)
    return f"{whom.name}{BETWEEN}{whom.program}"
