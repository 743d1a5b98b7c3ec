"""Which answers to one of the unit's own forms raise a prioriterad flagga (domain.md §6)."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from screens.dialogs.controls import Field, Lines, TextArea
from screens.dialogs.dialog import Dialog, Perform, submits
from store.care.form_risks import FormRisks

NO_RISKS = "Inget svar ger någon flagga."
ABOUT = (
    "Ett svar per rad: frågans linkId, likhetstecken och svaret, till exempel 9=ja. Svaret är ett alternativs kod "
    "eller text, ja eller nej, en dag, en tid eller en text; en vikt eller ett tal gäller också allt däröver. "
    "Det gäller svar från och med nu."
)


class FormRisksDialog(Dialog[tuple[str, ...], None]):
    """Name the answers, with the form's questions beside them."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara")]
    DEFAULT_CSS = """
    FormRisksDialog Field, FormRisksDialog #said { margin: 0 0 1 0; }
    FormRisksDialog #questions { color: $text-muted; }
    """

    main_label = "Spara"

    def __init__(self, form: FormRisks, perform: Perform[tuple[str, ...], None]) -> None:
        super().__init__(f"Risksvar: {form.title}", perform, whom=None)
        self._form = form

    def body(self) -> Iterable[Widget]:
        """Return what holds now, the field, and what is asked."""
        yield Lines(id="said")
        yield Field("risk", "Risksvar", TextArea("\n".join(self._form.named), id="risks"))
        yield Lines(id="questions")

    def on_mount(self) -> None:
        """Show what is there."""
        said = self._form.said
        self.query_one("#said", Lines).show([("▲", Content(one)) for one in said] or [("", Content(NO_RISKS))])
        self.query_one("#field-risk", Field).describe(ABOUT)
        self.query_one("#questions", Lines).show([(link, Content(words)) for link, words in self._form.questions])

    def value(self) -> tuple[str, ...]:
        """Return the answers that are to raise a flag."""
        return tuple(line.strip() for line in self.query_one("#risks", TextArea).text.splitlines() if line.strip())
