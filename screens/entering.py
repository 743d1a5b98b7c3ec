"""Signing in on a unit, and the choice of one for who works on several."""

from typing import Any, NamedTuple

from textual.app import App

from screens.store_client import StoreClient
from store.people.sign_in import SeveralUnits, StaffActor, sign_in

Units = list[tuple[str, str]]
"""HSA-ids and names."""


class Entered(NamedTuple):
    """Who has signed in, the unit's change number from before anything is read, and the units of who has several."""

    actor: StaffActor
    seen: int
    units: Units


async def enter(client: StoreClient, hsa_id: str, unit: str | None) -> Entered:
    """Sign somebody in.

    Raises:
        DomainError: what the store refuses; `SeveralUnits` where one must be chosen first.
    """
    return await client.run(lambda: _entered(client, hsa_id, unit))


def _entered(client: StoreClient, hsa_id: str, unit: str | None) -> Entered:
    store = client.store
    actor = sign_in(store, hsa_id, unit)
    client.draft_key = store.draft_key()  # while the database is there
    seen = store.change_no(actor.unit_id or 0)
    try:
        if unit:
            sign_in(store, hsa_id)
    except SeveralUnits as several:
        return Entered(actor, seen, several.units)
    return Entered(actor, seen, [])


async def choose_unit(app: App[Any], units: Units, here: str | None = None) -> str | None:
    """Let the person choose a unit; None where that was cancelled."""
    from screens.dialogs.choose import Choice, ChoiceDialog  # few need it, and nobody before the first frame

    choices = [Choice(code, name, code) for code, name in units]
    return await app.push_screen_wait(ChoiceDialog("Välj enhet", choices, current=here))
