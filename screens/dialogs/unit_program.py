"""What a unit has of its own for a program that is open to it (domain.md §7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from screens.dialogs.controls import Field, Select, TextArea, TextInput
from screens.dialogs.dialog import Dialog, Perform, submits
from store.people.unit_programs import UnitProgram

PROGRAMS_OWN = "programmets"
ABOUT_CONTACT = "Lämna tomt för programmets egen kontaktperson."
ABOUT_REASONS = "En per rad, utöver programmets egna."


@dataclass(frozen=True)
class OwnProgram:
    """What is to be written; all of it is written anew."""

    contact_name: str
    contact_email: str
    contact_phone: str
    end_reasons: tuple[str, ...]
    training: str
    """`ja`, `nej`, or empty for the program's."""


class UnitProgramDialog(Dialog[OwnProgram, None]):
    """Change contact person, own end reasons and the demand for training."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara")]
    DEFAULT_CSS = """
    UnitProgramDialog Field { margin: 0 0 1 0; }
    UnitProgramDialog .-tight, UnitProgramDialog #field-utbildning { margin: 0; }
    """

    main_label = "Spara"

    def __init__(self, program: UnitProgram, perform: Perform[OwnProgram, None]) -> None:
        super().__init__(program.title, perform, whom=None)
        self._program = program

    def body(self) -> Iterable[Widget]:
        """Return the fields."""
        yield Field("kontakt", "Kontaktperson", TextInput(id="contact-name"))
        yield Field("kontakt-epost", "E-post", TextInput(id="contact-email")).add_class("-tight")
        yield Field("kontakt-telefon", "Telefon", TextInput(id="contact-phone"))
        reasons = TextArea("\n".join(self._program.end_reasons), id="reasons")
        yield Field("orsak", "Avslutningsorsaker", reasons)
        options = (("Enligt programmet", PROGRAMS_OWN), ("Ja", "ja"), ("Nej", "nej"))
        held = self._program.training or PROGRAMS_OWN
        yield Field("utbildning", "Kräver utbildning", Select(options, prompt="Välj", id="training", value=held))

    def on_mount(self) -> None:
        """Show what is there."""
        program = self._program
        self.query_one("#contact-name", TextInput).value = program.contact_name
        self.query_one("#contact-email", TextInput).value = program.contact_email
        self.query_one("#contact-phone", TextInput).value = program.contact_phone
        self.query_one("#field-kontakt", Field).describe(ABOUT_CONTACT)
        self.query_one("#field-orsak", Field).describe(ABOUT_REASONS)

    def value(self) -> OwnProgram:
        """Return what the unit has of its own for the program."""
        chosen = self.query_one("#training", Select).selection
        return OwnProgram(
            self.query_one("#contact-name", TextInput).value,
            self.query_one("#contact-email", TextInput).value,
            self.query_one("#contact-phone", TextInput).value,
            tuple(line.strip() for line in self.query_one("#reasons", TextArea).text.splitlines() if line.strip()),
            "" if chosen in (None, PROGRAMS_OWN) else str(chosen),
        )
