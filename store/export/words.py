"""What the formats have in common: instants, names, what was answered."""

import json
from collections.abc import Iterator
from functools import lru_cache

from store.care.export_choice import Identity
from store.care.questionnaire.answers import shown
from store.care.questionnaire.places import in_places
from store.care.questionnaire.shape import Item, Value
from store.export.records import Answered, EventRow, MomentRow
from store.foundation.clock import Instant, iso_local
from store.foundation.identity import MASKED_NAME

PERSONAL = "En pseudonym är fortfarande en personuppgift, och fritext i svar och planer kan innehålla namn."
WITHOUT_NAME = "Fritext i svar och planer kan innehålla namn: läs igenom den innan filen lämnas vidare."
NOTES = {Identity.FULL: "", Identity.PSEUDONYM: PERSONAL, Identity.SEX_AND_AGE: WITHOUT_NAME}
"""What is said of each way to tell who a resident is."""


def at_text(at: int | None) -> str:
    """Return an instant in Stockholm with its offset, `2026-03-02T10:00:00+01:00`; empty for none."""
    return "" if at is None else iso_local(Instant(at)) or ""


def clinician_name(row: MomentRow) -> str:
    """Return the clinician's name; staff can have skyddade personuppgifter too."""
    return MASKED_NAME if row.clinician_protection else f"{row.clinician_given} {row.clinician_family}"


def part_of(event: EventRow) -> str:
    """Return the id of the module, section or step that an event is about."""
    return _part_in(event.facts)


@lru_cache(maxsize=4096)
def _part_in(text: str) -> str:
    """Read what a program's events say again and again once: it is a tenth of an export's time."""
    facts = json.loads(text)
    return str(facts.get("step") or facts.get("module") or "")


def answers_of(answered: Answered) -> Iterator[tuple[Item, Value, str]]:
    """Yield each answer in the form's order: the question, what is stored, and how it is shown."""
    for item, values in in_places(answered.form.questionnaire, answered.answers):
        for value in values:
            yield item, value, shown(item, value)
