"""*Ny export*: what is taken out of the store, who a resident is in it, to whom, why and where (domain.md §11)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Select as AnySelect

from screens.dialogs.controls import CheckBox, Field, Select, TextInput
from screens.dialogs.day_field import DayField
from screens.dialogs.dialog import Dialog, Perform, check_all, submits
from store.care.export_choice import Choice, Identity, Life, Part, check_period, text_given
from store.export.exporting import Format
from store.export.words import NOTES
from store.foundation.errors import Refused
from store.foundation.identity import PersonalNumber
from store.foundation.text import shortened
from store.views.journal import day_given

LIVES = (("Pågående, och i vidmakthållande läge", Life.RUNNING), ("Avslutade", Life.ENDED))
IDENTITIES = (
    ("Namn och personnummer", Identity.FULL),
    ("Kön och ålder", Identity.SEX_AND_AGE),
    ("Pseudonym", Identity.PSEUDONYM),
)
FORMATS = (
    ("XML", Format.XML),
    ("CSV, en mapp med filer", Format.CSV),
    ("FHIR, en Bundle", Format.FHIR),
    ("FHIR, NDJSON", Format.NDJSON),
)
PARTS = {
    Part.EVENTS: "Händelser och flaggor",
    Part.PLANS: "Aktivitetsplaner",
    Part.BATTERY: "Formulär i mätbatteriet",
    Part.OTHER_FORMS: "Övriga formulär",
}
PROTECTED = "Ta med invånare med skyddade personuppgifter"
NUMBERS = "Tomt: alla invånare. Flera skiljs med komma."


@dataclass(frozen=True)
class ExportOrder:
    """What is to be exported, in which format, and to which folder."""

    choice: Choice
    format: Format
    folder: Path


class ExportDialog(Dialog[ExportOrder, ExportOrder]):
    """Choose an export; done, it gives what was chosen, once it has been said how much that is."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Exportera")]
    DEFAULT_CSS = """
    ExportDialog CheckBox { margin: 0 0 0 20; } /* where the fields begin */
    ExportDialog.-narrow CheckBox { margin: 0; }
    """
    main_label = "Exportera"

    def __init__(
        self, programs: Sequence[tuple[str, str]], perform: Perform[ExportOrder, ExportOrder], *, today: date
    ) -> None:
        """`programs` are id and title of those that can be exported."""
        super().__init__("Ny export", perform, whom=None)
        self._programs = programs
        self._today = today

    def body(self) -> Iterable[Widget]:
        """Return the fields."""
        programs = [(title, program) for program, title in self._programs]
        first = programs[0][1] if programs else None
        yield Field("program", "Program", Select(programs, prompt="Välj program", id="program", value=first))
        yield Field("status", "Moment", Select(LIVES, prompt="Välj", id="life"))
        yield Field("identitet", "Vem invånaren är", Select(IDENTITIES, prompt="Välj", id="identity"))
        yield Field("format", "Format", Select(FORMATS, prompt="Välj", id="format", value=Format.XML))
        for part, label in PARTS.items():
            yield CheckBox(label, id=_tick(part))
        yield DayField("fran", "Startade från", id="first", placeholder="ÅÅÅÅ-MM-DD, eller tomt")
        yield DayField("till-och-med", "Till och med", id="last", placeholder="ÅÅÅÅ-MM-DD, eller tomt")
        yield Field("personnummer", "Personnummer", TextInput(id="numbers", placeholder=NUMBERS))
        yield CheckBox(PROTECTED, id="protected")
        yield Field("mottagare", "Mottagare", TextInput(id="recipient", placeholder="Vem som ska ha exporten"))
        yield Field("andamal", "Ändamål", TextInput(id="purpose", placeholder="Vad den ska användas till"))
        folder = TextInput(id="folder")
        folder.value = str(Path.home())
        yield Field("till", "Mapp", folder)

    @on(AnySelect.Changed, "#identity")
    def _identity_chosen(self) -> None:
        """Say at once what a way to tell who somebody is does not do."""
        chosen = self.query_one("#identity", Select).selection
        note = NOTES[Identity(chosen)] if chosen is not None else ""
        self.query_one("#field-identitet", Field).show_note([("!", Content(note))] if note else [])

    def value(self) -> ExportOrder:
        """Return what was chosen.

        Raises:
            SeveralFaults: something is missing, or will not do: all that is wrong.
        """
        check_all(
            self._program, self._life, self._identity, self._form, self._days, self._numbers, self._recipient,
            self._purpose, self._folder,
        )  # fmt: skip
        first, last = self._days()
        choice = Choice(
            program=self._program(),
            life=self._life(),
            identity=self._identity(),
            parts=frozenset(part for part in PARTS if self.query_one(f"#{_tick(part)}", CheckBox).value),
            first=first,
            last=last,
            numbers=self._numbers(),
            reveals=self.query_one("#protected", CheckBox).value,
            recipient=self._recipient(),
            purpose=self._purpose(),
        )
        return ExportOrder(choice, self._form(), self._folder())

    def _program(self) -> str:
        return self._chosen("program", "program", "Välj ett program.")

    def _life(self) -> Life:
        return Life(self._chosen("life", "status", "Välj vilka moment."))

    def _identity(self) -> Identity:
        return Identity(self._chosen("identity", "identitet", "Välj vad som står om vem invånaren är."))

    def _form(self) -> Format:
        return Format(self._chosen("format", "format", "Välj ett format."))

    def _days(self) -> tuple[date | None, date | None]:
        first, last = self._day("first", "fran"), self._day("last", "till-och-med")
        check_period(first, last)
        return first, last

    def _recipient(self) -> str:
        return text_given(self._text("recipient"), "mottagare", what="mottagaren")

    def _purpose(self) -> str:
        return text_given(self._text("purpose"), "andamal", what="ändamålet")

    def _chosen(self, select: str, field: str, otherwise: str) -> str:
        chosen = self.query_one(f"#{select}", Select).selection
        if chosen is None:
            raise Refused(otherwise, field=field)
        return str(chosen)

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", TextInput).value

    def _day(self, name: str, field: str) -> date | None:
        typed = self._text(name).strip()
        return day_given(typed, field) if typed else None

    def _numbers(self) -> tuple[PersonalNumber, ...]:
        typed = [one.strip() for one in self._text("numbers").split(",") if one.strip()]
        return tuple(PersonalNumber.parse(one, self._today) for one in typed)

    def _folder(self) -> Path:
        typed = self._text("folder").strip()
        folder = Path(typed).expanduser()
        if not typed or not folder.is_dir():
            there = f"Mappen {shortened(typed, 200)} finns inte. Ange en mapp som finns."
            raise Refused(there if typed else "Ange en mapp.", field="till")
        return folder


def _tick(part: Part) -> str:
    return f"part-{part.value}"
