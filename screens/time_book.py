"""Time spent on residents' pages: counted while somebody works there, kept until the store has it (ours)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

from store.foundation.access import Actor
from store.foundation.errors import DomainError, StoreUnreachable

IDLE_AFTER = 120.0
"""Seconds without a key or the mouse after which nobody works."""
SAVE_EVERY = 60
"""Seconds that are counted before they are saved."""
LONGEST_STEP = 5.0
"""Seconds between two looks at most: a machine that has slept has not worked."""

Add = Callable[[UUID, int, int], Awaitable[None]]
"""Adds seconds to a moment's time, as a command that may be sent again: its UUID, the moment, the seconds."""


class Account:
    """What one person has spent on one moment and the store doesn't have yet."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.seconds = 0.0
        self.sent = 0
        """Those that were sent; nobody knows whether they arrived until the store has answered."""
        self.command = uuid4()

    @property
    def is_due(self) -> bool:
        """Whether a whole minute is there to be saved, or one that was sent and not answered."""
        return bool(self.sent) or self.seconds >= SAVE_EVERY

    def take(self) -> int:
        """Return the seconds to be sent, the same ones until they have arrived."""
        if not self.sent:
            self.sent, self.command = int(self.seconds), uuid4()
            self.seconds -= self.sent
        return self.sent


class TimeBook:
    """The accounts of all who have worked at this terminal since it was started."""

    def __init__(self) -> None:
        self._accounts: dict[tuple[str | None, int | None, int], Account] = {}
        self._turn = asyncio.Lock()

    def add(self, actor: Actor, moment: int, seconds: float) -> bool:
        """Note seconds; returns whether it is time to save them."""
        account = self._accounts.setdefault((actor.hsa_id, actor.unit_id, moment), Account())
        account.seconds += seconds
        return account.is_due

    async def save(self, actor: Actor, add: Add) -> bool:
        """Save what the one who is at work has spent; returns whether something was.

        What the store can't be reached for is kept, and sent the next time. What it refuses is let go: whoever may not
        write in a moment has no time to count there.
        """
        has_saved = False
        async with self._turn:
            for (hsa_id, unit_id, moment), account in self._accounts.items():
                if (hsa_id, unit_id) != (actor.hsa_id, actor.unit_id) or not (seconds := account.take()):
                    continue
                try:
                    await add(account.command, moment, seconds)
                except StoreUnreachable:
                    break
                except DomainError:
                    pass
                account.sent = 0
                has_saved = True
        return has_saved


class Counter:
    """Counts the seconds that somebody works on a page."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._looked = clock()

    def step(self, last_input: float, *, is_active: bool) -> float:
        """Return the seconds to add since the last look: none while idle, or while something else is on screen."""
        now = self.clock()
        passed, self._looked = now - self._looked, now
        return min(passed, LONGEST_STEP) if is_active and now - last_input < IDLE_AFTER else 0.0
