"""Reads what a page shows: one reading at a time, again by itself while the database is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.screen import Screen

from screens.type_ahead import hold_keys, release_keys
from screens.workers import InTurn, is_closing
from store.foundation.errors import DomainError, StoreUnreachable

PATIENCE_SECONDS = 0.2
"""How long the first frame waits for what it shows, so that it is laid out and painted once."""
RETRY_SECONDS = 1.0
"""How soon a reading that found no database is tried again: the app may not have seen that it was away."""


class PageReading:
    """A part of a page, which reads in workers that end with the page."""

    def __init__(
        self, page: Screen[Any], read: Callable[[], Awaitable[None]], show: Callable[[DomainError | None], None]
    ) -> None:
        """Read for a page.

        Args:
            page: the page.
            read: reads what it shows; raises `DomainError` where the store refuses.
            show: called after each reading while the page is there, with the refusal, None where it was read.
        """
        self._page = page
        self._read = read
        self._show = show
        self._shown = asyncio.Event()
        self._keeps_keys = False
        self._in_turn = InTurn(page, "read", asyncio.Lock(), self._read_and_show)

    def ask(self) -> None:
        """Read soon, and once however often it is asked for before that."""
        self._in_turn.ask()

    async def begin(self) -> None:
        """Read for the first time, and give on the keys that were typed while the page was on its way."""
        self._keeps_keys = True
        hold_keys(self._page.app)
        self.ask()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._shown.wait(), PATIENCE_SECONDS)

    async def _read_and_show(self) -> None:
        app = self._page.app
        refusal: DomainError | None = None
        try:
            await self._read()
        except DomainError as refused:
            refusal = refused
        finally:
            self._give_on_keys(app)
        if is_closing(self._page):
            return
        if isinstance(refusal, StoreUnreachable):
            self._page.set_timer(RETRY_SECONDS, self.ask)
        self._show(refusal)
        self._shown.set()

    def _give_on_keys(self, app: App[Any]) -> None:
        """Give on the keys that were kept for the page, once it shows what was read; at once where it is closed."""
        if not self._keeps_keys:
            return
        self._keeps_keys = False
        if is_closing(self._page):
            release_keys(app)
        else:
            self._page.call_after_refresh(release_keys, app)
