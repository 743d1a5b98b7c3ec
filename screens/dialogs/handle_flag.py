"""*Hantera*: closing a flag with a note on what was done (domain.md §4)."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import Field, TextArea
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.whom import Whom

QUESTION = "Vad har du gjort? Anteckningen står kvar vid flaggan."


class HandleDialog(Dialog[str, None]):
    """Write what was done about a flag; the store refuses an empty note."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Hantera")]
    DEFAULT_CSS = """
    HandleDialog #why { height: auto; max-height: 7; scrollbar-size-vertical: 1; margin: 0 0 1 0; }
    HandleDialog #reason { text-style: bold; }
    HandleDialog #instruction { color: $text-warning; }
    HandleDialog #question { color: $text-muted; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "#note"

    main_label = "Hantera"

    def __init__(self, reason: str, perform: Perform[str, None], *, whom: Whom, instruction: str = "") -> None:
        """`reason` is why the flag was raised, `instruction` what the unit does at such a flag; empty for nothing."""
        super().__init__("Hantera flagga", perform, whom=whom)
        self._reason = reason
        self._instruction = instruction

    def body(self) -> Iterable[Widget]:
        """Return the reason, the instruction and the note."""
        with VerticalScroll(id="why", can_focus=False):
            yield Static(Content(self._reason), id="reason")
            if self._instruction:
                yield Static(Content(self._instruction), id="instruction")
        yield Static(Content(QUESTION), id="question")
        yield Field("anteckning", "", TextArea(id="note", placeholder="Till exempel: Ringde upp samma dag."))

    def value(self) -> str:
        """Return the note that handles the flag."""
        return self.query_one("#note", TextArea).text
