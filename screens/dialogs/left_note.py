"""A note on a flag that somebody else has handled meanwhile, shown to the one who wrote it."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import Button
from screens.dialogs.dialog import Dialog, Perform, submits

ABOUT = "Flaggan som du skrev om väntar inte längre på enheten. Det här skrev du, och det är inte sparat:"
AFTER = (
    "Behöver det dokumenteras gör du det i journalen, eller som en kontakt på invånarens sida. Markera texten med "
    "skift och musen för att kopiera den."
)


class LeftNoteDialog(Dialog[None, None]):
    """Show a note, and throw it away on purpose alone: kept, it is shown at the next start. It names nobody."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Ta bort")]
    DEFAULT_CSS = """
    LeftNoteDialog #note { margin: 1 0; padding: 0 0 0 2; }
    LeftNoteDialog #after { color: $text-muted; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "#cancel"

    main_label = "Ta bort"

    def __init__(self, text: str, perform: Perform[None, None]) -> None:
        """`text` is the note; `perform` throws it away."""
        super().__init__("Anteckning som inte är sparad", perform, whom=None)
        self._text = text

    def body(self) -> Iterable[Widget]:
        """Return what has happened, the note, and what can be done."""
        yield Static(Content(ABOUT))
        yield Static(Content(self._text), id="note")
        yield Static(Content(AFTER), id="after")

    def buttons(self) -> Iterable[Widget]:
        """Return *Behåll* first, and the one that throws the note away."""
        yield Button("Behåll", id="cancel")
        yield Button(self.main_label, id="main")

    def value(self) -> None:
        """Return nothing: there is nothing to fill in."""
