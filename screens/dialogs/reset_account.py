"""Resetting somebody's account: passphrase and codes are forgotten, and the person is invited anew (domain.md §13)."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from screens.dialogs.controls import Field, Lines, TextInput
from screens.dialogs.dialog import Dialog, Perform, submits

HAS_ONE = (
    "Personen har redan ett konto. Är lösenfrasen eller koderna borta nollställer du det: de glöms, alla inloggningar "
    "avslutas, och personen bjuds in på nytt. Det personen har skrivit finns kvar. Personen och administratörerna på "
    "alla personens enheter får veta det."
)


class ResetAccountDialog(Dialog[str, str]):
    """Asks for the decision; `perform` returns the invitation."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Nollställ kontot")]
    main_label = "Nollställ kontot"
    main_variant = "error"

    def __init__(self, name: str, perform: Perform[str, str]) -> None:
        super().__init__(f"Nollställ kontot · {name}", perform, whom=None)

    def body(self) -> Iterable[Widget]:
        """Return what it means, and the field."""
        yield Lines(id="means", classes="before")
        yield Field("beslut", "Beslut", TextInput(id="decision", placeholder="vem som har beslutat, och varför"))

    def on_mount(self) -> None:
        """Say what it means."""
        super().on_mount()
        self.query_one("#means", Lines).show([("!", Content(HAS_ONE))])

    def value(self) -> str:
        """Return the decision."""
        return self.query_one("#decision", TextInput).value
