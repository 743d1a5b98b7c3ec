"""*Riskanalys*: what a role on the unit rests on."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import Field, TextArea
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.widgets.cells import clean
from store.care.role_analyses import Analysis
from store.foundation.access import Role

ABOUT = "Vilka uppgifter rollen behöver, och vilka risker den åtkomsten innebär. Texten visas när rollen ges."

CONFIRM = "Gäller den än? Spara den som den är: då dateras den i dag."


class RoleAnalysisDialog(Dialog[str, tuple[Role, ...]]):
    """Write the text for a role, or confirm it: it is dated today. Done, it gives the roles that are left."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara")]
    DEFAULT_CSS = """
    RoleAnalysisDialog TextArea { height: 8; }
    """
    main_label = "Spara"

    def __init__(self, analysis: Analysis, perform: Perform[str, tuple[Role, ...]]) -> None:
        super().__init__(f"Behovs- och riskanalys · {analysis.role.value}", perform, whom=None)
        self._analysis = analysis

    def body(self) -> Iterable[Widget]:
        """Return what it is, when it was written last, and the text."""
        yield Static(Content(ABOUT), id="about", classes="before")
        if self._analysis.text:
            said = f"Skriven {self._analysis.written_on} av {self._analysis.written_by}. {CONFIRM}"
            yield Static(Content(clean(said)), id="written", classes="before")
        yield Field("riskanalys", "Text", TextArea(self._analysis.text, id="text"))

    def value(self) -> str:
        """Return the text."""
        return self.query_one("#text", TextArea).text
