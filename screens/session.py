"""A session: who works in the app, and on which unit."""

from typing import Any, NamedTuple

from textual.app import App

from screens.store_client import StoreClient
from store.foundation.store import Store
from store.people.seats import sit_down
from store.people.session_clock import LOCK_MINUTES
from store.people.sign_in import StaffActor, actor_now, places_of, sign_in
from store.people.signed_in import at_work, note_presence
from store.views.priority_flags import unhandled_priority_flags

Units = list[tuple[str, str]]
"""HSA-ids and names."""


class Session(NamedTuple):
    """Who has signed in, the unit's change number from before anything is read, and where the person may work."""

    actor: StaffActor
    change_no: int
    units: Units
    urgent: frozenset[int]
    """The unit's unhandled priority flags when the work began: all others are news (domain.md §4)."""
    lock_seconds: float | None = None
    """After how long without a key the unit wants the screen covered; None in practice, where it doesn't."""


async def begin_session(client: StoreClient, hsa_id: str, unit: str | None, opened: str = "") -> Session:
    """Let somebody work: one of a practice store's cast, or who has opened a session, by its id.

    Raises:
        DomainError: what the store refuses; `SeveralUnits` where one must be chosen first.
    """
    return await client.run(lambda: _begun(client, hsa_id, unit, opened))


def _begun(client: StoreClient, hsa_id: str, unit: str | None, opened: str) -> Session:
    store = client.store
    actor = at_work(store, hsa_id, opened, unit) if opened else _of_the_cast(store, hsa_id, unit)
    client.draft_key = store.draft_key()  # while the database is there
    change_no = _change_no(store, actor)
    with store.lend() as db:
        urgent = unhandled_priority_flags(db, actor.unit_id)
        lock = db.value("SELECT lock_minutes FROM unit WHERE id = :unit", unit=actor.unit_id) if opened else None
    units = places_of(store, hsa_id)
    return Session(actor, change_no, units, urgent, (lock or LOCK_MINUTES) * 60.0 if opened else None)


def _change_no(store: Store, actor: StaffActor) -> int:
    return store.change_no_above(actor.provider_hsa_id) if actor.unit_id is None else store.change_no(actor.unit_id)


def _of_the_cast(store: Store, hsa_id: str, unit: str | None) -> StaffActor:
    sit_down(store, hsa_id)
    return sign_in(store, hsa_id, unit)


async def still_there(client: StoreClient, actor: StaffActor, *, is_seen: bool) -> None:
    """See whether somebody's session is open, and note that a key was pressed since, where it was.

    Raises:
        SessionOver: it is not.
    """

    def look() -> None:
        if is_seen:
            note_presence(client.store, actor.session)
        actor_now(client.store, actor)

    await client.run(look)


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
