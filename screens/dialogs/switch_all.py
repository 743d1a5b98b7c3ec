"""*Byt behandlare* for all that a colleague has: somebody is away, and another takes over."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.dialog import Perform, submits
from screens.dialogs.switch import SwitchDialog, SwitchRequest
from screens.whom import BETWEEN, whom_of
from screens.wording import list_time, number
from store.foundation.clock import Instant
from store.people.staff import Colleague
from store.views.unit_overview import ClinicianLine, UrgentMoment

MEANS = (
    "Invånare i vidmakthållande läge får inget meddelande. Olästa meddelanden, formulär, flaggor och planer följer med."
)


class SwitchAllDialog(SwitchDialog):
    """Choose who takes over all moments of a colleague."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Flytta alla")]
    DEFAULT_CSS = """
    SwitchAllDialog #what { margin: 0 0 1 0; max-height: 3; }
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
        *,
        urgent: Sequence[UrgentMoment] = (),
    ) -> None:
        """`line` says whose moments they are, `colleagues` are those to choose from; see `UrgentMoment`."""
        said = [f"Ohanterad prioriterad flagga sedan {list_time(Instant(one.since))}: {_whom(one)}" for one in urgent]
        super().__init__(colleagues, perform, whom=None, present=line.hsa_id, may_write=True, urgent=said)
        self._line = line

    def body(self) -> Iterable[Widget]:
        """Return whose they are and how many, over the list and the message."""
        words = f"{number(self._line.moments)} moment flyttas från {self._line.name}."
        yield Static(Content(words), id="what")
        yield from super().body()
        yield Static(Content(MEANS), id="means")


def _whom(moment: UrgentMoment) -> str:
    """Return whom a moment is about; a protected resident is masked."""
    whom = whom_of(moment.name, moment.program_title, is_protected=moment.protected)
    return f"{whom.name}{BETWEEN}{whom.program}"
