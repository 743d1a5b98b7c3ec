"""What a matter of *Att göra* is called: its mark, its age, and what Enter does with it (domain.md §5)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from screens.marks import SEVERITY_CELLS
from screens.widgets.cells import Ink, Tone, clean
from screens.wording import age, attempted, plural
from store.foundation.clock import Instant, days_between
from store.foundation.flag_kinds import MatterKind, Severity
from store.views.matters import Matter


class Opening(StrEnum):
    """What Enter does with a matter, as the key bar says it. The order is the bindings' (`todo.open.0` and on)."""

    READ_ANSWER = "Öppna svaret"
    ANSWER = "Svara"
    READ = "Läs"
    COMPARE = "Jämför"
    MODULE = "Se modulen"
    FLAGS = "Öppna flaggan"
    MANAGE = "Öppna Hantera"
    OFFER = "Öppna erbjudandet"
    SAFETY_PLAN = "Öppna planen"
    DUTY = "Öppna uppgiften"


class Label(NamedTuple):
    """How a kind of matter is shown: as the filter names it, its mark and word, and what Enter does with it."""

    title: str
    mark: Ink
    opening: Opening


LABELS: Mapping[MatterKind, Label] = {
    MatterKind.FLAG: Label("Flaggor", SEVERITY_CELLS[Severity.WARNING.rank], Opening.FLAGS),
    MatterKind.MESSAGE: Label("Meddelanden", Ink("✉ meddelande"), Opening.ANSWER),
    MatterKind.HOMEWORK: Label("Hemuppgifter", Ink("▤ hemuppgift"), Opening.READ),
    MatterKind.HANDOVER: Label("Överlämningar", Ink("⇄ överlämning"), Opening.OFFER),
    MatterKind.WORSE: Label("Försämringar", Ink("! försämring", "waiting"), Opening.COMPARE),
    MatterKind.FOLLOW_UP: Label("Uppföljningar", Ink("↻ uppföljning"), Opening.FLAGS),
    MatterKind.FORM: Label("Olästa formulär", Ink("▤ formulär"), Opening.READ),
    MatterKind.MODULE: Label("Klara moduler", Ink("✓ modul", "done"), Opening.MODULE),
    MatterKind.SILENT: Label("Tysta invånare", Ink("… tyst"), Opening.MANAGE),
    MatterKind.MISSING: Label("Formulär som saknas", Ink("○ saknas"), Opening.MANAGE),
    MatterKind.LENGTH: Label("Längre än rekommenderat", Ink("→ lång tid"), Opening.MANAGE),
    MatterKind.PURGE: Label("Gallring nära", Ink("× gallring"), Opening.MANAGE),
    MatterKind.DUTY: Label("Uppgifter", Ink("□ uppgift"), Opening.DUTY),
}

ONE_DAY, TWO_DAYS = 1, 2
"""Working days from which waiting for an answer is yellow, and after which it is red (Internetpsykiatrin's promise)."""


def mark_of(matter: Matter) -> Ink:
    """Return a matter's mark and word; a flag's are those of its severity."""
    if matter.severity is Severity.PRIORITY or (matter.kind is MatterKind.FLAG and matter.severity):
        return SEVERITY_CELLS[matter.severity.rank]
    mark = LABELS[matter.kind].mark
    return Ink(mark.text, _urgency(matter) or mark.tone)


def age_of(matter: Matter, now: Instant) -> Ink:
    """Return how long it has waited, in working days where an answer is waited for."""
    return Ink(_age(matter, now, ("arb.dag", "arb.dgr")), _urgency(matter))


def waited(matter: Matter, now: Instant) -> str:
    """Return how long it has waited, in whole words."""
    return _age(matter, now, ("arbetsdag", "arbetsdagar"))


def said_of(matter: Matter, now: Instant) -> tuple[str, ...]:
    """Return for whom it is done, who is on its flag, and when the resident is tried again.

    `för Karin Ek`, `Karin tar den sedan 10.42`.
    """
    standing_in = (f"för {clean(matter.stands_in_for)}",) if matter.stands_in_for else ()
    taken = (*standing_in, *((matter.taken.said,) if matter.taken is not None else ()))
    return (*taken, attempted(matter.attempts, matter.next_attempt_at, now)) if matter.attempts else taken


def opening(matter: Matter) -> Opening:
    """Return what Enter does with a matter."""
    if matter.kind is MatterKind.FLAG and matter.answer is not None:
        return Opening.READ_ANSWER
    if matter.is_safety_plan:
        return Opening.SAFETY_PLAN
    if matter.kind is MatterKind.HANDOVER and matter.handover is None:
        return Opening.FLAGS
    if matter.kind is MatterKind.MESSAGE and not matter.is_unanswered:
        return Opening.READ
    return LABELS[matter.kind].opening


def _age(matter: Matter, now: Instant, words: tuple[str, str]) -> str:
    if matter.working_days:
        return plural(matter.working_days, *words)
    if matter.duty is not None and matter.since > now:
        return f"om {plural(days_between(now, Instant(matter.since)), 'dag', 'dgr')}"
    return age(Instant(matter.since), now)


def _urgency(matter: Matter) -> Tone:
    if matter.working_days > TWO_DAYS or matter.is_overdue:
        return "risk"
    return "waiting" if matter.working_days >= ONE_DAY else ""
