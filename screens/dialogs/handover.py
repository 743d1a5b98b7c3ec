"""*Överlämna* and *Dra tillbaka*: a moment is offered to another unit (domain.md §3.5)."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import CheckBox, Field, Select, TextArea
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.whom import Whom
from store.foundation.errors import Refused

ABOUT = (
    "Den andra enhetens invånaradministratör tar emot eller avvisar. Till dess har ni kvar momentet, men ingen kan "
    "skriva till invånaren. När det är mottaget kan det inte längre läsas här."
)
TELL = "Berätta för invånaren när momentet är mottaget"
NO_TELLING = "Momentet är i vidmakthållande läge, och då får invånaren inget meddelande om bytet."
NO_UNIT = "Ingen annan enhet har programmet och kan ta emot invånaren."


@dataclass(frozen=True)
class HandoverRequest:
    """Which unit a moment is offered to (HSA-id), with which note, and whether the resident is told."""

    to: str
    note: str
    tell_resident: bool


class HandoverDialog(Dialog[HandoverRequest, None]):
    """Offer a moment to another unit."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Överlämna")]
    DEFAULT_CSS = """
    HandoverDialog #about, HandoverDialog #aside { color: $text-muted; }
    HandoverDialog #about { margin: 0 0 1 0; }
    HandoverDialog #field-enhet, HandoverDialog #field-anteckning { margin: 0 0 1 0; }
    """

    main_label = "Överlämna"

    def __init__(
        self,
        units: Sequence[tuple[str, str]],
        perform: Perform[HandoverRequest, None],
        *,
        whom: Whom,
        may_write: bool,
    ) -> None:
        """`units` are HSA-ids and names; `may_write` is False in maintenance."""
        super().__init__("Överlämna till en annan enhet", perform, whom=whom)
        self._units = units
        self._may_write = may_write

    def body(self) -> Iterable[Widget]:
        """Return the unit, the note, and whether the resident is told."""
        yield Static(Content(ABOUT), id="about")
        options = [(f"{name} ({hsa_id})", hsa_id) for hsa_id, name in self._units]
        yield Field("enhet", "Till enhet", Select(options, prompt="Välj enhet", id="to"))
        yield Field("anteckning", "Anteckning", TextArea(id="note", placeholder="Varför momentet lämnas över"))
        if self._may_write:
            yield Field("beratta", "", CheckBox(TELL, id="tell"))
        else:
            yield Static(Content(NO_TELLING), id="aside")

    def value(self) -> HandoverRequest:
        """Return the unit, the note and whether the resident is told."""
        chosen = self.query_one("#to", Select).selection
        if chosen is None:
            raise Refused("Välj en enhet." if self._units else NO_UNIT, field="enhet")
        tell = self._may_write and self.query_one("#tell", CheckBox).value
        return HandoverRequest(str(chosen), self.query_one("#note", TextArea).text, tell)


class WithdrawDialog(Dialog[bool, None]):
    """Withdraw an offered handover."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Dra tillbaka")]
    AUTO_FOCUS: ClassVar[str | None] = "#main"

    main_label = "Dra tillbaka"

    def __init__(self, unit: str, perform: Callable[[], Awaitable[None]], *, whom: Whom) -> None:
        """`unit` is the name of the unit that the moment is offered to."""

        async def performed(_value: bool, _confirmed: bool) -> None:
            await perform()

        super().__init__("Dra tillbaka erbjudandet", performed, whom=whom)
        self._unit = unit

    def body(self) -> Iterable[Widget]:
        """Return what it means."""
        yield Static(
            Content(f"Momentet är erbjudet till {self._unit}. Dras det tillbaka fortsätter det här som förut.")
        )

    def value(self) -> bool:
        """Return that it is to be done: there is nothing to fill in."""
        return True
