"""Whom somebody at work turns to with questions of the platform: the unit's own support, else the region's."""

import asyncio

from screens.store_client import StoreClient
from store.foundation.errors import DomainError
from store.people.sign_in import StaffActor
from store.people.ticket import Where, support_of

PATIENCE_SECONDS = 2.0
"""How long the store is asked: a database that does not answer may be what the question is about."""


async def turn_to(client: StoreClient) -> Where:
    """Return who is at work, where, and whom that unit turns to; what is known without the store where it is away."""
    actor = client.actor
    if not isinstance(actor, StaffActor):
        return Where()
    try:
        return await asyncio.wait_for(client.read(support_of), PATIENCE_SECONDS)
    except (DomainError, TimeoutError):
        return Where(actor.hsa_id or "", actor.unit_hsa_id or "", actor.unit_name)
