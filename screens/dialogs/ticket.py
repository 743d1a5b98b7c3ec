"""Ärendeunderlag (F4): a text for the support, ready to be copied, of the last refusal or fault (domain.md §10)."""

from collections.abc import Iterable
from typing import Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from screens.clipboard import send_to_clipboard
from screens.dialogs.controls import Button
from screens.dialogs.info import InfoDialog
from screens.safe_app import SafeApp
from screens.store_client import StoreClient
from screens.support import turn_to
from store.people.ticket import ticket

HEADING = "Ärendeunderlag"
UNTOLD = "(beskriv vad som hände)"


class TicketDialog(InfoDialog):
    """The text for the support; `c` copies it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Kopiera", id="ticket.copy", tooltip="Kopiera texten, för att klistra in den i ärendet."),
    ]

    def __init__(self, text: str) -> None:
        super().__init__(HEADING, text, whom=None)

    def buttons(self) -> Iterable[Widget]:
        """Return *Kopiera* and *Stäng*."""
        yield Button("Kopiera", id="copy")
        yield from super().buttons()

    @on(Button.Pressed, "#copy")
    def action_copy(self) -> None:
        """Send the text for the support to the clipboard."""
        send_to_clipboard(self.app, self._text, "Ärendeunderlaget", else_by="--arende på kommandoraden")


async def toggle_ticket(app: SafeApp[Any], client: StoreClient) -> None:
    """Open the text about the last refusal, or about none yet, on the app's screen; close it if it is open."""
    if isinstance(app.screen, TicketDialog):
        app.screen.dismiss(None)
        return
    where = await turn_to(client)
    if app.awaits_person or any(isinstance(screen, TicketDialog) for screen in app.screen_stack):
        return  # whoever asked has left meanwhile, or asked twice
    await app.push_screen(TicketDialog(ticket(where, app.version, app.last_refusal or UNTOLD, client.clock())))
