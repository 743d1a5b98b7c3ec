"""Sends what is written on a page of the resident's side: once, however often that is asked for meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from textual.screen import Screen

from screens.store_client import lost_sentence
from screens.workers import start
from store.foundation.errors import DomainError, StoreUnreachable


class Sending:
    """The sending of a page."""

    def __init__(
        self, page: Screen[Any], send: Callable[[], Awaitable[None]], refuse: Callable[[str, str], None]
    ) -> None:
        """Send for a page.

        Args:
            page: the page.
            send: checks what is written and sends it; raises `DomainError` where the store refuses.
            refuse: shows why nothing was sent: the name of the field that it is about, empty for none, and a sentence.
        """
        self._page = page
        self._send = send
        self._refuse = refuse
        self._is_under_way = False

    def begin(self) -> None:
        """Send; while that is under way this does nothing."""
        if not self._is_under_way:
            self._is_under_way = True
            start(self._page, "send", self._send_or_refuse)

    async def _send_or_refuse(self) -> None:
        try:
            await self._send()
        except StoreUnreachable as lost:
            self._refuse("", lost_sentence(lost, typed=True))
        except DomainError as refusal:
            self._refuse(refusal.field or "", refusal.message)
        finally:
            self._is_under_way = False
