"""The way back from a resident's page: whether it may be closed, and what is said where it leads to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.screen import Screen

from screens.moment.reader import MomentReader
from screens.refusals import notify_warning
from screens.shown_keys import keyed

UNSAFE = "Det du har skrivit går inte att spara just nu. Tryck {moment.back} en gång till för att lämna sidan ändå."


class PageExit:
    """Closes a page. Its result is a sentence to be said where the person comes back to, or None."""

    def __init__(
        self, page: Screen[str | None], reader: MomentReader, keep_drafts: Callable[[], Awaitable[bool]]
    ) -> None:
        """Close a page; `keep_drafts` saves what is written there, and returns whether it outlives the page."""
        self._page = page
        self._reader = reader
        self._keep_drafts = keep_drafts
        self._has_warned = False
        """Whether it has been said that what is written would be lost."""

    async def may_close(self) -> bool:
        """Return whether what is written is safe, or the person has been told that it isn't."""
        if self._has_warned or await self._keep_drafts():
            return True
        self._has_warned = True
        notify_warning(self._page.app, keyed(UNSAFE), whom=self._reader.whom)
        return False

    async def close(self) -> None:
        """Go back to where the page was opened from, where what is written is safe."""
        if await self.may_close() and self._page.is_active:  # else the lock, say, came over it meanwhile
            self._page.dismiss(None)

    def close_with(self, sentence: str) -> None:
        """Go back with a sentence that says what was done."""
        if self._page.is_active:
            self._page.dismiss(sentence)
        else:  # something lies over the page, as the lock does
            self._reader.show()
            self._page.notify(sentence, markup=False)

    def report(self, sentence: str) -> None:
        """Say what was done; where that took the moment from the person, go back with the sentence."""
        if self._reader.is_gone:
            self.close_with(sentence)
        else:
            self._page.notify(sentence, markup=False)
