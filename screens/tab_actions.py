"""What the keys of a tab lead to: one thing at a time, what came of it is said, and the tab is read again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.widget import Widget

from screens.type_ahead import hold_keys, release_keys
from screens.workers import start_alone
from store.foundation.errors import DomainError


class TabActions:
    """A part of a tab, which does in workers what is asked of it; they end with the tab."""

    def __init__(self, tab: Widget, changed: Callable[[], Awaitable[None]]) -> None:
        """`changed` reads the tab again."""
        self._tab = tab
        self._changed = changed

    def begin(self, action: Callable[[], Awaitable[str]]) -> None:
        """Do something, as a dialog that carries it out; what it returns is said, nothing where nothing was done."""
        hold_keys(self._tab.app)  # at once: a worker begins only after the keys that are typed by then
        start_alone(self._tab, "dialog", self._do, action)

    async def _do(self, action: Callable[[], Awaitable[str]]) -> None:
        try:
            said = await action()
        except DomainError as refusal:
            self._tab.notify(refusal.message, severity="warning", markup=False)
        else:
            if said:
                self._tab.notify(said, markup=False)
        finally:
            release_keys(self._tab.app)
        await self._changed()
