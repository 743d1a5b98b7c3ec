"""The offer in a dialog to write to residents about what is done, with a suggestion of what to write."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Checkbox

from screens.dialogs.controls import CheckBox, Field, TextArea
from store.foundation.errors import Refused


class MessageOffer(Vertical):
    """A box to tick over the text, which shows once it is ticked."""

    DEFAULT_CSS = """
    MessageOffer { height: auto; }
    MessageOffer CheckBox { margin: 1 0 0 0; }
    MessageOffer #field-meddelande { padding: 0 0 0 4; } /* under the words of the box */
    """

    def __init__(self, offer: str, placeholder: str) -> None:
        """`offer` stands at the box, `placeholder` where the text is to be."""
        super().__init__(id="offer")
        self._offer = offer
        self._placeholder = placeholder
        self._suggested = ""

    def compose(self) -> ComposeResult:
        """Lay out the box over the text."""
        yield CheckBox(self._offer, id="write")
        text = Field("meddelande", "", TextArea(id="message", placeholder=self._placeholder))
        text.display = False
        yield text

    @property
    def text(self) -> str | None:
        """What is to be sent; None where nothing is. Raises `Refused` where the text is empty."""
        if not self.query_one("#write", CheckBox).value:
            return None
        text = self.query_one("#message", TextArea).text
        if not text.strip():
            raise Refused("Skriv ett meddelande, eller ta bort krysset.", field="meddelande")
        return text

    def suggest(self, text: str) -> None:
        """Suggest a text, unless the person has written in it."""
        message = self.query_one("#message", TextArea)
        if message.text == self._suggested:
            self._suggested = message.text = text

    @on(Checkbox.Changed, "#write")
    def _ticked(self, event: Checkbox.Changed) -> None:
        self.query_one("#field-meddelande", Field).display = event.value
