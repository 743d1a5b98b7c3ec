"""Clients of a file compare their clocks: each writes there what its own shows, and the others look.

What is written to a file is dated by the clock of whoever writes. A server's own time holds for all, and nothing is
compared there. The times of files are no better witness: they come from the machine that writes, too, or from a file
server whose clock nobody here goes by.

A client tells its time every half minute, and at once when somebody asks. A row that has changed between two looks is a
living client's, and was written between them; one that a killed client left behind never changes again.
"""

import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

from store.foundation.clock import Instant
from store.foundation.log import new_session
from store.foundation.store import Store
from store.foundation.upsert import upsert

MOST_APART = 2 * 60_000
"""Milliseconds by which the clocks of two clients may differ."""
TELL_SECONDS = 30.0
GONE_SECONDS = 90.0
"""After how long without a word a client counts as gone."""
ANSWER_SECONDS = 3.0
"""How long who asks waits for an answer: clients look every other second."""
_PAUSE_SECONDS = 0.05


class Apart(StrEnum):
    """How a clock differs from another one, by more than two minutes."""

    AHEAD = "före"
    BEHIND = "efter"


class _Row(NamedTuple):
    client: str
    number: int
    at: Instant
    is_asked: int


class _Other(NamedTuple):
    """What is known of another client."""

    number: int
    changed_at: float
    apart: Apart | None


class ClientClocks:
    """What one client knows of the others' clocks. Looks and words take turns; each blocks."""

    def __init__(self, store: Store, ticks: Callable[[], float] = time.monotonic) -> None:
        """Compare by the store's clock; `ticks` gives seconds that never jump."""
        self._store = store
        self._ticks = ticks
        self._name = new_session()
        self._others: dict[str, _Other] = {}
        self._looked_at = ticks()
        self._told_at: float | None = None
        self._number = 0
        self._is_asked = False
        self.unanswered = 0
        """How many clients have been asked and have not answered yet."""

    @property
    def is_due(self) -> bool:
        """Whether it is time to tell the others."""
        return self._is_asked or self._told_at is None or self._ticks() - self._told_at >= TELL_SECONDS

    @property
    def is_alone(self) -> bool:
        """Whether no other client had told its time at the last look."""
        return not self._others

    def look(self) -> Apart | None:
        """Return how our clock differs from a living client's; None where it does not.

        Raises:
            StoreUnreachable: the file is gone.
        """
        began = self._ticks()
        with self._store.lend() as db:
            rows = db.all(_Row, "SELECT client, number, at, is_asked FROM clientclock")
        now, ticks = self._store.machine_clock(), self._ticks()
        age = round((ticks - self._looked_at) * 1000)
        self._is_asked = any(row.is_asked for row in rows if row.client == self._name)
        others = [row for row in rows if row.client != self._name]
        self._others = {row.client: self._seen(row, now, ticks, age) for row in others}
        self.unanswered = sum(row.is_asked for row in others)
        self._looked_at = began
        return next((other.apart for other in self._others.values() if other.apart), None)

    def tell(self) -> None:
        """Tell the others what our clock shows, and clear away those who have been gone for long.

        Raises:
            StoreUnreachable: nothing can be written.
        """
        self._told_at = self._ticks()
        self._number += 1
        with self._store.lend_to_write() as db:
            db.run(_TELL, client=self._name, number=self._number, at=self._store.machine_clock(), is_asked=0)
            for client, number in self._gone():
                db.run(_FORGET, client=client, number=number)

    def _seen(self, row: _Row, now: Instant, ticks: float, age: int) -> _Other:
        """Return what is known of a client now; what is new here was written at most `age` milliseconds ago."""
        known = self._others.get(row.client)
        if known is None:  # it may have been left behind long ago
            return _Other(row.number, ticks, None)
        if row.number != known.number:
            return _Other(row.number, ticks, _compared(now, row.at, age))
        return known if ticks - known.changed_at < GONE_SECONDS else known._replace(apart=None)

    def _gone(self) -> Iterator[tuple[str, int]]:
        for client, other in self._others.items():
            if self._ticks() - other.changed_at >= GONE_SECONDS:
                yield client, other.number


def _compared(now: Instant, at: Instant, age: int) -> Apart | None:
    """Compare our time with what another clock showed at most `age` milliseconds ago."""
    if at - now > MOST_APART:
        return Apart.BEHIND
    return Apart.AHEAD if now - (at + age) > MOST_APART else None


def ask_clocks(store: Store) -> Apart | None:
    """Ask all clients of a file for their time, and return how our clock differs from a living one's.

    For who comes once, and can't look again and again. Who does not answer is gone, and its row with it.

    Raises:
        StoreUnreachable: the file is gone, or can't be written.
    """
    if store.engine.has_clock:
        return None
    clocks = ClientClocks(store)
    clocks.look()
    if clocks.is_alone:
        return None
    with store.lend_to_write() as db:
        db.run("UPDATE clientclock SET is_asked = 1")
    until = time.monotonic() + ANSWER_SECONDS
    while (found := clocks.look()) is None and clocks.unanswered and time.monotonic() < until:
        time.sleep(_PAUSE_SECONDS)
    if clocks.unanswered and found is None:
        with store.lend_to_write() as db:
            db.run("DELETE FROM clientclock WHERE is_asked = 1")
    return found


_TELL = upsert("clientclock", ["client"], replaced=["number", "at", "is_asked"])
_FORGET = "DELETE FROM clientclock WHERE client = :client AND number = :number"
