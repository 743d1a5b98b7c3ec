"""The offer of the tour to who opens the practice environment for the first time."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.box import Box
from screens.dialogs.controls import Button
from screens.shown_keys import keyed

OFFER = (
    "Fem skärmar på ett par minuter: vad som väntar på dig, ett ärende, dina invånare, och ett moment som du startar "
    "själv. En rad längst ner säger vilken tangent som är nästa.\n\n"
    "Du kan ta den när som helst: Rundtur i Kommandon ({app.commands}), eller sob ovning --tur."
)


class TourOffer(Box[bool]):
    """Whether the tour is taken; Esc declines."""

    AUTO_FOCUS: ClassVar[str | None] = "#main"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Nej\xa0tack", id="tour.decline", tooltip="Börja utan rundturen."),
    ]
    DEFAULT_CSS = """
    TourOffer > #box { width: 72; }
    """

    def __init__(self) -> None:
        super().__init__("Ny här? Ta en rundtur", whom=None)

    def body(self) -> Iterable[Widget]:
        """Return what it is."""
        yield Static(Content(keyed(OFFER)))

    def buttons(self) -> Iterable[Widget]:
        """Return the two answers."""
        yield Button("Nej tack", id="cancel")
        yield Button("Ta rundturen", id="main", variant="primary")

    @on(Button.Pressed, "#main")
    def _taken(self) -> None:
        self.dismiss(True)
