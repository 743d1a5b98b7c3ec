"""How it went with an activity: done or not, and a note."""

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.widget import Widget

from screens.dialogs.controls import Field, TextArea
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.resident.options import Options
from screens.whom import Whom
from store.foundation.errors import Refused

_CHOICES = (("ja", "Jag gjorde det"), ("nej", "Jag gjorde det inte"))


class Marked(NamedTuple):
    """What was said of an activity."""

    is_done: bool
    note: str


class MarkDialog(Dialog[Marked, None]):
    """Say how it went."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara")]
    DEFAULT_CSS = """
    MarkDialog TextArea { height: 3; }
    MarkDialog #field-utford { margin: 0 0 1 0; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "#done"
    main_label = "Spara"

    def __init__(self, perform: Perform[Marked, None], *, whom: Whom, is_done: bool, note: str) -> None:
        """`is_done` and `note` are what is marked already."""
        super().__init__("Hur gick det?", perform, whom=whom)
        self._is_done = is_done
        self._note = note

    def body(self) -> Iterable[Widget]:
        """Return the two answers and the note."""
        yield Field("utford", "", Options(_CHOICES, id="done", marked=("ja" if self._is_done else "nej",)))
        yield Field("anteckning", "Anteckning", TextArea(self._note, id="note"))

    def value(self) -> Marked:
        """Return what is said."""
        chosen = self.query_one("#done", Options).values
        if not chosen:
            raise Refused("Välj om du gjorde det eller inte.", field="utford")
        return Marked(chosen[0] == "ja", self.query_one("#note", TextArea).text)
