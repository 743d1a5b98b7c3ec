"""The resident's start page beside the clinician's, on a wide screen in practice: what one does shows at the other."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from screens.page_reading import PageReading
from screens.resident.home_rows import home_rows
from screens.resident.side import Side
from screens.resident.texts import GONE_BESIDE, LOOKING_BESIDE, STATUS
from screens.safe_app import safe_app
from screens.store_client import StoreClient
from screens.whom import Whom
from screens.widgets.key_bar import KeyBar
from store.foundation.errors import DomainError, NotPermitted
from store.views.residents_page import Part, ResidentsPage

WIDE = 140
"""Columns from which there is room for both."""
TOO_NARROW = "Bredvid ryms på {} tecken. Annars i en egen terminal: sob ovning --invanare {}"


class SideBeside(VerticalScroll):
    """What the resident sees first of a moment, read again when something has changed. Nothing is done in it."""

    can_focus = False
    DEFAULT_CSS: ClassVar[str] = """
    SideBeside {
        dock: right; width: 42%; height: 100%; margin: 0 0 2 0; /* not over the keys */
        border-left: solid $rule; padding: 0 1; scrollbar-size-vertical: 1;
        & Static { height: auto; }
        & #beside-head { text-style: bold; }
        & #beside-how { color: $text-muted; margin: 1 0 0 0; }
    }
    """

    def __init__(self, page: Screen[Any], side: Side, whom: Whom) -> None:
        """Show `whom`, whose moment the side is, on a page."""
        super().__init__(id="beside")
        self._side = side
        self._whom = whom
        self._read_page: ResidentsPage | None = None
        self.reading = PageReading(page, self._read, self._show)

    def compose(self) -> ComposeResult:
        """Lay out whose side it is over the rows."""
        yield Static(id="beside-head", markup=False)
        yield Static(id="beside-rows", markup=False)
        yield Static(Content(LOOKING_BESIDE), id="beside-how", markup=False)

    async def on_mount(self) -> None:
        """Read: it is logged that the page is opened."""
        await self.reading.begin()

    async def _read(self) -> None:
        if self._read_page is None:
            await self._side.open(Part.START)
        self._read_page = await self._side.page()

    def _show(self, refusal: DomainError | None) -> None:
        if not self.is_attached:
            return
        page = self._read_page
        if isinstance(refusal, NotPermitted) or page is None:  # what may not be seen does not stay on screen
            self.query_one("#beside-head", Static).update(Content(GONE_BESIDE))
            self.query_one("#beside-rows", Static).update("")
            return
        said = [f"Invånarens sida · {self._whom.name} · {self._whom.program}", STATUS[page.status]]
        self.query_one("#beside-head", Static).update(Content("\n".join(filter(None, said))))
        self.query_one("#beside-rows", Static).update(Content("\n").join(row.text for row in home_rows(page)))


class Beside:
    """Shows and hides the resident's side on a page."""

    def __init__(self, page: Screen[Any], client: StoreClient) -> None:
        self._page = page
        self._client = client

    @property
    def _shown(self) -> SideBeside | None:
        return next(iter(self._page.query(SideBeside)), None)

    def toggle(self, moment: int, whom: Whom, personnummer: str) -> None:
        """Show the side of a moment, or hide what is shown; on a narrow screen it is said how else it is seen.

        Args:
            moment: the moment's id.
            whom: whose it is.
            personnummer: the same, empty where it is not to be seen.
        """
        app = safe_app(self._page.app)
        if app.size.width < WIDE:
            is_told = personnummer and not app.hide_numbers
            app.notify(TOO_NARROW.format(WIDE, personnummer if is_told else "PERSONNUMMER"))
        elif (shown := self._shown) is not None:
            shown.remove()
        else:
            beside = SideBeside(self._page, Side(self._client, moment, looked_at=whom), whom)
            self._page.mount(beside, before=self._page.query_one(KeyBar))

    def fit(self) -> None:
        """Hide it where the window has become too narrow."""
        if self._page.app.size.width < WIDE:
            self.hide()

    def look(self) -> None:
        """Read it again, soon: something has changed."""
        if (shown := self._shown) is not None:
            shown.reading.ask()

    def hide(self) -> None:
        """Hide it."""
        if (shown := self._shown) is not None:
            shown.remove()
