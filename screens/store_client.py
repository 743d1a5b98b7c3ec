"""The screens' way to the store: the only place that calls it. Everything runs in a thread, off the event loop.

A file is read by some threads while others wait for their turn to write. A server has one connection for the app, and
so one thread. Neither is waited for by what keeps drafts in files, nor by what has nothing to do with the store.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from pathlib import Path
from threading import Lock, local
from types import ModuleType
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar
from uuid import UUID, uuid4

from screens.background import Threads
from screens.own_claims import OwnClaims
from screens.time_book import TimeBook
from store.foundation.access import Actor, Origin
from store.foundation.client_clocks import Apart, ClientClocks
from store.foundation.clock import Instant, wall_clock
from store.foundation.errors import (
    DomainError,
    NotPermitted,
    Refused,
    StoreBusy,
    StoreMissing,
    StoreSilent,
    StoreUnreachable,
)
from store.foundation.progress import Progress
from store.foundation.read_transaction import ReadTransaction
from store.foundation.store import Store
from store.foundation.work import Work
from store.opening import open_store

if TYPE_CHECKING:
    from store.purge.purging import Signer

P = ParamSpec("P")
T = TypeVar("T")

MOST_RECENT = 20
"""Moments of which it is known that they were opened."""
AGAIN_SECONDS = 1.0
"""A call that was lost within this time is sent once more; one that took longer has kept the person waiting enough."""

BUSY_SECONDS = 15.0
"""How long a change that others keep out is tried again; others' readings get their turn between two attempts."""

SILENT_FOR = 1.0
"""Seconds for which a line that was found to be silent is taken to be so: the page says it without waiting, too."""

UNDOABLE = frozenset(
    {
        "send_message",
        "switch_clinician",
        "switch_all",
        "set_matter_aside",
        "mark_answer_read",
        "mark_conversation_read",
        "maintain_moment",
        "resume_moment",
    }
)
"""The operations after which `U` is offered."""

LOST = "Ingen kontakt med databasen."
STILL_HERE = "Det du har skrivit står kvar här."
KEPT = "Det du har skrivit är sparat som utkast."


class KeptKey(Protocol):
    """A key that lies outside the store; a new one is kept once somebody says so."""

    key: bytes

    def keep(self) -> None:
        """Keep it."""


class _Begun(local):
    """The reading transaction that has begun in a thread, see `StoreClient.run_together`; None in other threads."""

    reading: ReadTransaction | None = None


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
        trainee: str = "",
    ) -> None:
        """Reach the store at an address.

        Args:
            url: the store's address.
            practice: whether it is a practice environment: the first frame says so, before the store is open.
            clock: the store's.
            store: the same, where it is open already.
            drafts: the folder for what is written while the database is away; without one it is kept on screen only.
            trainee: who practises, where the store is opened here and is a practice store.
        """
        self.url = url
        self.practice = practice
        self._clock = clock
        self._trainee = trainee
        self.actor: Actor | None = None
        self.drafts = drafts
        self.draft_key = b""
        """Seals the files of drafts; read from the store when somebody signs in."""
        self.signer_for: Callable[[Store], Signer] | None = None
        """What signs the certificates of purges; None where nobody can."""
        self._moment_keys: dict[int, bytes] = {}
        """Residents' keys, by moment."""
        self.held_drafts: set[str] = set()
        """Files of texts that stand on screen: whoever shows them also sees to the files."""
        self.has_left_drafts = False
        """Whether there are files whose texts stand on no screen any longer."""
        self.recent_moments: list[int] = []
        """The moments that the person has opened here, the latest first; `MOST_RECENT` at most."""
        self.own_claims = OwnClaims()
        """What the person has taken and given up here."""
        self.time_book = TimeBook()
        """Time spent that the store doesn't have yet."""
        self._store = store
        self._clocks: ClientClocks | None = None
        self._opening = Lock()
        self.pseudonym_key: Callable[[Store], KeptKey] | None = None
        """Finds the key of the pseudonyms that an export gives; None where nobody has said where it is kept."""
        self.has_acted = False
        """Whether something has been done since the app was opened that may be undone."""
        self._begun = _Begun()
        self._silent_at = -SILENT_FOR
        """When the line was found to be silent last."""
        self._is_file = is_file = not url.startswith("postgresql")
        self._reading = Threads(3 if is_file else 1, "read")
        self._writing = Threads(2, "write") if is_file else self._reading
        self._looking = Threads(1, "look") if is_file else self._reading
        self._long = Threads(1, "long")
        self._loading = Threads(1, "load")
        self._files = Threads(1, "files")

    @property
    def store(self) -> Store:
        """The open store. Only to be asked for in a thread of the client's.

        Raises:
            StoreUnreachable: it cannot be opened.
        """
        with self._opening:
            if self._store is None:
                try:
                    self._store = open_store(self.url, clock=self._clock)
                except StoreMissing:  # it was there when the program was started
                    raise StoreUnreachable from None
                if self._trainee:
                    self._store.access_log.begin_trainee(self._trainee)
            self._store.access_log.origin = Origin.TERMINAL
            return self._store

    def another(self) -> StoreClient:
        """Return a way of its own to the same store, for somebody else at this machine: whoever practises is the same.

        Close it when it is no longer needed.
        """
        trainee = "" if self._store is None else self._store.access_log.trainee
        return StoreClient(self.url, practice=self.practice, clock=self._clock, trainee=trainee)

    def clock(self) -> Instant:
        """Return the time by which the store goes, which may be a server's; this machine's until it is open."""
        return self._clock() if self._store is None else self._store.clock()

    @property
    def clock_ahead(self) -> int:
        """How far a practice store's clock has been moved forward, in milliseconds, when the store was asked last."""
        return 0 if self._store is None else self._store.clock_ahead

    def moment_key(self, moment: int) -> bytes | None:
        """Return the key that seals drafts of a moment's resident; one that is held needs no database.

        None where the store has no keys. In a thread of the client's.

        Raises:
            DomainError: it is not held, and can't be read.
        """
        if moment not in self._moment_keys and self.has_keys:
            from store.people.resident_keys import moment_key  # a table

            if (found := moment_key(self.store, moment)) is not None:
                self._moment_keys[moment] = found
        return self._moment_keys.get(moment)

    async def hold_key(self, moment: int) -> None:
        """Have a moment's key at hand, for when the database is away; where it can't be read nothing is held."""
        if self.has_keys and moment not in self._moment_keys:
            with suppress(DomainError):
                await self.run(lambda: self.moment_key(moment))

    @property
    def has_keys(self) -> bool:
        """Whether the store has keys: then each resident has one."""
        return self._store is not None and self._store.keys is not None

    async def run(self, call: Callable[[], T]) -> T:
        """Return what a call returns that reads in the store, run in a thread."""
        return await self._run(self._reading, call)

    async def look(self, unit_id: int | None) -> int:
        """Return a unit's change number, or that of all together, whoever reads or writes at the time."""
        return await self._run(self._looking, lambda: self.store.change_no(unit_id))

    async def look_above(self, provider_hsa_id: str) -> int:
        """Return the change number of a care provider's level; as `look`."""
        return await self._run(self._looking, lambda: self.store.change_no_above(provider_hsa_id))

    async def compare_clocks(self) -> Apart | None:
        """Return how this machine's clock differs from another client's; they are told what it shows, now and then.

        Raises:
            StoreUnreachable: the store is away, or can't be written.
        """
        if not self._is_file:
            return None  # the server's clock is everybody's
        clocks, apart = await self._run(self._looking, self._look_at_clocks)
        if clocks.is_due:
            await self._run(self._writing, clocks.tell)
        return apart

    def _look_at_clocks(self) -> tuple[ClientClocks, Apart | None]:
        if self._clocks is None:
            self._clocks = ClientClocks(self.store)
        return self._clocks, self._clocks.look()

    async def said_at_opening(self) -> tuple[str, ...]:
        """Return what was done when the store was opened, in sentences, the first time that it is asked."""

        def take() -> tuple[str, ...]:
            said, self.store.said = self.store.said, ()
            return said

        return await self.run(take)

    async def run_long(self, call: Callable[[], T]) -> T:
        """Return what a call returns that may take long, and keeps nothing else waiting."""
        return await self._long.run(call)

    async def purge(self, number: int, progress: Progress) -> str:
        """Carry out a purge that was begun; returns its certificate. See `store.purge.purging.carry_out_purge`.

        Raises:
            DomainError: it may not be done, or is stopped; what is done is done.
        """
        actor, signer_for = self._signed_in(), self.signer_for
        if signer_for is None:
            raise Refused("Här finns inget som kan skriva under gallringsintyget. Gallra med sob gallra.")

        def carry_out() -> str:
            from store.purge.purging import carry_out_purge  # tables

            return carry_out_purge(self.store, actor, number, signer_for(self.store), progress)

        return await self.run_long(carry_out)

    async def run_on_files(self, call: Callable[[], T]) -> T:
        """Return what a call returns that only reads and writes files of this machine's; it runs to its end."""
        return await self._files.run_to_end(call)

    async def _run(self, threads: Threads, call: Callable[[], T]) -> T:
        asked = time.monotonic()

        def call_store() -> T:
            if asked < self._silent_at + SILENT_FOR:  # one call has waited for an answer in vain: others need not
                raise StoreSilent
            try:
                return call()
            except StoreSilent:
                self._silent_at = time.monotonic()
                raise

        return await threads.run(call_store)

    def note_opened(self, moment: int) -> None:
        """Note that the person has opened a moment's page."""
        others = [one for one in self.recent_moments if one != moment]
        self.recent_moments = [moment, *others][:MOST_RECENT]

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
        if (reading := self._begun.reading) is not None:
            return operation(reading, *args, **kwargs)
        given = args, tuple(kwargs.items())
        like = ((operation, *given), (operation.__module__, *given))  # opening and reading again ask much the same
        with self.store.read(self._signed_in(), like=like if _is_hashable(like) else ()) as work:
            return operation(work, *args, **kwargs)

    async def run_together(self, call: Callable[[], T], name: Hashable) -> T:
        """Return what a call returns that reads several times by `read_here`: in one transaction, which sees one state.

        Its rows in the log are one commit, too.

        Args:
            call: what reads.
            name: what it reads, by which a far server is asked in advance what was asked the last time.
        """

        def read_together() -> T:
            with self.store.read(self._signed_in(), like=(name,)) as work:
                self._begun.reading = work
                try:
                    return call()
                finally:
                    self._begun.reading = None

        return await self.run(read_together)

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

        When the line breaks it is sent once more here: nobody knows whether the first was carried out, and by its UUID
        it is carried out once. Whoever has waited is told instead.

        Raises:
            DomainError: what the operation refuses.
        """
        actor = self._signed_in()  # whoever asks now, also where another has signed in before a thread is free

        def carry_out() -> T:
            with self.store.work(actor, command=command) as work:
                return operation(work, *args, **kwargs)

        self.has_acted = self.has_acted or operation.__name__ in UNDOABLE
        begun, was_lost = time.monotonic(), False
        while True:
            try:
                return await self._run(self._writing, carry_out)
            except StoreBusy:
                if time.monotonic() - begun > BUSY_SECONDS:
                    raise
            except StoreUnreachable:
                if was_lost or time.monotonic() - begun > AGAIN_SECONDS:
                    raise
                was_lost = True

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

        return await self._run(self._writing, carry_out)

    async def load(self, module: str) -> ModuleType:
        """Import a module in a thread: what needs SQLModel is imported after the first frame, without a pause in it."""
        return await self._loading.run(lambda: importlib.import_module(module))

    def close(self) -> None:
        """Let the store go. A call on its way is not waited for."""
        for threads in {self._reading, self._writing, self._looking, self._long, self._loading, self._files}:
            threads.close()
        if self._store is not None:
            self._store.close()

    def _signed_in(self) -> Actor:
        if self.actor is None:
            raise NotPermitted()  # whoever was at work has left
        return self.actor


def _is_hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def lost_sentence(lost: StoreUnreachable, *, typed: bool) -> str:
    """Return what is said when the database can't be used; `typed` where something stands written."""
    return f"{lost.message} {STILL_HERE}" if typed else lost.message
