"""What is typed above the units: a unit, what a care provider decides, and that a program is to be closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import Field, TextArea, TextInput
from screens.dialogs.day_field import DayField
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.widgets.cells import clean
from store.people.provider_settings import BACKUPS, THRESHOLDS, ProviderSettings
from store.people.unit_settings import typed_number
from store.people.units import LOG_YEARS
from store.views.journal import day_given
from store.views.provider import ProviderUnit, UnitsProgram

ABOUT_REGION = "Länets två siffror. Tomt: samma som vårdgivarens andra enheter."
ABOUT_CONTACT = "Vem vårdgivaren vänder sig till på enheten, och hur."
WHAT_CLOSING_MEANS = (
    "Enheten kan inte starta fler moment med programmet. De som pågår fortsätter. Enhetens egna uppgifter om "
    "programmet (kontaktperson, avslutningsorsaker, utbildningskrav) försvinner."
)


@dataclass(frozen=True)
class NewUnit:
    """A unit as typed; HSA-id and region stay empty where it is there already."""

    hsa_id: str
    name: str
    region: str
    contact: str


class UnitDialog(Dialog[NewUnit, str]):
    """Add a unit, or change what one is called and who is asked there."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara")]
    main_label = "Spara"

    def __init__(self, perform: Perform[NewUnit, str], unit: ProviderUnit | None = None) -> None:
        super().__init__(f"Namn och kontakt · {unit.hsa_id}" if unit else "Ny enhet", perform, whom=None)
        self._unit = unit

    def body(self) -> Iterable[Widget]:
        """Return the fields."""
        if self._unit is None:
            yield Field("hsaid", "HSA-id", TextInput(id="hsaid"))
        yield Field("namn", "Namn", TextInput(id="name"))
        if self._unit is None:
            yield Field("region", "Region", TextInput(id="region"))
        yield Field("kontakt", "Kontakt", TextInput(id="contact"))

    def on_mount(self) -> None:
        """Show what is there, and explain what does not explain itself."""
        self.query_one("#field-kontakt", Field).describe(ABOUT_CONTACT)
        if self._unit is not None:
            self.query_one("#name", TextInput).value = self._unit.name
            self.query_one("#contact", TextInput).value = self._unit.contact
        else:
            self.query_one("#field-region", Field).describe(ABOUT_REGION)

    def value(self) -> NewUnit:
        """Return what was typed."""
        is_new = self._unit is None
        typed = {one: self.query_one(f"#{one}", TextInput).value for one in ("name", "contact")}
        new = {one: self.query_one(f"#{one}", TextInput).value if is_new else "" for one in ("hsaid", "region")}
        return NewUnit(new["hsaid"], typed["name"], new["region"], typed["contact"])


class CloseProgramDialog(Dialog[bool, None]):
    """Close a program for a unit, once it has been said what that means."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Stäng programmet")]
    main_label = "Stäng programmet"
    main_variant = "error"

    def __init__(self, unit: ProviderUnit, used: UnitsProgram, perform: Perform[bool, None]) -> None:
        super().__init__("Stäng programmet", perform, whom=None)
        self._heading, self._said = f"{used.title} · {unit.name}", used.said

    def body(self) -> Iterable[Widget]:
        """Return which one and where, how it stands there, and what it means."""
        yield Static(Content.styled(clean(self._heading), "bold"), id="which")
        yield Static(Content(clean(f"Nu: {self._said}.")))
        yield Static(Content(WHAT_CLOSING_MEANS))

    def value(self) -> bool:
        """Return that it is to be done: there is nothing to fill in."""
        return True


@dataclass(frozen=True)
class SettingsText:
    """What is decided for all units, as it was typed."""

    purge_decision: str
    purge_reference: str
    purge_decided_on: str
    agreement: str
    agreement_ends: str
    statistics_threshold: str
    log_years: str
    log_decision: str
    backup_days: str


_LINES = {
    "purge_reference": ("gallringsbeslut-referens", "  Referens", ""),
    "purge_decided_on": ("gallringsbeslut-datum", "  Dag", ""),
    "agreement": ("avtal", "Avtal", "Referensen till en privat vårdgivares avtal med regionen; annars tomt."),
    "agreement_ends": ("avtal-slut", "  Sista dag", "Sedan startar inga nya moment. De som pågår fortsätter."),
    "statistics_threshold": (
        "troskel",
        "Statistikens tröskel",
        f"Mindre antal döljs: {THRESHOLDS[0]}–{THRESHOLDS[1]}.",
    ),
    "log_years": ("loggtid", "Loggen sparas, år", f"Minst {LOG_YEARS} (HSLF-FS 2016:40)."),
    "log_decision": ("beslut", "  Beslut", f"Referens, när det är längre än {LOG_YEARS} år."),
    "backup_days": ("kopior-dagar", "Kopior sparas, dagar", f"Säkerhetskopior: {BACKUPS[0]}–{BACKUPS[1]}."),
}
"""Name of the fault's field, label and note, by the setting."""
_DAYS = ("purge_decided_on", "agreement_ends")
_NUMBERS = ("statistics_threshold", "log_years", "backup_days")


def settings_text(held: ProviderSettings) -> SettingsText:
    """Return what is decided as the fields show it."""
    return SettingsText(
        purge_decision=held.purge_decision,
        purge_reference=held.purge_reference,
        purge_decided_on=held.purge_decided_on,
        agreement=held.agreement,
        agreement_ends=held.agreement_ends,
        statistics_threshold=str(held.statistics_threshold),
        log_years=str(held.log_years),
        log_decision=held.log_decision,
        backup_days=str(held.backup_days or ""),
    )


def changes(typed: SettingsText, held: ProviderSettings) -> dict[str, Any]:
    """Return what differs from what is held, converted for `change_provider`.

    Raises:
        Refused: a day is none.
    """
    before, found = vars(settings_text(held)), vars(typed)
    return {name: _converted(name, found[name]) for name in found if found[name] != before[name]}


def _converted(name: str, value: str) -> Any:
    if name in _NUMBERS:
        return typed_number(value)
    if name in ("purge_decided_on", "agreement_ends"):
        return day_given(value, _LINES[name][0]) or ""
    return value


class ProviderDialog(Dialog[SettingsText, None]):
    """Change what is decided for all units."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara")]
    DEFAULT_CSS = """
    ProviderDialog Field .name { width: 21; }
    ProviderDialog Field > .under { padding: 0 0 0 21; }
    ProviderDialog Field.part { margin: 1 0 0 0; }
    ProviderDialog TextArea { height: 4; }
    """
    main_label = "Spara"

    def __init__(self, held: ProviderSettings, perform: Perform[SettingsText, None]) -> None:
        super().__init__(f"Inställningar · {held.name}", perform, whom=None)
        self._held = settings_text(held)

    def body(self) -> Iterable[Widget]:
        """Return the fields."""
        decision = TextArea(self._held.purge_decision, id="purge_decision")
        yield Field("gallringsbeslut", "Gallringsbeslut", decision)
        for name, (fault, label, _note) in _LINES.items():
            field = DayField(fault, label, id=name) if name in _DAYS else Field(fault, label, TextInput(id=name))
            field.set_class(not label.startswith(" "), "part")
            yield field

    def on_mount(self) -> None:
        """Show what is decided, and say under each field what it means."""
        for name, (fault, _label, note) in _LINES.items():
            self.query_one(f"#{name}", TextInput).value = vars(self._held)[name]
            if note:
                self.query_one(f"#field-{fault}", Field).describe(note)

    def value(self) -> SettingsText:
        """Return what was typed."""
        lines = {name: self.query_one(f"#{name}", TextInput).value for name in _LINES}
        return SettingsText(purge_decision=self.query_one("#purge_decision", TextArea).text, **lines)
