"""What somebody else has done to the moment that is on screen, in a sentence with what can be done now."""

from __future__ import annotations

from screens.moment.available_actions import Allowed
from screens.shown_keys import key_of, keyed
from screens.store_client import StoreClient
from screens.widgets.cells import clean
from screens.wording import clock_time, long_day
from store.care.handovers import HandoverState
from store.care.moments import MomentStatus
from store.foundation.clock import Instant
from store.foundation.errors import DomainError
from store.views.handovers import PastHandover, where_it_went
from store.views.moment import MomentPage

GONE = (
    "Du har inte längre tillgång till momentet. Ansvarig behandlare har bytts, eller så har ditt uppdrag ändrats. "
    "{moment.back} går tillbaka till listan."
)
NO_LONGER_WATCHED = (
    "Den prioriterade flaggan är hanterad, och du har därför inte längre tillgång till momentet. "
    "{moment.back} går tillbaka till listan."
)


def gone(allowed: Allowed) -> str:
    """Return why the page may no longer be seen, by what the person was until now."""
    return keyed(NO_LONGER_WATCHED if allowed.only_watches else GONE)


async def why_gone(client: StoreClient, moment: int, allowed: Allowed) -> str:
    """Return why the page may no longer be seen; where the moment was handed over, to whom."""
    try:
        return gone_to(await client.read(where_it_went, moment))
    except DomainError:
        return gone(allowed)


def gone_to(handover: PastHandover) -> str:
    """Return where a moment has gone that another unit has accepted."""
    at = Instant(handover.answered_at or handover.offered_at)
    return (
        f"Momentet har lämnats över till {clean(handover.to_unit)}, som tog emot det {long_day(at)} kl. "
        f"{clock_time(at)}. Det kan inte längre läsas här. {key_of('moment.back')} går tillbaka till listan."
    )


def news(before: MomentPage, now: MomentPage) -> str:
    """Return what has changed so much that the person must know, or nothing."""
    if now.status != before.status and now.status == MomentStatus.ENDED:
        return _ended(now)
    if now.clinician != before.clinician:
        return _switched(now)
    if now.status != before.status:
        return _turned(now)
    return _offered(before, now) if now.offered_to != before.offered_to else ""


def _ended(page: MomentPage) -> str:
    at = clock_time(Instant(page.ended_at or 0))
    return (
        f"Momentet avslutades av {clean(page.clinician_name)} kl. {at}. Orsak: {clean(page.end_reason)}. "
        "Allt kan läsas, men inget ändras."
    )


def _switched(page: MomentPage) -> str:
    if page.is_mine:
        return "Du är nu ansvarig behandlare."
    if page.is_covered:
        return f"Ansvarig behandlare är nu {clean(page.clinician_name)}. Du är ställföreträdare."
    return f"Ansvarig behandlare är nu {clean(page.clinician_name)}. Du kan läsa, skriva och byta behandlare."


def _offered(before: MomentPage, now: MomentPage) -> str:
    if now.offered_to:
        return f"Momentet är erbjudet till {clean(now.offered_to)}. Ingen skriver till invånaren före svaret."
    declined = now.handover is not None and now.handover.state is HandoverState.DECLINED
    what = "har avvisat överlämningen" if declined else "har inte längre något erbjudande"
    return f"{clean(before.offered_to)} {what}. Momentet är kvar här som förut."


def _turned(page: MomentPage) -> str:
    if page.status == MomentStatus.MAINTENANCE:
        return f"Momentet sattes i vidmakthållande läge av {clean(page.clinician_name)}."
    return f"Momentet återupptogs av {clean(page.clinician_name)} och är pågående igen."
