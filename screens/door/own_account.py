"""*Byt lösenfras* and *Nya reservkoder*: what who is signed in to a real store changes there (domain.md §13)."""

from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from textual.app import App
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from screens.dialogs.box import Box
from screens.dialogs.controls import Button
from screens.dialogs.dialog import Dialog, submits
from screens.door.enrol import KEEP_THEM
from screens.door.form import secret_field, text_field
from screens.store_client import StoreClient
from store.people.sign_in import StaffActor

RULES = "Minst 12 tecken, till exempel några ord. Den nya gäller från nu, och dina andra inloggningar avslutas."
WHAT_HAPPENS = "Du får tio nya koder. De gamla gäller inte längre, och dina andra inloggningar avslutas."
CHANGED = "Lösenfrasen är bytt. Dina andra inloggningar är avslutade."
RENEWED = "Reservkoderna är nya. De gamla gäller inte längre, och dina andra inloggningar är avslutade."
COLUMNS = 2


class Passphrases(NamedTuple):
    """What was typed to change a passphrase."""

    old: str
    new: str
    again: str


class Proof(NamedTuple):
    """What was typed to prove who it is."""

    passphrase: str
    code: str


class PassphraseDialog(Dialog[Passphrases, None]):
    """Asks for the present passphrase and for another, twice."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Byt lösenfras")]
    DEFAULT_CSS = "PassphraseDialog .words { margin: 1 0; }"
    main_label = "Byt lösenfras"

    def body(self) -> Iterable[Widget]:
        """Return the fields, with the rules beside the new one."""
        yield secret_field("gammal", "Nuvarande")
        yield Static(Content(RULES), classes="words")
        yield secret_field("losenfras", "Ny lösenfras")
        yield secret_field("igen", "En gång till")

    def value(self) -> Passphrases:
        """Return what stands in the fields."""
        return Passphrases(*(self.query_one(f"#{name}", Input).value for name in ("gammal", "losenfras", "igen")))


class BackupCodesDialog(Dialog[Proof, tuple[str, ...]]):
    """Asks for passphrase and code; the result is the new codes."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Skapa nya koder")]
    DEFAULT_CSS = "BackupCodesDialog .words { margin: 0 0 1 0; }"
    main_label = "Skapa nya koder"

    def body(self) -> Iterable[Widget]:
        """Return what happens, and the fields."""
        yield Static(Content(WHAT_HAPPENS), classes="words")
        yield secret_field("losenfras", "Lösenfras")
        yield text_field("kod", "Kod i appen")

    def value(self) -> Proof:
        """Return what stands in the fields."""
        return Proof(*(self.query_one(f"#{name}", Input).value for name in ("losenfras", "kod")))


class CodesBox(Box[None]):
    """Shows new codes, once. Enter does nothing: one too many would close what is not seen again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+s", "cancel", "Jag har skrivit av dem", id="dialog.submit", tooltip="Stäng; koderna visas inte igen."
        ),
        Binding("escape", "cancel", "Stäng", id="info.close", tooltip="Stäng rutan"),
    ]
    DEFAULT_CSS = "CodesBox .words { margin: 0 0 1 0; }"
    AUTO_FOCUS: ClassVar[str | None] = ""

    def __init__(self, codes: tuple[str, ...]) -> None:
        super().__init__("Dina nya reservkoder", whom=None)
        self._codes = codes

    def body(self) -> Iterable[Widget]:
        """Return the codes, in two columns."""
        rows = -(-len(self._codes) // COLUMNS)
        yield Static(Content(KEEP_THEM), classes="words")
        yield Static(Content("\n".join("   ".join(self._codes[row::rows]) for row in range(rows))), id="codes")

    def buttons(self) -> Iterable[Widget]:
        """Return the one way on."""
        yield Button("Jag har skrivit av dem", id="cancel", variant="primary")


async def ask_for_passphrase(app: App[Any], client: StoreClient, actor: StaffActor, place: str) -> None:
    """Let somebody who is signed in choose another passphrase.

    Args:
        app: on which screen.
        client: the way to the store.
        actor: who.
        place: from where.
    """
    own_account = await client.load("store.people.own_account")

    async def perform(typed: Passphrases, _confirmed: bool) -> None:
        await client.run(
            lambda: own_account.replace_passphrase(client.store, actor, typed.old, typed.new, place, again=typed.again)
        )

    if await app.push_screen_wait(PassphraseDialog("Byt lösenfras", perform, whom=None)) is not None:
        app.notify(CHANGED)


async def ask_for_codes(app: App[Any], client: StoreClient, actor: StaffActor, place: str) -> None:
    """Let somebody who is signed in have new codes on paper; arguments as those of `ask_for_passphrase`."""
    own_account = await client.load("store.people.own_account")

    async def perform(typed: Proof, _confirmed: bool) -> tuple[str, ...]:
        made: tuple[str, ...] = await client.run(
            lambda: own_account.new_backup_codes(client.store, actor, typed.passphrase, typed.code, place)
        )
        return made

    done = await app.push_screen_wait(BackupCodesDialog("Nya reservkoder", perform, whom=None))
    if done is not None:
        await app.push_screen_wait(CodesBox(done.value))
        app.notify(RENEWED)
