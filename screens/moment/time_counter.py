"""Counts the time that somebody works on a page of a moment, and saves it a minute at a time (ours)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar
from uuid import UUID

from textual.screen import Screen

from screens.safe_app import safe_app
from screens.store_client import StoreClient
from screens.time_book import Counter
from screens.workers import start
from store.care.time_spent import add_time


class TimeCounter:
    """The time on one page. It goes on while only screens that belong to the page lie over it."""

    LOOK_SECONDS: ClassVar[float] = 1.0
    """How often it is looked whether somebody is there."""
    PATIENCE_AT_CLOSING: ClassVar[float] = 0.2
    """Seconds for which closing the page waits for the time to be saved; else it is saved meanwhile."""

    def __init__(
        self,
        page: Screen[Any],
        client: StoreClient,
        moment: Callable[[], int],
        *,
        may_count: Callable[[], bool],
        under: tuple[type, ...],
        saved: Callable[[], object],
    ) -> None:
        """Count on a page.

        Args:
            page: the page.
            client: the way to the store.
            moment: returns the moment that is on the page.
            may_count: returns whether the person's time on it is counted.
            under: the screens that the page is worked on beneath, by their classes or contracts.
            saved: called when a minute has been saved.
        """
        self.counter = Counter(time.monotonic)
        self._page = page
        self._client = client
        self._moment = moment
        self._may_count = may_count
        self._under = under
        self._saved = saved

    def start(self) -> None:
        """Count from now on."""
        self.counter = Counter(time.monotonic)
        self._page.set_interval(self.LOOK_SECONDS, self.count)

    def count(self) -> None:
        """Note what has been spent since the last look, and save it when a minute is full."""
        actor = self._client.actor
        is_active = self._may_count() and self._is_on_screen
        seconds = self.counter.step(safe_app(self._page.app).last_input, is_active=is_active)
        if actor is not None and seconds and self._client.time_book.add(actor, self._moment(), seconds):
            start(self._page, "time", self._save_and_tell)

    @property
    def _is_on_screen(self) -> bool:
        stack = self._page.app.screen_stack
        return self._page in stack and all(isinstance(one, self._under) for one in stack[stack.index(self._page) + 1 :])

    async def _save_and_tell(self) -> None:
        if await self.save():
            self._saved()

    async def save(self) -> bool:
        """Save what the one who is at work has spent; returns whether something was. Lost contact is no news here."""
        actor = self._client.actor

        async def add(command: UUID, moment: int, seconds: int) -> None:
            await self._client.carry_out(command, add_time, moment, seconds)

        return actor is not None and await self._client.time_book.save(actor, add)

    async def save_at_closing(self) -> None:
        """Count and save until now: the page is about to close."""
        self.count()
        saving = asyncio.create_task(self.save())
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(saving), self.PATIENCE_AT_CLOSING)
