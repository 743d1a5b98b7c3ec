"""What is asked about a *Journalunderlag*: its words before it is copied, and whether the copy has arrived."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import Button, Field, TextArea
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.whom import Whom

NOT_SAVED = "Texten sparas inte här. Kopiera den när den är klar."
ARRIVED = "Klistra in texten i journalen och läs den där. Kom den fram?"
NEXT = "Sedan senast kopierat börjar då efter den här texten. Svara nej om du är osäker: då står allt kvar nästa gång."


class EditDialog(Dialog[str, None]):
    """Edit the text; nothing is stored."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Klar")]
    DEFAULT_CSS = """
    EditDialog > #box { width: 100%; }
    EditDialog #text { height: 60vh; }
    EditDialog #about { color: $text-muted; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "#text"

    main_label = "Klar"

    def __init__(self, text: str, perform: Perform[str, None], *, whom: Whom) -> None:
        """Begin with a text."""
        super().__init__("Redigera journalunderlag", perform, whom=whom)
        self._text = text

    def body(self) -> Iterable[Widget]:
        """Return the text."""
        yield Static(Content(NOT_SAVED), id="about")
        yield Field("text", "", TextArea(self._text, id="text"))

    def value(self) -> str:
        """Return the text as it stands."""
        return self.query_one("#text", TextArea).text


class ArrivedDialog(Dialog[bool, None]):
    """Ask whether a copy has arrived: a terminal never tells."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Ja, den är i journalen")]
    DEFAULT_CSS = """
    ArrivedDialog #next { color: $text-muted; margin: 1 0 0 0; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "#cancel"

    main_label = "Ja, den är i journalen"

    def __init__(self, said: str, perform: Perform[bool, None], *, whom: Whom) -> None:
        """`said` is how it is seen that the text arrived."""
        super().__init__("Är texten i journalen?", perform, whom=whom)
        self._said = said

    def body(self) -> Iterable[Widget]:
        """Return the question."""
        yield Static(Content(self._said), id="said")
        yield Static(Content(f"{ARRIVED} {NEXT}"), id="next")

    def buttons(self) -> Iterable[Widget]:
        """Return *Nej* first, and *Ja*."""
        yield Button("Nej, inte än", id="cancel")
        yield Button(self.main_label, id="main", variant=self.main_variant)

    def value(self) -> bool:
        """Return that it has."""
        return True
