"""*Personal*: a unit's staff read from a CSV file, every fault by its line."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import Field, TextInput
from screens.dialogs.dialog import Dialog, Perform, submits
from store.foundation.csv_file import FaultyFile
from store.foundation.errors import DomainError, Refused
from store.people.staff_placing import COLUMNS_SAID

MOST_SHOWN = 15
"""Faults that are listed in the dialog."""


class ImportStaffDialog(Dialog[Path, tuple[int, list[int]]]):
    """Name a file; done, it gives how many persons were placed on the unit, and the lines that were left."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Läs in")]
    DEFAULT_CSS = """
    ImportStaffDialog #what { margin: 0 0 1 0; }
    """
    main_label = "Läs in"

    def __init__(self, perform: Perform[Path, tuple[int, list[int]]]) -> None:
        super().__init__("Läs in personal från fil", perform, whom=None)

    def body(self) -> Iterable[Widget]:
        """Return what the file holds, and its place."""
        yield Static(Content(f"En CSV-fil med kolumnerna {COLUMNS_SAID}. Allt läses in, eller inget."), id="what")
        yield Field("fil", "Fil", TextInput(id="file", placeholder="personal.csv"))

    def value(self) -> Path:
        """Return where the file is."""
        typed = self.query_one("#file", TextInput).value.strip()
        if not typed:
            raise Refused("Ange filen.", field="fil")
        return Path(typed).expanduser()

    def show_fault(self, refusal: DomainError, *, focus: bool = True) -> None:
        """Say what is wrong, line by line where it is the file's content."""
        super().show_fault(refusal, focus=focus)
        if isinstance(refusal, FaultyFile):
            said = [("✗", Content(f"Rad {one.line}: {one.message}")) for one in refusal.faults[:MOST_SHOWN]]
            more = len(refusal.faults) - len(said)
            rest = [("", Content(f"Och {more} fel till."))] if more > 0 else []
            self._show("#refusal", [("✗", Content(refusal.message)), *said, *rest])
