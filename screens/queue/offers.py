"""Answer a handover that another unit offers, from the queue."""

from typing import Any

from textual.app import App

from screens.dialogs.offer import OfferAnswer, OfferDialog
from screens.store_client import StoreClient
from screens.type_ahead import release_keys
from screens.whom import whom_of
from store.care.handovers import accept_handover, decline_handover
from store.foundation.errors import DomainError, NotPermitted, Refused
from store.views.choices import unit_clinicians
from store.views.handovers import open_handovers, reveal_offered

NO_LONGER = "Erbjudandet finns inte längre: det har besvarats, eller dragits tillbaka."
DECLINED = "Överlämningen är avvisad."


async def answer_offer(app: App[Any], client: StoreClient, moment: int) -> str:
    """Show an offered moment and carry out the answer; returns what to say, nothing where it was not answered."""
    try:
        offers = await client.read(open_handovers)
        clinicians = await client.read(unit_clinicians)
    except DomainError as refusal:
        release_keys(app)
        return refusal.message
    offered = next((one for one in offers if one.moment == moment and one.is_to_us), None)
    if offered is None:
        release_keys(app)
        return NO_LONGER
    whom = whom_of(offered.name, offered.program_title, is_protected=offered.protected)
    names = {who.hsa_id: who.name for who in clinicians}
    said = ""

    async def perform(answer: OfferAnswer, confirmed: bool) -> None:
        nonlocal said
        said = await _carry_out(client, moment, answer, names, confirmed=confirmed)

    dialog = OfferDialog(
        offered, clinicians, perform, reveal=lambda: client.read(reveal_offered, moment), now=client.clock()
    )
    await app.push_screen_wait(dialog)
    return whom.says(said) if said else ""


async def _carry_out(
    client: StoreClient, moment: int, answer: OfferAnswer, names: dict[str, str], *, confirmed: bool
) -> str:
    try:
        if answer.responsible is not None:
            await client.write(accept_handover, moment, answer.responsible, confirmed=confirmed)
            return f"Momentet är mottaget. Ansvarig behandlare är {names[answer.responsible]}."
        await client.write(decline_handover, moment, answer.reason or "")
    except NotPermitted:
        raise Refused(NO_LONGER) from None
    return DECLINED
