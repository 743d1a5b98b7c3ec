"""What a matter of *Att göra* is called: its mark, its age, and what Enter does with it (domain.md §5)."""

from collections.abc import Mapping

from screens.widgets.cells import Ink, Tone
from screens.wording import age, plural
from store.care.flags import Severity
from store.foundation.clock import Instant
from store.views.matters import (
    FLAG,
    FOLLOW_UP,
    FORM,
    HANDOVER,
    HOMEWORK,
    LENGTH,
    MESSAGE,
    MISSING,
    MODULE,
    PURGE,
    SILENT,
    WORSE,
    Matter,
)

PRIORITY = Ink("▲ prioriterad", "risk")
_SEVERITIES = {Severity.WARNING: Ink("! varning", "waiting"), Severity.NOTE: Ink("● upplysning", "done")}
_MARKS: Mapping[str, Ink] = {
    MESSAGE: Ink("✉ meddelande"),
    HOMEWORK: Ink("▤ hemuppgift"),
    HANDOVER: Ink("⇄ överlämning"),
    WORSE: Ink("! försämring", "waiting"),
    FOLLOW_UP: Ink("↻ uppföljning"),
    FORM: Ink("▤ formulär"),
    MODULE: Ink("✓ modul", "done"),
    SILENT: Ink("… tyst"),
    MISSING: Ink("○ saknas"),
    LENGTH: Ink("→ lång tid"),
    PURGE: Ink("× gallring"),
}

KINDS: Mapping[str, str] = {
    FLAG: "Flaggor",
    MESSAGE: "Meddelanden",
    HOMEWORK: "Hemuppgifter",
    HANDOVER: "Överlämningar",
    WORSE: "Försämringar",
    FOLLOW_UP: "Uppföljningar",
    FORM: "Olästa formulär",
    MODULE: "Klara moduler",
    SILENT: "Tysta invånare",
    MISSING: "Formulär som saknas",
    LENGTH: "Längre än rekommenderat",
    PURGE: "Gallring nära",
}
"""The kinds as the filter names them, in its order."""

READ_ANSWER, ANSWER, READ, COMPARE, MODULE_OF, FLAGS, MANAGE, OFFER = (
    *("Öppna svaret", "Svara", "Läs", "Jämför", "Se modulen", "Öppna flaggan", "Öppna Hantera", "Öppna erbjudandet"),
)
OPENINGS = (READ_ANSWER, ANSWER, READ, COMPARE, MODULE_OF, FLAGS, MANAGE, OFFER)
"""Everything that Enter may do."""

ONE_DAY, TWO_DAYS = 1, 2
"""Working days from which waiting for an answer is yellow, and after which it is red (Internetpsykiatrin's promise)."""


def mark_of(matter: Matter) -> Ink:
    """Return a matter's mark and word."""
    if matter.severity is Severity.PRIORITY:
        return PRIORITY
    if matter.kind == FLAG and matter.severity is not None:
        return _SEVERITIES[matter.severity]
    mark = _MARKS[matter.kind]
    return Ink(mark.text, _urgency(matter) or mark.tone)


def age_of(matter: Matter, now: Instant) -> Ink:
    """Return how long it has waited, in working days where an answer is waited for."""
    return Ink(_age(matter, now, ("arb.dag", "arb.dgr")), _urgency(matter))


def waited(matter: Matter, now: Instant) -> str:
    """Return the same in whole words."""
    return _age(matter, now, ("arbetsdag", "arbetsdagar"))


def opening(matter: Matter) -> str:
    """Return what Enter does."""
    if matter.handover is not None:
        return OFFER
    if matter.conversation is not None:
        return ANSWER if matter.is_unanswered else READ
    if matter.kind in (FORM, HOMEWORK):
        return READ
    if matter.answer is not None:
        return COMPARE if matter.kind == WORSE else READ_ANSWER
    if matter.module:
        return MODULE_OF
    return FLAGS if matter.kind in (FLAG, FOLLOW_UP) else MANAGE


def _age(matter: Matter, now: Instant, words: tuple[str, str]) -> str:
    if matter.working_days:
        return plural(matter.working_days, *words)
    return age(Instant(matter.since), now)


def _urgency(matter: Matter) -> Tone:
    if matter.working_days > TWO_DAYS:
        return "risk"
    return "waiting" if matter.working_days >= ONE_DAY else ""
