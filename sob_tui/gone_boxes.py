"""Closes the boxes about a resident whom the person may no longer see: a role or a moment went to somebody else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual.screen import ModalScreen

from screens.contracts import NamesResident
from screens.main import MainScreen
from screens.safe_app import SafeApp
from screens.store_client import StoreClient
from screens.workers import start
from store.foundation.errors import DomainError, NotPermitted

AGAIN_SECONDS = 1.0
"""How long after a box could not be closed that is tried again."""
CLOSED = "Rutan är stängd: du har inte längre tillgång till momentet."


class GoneBoxes:
    """Looks at the open boxes of an app; the pages under them say by themselves what may no longer be seen."""

    def __init__(self, app: SafeApp[int], client: StoreClient, keep_drafts: Callable[[], Awaitable[bool]]) -> None:
        """Look on behalf of the app, when it is told to; `keep_drafts` says whether what is written is safe."""
        self._app = app
        self._client = client
        self._keep_drafts = keep_drafts
        self._turn = asyncio.Lock()

    def look(self) -> None:
        """Close what may no longer be seen, soon."""
        start(self._app, "boxes", self._look)

    async def _look(self) -> None:
        async with self._turn:  # no look stops another while it closes something
            gone = await self._moments_gone()
            if gone and not await self.close(gone):
                self._app.set_timer(AGAIN_SECONDS, self.look)

    async def _moments_gone(self) -> set[int | None]:
        """Return those of the moments that open boxes name that the person may not see; none without a database."""
        boxes = (box for box in self._app.screen_stack if isinstance(box, NamesResident))
        named = {box.moment_named for box in boxes} - {None}
        gone: set[int | None] = set()
        if not named:
            return gone
        views = await self._client.load("store.views.named")
        for moment in named:
            try:
                await self._client.read(views.see_moment, moment)
            except NotPermitted:
                gone.add(moment)
            except DomainError:
                return set()  # when the database is back there is another look
        return gone

    async def close(self, gone: set[int | None]) -> bool:
        """Close the boxes about these moments with what lies over them; returns whether that could be done now."""
        app, is_closed = self._app, False
        while any(isinstance(box, NamesResident) and box.moment_named in gone for box in app.screen_stack):
            top = app.screen
            is_free = isinstance(top, ModalScreen) and not (isinstance(top, NamesResident) and top.is_busy)
            if app.locked or not is_free or not await self._keep_drafts():
                return False
            if app.screen is top:  # it may have closed by itself meanwhile
                await top.dismiss(None)
                is_closed = True
        if is_closed and isinstance(app.screen, MainScreen):  # a page says it over its content
            app.notify(CLOSED)
        return True
