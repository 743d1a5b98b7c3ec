"""Saves what stands in the composer as a draft by itself, whatever becomes of the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual.timer import Timer
from textual.widget import Widget

from screens.moment.messages.autosave import Autosave
from screens.moment.messages.composer import Composer
from screens.moment.messages.reader import MessagesReader
from screens.workers import is_closing, start
from store.care.drafts import DraftText
from store.foundation.errors import StoreSilent


class DraftSaver:
    """Saves the open text after a pause, soon also without one, and again and again while the store is away."""

    PAUSE: ClassVar[float] = 0.3
    """Seconds after the last key at which a draft is saved."""
    LATEST: ClassVar[float] = 1.0
    """Seconds after the first key at which it is saved, whether or not there was a pause."""
    RETRY: ClassVar[float] = 2.0
    """Seconds after which a saving that failed is tried again."""
    PATIENCE: ClassVar[float] = 1.5
    """Seconds that whoever leaves waits for the store, before the text goes to a file."""

    def __init__(self, tab: Widget, composer: Composer, drafts_changed: Callable[[], None]) -> None:
        """Save for a tab; `drafts_changed` is called when its list of drafts is another by a saving."""
        self.current: Autosave | None = None
        """The text of what is open; None while nothing is."""
        self._tab = tab
        self._composer = composer
        self._drafts_changed = drafts_changed
        self._pause: Timer | None = None
        self._latest: Timer | None = None

    def open(self, text: Autosave) -> None:
        """Show a text in the composer, and save it from now on; the one before is let go."""
        if self.current is not None and self.current is not text:
            self.current.let_go()
        self.current = text
        self._write()

    def close(self) -> None:
        """Show no text any longer. What is not saved is kept, in case the moment becomes the person's again."""
        self.take_typed()
        if self.current is not None:
            start(self._tab.app, "draft", _keep_for_later, self.current)  # outlives the page
        self.current = None

    def let_go(self) -> None:
        """Leave the text's file, where there is one, to be taken up when the database is back."""
        if self.current is not None:
            self.current.let_go()

    def take_typed(self) -> None:
        """Take what stands in the composer, where that is shown."""
        if self.current is not None and self._composer.display:
            self.current.written = self._composer.written

    def _write(self) -> None:
        if self.current is not None:
            self._composer.write(self.current.written, asks_heading=self.current.conversation is None)

    # Saving

    def typed(self) -> None:
        """Take what was typed, and save it before long."""
        self.take_typed()
        if self.current is not None and self.current.is_dirty:
            self._plan_saving()
        self.show_state()

    def _plan_saving(self) -> None:
        if self._latest is None:
            self._latest = self._tab.set_timer(self.LATEST, self.save_now)
        _stop(self._pause)
        self._pause = self._tab.set_timer(self.PAUSE, self.save_now)

    def save_now(self) -> None:
        """Save the text, without waiting for a pause."""
        self.take_typed()
        _stop(self._pause, self._latest)
        self._pause = self._latest = None
        start(self._tab, "draft", self._save)

    async def _save(self) -> None:
        text = self.current
        if text is None:
            return
        if await text.save():
            self._drafts_changed()
        self.after_saving(text)

    def after_saving(self, text: Autosave) -> None:
        """Show what has become of a text, and save it again later where the store was away."""
        if text is self.current and not is_closing(self._tab):
            self.show_state()
            if text.is_lost:
                _stop(self._pause)
                self._pause = self._tab.set_timer(self.RETRY, self.save_now)

    def show_state(self) -> None:
        """Say what has become of the text."""
        text = self.current
        if text is not None and not is_closing(self._tab):
            is_trouble = text.is_lost or bool(text.refused)
            self._composer.show_state(text.state(), trouble=is_trouble, aside=text.said)

    def follow(self, drafts: tuple[DraftText, ...], *, is_asked_about: bool) -> None:
        """Show what another window did to the draft; `is_asked_about` while the person is asked whether to send it."""
        self.take_typed()
        if self.current is None:
            return
        if self.current.follow(drafts, is_asked_about=is_asked_about):
            self._write()
        elif self.current.is_dirty:
            self._plan_saving()

    # Leaving

    @property
    def is_safe(self) -> bool:
        """Whether what is written outlives the program."""
        self.take_typed()
        return self.current is None or self.current.is_safe

    async def put_away(self, reader: MessagesReader) -> bool:
        """Keep the text before another takes its place, and read the drafts as they are by then; returns whether both.

        What is typed while they are read is kept too, and they are read once more.
        """
        while await self.keep():
            page = await reader.fetch_page()
            if page is None or is_closing(self._tab):
                return False
            if self.is_safe:
                reader.page = page
                return True
        return False

    async def keep(self) -> bool:
        """Save the text, in the store or in a file; returns whether it outlives the page."""
        text = self.current
        if text is None:
            return True
        for _ in range(3):  # what is typed meanwhile comes along
            if self.is_safe:
                break
            saving = asyncio.ensure_future(text.save())
            try:
                await asyncio.wait_for(asyncio.shield(saving), self.PATIENCE)
            except TimeoutError:
                await text.keep_in_file(StoreSilent())
        self.after_saving(text)
        return text.is_safe


def _stop(*timers: Timer | None) -> None:
    for timer in timers:
        if timer is not None:
            timer.stop()


async def _keep_for_later(text: Autosave) -> None:
    await text.save()
    text.let_go()
