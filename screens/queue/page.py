"""A page on the way through the queue: a line says where one is, and one key leads to the next matter."""

from __future__ import annotations

from typing import ClassVar, Generic, Self, TypeVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from screens.queue.actions import handle_matter, may_handle, may_set_aside, set_aside
from screens.queue.labels import mark_of
from screens.queue.walk import Walk
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.cells import clean
from screens.widgets.painted import TONES

R = TypeVar("R")

ON = "ctrl+n Nästa ärende"
DONE = "väntar inte längre"


class WalkLine(Static):
    """`Ärende 2 av 7`, what it is about, and what was just done."""

    DEFAULT_CSS = """
    WalkLine { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self) -> None:
        """Say nothing yet."""
        super().__init__(markup=False)

    def show(self, walk: Walk) -> None:
        """Say where on the way one is."""
        matter, mark = walk.current, mark_of(walk.current)
        about = (mark.text, TONES[mark.tone]), "  ", clean(matter.reason)
        done = "", (f"✓ {DONE} · {ON}", TONES["done"])
        said = (f"✓ {walk.said}  ", TONES["done"]) if walk.said else ""
        self.update(Content.assemble(said, (walk.place, "bold"), "  ", *(about if walk.waits else done)))


class OnTheWay(Screen[R], Generic[R]):
    """A page that may stand on a way through the queue; without one nothing of this shows."""

    BLANK = True  # all that is seen are its parts: its own lines needn't be made one by one
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            *("ctrl+n", "next_matter", "Nästa\xa0ärende"),
            id="walk.next",
            tooltip="Gå till nästa ärende i kön. Det du har skrivit är kvar som utkast.",
        ),
        Binding(
            *("h", "handle_matter", "Hantera\xa0flagga"),
            id="walk.handle",
            tooltip="Hantera ärendets flagga, med en anteckning om vad som har gjorts.",
        ),
        Binding(
            *("u", "set_matter_aside", "Skjut\xa0upp"),
            id="walk.set_aside",
            tooltip="Skjut upp ärendet till en dag, med ett skäl.",
        ),
    ]

    client: StoreClient
    walk: Walk | None = None
    """The way that the page stands on; a page that is opened over another stands on the same."""

    def on(self, walk: Walk | None) -> Self:
        """Put the page on a way, before it is shown."""
        self.walk = walk
        return self

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what belongs to the way."""
        walk = self.walk
        if action == "next_matter":
            return walk is not None
        if action == "handle_matter":
            return walk is not None and walk.waits and may_handle(walk.current)
        if action == "set_matter_aside":
            return walk is not None and walk.waits and may_set_aside(walk.current)
        return super().check_action(action, parameters)

    @property
    def covers(self) -> bool:
        """Whether one works in a colleague's queue: what is opened is handled for that colleague."""
        actor = self.client.actor
        return self.walk is not None and self.walk.of is not None and actor is not None and self.walk.of != actor.hsa_id

    async def may_leave(self) -> bool:
        """See to it that what is written outlives the page; returns whether it may be left."""
        return True

    def leave(self) -> None:
        """Close the page: one goes on."""
        self.dismiss(None)

    # Where one is

    def show_walk(self) -> None:
        """Say where on the way one is."""
        for line in self.query(WalkLine):
            if self.walk is not None:
                line.show(self.walk)

    @work(exclusive=True, group="walk")
    async def look_at_walk(self) -> None:
        """Look whether the matter still waits: somebody else may have handled it, or opening it did."""
        if self.walk is None or self.walk.is_leaving:
            return
        await self.walk.look()
        if self.is_attached:
            self.show_walk()
            self.refresh_bindings()

    # Going on

    @work(exclusive=True, group="go-on")
    async def go_on(self, said: str = "") -> None:
        """Go to the next matter, or back to the queue where there is none."""
        walk = self.walk
        if walk is None or walk.is_leaving:
            return
        hold_keys(self.app)  # what is typed on belongs to the next
        if await self.may_leave():
            await walk.go_on(said)
            if self.app.screen is self:
                self.leave()
                return
        release_keys(self.app)  # it stays, or something lies over it, as the lock does

    def answered(self, conversation: int | None, said: str) -> bool:
        """Go on where a message in this conversation was what the matter waited for; returns whether it was."""
        if self.walk is None or conversation is None or self.walk.current.conversation != conversation:
            return False
        self.go_on(said)
        return True

    def action_next_matter(self) -> None:
        """Go to the next matter."""
        self.go_on()

    def on_screen_resume(self) -> None:
        """Go on from the page below too, where the one over it was left for the next matter."""
        if self.walk is not None and self.walk.is_leaving:
            self.call_later(self._leave_too)

    async def _leave_too(self) -> None:
        if self.app.screen is self and await self.may_leave():
            self.leave()

    # What is done with the matter

    @work(exclusive=True, group="dialog")
    async def action_handle_matter(self) -> None:
        """Handle the matter's flag, and go on."""
        if self.walk is not None and (said := await handle_matter(self.app, self.client, self.walk.current)):
            self.go_on(said)

    @work(exclusive=True, group="dialog")
    async def action_set_matter_aside(self) -> None:
        """Set the matter aside, and go on."""
        if self.walk is not None and (said := await set_aside(self.app, self.client, self.walk.current, self.walk.of)):
            self.go_on(said)
