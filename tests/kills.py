"""Writers that are killed at random instants: what they were told is done is there, and nothing by half."""

import json
import multiprocessing
import os
import random
import select
import signal
from contextlib import suppress
from multiprocessing.connection import Connection as Pipe
from multiprocessing.context import ForkProcess
from typing import NamedTuple

from store.care.messages import send_message
from store.foundation.events import EventKind
from store.foundation.keys import StoreKeys
from store.foundation.store import Store
from store.opening import open_store
from store.people.sign_in import StaffActor
from store.upkeep.checking import check_store
from tests.clinics import Clock

WRITERS = 3
LONGEST = 0.15
"""Seconds within which a writer is killed after what it has told of."""


class Place(NamedTuple):
    """Where the writers write: the store, which nobody here has open meanwhile, who they are, and in which moment."""

    url: str
    keys: StoreKeys | None
    actor: StaffActor
    moment: int


class Toll(NamedTuple):
    """What came of it: ids of messages."""

    kills: int
    acknowledged: set[int]
    found: set[int]
    by_half: set[int]
    """Those without an event, or the other way about."""
    faults: tuple[str, ...]
    """What looking the store through tells."""

    @property
    def lost(self) -> set[int]:
        """What a writer was told is done, and is not there."""
        return self.acknowledged - self.found

    @property
    def untold(self) -> int:
        """How many were done without the answer having come: at most one a kill."""
        return len(self.found - self.acknowledged)


def kill_writers(place: Place, kills: int, seed: int) -> Toll:
    """Let some write at once and kill one after the other, each followed by another; then look at what is there."""
    choose = random.Random(seed)
    acknowledged: set[int] = set()
    writers = [_Writer(place) for _ in range(WRITERS)]
    for number in range(kills):
        victim = choose.choice(writers)
        acknowledged.add(victim.next_told())
        acknowledged |= victim.told_within(choose.random() * LONGEST)
        acknowledged |= victim.kill()
        writers.remove(victim)
        if kills - number > WRITERS:  # the last ones are killed without another in their place
            writers.append(_Writer(place))
    store = open_store(place.url, keys=place.keys)
    try:
        return _looked_at(store, kills, acknowledged)
    finally:
        store.close()


def _looked_at(store: Store, kills: int, acknowledged: set[int]) -> Toll:
    with store.lend() as db:
        found = set(db.values("SELECT id FROM message"))
        facts = db.values("SELECT facts FROM event WHERE kind = :kind", kind=EventKind.MESSAGE_SENT.value)
        logged = db.value("SELECT count(*) FROM log WHERE operation = 'send_message' AND action = 'skickade'")
    told_of = {json.loads(fact)["message"] for fact in facts}
    faults = check_store(store).faults
    if logged != len(found):
        faults = (*faults, f"{len(found)} messages, {logged} log rows")
    return Toll(kills, acknowledged, found, found ^ told_of, faults)


class _Writer:
    """A process that sends messages as fast as it can, and tells the id of each when its transaction has ended."""

    def __init__(self, place: Place) -> None:
        fork = multiprocessing.get_context("fork")
        self._heard, told = fork.Pipe(duplex=False)
        self._process: ForkProcess = fork.Process(target=_write, args=(place, told), daemon=True)
        self._process.start()
        told.close()  # so that its end is heard

    def next_told(self) -> int:
        """Wait for what it tells next."""
        return int(self._heard.recv())

    def told_within(self, seconds: float) -> set[int]:
        """Return what it tells within a time, and a little of the time after the last."""
        found = set()
        while select.select([self._heard], [], [], seconds)[0]:
            found.add(self.next_told())
            seconds /= 2
        return found

    def kill(self) -> set[int]:
        """Kill it; returns what it had told by then."""
        os.kill(self._process.pid or 0, signal.SIGKILL)
        self._process.join()
        found = set()
        with suppress(EOFError):
            while True:
                found.add(self.next_told())
        self._heard.close()
        return found


def _write(place: Place, told: Pipe) -> None:
    store = open_store(place.url, keys=place.keys, clock=Clock())
    while True:
        with store.work(place.actor) as work:
            sent = send_message(work, place.moment, "Hej", heading="Prov")
        told.send(sent)
