"""Saving the time that was counted on residents' pages."""

from uuid import UUID

from screens.seam import Seam
from store.care.time_spent import add_time


async def save_time(seam: Seam) -> bool:
    """Save what the one who is at work has spent; returns whether something was. Lost contact is no news here."""
    actor = seam.actor

    async def add(command: UUID, moment: int, seconds: int) -> None:
        await seam.carry_out(command, add_time, moment, seconds)

    return actor is not None and await seam.time_book.save(actor, add)
