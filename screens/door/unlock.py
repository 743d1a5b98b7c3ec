"""The lock of a real store: it covers the screen until the passphrase is there (domain.md §13)."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.contracts import CoversAll
from screens.dialogs.controls import Button
from screens.door.form import Door, SecretInput, secret_field
from screens.door.outcome import Left
from screens.store_client import StoreClient
from store.foundation.errors import Refused
from store.people.session_clock import SessionOver
from store.people.sign_in import StaffActor

WRONG = "Lösenfrasen stämmer inte. Försök igen, eller logga ut."
KEPT = "Det du har skrivit finns kvar."


class UnlockDoor(Door[Left], CoversAll):
    """A whole screen of its own, so that nothing beneath is painted; what was being done lies there as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f7",
            "sign_out",
            "Logga ut och byt person",
            id="door.sign_out",
            priority=True,
            tooltip="Logga ut. Det du har öppet stängs, och det du har skrivit finns kvar till nästa gång.",
        ),
    ]
    heading = "Skärmen är låst"
    main_label = "Lås upp"

    def __init__(self, client: StoreClient, actor: StaffActor, place: str) -> None:
        """Cover the screen of somebody who works at a place."""
        super().__init__(client)
        self._actor = actor
        self._place = place
        self.over = ""
        """Why the session turned out to be over."""

    def form(self) -> Iterable[Widget]:
        """Return who was at work, and the field."""
        yield Static(Content(f"{self._actor.name}. {KEPT}"), classes="words")
        yield secret_field("losenfras", "Lösenfras")

    def more_buttons(self) -> Iterable[Button]:
        """Return the way out."""
        yield Button("Logga ut och byt person", id="sign-out")

    def _extend_compose(self, widgets: list[Widget]) -> None:
        """Leave out Textual's place for notifications: one may name a resident."""

    def on_mount(self) -> None:
        """Remove all notifications and focus the field for the passphrase."""
        self.app.clear_notifications()
        self.query_one("#losenfras").focus()

    def ask(self, question: str) -> None:
        """Show a question that names nobody."""
        self.say(question, "!")

    async def carry_out(self) -> Left | None:
        """Unlock."""
        sessions = await self.client.load("store.people.sessions")
        ProofRefused = sessions.ProofRefused
        passphrase = self.typed("losenfras")
        try:
            await self.client.run(lambda: sessions.unlock(self.client.store, self._actor, passphrase, self._place))
        except SessionOver as over:
            self.over = over.message
            return Left.OVER
        except ProofRefused:
            raise Refused(WRONG, field="losenfras") from None
        finally:
            self.query_one("#losenfras", SecretInput).value = ""
        return Left.UNLOCKED

    @on(Button.Pressed, "#sign-out")
    def _sign_out_pressed(self) -> None:
        self.action_sign_out()

    def action_sign_out(self) -> None:
        """Sign out."""
        if not self._is_working:
            self.dismiss(Left.SIGNED_OUT)
