"""Time spent on a resident's page: counted while somebody works there, and put right by hand (ours)."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import ClassVar

from textual import work
from textual.screen import ModalScreen

from screens.dialogs.time_spent import OwnTime, TimeDialog
from screens.moment import tabs
from screens.moment.document_screen import Paper
from screens.moment.plans.actions import MomentPlans
from screens.moment.time_saving import save_time
from screens.safe_app import safe_app
from screens.time_book import Counter
from screens.widgets.tab_strip import TabStrip
from store.care.time_spent import add_time, correct_time, week_name
from store.foundation.clock import local_day
from store.views.time import time_again

CORRECTED = "Tiden är rättad."


class MomentTime(MomentPlans):
    """The page with what counts the time on it."""

    LOOK_SECONDS: ClassVar[float] = 1.0
    """How often it is looked whether somebody is there."""
    PATIENCE_AT_LEAVING: ClassVar[float] = 0.2
    """Seconds for which leaving the page waits for the time to be saved; else it is saved meanwhile."""

    async def on_mount(self) -> None:
        """Begin to count."""
        self.counter = Counter(time.monotonic)
        self.set_interval(self.LOOK_SECONDS, self.count_time)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to put the time right where it stands."""
        if action == "correct_time":
            return self.allowed(correct_time) and self.query_one(TabStrip).active == tabs.MANAGE
        return super().check_action(action, parameters)

    # Counting

    def count_time(self) -> None:
        """Note what has been spent since the last look, and save it when a minute is full."""
        actor = self.client.actor
        seconds = self.counter.step(safe_app(self.app).last_input, is_active=self._is_worked_on)
        if actor is not None and seconds and self.client.time_book.add(actor, self.moment_id, seconds):
            self._save_and_show()

    @property
    def _is_worked_on(self) -> bool:
        """Whether the page, or what belongs to it, is what the person has on screen."""
        stack = self.app.screen_stack
        above = stack[stack.index(self) + 1 :] if self in stack else [None]
        return self.allowed(add_time) and all(isinstance(one, Paper | ModalScreen) for one in above)

    @work(group="time")
    async def _save_and_show(self) -> None:
        if await self._save_time():
            self._reread()

    async def _save_time(self) -> bool:
        """Save what is counted; returns whether something was."""
        return await save_time(self.client)

    async def keep_drafts(self) -> bool:
        """Save also the time: the page is being left."""
        self.count_time()
        saving = asyncio.create_task(self._save_time())
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(saving), self.PATIENCE_AT_LEAVING)
        return await super().keep_drafts()

    def on_screen_suspend(self) -> None:
        """Count until something lies over the page."""
        self.count_time()

    # Putting it right

    @work(exclusive=True, group="dialog")
    async def action_correct_time(self) -> None:
        """Put one's own time of a week right."""
        self.count_time()
        await self._save_time()
        weeks = await self.ask(time_again, self.moment_id)
        if weeks is None:
            return

        async def perform(own: OwnTime, _confirmed: bool) -> None:
            await self.do(correct_time, own.week, own.minutes)

        week = week_name(local_day(self.client.clock()))
        if await self.app.push_screen_wait(TimeDialog(week, weeks, perform)) is not None:
            self.notify(CORRECTED, markup=False)
