"""What happened in a moment, in words: an event's sentence with the titles that its program gives things."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from store.care.contacts import ContactSort
from store.care.program_files import Program
from store.foundation.clock import Instant, local
from store.foundation.events import EventKind
from store.foundation.flag_kinds import Outcome


def contact_words(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return how a contact's kind, when it was made, and its note are said; the note after a colon, on one line."""
    if "sort" not in facts:
        return {}
    word, note = ContactSort(facts["sort"]).word, " ".join(str(facts.get("note", "")).split())
    made = f" {local(Instant(facts['made'])):%Y-%m-%d %H.%M}" if "made" in facts else ""
    return {"sort": word, "Sort": word.capitalize(), "made": made, "note": f": {note}" if note else ""}


class EventWords:
    """What a moment's program, and the forms that are installed on its unit, call things."""

    def __init__(self, program: Program, installed: Mapping[str, str]) -> None:
        self._steps = {step.id: step.title for _, step in program.steps()}
        self._parts = {part.id: part.title for module in program.modules for part in module.sections if part.title}
        self._parts |= {module.id: module.title for module in program.modules}
        self._forms = {**installed, **{form.id: form.title for form in program.forms}}

    def sentence(self, kind: EventKind, facts: Mapping[str, Any]) -> str:
        """Return what happened."""
        titles = {"form": self._forms, "module": self._parts, "step": self._steps}
        said = {name: titles[name].get(fact, fact) if name in titles else fact for name, fact in facts.items()}
        said["done"] = "utförd" if facts.get("done") else "ej utförd"
        said |= contact_words(facts)
        said["outcome"] = f": {Outcome(facts['outcome']).words}" if "outcome" in facts else ""
        return kind.told.sentence.format_map(defaultdict(str, {**kind.told.unsaid, **said}))
