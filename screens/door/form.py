"""What the screens at the door have in common: a form over the whole screen, whose main button asks the store."""

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static

from screens.contracts import AwaitsPerson
from screens.dialogs.controls import Button, Field, Lines, TextInput
from screens.store_client import StoreClient
from screens.widgets.key_bar import KeyBar
from screens.widgets.title_bar import TitleBar
from store.foundation.errors import DomainError

T = TypeVar("T")

WAITING = "Kontrollerar …"
PRESS_MAIN, BACK = "door.submit", "door.back"


class DoorInput(TextInput):
    """A text field. Enter goes on to the next before another key is given: typed fast, a passphrase would be shown."""

    async def action_submit(self) -> None:
        """Go on to the next field, from the last one to the main button's work."""
        inputs = list(self.screen.query(Input))
        after = inputs[inputs.index(self) + 1 :]
        if after:
            self.screen.set_focus(after[0])
        else:
            await super().action_submit()


class SecretInput(DoorInput):
    """A text that nobody is to see: it is painted as dots, and never copied."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.password = True

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Delete the marked text; it does not go to the clipboard."""
        self.delete_selection()


class Door(Screen[T], AwaitsPerson):
    """A form with a main button; subclasses give `form`, and `carry_out` what the button does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "submit", "Fortsätt", id=PRESS_MAIN, priority=True, tooltip="Tryck på huvudknappen."),
        Binding("escape", "back", "Tillbaka", id=BACK, tooltip="Gå tillbaka utan att fortsätta."),
    ]
    DEFAULT_CSS = """
    Door #door { padding: 1 1 0 1; height: 1fr; scrollbar-size-vertical: 1; }
    Door .words { height: auto; margin: 0 0 1 0; }
    Door Field { margin: 0 0 1 0; max-width: 76; }
    Door #said { display: none; color: $text-error; margin: 0 0 1 0; }
    Door #said.-full { display: block; }
    Door #buttons { height: auto; }
    Door #buttons > Button { margin: 0 2 0 0; }
    """
    main_label: ClassVar[str]
    heading: ClassVar[str]

    def __init__(self, client: StoreClient) -> None:
        super().__init__()
        self.client = client
        self._is_working = False

    def form(self) -> Iterable[Widget]:
        """Return what stands between the heading and the buttons."""
        raise NotImplementedError

    async def carry_out(self) -> T | None:
        """Do what the main button says; returns what the screen is left with, or None to stay.

        Raises:
            DomainError: why it can't be done; it is shown at its field.
        """
        raise NotImplementedError

    def more_buttons(self) -> Iterable[Button]:
        """Return the buttons beside the main one."""
        return ()

    def compose(self) -> ComposeResult:
        """Lay out the form."""
        yield TitleBar(practice=self.client.practice)
        with VerticalScroll(id="door", can_focus=False):
            yield Static(Content.styled(self.heading, "bold"), classes="words")
            yield from self.form()
            yield Lines(id="said")
            with Horizontal(id="buttons"):
                yield Button(self.main_label, id="main", variant="primary")
                yield from self.more_buttons()
        yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way back where there is one."""
        if action == "back":
            return self.may_go_back
        return super().check_action(action, parameters)

    @property
    def may_go_back(self) -> bool:
        """Whether the screen can be left without a result."""
        return False

    def action_back(self) -> None:
        """Leave without a result; what is on its way is seen through first."""
        if not self._is_working:
            self.dismiss(None)

    def action_submit(self) -> None:
        """Press the main button; a press while that is under way does nothing."""
        if not self._is_working:
            self._is_working = True
            self._submit()

    @on(Button.Pressed, "#main")
    def _pressed(self) -> None:
        self.action_submit()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """Do what the main button does: Enter was pressed in the last field."""
        event.stop()
        self.action_submit()

    def typed(self, name: str) -> str:
        """Return what stands in a field."""
        return self.query_one(f"#{name}", Input).value

    def say(self, sentence: str, mark: str = "✗") -> None:
        """Say something above the buttons; an empty sentence takes it away."""
        said = self.query_one("#said", Lines)
        said.show([(mark, Content(sentence))] if sentence else ())
        said.set_class(bool(sentence), "-full")

    @work(exclusive=True, group="door")
    async def _submit(self) -> None:
        for field in self.query(Field):
            field.show_fault("")
        self.say(WAITING, "")
        try:
            result = await self.carry_out()
        except DomainError as refusal:
            self._refused(refusal)
        else:
            self.say("")
            if result is not None:
                self.dismiss(result)
        finally:
            self._is_working = False

    def _refused(self, refusal: DomainError) -> None:
        """Say why, at the field that it is about, and empty what is a secret of one use."""
        self.say("")
        found = [one for one in self.query(Field) if one.id == f"field-{refusal.field}"]
        for field in found:
            field.show_fault(refusal.message)
            field.control.focus()
        if not found:
            self.say(refusal.message)


def secret_field(name: str, label: str) -> Field:
    """Return a field for what nobody is to see."""
    return Field(name, label, SecretInput(id=name))


def text_field(name: str, label: str, value: str = "") -> Field:
    """Return a field for a text that stands there already, perhaps."""
    control = DoorInput(id=name)
    control.value = value
    return Field(name, label, control)
