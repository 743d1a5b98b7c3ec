"""Drafts on the tab *Meddelanden*: they keep themselves while one writes, whatever becomes of the database."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on, work
from textual.timer import Timer

from screens.moment.messages.autosave import DraftKeeper, Written
from screens.moment.messages.composer import Desk
from screens.moment.messages.frame import MessagesFrame


class MessagesDrafts(MessagesFrame):
    """The tab with what is written on it, and not sent."""

    PAUSE: ClassVar[float] = 0.3
    """Seconds after the last key at which a draft is saved."""
    LATEST: ClassVar[float] = 1.0
    """Seconds after the first key at which it is saved, whether or not there was a pause."""
    RETRY: ClassVar[float] = 2.0
    """Seconds after which a saving that failed is tried again."""
    PATIENCE: ClassVar[float] = 3.0
    """Seconds that whoever leaves waits for the store, before the text goes to a file."""

    _pause: Timer | None = None
    _latest: Timer | None = None
    _answered: Written | None = None
    """What the store has said something about, at the field."""
    _warned: Written | None = None
    """What was asked about, and is sent if it is sent again."""

    @on(Desk.Typed)
    def _typed(self, event: Desk.Typed) -> None:
        event.stop()
        keeper = self.keeper
        if keeper is None or not self.desk.display:
            return
        keeper.written = self.desk.written
        if self._answered is not None and keeper.written != self._answered:
            self._answered = self._warned = None
            self.desk.show_fault(None)
        if keeper.is_dirty:
            self._plan_saving()
        self.show_draft_state()

    def _plan_saving(self) -> None:
        """Save after a pause, and soon also without one."""
        if self._latest is None:
            self._latest = self.set_timer(self.LATEST, self.save_now)
        self._stop(self._pause)
        self._pause = self.set_timer(self.PAUSE, self.save_now)

    def save_now(self) -> None:
        """Save what is written, without waiting for a pause."""
        if self.keeper is not None and self.desk.display:
            self.keeper.written = self.desk.written
        self._stop(self._pause, self._latest)
        self._pause = self._latest = None
        self._save()

    def _stop(self, *timers: Timer | None) -> None:
        for timer in timers:
            if timer is not None:
                timer.stop()

    @work(group="draft")
    async def _save(self) -> None:
        keeper = self.keeper
        if keeper is None:
            return
        if await keeper.save():
            self.ask()
        self._after_saving(keeper)

    def _after_saving(self, keeper: DraftKeeper) -> None:
        if keeper is self.keeper and self.is_here:
            self.show_draft_state()
            if keeper.is_lost:
                self._stop(self._pause)
                self._pause = self.set_timer(self.RETRY, self.save_now)

    def show_draft_state(self) -> None:
        """Say what has become of what is written."""
        if self.keeper is not None and self.is_here:
            is_trouble = self.keeper.is_lost or bool(self.keeper.refused)
            self.desk.show_state(self.keeper.state(), trouble=is_trouble, aside=self.keeper.said)

    def show_field(self) -> None:
        """Show the field, or why there is none, and the draft's state."""
        was_shown, had_focus = self.desk.display, self.desk.has_focus_within
        if was_shown and self.keeper is not None:
            self.keeper.written = self.desk.written
        super().show_field()
        if was_shown and not self.desk.display:
            self.save_now()
            if had_focus:
                self.talks.focus()
        self.show_draft_state()

    def follow(self, keeper: DraftKeeper) -> None:
        """Take up what another window did to the draft."""
        assert self.page is not None
        if self.desk.display:
            keeper.written = self.desk.written
        if keeper.follow(self.page.drafts, is_asked_about=self._warned is not None):
            self.write(keeper)
        elif keeper.is_dirty:
            self._plan_saving()

    def write(self, keeper: DraftKeeper) -> None:
        """Put in the field what is written."""
        self.desk.write(keeper.written, asks_heading=keeper.conversation is None)

    async def changed(self) -> None:
        """Read what is new, and save what could not be saved before."""
        if self.keeper is not None and self.keeper.is_lost:
            self.save_now()
        await super().changed()

    async def keep_drafts(self) -> bool:
        """See to it that what is written outlives the page; returns whether it does."""
        keeper = self.keeper
        if keeper is None:
            return True
        for _ in range(3):  # what is typed meanwhile comes along
            if self._is_kept():
                break
            saving = asyncio.ensure_future(keeper.save())
            try:
                await asyncio.wait_for(asyncio.shield(saving), self.PATIENCE)
            except TimeoutError:
                await keeper.keep_in_file()
        self._after_saving(keeper)
        return keeper.is_safe

    def _is_kept(self) -> bool:
        if self.keeper is None:
            return True
        if self.desk.display:
            self.keeper.written = self.desk.written
        return self.keeper.is_safe

    def empty(self) -> None:
        """Show nothing; what is written and not saved is kept, in case the moment becomes the person's again."""
        if self.keeper is not None:
            if self.desk.display:
                self.keeper.written = self.desk.written
            self.app.run_worker(_keep_for_later(self.keeper), group="draft")  # the page may be closed meanwhile
        super().empty()

    def on_unmount(self) -> None:
        """Leave the file, where there is one, to be taken up when the database is back."""
        if self.keeper is not None:
            self.keeper.let_go()


async def _keep_for_later(keeper: DraftKeeper) -> None:
    await keeper.save()
    keeper.let_go()
