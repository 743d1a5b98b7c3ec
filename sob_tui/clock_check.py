"""What the app says where this machine's clock and another's, which uses the same file, are apart."""

from __future__ import annotations

from screens.safe_app import SafeApp
from screens.store_client import StoreClient
from screens.workers import start
from store.foundation.errors import StoreUnreachable

LOOK_SECONDS = 2.0
"""How often the others' clocks are looked at."""

APART = (
    "Den här datorns klocka går mer än två minuter {} en annan dators. Jämför med rätt tid. Ställ den klocka som går "
    "fel, eller säg till supporten. Tills dess kan dagar och klockslag bli fel."
)
TOLD_SECONDS = 20.0
"""How long the sentence stands; the mark in the title stands for as long as it is so."""
MARK = "KONTROLLERA KLOCKAN"
ALIKE = "Datorernas klockor går lika igen."


class ClockCheck:
    """Says that two machines' clocks are apart, once, and marks the title for as long as they are."""

    def __init__(self, app: SafeApp[int], client: StoreClient) -> None:
        """Look on behalf of the app; nothing is done before `start`."""
        self._app = app
        self._client = client
        self._is_looking = False

    def start(self) -> None:
        """Look again and again from now on."""
        self._app.set_interval(LOOK_SECONDS, lambda: start(self._app, "clocks", self._look))

    async def _look(self) -> None:
        app = self._app
        if self._client.actor is None or self._is_looking:
            return
        self._is_looking = True
        try:
            apart = await self._client.compare_clocks()
        except StoreUnreachable:
            return  # the look at the change number tells
        finally:
            self._is_looking = False
        if bool(apart) is bool(app.title_mark):
            return
        app.title_mark = MARK if apart else ""
        if apart:
            app.notify(APART.format(apart), severity="warning", timeout=TOLD_SECONDS)
        else:
            app.notify(ALIKE)
