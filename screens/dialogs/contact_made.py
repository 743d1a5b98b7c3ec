"""*Notera kontakt*: a call, a video meeting or a visit that was made."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets import TextArea as AnyTextArea

from screens.contracts import KeepsDrafts
from screens.dialogs.controls import Field, Select, TextArea, TextInput
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.note_draft import LEFT, NoteDraft
from screens.whom import Whom
from store.care.contacts import ContactSort
from store.care.typed_time import past_time_given
from store.foundation.clock import Instant
from store.foundation.errors import Refused

ABOUT = "Står i tidslinjen och journalunderlaget. Minuterna räknas till veckans tid."


@dataclass(frozen=True)
class NewContact:
    """A contact as it is written."""

    sort: ContactSort
    minutes: int
    note: str
    at: Instant | None = None
    """When it was made; None for now."""


class ContactMadeDialog(Dialog[NewContact, None], KeepsDrafts):
    """Note a contact that was made."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Notera")]
    DEFAULT_CSS = """
    ContactMadeDialog Field .name { width: 14; }
    ContactMadeDialog Field > .under { padding: 0 0 0 14; }
    ContactMadeDialog #left { color: $text-warning; padding: 0 0 0 14; }
    ContactMadeDialog #about { color: $text-muted; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "#minutes"

    main_label = "Notera"

    def __init__(
        self,
        perform: Perform[NewContact, None],
        *,
        whom: Whom,
        clock: Callable[[], Instant],
        draft: NoteDraft | None = None,
    ) -> None:
        """Ask for a contact.

        Args:
            perform: notes it.
            whom: the resident and the program.
            clock: tells what a time without a day is compared with.
            draft: keeps the note where the dialog is closed over it; what was left of one stands in the field.
        """
        super().__init__("Notera kontakt", perform, whom=whom)
        self._clock = clock
        self._draft = draft
        self.typed = draft.left if draft else ""
        """What stands in the note; it outlives the field."""

    def body(self) -> Iterable[Widget]:
        """Return how and when it was made, the minutes and the note."""
        sorts = [(sort.word.capitalize(), sort) for sort in ContactSort]
        yield Field("sort", "Kontakt", Select(sorts, prompt="Välj", id="sort", value=ContactSort.PHONE))
        yield Field("tid", "När", TextInput(id="when", placeholder="Nu. Annars 14.30, eller 2026-11-22 14.30"))
        yield Field("minuter", "Minuter", TextInput(id="minutes", placeholder="Till exempel 15"))
        yield Field("anteckning", "Anteckning", TextArea(self.typed, id="note", placeholder="Vad ni kom fram till"))
        if self.typed:
            yield Static(Content(LEFT), id="left")
        yield Static(Content(ABOUT), id="about")

    @on(AnyTextArea.Changed)
    def _note_typed(self, event: AnyTextArea.Changed) -> None:
        self.typed = event.text_area.text

    async def keep_drafts(self) -> bool:
        """Keep the note; returns whether it is safe."""
        return self._draft is None or await self._draft.keep(self.typed)

    def value(self) -> NewContact:
        """Return the contact that stands there."""
        sort = self.query_one("#sort", Select).selection
        if sort is None:
            raise Refused("Välj hur kontakten togs.", field="sort")
        text = self.query_one("#minutes", TextInput).value.strip()
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            raise Refused("Skriv minuterna med siffror, till exempel 15.", field="minuter")
        at = past_time_given(self.query_one("#when", TextInput).value, self._clock())
        return NewContact(sort, int(text), self.query_one("#note", TextArea).text, at)
