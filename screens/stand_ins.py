"""Asking who stands in for a clinician: from *Personal*, and from *Min profil* for oneself."""

from collections.abc import Sequence
from typing import Any

from textual.app import App

from screens.dialogs.stand_in import StandInChange, StandInDialog
from screens.store_client import StoreClient
from screens.widgets.cells import clean
from screens.wording import plural, short_date
from store.care.substituting import end_substitute, set_substitute
from store.foundation.clock import local_day
from store.people.substitutions import StandIn
from store.views.choices import unit_clinicians


async def ask_for_substitute(
    app: App[Any],
    client: StoreClient,
    hsa_id: str,
    name: str,
    present: Sequence[StandIn],
    *,
    may_write: bool,
    is_own: bool,
) -> str:
    """Ask who stands in for a clinician and when, and let it be so; returns what is said then."""
    said = ""

    async def perform(change: StandInChange, confirmed: bool) -> int:
        nonlocal said
        if change.to is None:
            await client.write(end_substitute, hsa_id)
            said = f"Ställföreträdarskapet för {name} är avslutat."
            return 0
        told = await client.write(
            set_substitute, hsa_id, change.to, change.first, change.last, message=change.message, confirmed=confirmed
        )
        days = f"{short_date(change.first)} till och med {short_date(change.last)}"
        said = f"{names[change.to]} är ställföreträdare för {name} {days}."
        return told

    others = [who for who in await client.read(unit_clinicians) if who.hsa_id != hsa_id]
    names = {who.hsa_id: clean(who.name) for who in others}
    today = local_day(client.clock())
    dialog = StandInDialog(name, others, present, perform, today=today, may_write=may_write, is_own=is_own)
    done = await app.push_screen_wait(dialog)
    if done is None:
        return ""
    written = f" {plural(done.value, 'invånare', 'invånare')} har fått ett meddelande." if done.value else ""
    return f"{said}{written}"
