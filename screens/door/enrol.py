"""Making an account: an invitation and a passphrase, then an authenticator, then codes for paper (domain.md §13)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import Button, Field, Lines, TextInput
from screens.door.form import Door, secret_field, text_field
from screens.qr_code import qr_lines
from screens.store_client import StoreClient
from screens.widgets.key_bar import KeyBar
from screens.widgets.title_bar import TitleBar
from store.foundation.errors import Refused

if TYPE_CHECKING:
    from store.people.sessions import Opened
    from store.people.ways_in import Visitor

READ_IT = "Läs in QR-koden med en app för engångskoder i telefonen, eller skriv nyckeln där:"
ASK = "Appen visar en ny kod varje halvminut. Skriv den som visas nu:"
KEEP_THEM = (
    "Skriv av koderna och förvara dem på papper, inte i telefonen. Var och en gäller en gång i stället för koden i "
    "appen, om telefonen är borta. De visas bara nu."
)


class EnrolDoor(Door["Opened"]):
    """Asks for invitation and passphrase; returns the session of the new account."""

    heading = "Skapa ditt konto"
    main_label = "Fortsätt"

    def __init__(self, client: StoreClient, place: str, hsa_id: str = "") -> None:
        super().__init__(client)
        self._place = place
        self._hsa_id = hsa_id

    @property
    def may_go_back(self) -> bool:
        """Back to signing in."""
        return True

    def form(self) -> Iterable[Widget]:
        """Return the fields."""
        yield text_field("hsaid", "HSA-id", self._hsa_id)
        yield text_field("inbjudan", "Inbjudan")
        yield Static("Välj en lösenfras med minst 12 tecken, till exempel några ord.", classes="words")
        yield secret_field("losenfras", "Lösenfras")
        yield secret_field("igen", "En gång till")

    def on_mount(self) -> None:
        """Begin where something is to be typed."""
        self.query_one("#inbjudan" if self._hsa_id else "#hsaid").focus()

    async def carry_out(self) -> "Opened | None":
        """Look at invitation and passphrase, and go on to the authenticator."""
        enrolment = await self.client.load("store.people.enrolment")
        passphrases = await self.client.load("store.people.passphrases")
        hsa_id, invitation, passphrase = self.typed("hsaid"), self.typed("inbjudan"), self.typed("losenfras")
        if not invitation.strip():
            raise Refused("Skriv koden i din inbjudan.", field="inbjudan")
        passphrases.check_passphrase(passphrase, self.typed("igen"))
        visitor: Visitor = await self.client.run(
            lambda: enrolment.look_at_invitation(self.client.store, hsa_id, invitation, self._place)
        )
        kept = await self.client.run(lambda: passphrases.HASHER.hashed(passphrase))
        one_time_codes = await self.client.load("store.people.one_time_codes")
        door = AuthenticatorDoor(self.client, visitor, self._place, invitation, kept, one_time_codes.new_secret())
        opened = await self.app.push_screen_wait(door)
        if opened is not None:
            await self.app.push_screen_wait(BackupCodesDoor(self.client, opened.backup_codes))
        return opened


class AuthenticatorDoor(Door["Opened"]):
    """Shows the authenticator's secret and asks for a code; returns the session of the account that is made then."""

    DEFAULT_CSS = """
    AuthenticatorDoor #sides { height: 1fr; }
    AuthenticatorDoor #qr { width: auto; height: auto; color: #ffffff; background: #000000; text-style: none; }
    AuthenticatorDoor #beside { padding: 0 1; scrollbar-size-vertical: 1; }
    AuthenticatorDoor #secret { text-style: bold; }
    AuthenticatorDoor #main { margin: 0; }
    """
    heading = ""
    main_label = "Skapa kontot"

    def __init__(
        self, client: StoreClient, visitor: "Visitor", place: str, invitation: str, kept: str, secret: str
    ) -> None:
        """Prepare an enrolment (`store.people.enrolment.enrol`) that lacks the one-time code."""
        super().__init__(client)
        self._visitor = visitor
        self._place = place
        self._invitation = invitation
        self._kept = kept
        self._secret = secret

    @property
    def may_go_back(self) -> bool:
        """Back to the passphrase."""
        return True

    def compose(self) -> ComposeResult:
        """Lay out the QR code, with the secret, the field and the button beside it: 24 lines have room for no more."""
        from store.people.one_time_codes import otpauth

        lines = qr_lines(otpauth(self._secret, self._visitor.hsa_id or ""))
        yield TitleBar(practice=self.client.practice)
        with Horizontal(id="sides"):
            yield Static(Content("\n".join(lines)), id="qr")
            with VerticalScroll(id="beside", can_focus=False):
                yield from self.form()
                yield Lines(id="said")
                yield Button(self.main_label, id="main", variant="primary")
        yield KeyBar()

    def form(self) -> Iterable[Widget]:
        """Return what stands beside the QR code."""
        from store.people.one_time_codes import in_groups

        groups = in_groups(self._secret).split(" ")
        rows = (" ".join(groups[start : start + 4]) for start in range(0, len(groups), 4))
        yield Static(READ_IT, classes="words")
        yield Static(Content("\n".join(rows)), id="secret", classes="words")
        yield Static(ASK, classes="words")
        yield Field("kod", "", TextInput(id="kod"))

    def on_mount(self) -> None:
        """Begin at the code."""
        self.query_one("#kod").focus()

    async def carry_out(self) -> "Opened | None":
        """Make the account."""
        enrolment = await self.client.load("store.people.enrolment")
        code = self.typed("kod")

        def enrolled() -> "Opened":
            with self.client.store.work(self._visitor) as work:
                opened: Opened = enrolment.enrol(
                    work,
                    self._visitor.hsa_id,
                    self._place,
                    self._invitation,
                    self._kept,
                    self._secret,
                    code=code,
                )
                return opened

        return await self.client.run(enrolled)


class BackupCodesDoor(Door[bool]):
    """Shows the codes for paper, once."""

    heading = "Dina reservkoder"
    main_label = "Jag har skrivit av dem"
    AUTO_FOCUS: ClassVar[str | None] = ""  # an Enter too many would close what is shown once
    COLUMNS: ClassVar[int] = 2

    def __init__(self, client: StoreClient, codes: Iterable[str]) -> None:
        super().__init__(client)
        self._codes = list(codes)

    def form(self) -> Iterable[Widget]:
        """Return the codes, in two columns."""
        rows = -(-len(self._codes) // self.COLUMNS)
        lines = ("   ".join(self._codes[row::rows]) for row in range(rows))
        yield Static(KEEP_THEM, classes="words")
        yield Static(Content("\n".join(lines)), id="codes", classes="words")

    async def carry_out(self) -> bool | None:
        """Go on."""
        return True
