"""A text to read that can be saved in a file, as a certificate or a report."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import Field, TextInput
from screens.dialogs.dialog import Dialog, Perform, submits
from store.foundation.errors import Refused


class TextToSaveDialog(Dialog[str, str]):
    """Read a text, and save it; done, it gives where it was saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        submits("Spara"),
        Binding("up", "scroll(-1)", "Rulla", show=False, id="saved_text.up", tooltip="Rulla uppåt."),
        Binding("down", "scroll(1)", "Rulla", show=False, id="saved_text.down", tooltip="Rulla nedåt."),
    ]
    main_label = "Spara"

    def __init__(self, title: str, content: str, perform: Perform[str, str], *, example: str, missing: str) -> None:
        """Show a text that can be saved to a file.

        Args:
            title: the dialog's.
            content: the text.
            perform: saves it in the file that was typed.
            example: what stands in the field for the file until something is typed.
            missing: what is said where no file is typed.
        """
        super().__init__(title, perform, whom=None)
        self._content, self._example, self._missing = content, example, missing

    def body(self) -> Iterable[Widget]:
        """Return where it is saved, and the text."""
        yield Field("fil", "Spara i fil", TextInput(id="file", placeholder=self._example)).add_class("before")
        yield Static(Content(self._content))

    def value(self) -> str:
        """Return the file as typed."""
        typed = self.query_one("#file", TextInput).value.strip()
        if not typed:
            raise Refused(self._missing, field="fil")
        return typed

    def action_scroll(self, lines: int) -> None:
        """Move the text by lines."""
        self.query_one("#body", VerticalScroll).scroll_relative(y=lines, animate=False)
