"""Saving the time that was counted on residents' pages."""

from uuid import UUID

from screens.store_client import StoreClient
from store.care.time_spent import add_time


async def save_time(client: StoreClient) -> bool:
    """Save what the one who is at work has spent; returns whether something was. Lost contact is no news here."""
    actor = client.actor

    async def add(command: UUID, moment: int, seconds: int) -> None:
        await client.carry_out(command, add_time, moment, seconds)

    return actor is not None and await client.time_book.save(actor, add)
