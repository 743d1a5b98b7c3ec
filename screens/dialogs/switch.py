"""*Byt behandlare* (guide; domain.md §3.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Select as AnySelect
from textual.widgets import Static

from screens.dialogs.controls import Field, Select
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.dialogs.message_offer import MessageOffer
from screens.whom import Whom
from store.foundation.errors import Refused
from store.people.staff import Colleague

OFFER = "Skicka ett meddelande till invånaren om bytet"
NOBODY_ELSE = "Det finns ingen annan aktiv behandlare på enheten att byta till."
NO_WRITING = "Momentet är i vidmakthållande läge, och då kan meddelanden inte skickas."


@dataclass(frozen=True)
class SwitchRequest:
    """Whom to switch to, and what to write to the resident about it (None: nothing)."""

    to: str
    """HSA-id."""
    message: str | None
    leave: tuple[int, ...] = ()
    """Ids of moments that stay, where all of a clinician's are moved."""


def suggestion(name: str) -> str:
    """Return a text to the resident about a new clinician; it says *program*, which is the resident's word."""
    return (
        f"Hej! Nu är det {name} som är din behandlare i programmet. Du läser och skriver meddelanden på samma sätt "
        "som förut."
    )


class SwitchDialog(Dialog[SwitchRequest, None]):
    """Choose another clinician of the unit, and write to the resident about it."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Byt behandlare")]
    DEFAULT_CSS = """
    SwitchDialog #aside { color: $text-muted; margin: 1 0 0 0; }
    """

    main_label = "Byt behandlare"
    heading_words: ClassVar[str] = "Byt behandlare"
    offer: ClassVar[str] = OFFER

    def __init__(
        self,
        colleagues: Sequence[Colleague],
        perform: Perform[SwitchRequest, None],
        *,
        whom: Whom | None,
        present: str,
        may_write: bool,
        urgent: Sequence[str] = (),
    ) -> None:
        """Take those to choose from.

        Args:
            colleagues: the unit's active clinicians.
            perform: does the switch.
            whom: the resident and the program; None where it is about all of a clinician's moments.
            present: HSA-id of the one who has the moment now, who is not offered.
            may_write: False in maintenance, when nothing may be written.
            urgent: the unhandled prioriterade flaggor that go with it, a sentence each.
        """
        super().__init__(self.heading_words, perform, whom=whom, undone=urgent)
        self._names = {who.hsa_id: who.name for who in colleagues if who.hsa_id != present}
        self._may_write = may_write

    def body(self) -> Iterable[Widget]:
        """Return the list and, where writing is allowed, the message."""
        options = [(name, hsa_id) for hsa_id, name in self._names.items()]
        yield Field("behandlare", "Ny behandlare", Select(options, prompt="Välj behandlare", id="to"))
        if self._may_write:
            yield MessageOffer(self.offer, "Meddelande till invånaren")
        aside = "" if self._may_write else NO_WRITING
        if not self._names:
            aside = NOBODY_ELSE
        if aside:
            yield Static(Content(aside), id="aside")

    def value(self) -> SwitchRequest:
        """Return the choice, and the message where one is asked for."""
        chosen = self.query_one("#to", Select).selection
        if chosen is None:
            raise Refused("Välj en behandlare." if self._names else NOBODY_ELSE, field="behandlare")
        return SwitchRequest(str(chosen), self.query_one(MessageOffer).text if self._may_write else None)

    @on(AnySelect.Changed, "#to")
    def _chosen(self) -> None:
        """Suggest a message about the one who is chosen."""
        chosen = self.query_one("#to", Select).selection
        if self._may_write and chosen is not None:
            self.query_one(MessageOffer).suggest(suggestion(self._names[str(chosen)]))
