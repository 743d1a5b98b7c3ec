"""Where a page stands on a walk through the queue: a line says it, and keys handle the matter and lead to the next."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from screens.journal_offer import still_offered
from screens.queue.actions import handle_matter, may_handle, may_set_aside, says_of, set_aside
from screens.queue.claims import claim_keys, claim_matter, offered_claim
from screens.queue.labels import mark_of, said_of
from screens.queue.walk import Walk
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.cells import clean
from screens.widgets.painted import TONES
from screens.workers import start_alone
from store.views.matters import Matter

NEXT_KEY = "{walk.next} Nästa ärende"
NO_LONGER_WAITING = "väntar inte längre"

WALK_KEYS = (
    Binding(
        "ctrl+n",
        "next_matter",
        "Nästa\xa0ärende",
        id="walk.next",
        tooltip="Gå till nästa ärende i kön. Det du har skrivit är kvar som utkast.",
    ),
    Binding(
        "h",
        "handle_matter",
        "Hantera\xa0flagga",
        id="walk.handle",
        tooltip="Hantera flaggan, med en anteckning om vad som har gjorts.",
    ),
    *claim_keys("walk"),
    Binding(
        "u",
        "set_matter_aside",
        "Skjut\xa0upp",
        id="walk.set_aside",
        tooltip="Skjut upp ärendet till en dag, med ett skäl.",
    ),
)
"""The keys of a page on a walk; their actions are the page's own."""
WALK_ACTIONS = frozenset(key.action.partition("(")[0] for key in WALK_KEYS)


class WalkLine(Static):
    """A line over the page: `Ärende 2 av 7`, and what the matter is about; over it what was just done, and for whom."""

    DEFAULT_CSS = """
    WalkLine {
        height: auto; max-height: 2; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self) -> None:
        """Stand empty until the walk is shown."""
        super().__init__(markup=False)

    def show(self, walk: Walk) -> None:
        """Say how far through the queue the person has come."""
        matter, mark = walk.current, mark_of(walk.current)
        said = said_of(matter, walk.now)
        taken = (f"{' · '.join(said)} · ", TONES["accent"]) if said else ""
        about = (mark.text, TONES[mark.tone]), "  ", taken, clean(matter.reason)
        handled = "", (f"✓ {NO_LONGER_WAITING} · {keyed(NEXT_KEY)}", TONES["done"])
        done = still_offered(self.app, walk.said, walk.said_of)
        before = (f"✓ {done}\n", TONES["done"]) if done else ""
        self.update(Content.assemble(before, (walk.place, "bold"), "  ", *(about if walk.waits else handled)))


class QueuePosition:
    """A page's place on a walk through the queue. For a page that is on none it shows nothing and offers nothing."""

    def __init__(
        self, page: Screen[Any], client: StoreClient, walk: Walk | None, *, may_close: Callable[[], Awaitable[bool]]
    ) -> None:
        """Place a page on a walk, or on none; `may_close` saves what is written there; returns whether it is safe."""
        self.walk = walk
        self._page = page
        self._client = client
        self._may_close = may_close

    @property
    def matter(self) -> Matter | None:
        """The matter that the walk has come to."""
        return self.walk.current if self.walk is not None else None

    @property
    def works_for_colleague(self) -> bool:
        """Whether the walk is through a colleague's queue: what is opened is handled for that colleague."""
        return self.walk is not None and self.walk.is_through_colleagues_queue

    def compose(self) -> Iterator[WalkLine]:
        """Lay out the line."""
        if self.walk is not None:
            yield WalkLine()

    def offers(self, action: str, parameters: tuple[object, ...] = ()) -> bool:
        """Whether one of the walk's actions can be offered."""
        walk = self.walk
        if walk is None:
            return False
        if action == "handle_matter":
            return walk.waits and may_handle(walk.current)
        if action == "claim":
            what = offered_claim(walk.current.taken, self._client.actor)
            return walk.waits and may_handle(walk.current) and parameters == (what,)
        if action == "set_matter_aside":
            return walk.waits and may_set_aside(walk.current)
        return action == "next_matter"

    # The line

    def show(self) -> None:
        """Show how far through the queue the person has come."""
        for line in self._page.query(WalkLine):
            if self.walk is not None:
                line.show(self.walk)

    def look(self) -> None:
        """Look whether the matter still waits: somebody else may have handled it, or opening it did."""
        if self.walk is not None and not self.walk.is_leaving:
            start_alone(self._page, "walk", self._look, self.walk)

    async def _look(self, walk: Walk) -> None:
        if walk.is_leaving:
            return
        await walk.look()
        if self._page.is_attached:
            self.show()
            self._page.refresh_bindings()

    # To the next matter

    def advance(self, said: str = "") -> None:
        """Go to the next matter, or back to the queue where there is none; `said` is what was done with this one."""
        if self.walk is not None:
            start_alone(self._page, "advance", self._advance, self.walk, said)

    async def _advance(self, walk: Walk, said: str) -> None:
        if walk.is_leaving:
            return
        app = self._page.app
        hold_keys(app)  # what is typed from now on belongs to the next page
        if await self._may_close():
            await walk.advance(said)
            if self._page.is_active:
                self._page.dismiss(None)
                return
        release_keys(app)  # the page stays, or something lies over it, as the lock does

    def answered(self, conversation: int | None, said: str) -> bool:
        """Advance where a message in this conversation was what the matter waited for; returns whether it was."""
        if self.matter is None or conversation is None or self.matter.conversation != conversation:
            return False
        self.advance(said)
        return True

    def resume(self) -> None:
        """Close the page too where the one that lay over it was closed for the next matter."""
        if self.walk is not None and self.walk.is_leaving:
            self._page.call_later(self._close)

    async def _close(self) -> None:
        if self._page.is_active and await self._may_close() and self._page.is_active:  # the other way may be quicker
            self._page.dismiss(None)

    # What is done with the matter

    def handle(self) -> None:
        """Handle the matter's flag, and advance."""
        start_alone(self._page, "dialog", self._handle)

    async def _handle(self) -> None:
        app, matter = self._page.app, self.matter
        if matter is not None and (said := await handle_matter(app, self._client, matter)):
            self.advance(says_of(app, self._client, matter, said))

    def claim(self) -> None:
        """Claim the flag of the matter, or release the own claim, or take over a colleague's."""
        start_alone(self._page, "dialog", self._claim)

    async def _claim(self) -> None:
        if self.matter is not None and (said := await claim_matter(self._page.app, self._client, self.matter)):
            self._page.notify(said, markup=False)
            self.look()

    def set_aside(self) -> None:
        """Set the matter aside, and advance."""
        start_alone(self._page, "dialog", self._set_aside)

    async def _set_aside(self) -> None:
        walk = self.walk
        if walk is not None and (said := await set_aside(self._page.app, self._client, walk.current, walk.owner)):
            self.advance(said)
