"""The resident's side beside the clinician's page, on a wide screen in practice: one is the resident there.

It is the app of the second terminal (`ResidentApp`), with its own actor and its own way to the store, run in a panel.
So the keys of the two halves never meet, and what one does shows at the other as between two terminals.
"""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from screens.leave_confirmation import STANDS_SECONDS
from screens.resident.resident_app import ResidentApp
from screens.safe_app import safe_app
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.widgets.app_within import AppWithin
from screens.widgets.key_bar import KeyBar
from screens.workers import start
from store.foundation.errors import DomainError
from store.practice import play_resident

WIDE = 140
"""Columns from which there is room for both."""
TOO_NARROW = "Bredvid ryms på {} tecken. Annars i en egen terminal: sob ovning --invanare {}"
PROTECTED = "Uppgifterna är skyddade och visas inte bredvid. I en egen terminal: sob ovning --invanare PERSONNUMMER"
HEADING = "Här är du invånaren. {moment.other_side} byter sida."
ENDED = "Invånarens sida stängdes av ett fel. Öppna den igen med {moment.beside}."
UNSENT = (
    "Det du har skrivit som invånare är inte skickat. Skicka det ({moment.other_side} går dit), eller gör samma sak en "
    "gång till för att lämna det."
)


class SideBeside(Vertical):
    """The panel."""

    DEFAULT_CSS: ClassVar[str] = """
    SideBeside {
        dock: right; width: 42%; height: 100%; margin: 0 0 2 0; /* not over the keys */
        border-left: solid $rule;
        & > Static { height: auto; padding: 0 1; background: $panel; color: $text-muted; }
        &:focus-within > Static { color: $foreground; text-style: bold; }
        &:focus-within { border-left: heavy $key; }
    }
    """

    def __init__(self, client: StoreClient, inner: ResidentApp) -> None:
        """Run the app of somebody whose `client` is closed with the panel."""
        super().__init__(id="beside")
        self._client = client
        self.inner = inner
        self.within = AppWithin(inner, self._ended)

    def compose(self) -> ComposeResult:
        """Lay out what the panel is over the app."""
        yield Static(Content(keyed(HEADING)))
        yield self.within

    def on_mount(self) -> None:
        """Give the app the focus."""
        self.within.focus()

    def on_unmount(self) -> None:
        """Let the store go."""
        self._client.close()

    def _ended(self) -> None:
        """Hide what is over; where it is a fault that ended the app, that is noted as a crash, and said."""
        if self.is_attached:
            if self.inner.return_code:
                self.notify(keyed(ENDED), severity="warning")
            self.remove()


class Beside:
    """Shows and hides the resident's side on a page."""

    def __init__(self, page: Screen[Any], client: StoreClient) -> None:
        self._page = page
        self._client = client
        self._is_opening = False
        self._left: Widget | None = None
        """What had the focus on the page when it went to the panel."""
        self._has_warned = False
        """Whether it has been said that what is written there would be lost."""

    @property
    def _shown(self) -> SideBeside | None:
        return next(iter(self._page.query(SideBeside)), None)

    @property
    def is_shown(self) -> bool:
        """Whether it stands there."""
        return self._shown is not None

    @property
    def has_unsent(self) -> bool:
        """Whether something stands written there that is not sent."""
        shown = self._shown
        return shown is not None and shown.inner.has_unsent

    def toggle(self, moment: int, personnummer: str) -> None:
        """Be the resident beside, or close that; where it can't be shown it is said how else it is seen.

        Args:
            moment: the moment's id.
            personnummer: whose it is, empty where it is not to be seen.
        """
        app = safe_app(self._page.app)
        if self._shown is not None:
            if self.may_close():
                self.hide()
        elif not personnummer:
            app.notify(PROTECTED)
        elif app.size.width < WIDE:
            app.notify(TOO_NARROW.format(WIDE, "PERSONNUMMER" if app.hide_numbers else personnummer))
        elif not self._is_opening:
            self._is_opening = True
            start(self._page, "beside", self._open, moment, personnummer)

    async def _open(self, moment: int, personnummer: str) -> None:
        client, app = self._client.another(), safe_app(self._page.app)
        try:
            client.actor = await client.run(lambda: play_resident(client.store, personnummer))
        except DomainError as refusal:
            client.close()
            app.notify(refusal.message, severity="warning")
            return
        finally:
            self._is_opening = False
        inner = ResidentApp(
            client,
            personnummer,
            moment=moment,
            keymap=app._keymap,
            crash_folder=app.crash_folder,
            theme=app.theme,
            version=app.version,
            dense=app.has_class("-dense"),
        )
        self._left = self._page.focused
        await self._page.mount(SideBeside(client, inner), before=self._page.query_one(KeyBar))
        self._page.refresh_bindings()

    def turn(self) -> None:
        """Give the focus to the other side."""
        if (shown := self._shown) is None:
            return
        if shown.within.has_focus:
            self._come_back()
        else:
            self._left = self._page.focused
            shown.within.focus()

    def _come_back(self) -> None:
        chain = self._page.focus_chain
        found = self._left if self._left in chain else next(iter(chain), None)
        self._page.set_focus(found, scroll_visible=False)

    def may_close(self) -> bool:
        """Return whether nothing is lost there, or the person has been told that it would be."""
        if not self.has_unsent:
            self._has_warned = False
        if not self.has_unsent or self._has_warned:
            return True
        self._has_warned = True
        self._page.notify(keyed(UNSENT), severity="warning", timeout=STANDS_SECONDS)
        return False

    def fit(self) -> None:
        """Hide it where the window has become too narrow, unless something stands written there."""
        if self._page.app.size.width < WIDE:
            self.leave()

    def leave(self) -> None:
        """Hide it, unless something stands written there."""
        if not self.has_unsent:
            self.hide()

    def hide(self) -> None:
        """Hide it."""
        if (shown := self._shown) is not None:
            self._has_warned = False
            if shown.within.has_focus:
                self._come_back()
            shown.remove()
            self._page.refresh_bindings()
