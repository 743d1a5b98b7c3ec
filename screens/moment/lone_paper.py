"""A page of text that the queue opens by itself: the resident's page is a key away, and time is counted here."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import ClassVar, Self

from textual import work
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from screens.moment.document_screen import Paper
from screens.moment.time_saving import save_time
from screens.safe_app import safe_app
from screens.time_book import Counter


class LonePaper(Paper):
    """A paper that may lie on no resident's page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            *("i", "open_moment", "Invånarens\xa0sida"),
            id="paper.moment",
            tooltip="Öppna invånarens sida, med telefonnummer och meddelanden.",
        ),
    ]
    LOOK_SECONDS: ClassVar[float] = 1.0
    """How often it is looked whether somebody is there."""
    PATIENCE_AT_LEAVING: ClassVar[float] = 0.2
    """Seconds for which leaving the page waits for the time to be saved; else it is saved meanwhile."""

    is_alone = False
    """Whether no resident's page lies under it."""

    def alone(self) -> Self:
        """Say, before it is shown, that no resident's page lies under it."""
        self.is_alone = True
        return self

    async def on_mount(self) -> None:
        """Begin to count where nothing else does."""
        if self.is_alone:
            self.counter = Counter(time.monotonic)
            self.set_interval(self.LOOK_SECONDS, self.count_time)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the resident's page where it doesn't lie under this one."""
        return self.is_alone if action == "open_moment" else super().check_action(action, parameters)

    @work(exclusive=True, group="open")
    async def action_open_moment(self) -> None:
        """Open the resident's page."""
        from screens.moment.moment_screen import MomentScreen  # it opens papers itself

        page = MomentScreen(self.client, self.moment_id, self.title_words).on(self.walk)
        if told := await self.app.push_screen_wait(page):
            self.notify(told)
        self.reread()

    # Time

    def count_time(self) -> None:
        """Note what has been spent since the last look, and save it when a minute is full."""
        actor, stack = self.client.actor, self.app.screen_stack
        above = stack[stack.index(self) + 1 :] if self in stack else [None]
        is_active = all(isinstance(one, ModalScreen) for one in above)
        seconds = self.counter.step(safe_app(self.app).last_input, is_active=is_active)
        if actor is not None and seconds and self.client.time_book.add(actor, self.moment_id, seconds):
            self._save_time()

    @work(group="time")
    async def _save_time(self) -> None:
        await save_time(self.client)

    def on_screen_suspend(self) -> None:
        """Count until something lies over the page."""
        if self.is_alone:
            self.count_time()

    async def may_leave(self) -> bool:
        """Save the time: the page is being left."""
        if self.is_alone:
            self.count_time()
            saving = asyncio.create_task(save_time(self.client))
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(saving), self.PATIENCE_AT_LEAVING)
        return True
