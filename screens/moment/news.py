"""What somebody else has done to the moment that is on screen, in a sentence with what can be done now."""

from __future__ import annotations

from screens.moment.allowed import Allowed
from screens.widgets.cells import clean
from screens.wording import clock_time
from store.care.moments import MomentStatus
from store.foundation.clock import Instant
from store.views.moment import MomentPage

GONE = (
    "Du har inte längre tillgång till momentet. Ansvarig behandlare har bytts, eller så har ditt uppdrag ändrats. "
    "Esc går tillbaka till listan."
)
NO_LONGER_WATCHED = (
    "Den prioriterade flaggan är hanterad, och du har därför inte längre tillgång till momentet. "
    "Esc går tillbaka till listan."
)


def gone(allowed: Allowed) -> str:
    """Return why the page may no longer be seen, by what the person was until now."""
    return NO_LONGER_WATCHED if allowed.only_watches else GONE


def news(before: MomentPage, now: MomentPage) -> str:
    """Return what has changed so much that the person must know, or nothing."""
    if now.status != before.status and now.status == MomentStatus.ENDED:
        return _ended(now)
    if now.clinician != before.clinician:
        return _switched(now)
    if now.status != before.status:
        return _turned(now)
    return ""


def _ended(page: MomentPage) -> str:
    at = clock_time(Instant(page.ended_at or 0))
    return (
        f"Momentet avslutades av {clean(page.clinician_name)} kl. {at}. Orsak: {clean(page.end_reason)}. "
        "Allt kan läsas, men inget ändras."
    )


def _switched(page: MomentPage) -> str:
    if page.is_mine:
        return "Du är nu ansvarig behandlare."
    return f"Ansvarig behandlare är nu {clean(page.clinician_name)}. Du kan läsa, skriva och byta behandlare."


def _turned(page: MomentPage) -> str:
    if page.status == MomentStatus.MAINTENANCE:
        return f"Momentet sattes i vidmakthållande läge av {clean(page.clinician_name)}."
    return f"Momentet återupptogs av {clean(page.clinician_name)} och är pågående igen."
