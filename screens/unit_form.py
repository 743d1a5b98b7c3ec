"""What stands in the settings of *Enhet*, and what of it has been changed here."""

from collections.abc import Iterable, Iterator
from typing import Any

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import CheckBox, Field, Lines, Select, TextArea, TextInput
from screens.tab_form import Values, saving
from store.foundation.errors import Refused
from store.foundation.flag_kinds import THRESHOLDS
from store.people.unit_programs import UnitProgram
from store.people.unit_settings import CLAIMED, FORENOON, IDLE, LOCKED, UnitSettings, typed_number
from store.people.units import ServiceArea

AREAS = (("Hela landet", ServiceArea.WHOLE_COUNTRY.value), ("Egen region", ServiceArea.OWN_REGION.value))
ROLE_TRAINING = "Varna när någon får en roll utan utbildning"
CRISIS_NUMBERS = "Enheten har kontrollerat numren"
_LEAST, _MOST = FORENOON
NUMBERS = {
    "collect_hour": ("uppsamlat-timme", "Uppsamlat, timme", f"Uppsamlade aviseringar går klockan {_LEAST}–{_MOST}."),
    **{one.column: (one.option, one.label, one.sentence) for one in THRESHOLDS},
    "claim_minutes": (
        "ta-minuter",
        "Jag tar den, minuter",
        f"Så länge gäller Jag tar den, {CLAIMED[0]}–{CLAIMED[1]} minuter. Sedan får kollegorna veta det igen.",
    ),
    "lock_minutes": (
        "las-minuter",
        "Låset, minuter",
        f"Så länge utan en tangent innan skärmen låses, {LOCKED[0]}–{LOCKED[1]} minuter. Gäller inte övningsmiljön.",
    ),
    "idle_minutes": (
        "utloggning-minuter",
        "Utloggning, minuter",
        f"Så länge utan att något händer innan man loggas ut, {IDLE[0]}–{IDLE[1]} minuter. Gäller inte övningsmiljön.",
    ),
}
"""The whole numbers: name of the fault's field, label and note, by the setting."""
TEXTS = {
    "risk_instruction": ("risk-instruktion", "Instruktion vid risksvar", "Visas vid varje prioriterad flagga."),
    "support": ("support", "Support", "Vart personalen vänder sig; tomt ger regionens text."),
    "super_users": ("superanvandare", "Superanvändare", "Vem kollegorna frågar först, och hur; visas i hjälpen."),
    "trainer_keys": (
        "utbildarnyckel",
        "Utbildares nycklar",
        "Fingeravtryck, ett per rad. Utbildningar som andra har skrivit under varnas det för.",
    ),
}


def values_of(settings: UnitSettings) -> Values:
    """Return the values of the fields for the unit's settings."""
    return {
        "service_area": settings.service_area.value,
        "role_training": settings.role_training,
        "crisis_numbers": bool(settings.crisis_numbers_confirmed),
        "collect_hour": str(settings.collect_hour),
        "claim_minutes": str(settings.claim_minutes),
        "lock_minutes": str(settings.lock_minutes),
        "idle_minutes": str(settings.idle_minutes),
        **{name: str(days) for name, days in settings.days.items()},
        **{name: getattr(settings, name) for name in TEXTS},
    }


def changes(typed: Values, known: Values) -> Values:
    """Return the settings that differ from those known, converted for `change_unit`.

    Raises:
        Refused: no betjäningsområde is chosen.
    """
    differs = {name: value for name, value in typed.items() if value != known[name]}
    converted = {name: _converted(name, value) for name, value in differs.items()}
    days = {one.column: converted.pop(one.column) for one in THRESHOLDS if one.column in converted}
    return {**converted, "days": days}


def seen(typed: Values, known: Values) -> dict[str, int | str]:
    """Return the numbers and texts that differ as they were before they were changed, for `change_unit`."""
    names = [name for name in (*NUMBERS, *TEXTS) if typed[name] != known[name]]
    return {name: _converted(name, known[name]) for name in names}


def _converted(name: str, value: Any) -> Any:
    if name == "service_area":
        if value is None:
            raise Refused("Välj ett betjäningsområde.", field="betjaningsomrade")
        return ServiceArea(value)
    return typed_number(value) if name in NUMBERS else value


def fields() -> Iterable[Widget]:
    """Return the fields of the unit's settings."""
    yield Static(id="who", markup=False)
    yield Lines(id="advice")
    yield Field("betjaningsomrade", "Betjäningsområde", Select(AREAS, prompt="Välj område", id="service_area"))
    for name, (fault, label, _note) in NUMBERS.items():
        yield Field(fault, label, TextInput(id=name))
    for name, (fault, label, _note) in TEXTS.items():
        yield Field(fault, label, TextArea(id=name))
    yield CheckBox(ROLE_TRAINING, id="role_training")
    yield Lines(id="numbers")
    yield CheckBox(CRISIS_NUMBERS, id="crisis_numbers")
    yield saving()


def explain(form: Widget) -> None:
    """Say under each field what it means."""
    for fault, _label, note in (*NUMBERS.values(), *TEXTS.values()):
        form.query_one(f"#field-{fault}", Field).describe(note)


def fill(form: Widget, values: Values) -> None:
    """Show values; a field that shows its own already is let be, with its cursor."""
    form.query_one("#service_area", Select).value = values["service_area"]
    form.query_one("#role_training", CheckBox).value = values["role_training"]
    form.query_one("#crisis_numbers", CheckBox).value = values["crisis_numbers"]
    for name in NUMBERS:
        line = form.query_one(f"#{name}", TextInput)
        if line.value != values[name]:
            line.value = values[name]
    for name in TEXTS:
        writing = form.query_one(f"#{name}", TextArea)
        if writing.text != values[name]:
            writing.load_text(values[name])


def typed_in(form: Widget) -> Values:
    """Return the settings that stand in the fields now."""
    return {
        "service_area": form.query_one("#service_area", Select).selection,
        "role_training": form.query_one("#role_training", CheckBox).value,
        "crisis_numbers": form.query_one("#crisis_numbers", CheckBox).value,
        **{name: form.query_one(f"#{name}", TextInput).value for name in NUMBERS},
        **{name: form.query_one(f"#{name}", TextArea).text for name in TEXTS},
    }


def number_lines(settings: UnitSettings) -> Iterator[tuple[str, Content]]:
    """Yield the crisis numbers as they are shown above the confirmation, and whether they are confirmed."""
    yield "", Content("Nummer vid akut kris, på krissidor och i säkerhetsplaner:")
    for line in settings.crisis_numbers:
        yield "·", Content(line)
    if confirmed := settings.crisis_numbers_confirmed:
        yield "✓", Content(f"Kontrollerade {confirmed}.")
    else:
        yield "!", Content("Kontrollera numren och kryssa i här.")


def program_facts(program: UnitProgram) -> Iterator[str]:
    """Yield what the unit has of its own for a program."""
    contact = (program.contact_name, program.contact_email, program.contact_phone)
    yield f"kontakt {', '.join(part for part in contact if part)}" if any(contact) else "programmets kontaktperson"
    if program.end_reasons:
        yield f"egna avslutningsorsaker: {', '.join(program.end_reasons)}"
    yield f"utbildning krävs: {program.training}" if program.training else "utbildning enligt programmet"
