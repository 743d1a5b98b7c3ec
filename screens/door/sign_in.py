"""Signing in to a real store: HSA-id, passphrase and code, or an invitation the first time (domain.md §13)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from screens.dialogs.controls import Button
from screens.door.form import Door, secret_field, text_field
from screens.store_client import StoreClient

if TYPE_CHECKING:
    from store.people.sessions import Opened


class SignInDoor(Door["Opened"]):
    """Returns the session that was opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f2",
            "enrol",
            "Jag har en inbjudan",
            id="door.enrol",
            priority=True,
            tooltip="Skapa ditt konto med en inbjudan, första gången eller efter en nollställning.",
        ),
    ]
    heading = "Logga in"
    main_label = "Logga in"

    def __init__(self, client: StoreClient, place: str, hsa_id: str = "", said: str = "") -> None:
        """Ask who it is.

        Args:
            client: the way to the store.
            place: from where somebody signs in.
            hsa_id: what stands in the field already.
            said: why somebody has to sign in anew.
        """
        super().__init__(client)
        self._place = place
        self._hsa_id = hsa_id
        self._said = said

    def form(self) -> Iterable[Widget]:
        """Return the fields."""
        yield text_field("hsaid", "HSA-id", self._hsa_id)
        yield secret_field("losenfras", "Lösenfras")
        yield text_field("kod", "Kod i appen")

    def more_buttons(self) -> Iterable[Button]:
        """Return the way in for who is new."""
        yield Button("Jag har en inbjudan", id="enrol")

    def on_mount(self) -> None:
        """Begin where something is to be typed, and say why."""
        self.query_one("#losenfras" if self._hsa_id else "#hsaid").focus()
        self.say(self._said, "!")

    async def carry_out(self) -> "Opened | None":
        """Sign in."""
        sessions = await self.client.load("store.people.sessions")
        ways_in = await self.client.load("store.people.ways_in")
        way = ways_in.PassphraseAndCode(self.typed("losenfras"), self.typed("kod"))
        hsa_id = self.typed("hsaid")
        opened: Opened = await self.client.run(lambda: sessions.sign_in_by(self.client.store, hsa_id, way, self._place))
        return opened

    @on(Button.Pressed, "#enrol")
    def _enrol_pressed(self) -> None:
        self.action_enrol()

    @work(exclusive=True, group="enrol")
    async def action_enrol(self) -> None:
        """Make an account, and go in by it."""
        from screens.door.enrol import EnrolDoor

        opened = await self.app.push_screen_wait(EnrolDoor(self.client, self._place, self.typed("hsaid")))
        if opened is not None:
            self.dismiss(opened)
