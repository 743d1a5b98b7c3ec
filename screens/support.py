"""Whom somebody at work turns to with questions of the platform: the unit's own support, else the region's."""

import asyncio
from typing import Any

from textual.app import App

from screens.sign_in import SignInScreen
from screens.store_client import StoreClient
from store.foundation.errors import DomainError
from store.people.sign_in import StaffActor
from store.people.ticket import Where, support_of

PATIENCE_SECONDS = 2.0
"""How long the store is asked: a database that does not answer may be what the question is about."""


async def turn_to(app: App[Any], client: StoreClient) -> Where:
    """Return who is at work, where, and whom that unit turns to; what is known without the store where it is away."""
    actor = client.actor
    if is_nobody_in(app) or not isinstance(actor, StaffActor):
        return Where()
    try:
        return await asyncio.wait_for(client.read(support_of), PATIENCE_SECONDS)
    except (DomainError, TimeoutError):
        return Where(actor.hsa_id or "", actor.unit_hsa_id or "", actor.unit_name)


def is_nobody_in(app: App[Any]) -> bool:
    """Whether whoever was at work has left, and the next one is asked who it is."""
    return any(isinstance(screen, SignInScreen) for screen in app.screen_stack)
