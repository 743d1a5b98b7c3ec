"""*Meddelandemallar*: writing a template, and taking one away."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import Field, Lines, TextArea, TextInput
from screens.dialogs.dialog import Dialog, Perform, submits
from store.care.templates import PLACEHOLDERS, Template

FILLED_IN = "Det här byts ut mot rätt uppgift när mallen används:"


@dataclass(frozen=True)
class TemplateText:
    """What stands in a template."""

    title: str
    text: str


class TemplateDialog(Dialog[TemplateText, int]):
    """Write a template; done, it gives the template's id."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara mallen")]
    DEFAULT_CSS = """
    TemplateDialog Field .name { width: 8; }
    TemplateDialog Field > .under { padding: 0 0 0 8; }
    TemplateDialog TextArea { height: 7; }
    TemplateDialog.-high TextArea { height: 16; }
    TemplateDialog #field-titel { margin: 0 0 1 0; }
    TemplateDialog #legend { color: $text-muted; margin: 1 0 0 8; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-middle"), (36, "-high")]
    main_label = "Spara mallen"

    def __init__(self, heading: str, perform: Perform[TemplateText, int], template: Template | None = None) -> None:
        """`template` is the one to be changed; None writes a new one."""
        super().__init__(heading, perform, whom=None)
        self._before = TemplateText(template.title, template.text) if template else TemplateText("", "")

    def body(self) -> Iterable[Widget]:
        """Return the two fields, and what can be left open in the text."""
        title = TextInput(id="title", placeholder="Det du känner igen den på, till exempel Välkommen")
        title.value = self._before.title
        yield Field("titel", "Titel", title)
        yield Field("text", "Text", TextArea(self._before.text, id="text"))
        yield Lines(id="legend")

    def on_mount(self) -> None:
        """Say what can be left open."""
        self.query_one("#legend", Lines).show([("", Content(FILLED_IN)), *_legend()])

    def value(self) -> TemplateText:
        """Return what stands there; whether it will do, the store says."""
        return TemplateText(self.query_one("#title", TextInput).value, self.query_one("#text", TextArea).text)


class RemoveTemplateDialog(Dialog[bool, None]):
    """Take a template away, once it has been said what that means."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Ta bort mallen")]
    main_label = "Ta bort mallen"
    main_variant = "error"

    def __init__(self, template: Template, perform: Perform[bool, None]) -> None:
        super().__init__("Ta bort mallen", perform, whom=None)
        self._template = template

    def body(self) -> Iterable[Widget]:
        """Return which one, and what stays."""
        yield Static(Content.styled(self._template.title, "bold"), id="which")
        whose = " för alla på enheten" if self._template.is_units else ""
        yield Static(Content(f"Mallen försvinner{whose}. Meddelanden som har skrivits från den ändras inte."))

    def value(self) -> bool:
        """Return that it is to be done: there is nothing to fill in."""
        return True


def _legend() -> list[tuple[str, Content]]:
    width = max(map(len, PLACEHOLDERS)) + 2
    return [(f"{f'{{{name}}}':<{width}} ", Content(meaning)) for name, meaning in PLACEHOLDERS.items()]
