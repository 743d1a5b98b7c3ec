"""The screens' way to the store: the only place that calls it. Everything runs in a thread, off the event loop."""

import asyncio
import importlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID, uuid4

from screens.time_book import TimeBook
from store.foundation.access import Actor, Origin
from store.foundation.clock import Instant, wall_clock
from store.foundation.errors import NotPermitted, StoreUnreachable
from store.foundation.store import Store
from store.foundation.work import ReadTransaction, Work
from store.opening import open_store

P = ParamSpec("P")
T = TypeVar("T")

LOST = "Ingen kontakt med databasen."
STILL_HERE = "Det du har skrivit står kvar här."
KEPT = "Det du har skrivit är sparat som utkast."


class StoreClient:
    """A store and the person who works in it. The store is opened by the first call."""

    def __init__(
        self,
        url: str,
        *,
        practice: bool = False,
        clock: Callable[[], Instant] = wall_clock,
        store: Store | None = None,
        drafts: Path | None = None,
    ) -> None:
        """Reach the store at an address.

        Args:
            url: the store's address.
            practice: whether it is a practice environment: the first frame says so, before the store is open.
            clock: the store's.
            store: the same, where it is open already.
            drafts: the folder for what is written while the database is away; without one it is kept on screen only.
        """
        self.url = url
        self.practice = practice
        self.clock = clock
        self.actor: Actor | None = None
        self.drafts = drafts
        self.draft_key = b""
        """Seals the files of drafts; read from the store when somebody signs in."""
        self.held_drafts: set[str] = set()
        """Files of texts that stand on screen: whoever shows them also sees to the files."""
        self.has_left_drafts = False
        """Whether there are files whose texts stand on no screen any longer."""
        self.time_book = TimeBook()
        """Time spent that the store doesn't have yet."""
        self._store = store
        self._opening = Lock()
        self._threads = ThreadPoolExecutor(4, "store")

    @property
    def store(self) -> Store:
        """The open store. Only to be asked for in a thread of the client's.

        Raises:
            StoreUnreachable: it cannot be opened.
        """
        with self._opening:
            if self._store is None:
                self._store = open_store(self.url, clock=self.clock)
            self._store.access_log.origin = Origin.TERMINAL
            return self._store

    async def run(self, call: Callable[[], T]) -> T:
        """Return what a blocking call returns, run in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    async def read(
        self, operation: Callable[Concatenate[ReadTransaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return what a reading operation returns to the one who is signed in.

        Raises:
            DomainError: what the operation refuses.
        """
        return await self.run(lambda: self.read_here(operation, *args, **kwargs))

    def read_here(
        self, operation: Callable[Concatenate[ReadTransaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return what a reading operation returns, from the thread that calls; never on the event loop."""
        with self.store.read(self._signed_in()) as work:
            return operation(work, *args, **kwargs)

    async def write(
        self,
        operation: Callable[Concatenate[Work, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return what a changing operation returns, committed.

        Raises:
            DomainError: what the operation refuses.
        """
        return await self.carry_out(uuid4(), operation, *args, **kwargs)

    async def carry_out(
        self,
        command: UUID,
        operation: Callable[Concatenate[Work, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Carry out a changing operation as a command that the caller may send again, with the same arguments.

        When the line is lost it is sent once more here: nobody knows whether the first was carried out, and by its UUID
        it is carried out once.

        Raises:
            DomainError: what the operation refuses.
        """
        actor = self._signed_in()  # whoever asks now, also where another has signed in before a thread is free

        def carry_out() -> T:
            with self.store.work(actor, command=command) as work:
                return operation(work, *args, **kwargs)

        try:
            return await self.run(carry_out)
        except StoreUnreachable:
            return await self.run(carry_out)

    async def open(self, operation: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what an operation returns that notes that something was opened.

        It is no command: twice is as good as once, and what it returns need not be kept.

        Raises:
            DomainError: what the operation refuses.
        """
        actor = self._signed_in()

        def carry_out() -> T:
            with self.store.work(actor) as work:
                return operation(work, *args, **kwargs)

        return await self.run(carry_out)

    async def load(self, module: str) -> ModuleType:
        """Import a module in a thread: what needs SQLModel is imported after the first frame, without a pause in it."""
        return await self.run(lambda: importlib.import_module(module))

    def close(self) -> None:
        """Let the store go. A call on its way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._store is not None:
            self._store.close()

    def _signed_in(self) -> Actor:
        if self.actor is None:
            raise NotPermitted()  # whoever was at work has left
        return self.actor


def lost_sentence(typed: bool) -> str:
    """Return what is said when the database does not answer; `typed` where something stands written."""
    return f"{LOST} {STILL_HERE}" if typed else LOST
