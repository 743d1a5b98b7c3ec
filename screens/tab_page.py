"""A tab of the top level that is no list: read when it is opened, and again when others change what it shows."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.contracts import HoldsUnsaved, TabContent
from screens.store_client import StoreClient, lost_sentence
from store.foundation.errors import DomainError, StoreUnreachable


class TabPage(VerticalScroll, TabContent, HoldsUnsaved, can_focus=False):
    """The frame of such a tab. Subclasses give `body`, `read` and `show_state`."""

    DEFAULT_CSS = """
    TabPage { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    TabPage > #trouble { display: none; color: $text-error; margin: 0 0 1 0; }
    TabPage.-troubled > #trouble { display: block; }
    TabPage > #body { height: auto; max-width: 100; display: none; }
    TabPage.-read > #body { display: block; }
    """
    PATIENCE: ClassVar[float] = 0.2
    """Seconds for which the first frame waits for what it shows."""
    RETRY: ClassVar[float] = 1.0
    """Seconds after which a reading that found no database is tried again."""

    def __init__(self, client: StoreClient, *, id: str | None = None) -> None:
        """Take the way to the store."""
        super().__init__(id=id)
        self.client = client
        self.turn = asyncio.Lock()
        """Held by whoever reads or writes, so that what is read is never older than what was written."""
        self._shown = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Lay out what is wrong, and under it what there is."""
        yield Static(id="trouble", markup=False)
        with Vertical(id="body"):
            yield from self.body()

    def body(self) -> Iterable[Widget]:
        """Return what the tab holds."""
        raise NotImplementedError

    async def read(self) -> None:
        """Read what is shown.

        Raises:
            DomainError: what the operation refuses.
        """
        raise NotImplementedError

    def show_state(self) -> None:
        """Show what was read."""
        raise NotImplementedError

    @property
    def first(self) -> Widget | None:
        """What has the focus first."""
        return None

    @property
    def is_typed_in(self) -> bool:
        """Whether something stands written that is not saved."""
        return False

    @property
    def is_there(self) -> bool:
        """Whether there is still anything to show it on: another person may have come meanwhile."""
        return bool(self.query("#trouble"))

    async def on_mount(self) -> None:
        """Read. What is read soon is there in the first frame."""
        self.reread()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._shown.wait(), self.PATIENCE)

    async def changed(self) -> None:
        """Read it again: something has changed, or the database is gone, or back."""
        self.reread()

    def enter(self) -> None:
        """Take the focus."""
        if (first := self.first) is not None:
            first.focus()

    @work(group="read")
    async def reread(self) -> None:
        """Read and show; what stands stays where that can't be done, and why is said."""
        async with self.turn:
            trouble = await self._trouble()
        if self.is_there:
            self.show_trouble(trouble)
            if not trouble:
                self._show()
        self._shown.set()

    def show_trouble(self, sentence: str) -> None:
        """Say what is wrong with the whole; an empty sentence takes it away."""
        self.set_class(bool(sentence), "-troubled")
        self.query_one("#trouble", Static).update(Content(f"! {sentence}"))

    def lost(self) -> str:
        """Return what is said while the database is gone, and see to it that it is looked for again."""
        self.set_timer(self.RETRY, self.reread)
        return lost_sentence(self.is_typed_in)

    async def _trouble(self) -> str:
        try:
            await self.read()
        except StoreUnreachable:
            return self.lost() if self.is_there else ""
        except DomainError as refusal:
            return refusal.message
        return ""

    def _show(self) -> None:
        self.show_state()
        is_first = not self.has_class("-read")
        self.add_class("-read")
        if is_first and self.display and self.screen.focused is None:
            self.call_after_refresh(self.enter)
