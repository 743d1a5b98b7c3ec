"""A session: who works in the app, and on which unit."""

from typing import Any, NamedTuple

from textual.app import App

from screens.store_client import StoreClient
from store.people.seats import sit_down
from store.people.sign_in import SeveralUnits, StaffActor, actor_now, sign_in
from store.views.priority_flags import unhandled_priority_flags

Units = list[tuple[str, str]]
"""HSA-ids and names."""


class Session(NamedTuple):
    """Who has signed in, the unit's change number from before anything is read, and the units of who has several."""

    actor: StaffActor
    change_no: int
    units: Units
    urgent: frozenset[int]
    """The unit's unhandled priority flags when the work began: all others are news (domain.md §4)."""


async def begin_session(client: StoreClient, hsa_id: str, unit: str | None) -> Session:
    """Sign somebody in.

    Raises:
        DomainError: what the store refuses; `SeveralUnits` where one must be chosen first.
    """
    return await client.run(lambda: _begun(client, hsa_id, unit))


def _begun(client: StoreClient, hsa_id: str, unit: str | None) -> Session:
    store = client.store
    sit_down(store, hsa_id)
    actor = sign_in(store, hsa_id, unit)
    client.draft_key = store.draft_key()  # while the database is there
    change_no = store.change_no(actor.unit_id or 0)
    with store.lend() as db:
        urgent = unhandled_priority_flags(db, actor.unit_id)
    try:
        if unit:
            sign_in(store, hsa_id)
    except SeveralUnits as several:
        return Session(actor, change_no, several.units, urgent)
    return Session(actor, change_no, [], urgent)


async def as_is_now(client: StoreClient, actor: StaffActor) -> StaffActor:
    """Return somebody at work with the roles of this moment.

    Raises:
        DomainError: the assignment is no longer active, or the store can't be reached.
    """
    return await client.run(lambda: actor_now(client.store, actor))


async def choose_unit(app: App[Any], units: Units, here: str | None = None) -> str | None:
    """Let the person choose a unit; None where that was cancelled."""
    from screens.dialogs.choose import Choice, ChoiceDialog  # few need it, and nobody before the first frame

    choices = [Choice(code, name, code) for code, name in units]
    return await app.push_screen_wait(ChoiceDialog("Välj enhet", choices, whom=None, current=here))
