"""Sixty-four clients that stay, three reads to a write, on each database: errors, how long one waits, where it breaks.

A file takes one act a second from each, a server two, for a minute; then more and more, until a wait in a hundred is
over `SLOW` or something fails; where it is so from the beginning, fewer and fewer. All are forks of one process, so
that starting them is no part of the load.
"""

import asyncio
import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection as Pipe
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import NamedTuple

from screens.store_client import StoreClient
from store.care.messages import send_message
from store.foundation.access import OPERATOR
from store.foundation.errors import DomainError
from store.foundation.fictional import fictional_numbers
from store.foundation.keys import StoreKeys
from store.opening import create_store, open_store
from store.people.sign_in import StaffActor
from store.views.conversations import messages_page
from store.views.lists import Tab, list_page
from store.views.moment import open_moment
from tests.bench.harness import Measure
from tests.clinics import SEALING, Clock, enter, populate, register
from tests.postgres import run_folder, server_address

CLIENTS = 64
SECONDS = 60.0
STEP_SECONDS = 8.0
FASTER = 1.5
"""How many times as much is asked for in each step on the way to where it breaks."""
SLOW = 2.0
"""Seconds: from there on a wait counts as broken, as a change of another's that is not on screen."""
MOST_STEPS = 8


def measure() -> Iterator[Measure]:
    """Load a file, an encrypted file and a server."""
    with tempfile.TemporaryDirectory() as folder:
        yield _load("a file", f"sqlite:///{Path(folder, 'load.sqlite')}", 1.0)
        yield _load("an encrypted file", f"sqlite:///{Path(folder, 'sealed.sqlite')}", 1.0, SEALING)
    with lend_server() as address:
        yield _load("a server", address, 2.0)


@contextmanager
def lend_server() -> Iterator[str]:
    """Lend the address of an empty database on a server with its default of a hundred connections."""
    with run_folder() as folder:
        yield server_address(folder).replace("postgresql://", "postgresql+psycopg://")


class Work(NamedTuple):
    """What the clients have to do: where, who, in which moments."""

    url: str
    keys: StoreKeys | None
    actor: StaffActor
    moments: list[int]


class Told(NamedTuple):
    """What came of a load: how many acts, how often one failed, and what half and 99 in a hundred waited at most.

    `work` is what an act took of the clients' processors, whatever else the machine does; all in seconds.
    """

    acts: int
    errors: int
    p50: float
    p99: float
    work: float

    @property
    def is_broken(self) -> bool:
        """Whether that is too much for it."""
        return self.errors > 0 or self.p99 > SLOW

    def __str__(self) -> str:
        milliseconds = f"p50 {self.p50 * 1000:.0f} ms, p99 {self.p99 * 1000:.0f} ms"
        return f"{self.acts} acts, {self.errors} errors, {milliseconds}, {self.work * 1000:.1f} ms of work each"


def _load(name: str, url: str, rate: float, keys: StoreKeys | None = None) -> Measure:
    work = _begun(url, keys)
    told = _clients(work, rate, SECONDS)
    print(f"load, {name}, {CLIENTS} × {rate:g} a second: {told}", flush=True)
    errors, was_broken = told.errors, told.is_broken
    for _ in range(MOST_STEPS):
        rate = rate / FASTER if was_broken else rate * FASTER
        told = _clients(work, rate, STEP_SECONDS)
        print(f"load, {name}, {CLIENTS} × {rate:.2f} a second: {told}{', broken' * told.is_broken}", flush=True)
        if told.is_broken is not was_broken:
            break
    return Measure(f"load: errors of {CLIENTS} clients on {name}", errors, 1, 0)


def _begun(url: str, keys: StoreKeys | None) -> Work:
    """Make a store with a moment for each client."""
    store = create_store(url, kind="practice", keys=keys, clock=Clock())
    populate(store)
    clinic = enter(store, Clock())
    numbers = [number.value for number in fictional_numbers(CLIENTS)]
    with store.work(OPERATOR) as work:
        for number in numbers:
            register(work, number)
    moments = [clinic.start(number, program="prov", confirmed=True) for number in numbers]
    clinician = clinic.clinician
    store.close()
    return Work(url, keys, clinician, moments)


def _clients(work: Work, rate: float, seconds: float) -> Told:
    """Let all clients act so often a second each, for so many seconds."""

    together = multiprocessing.get_context("fork").Barrier(CLIENTS)

    def run(told: Pipe, number: int) -> None:
        client = StoreClient(work.url, store=open_store(work.url, keys=work.keys))
        client.actor = work.actor
        told.send(asyncio.run(_stay(client, work.moments[number], random.Random(number), together, 1 / rate, seconds)))
        client.close()

    found = _in_processes(run)
    waits = sorted(wait for _, waits, _ in found for wait in waits)
    errors, worked = sum(number for number, _, _ in found), sum(took for _, _, took in found)
    return Told(len(waits), errors, statistics.median(waits), waits[len(waits) * 99 // 100], worked / len(waits))


async def _stay(
    client: StoreClient, moment: int, choose: random.Random, together: Barrier, pause: float, seconds: float
) -> tuple[int, list[float], float]:
    """Do each act once, and begin when all others have: what the first act loads is no part of the load.

    Returns what `_rounds` does, and the seconds of work that it took.
    """
    for which in range(4):
        with suppress(
            DomainError
        ):  # 64 who begin at once may keep each other waiting; those who wait here, wait for all
            await _act(client, moment, which)
    together.wait()
    begun = time.process_time()
    errors, waits = await _rounds(client, moment, choose, pause, seconds)
    return errors, waits, time.process_time() - begun


async def _rounds(
    client: StoreClient, moment: int, choose: random.Random, pause: float, seconds: float
) -> tuple[int, list[float]]:
    """Act as the app does, every fourth time by sending a message; returns how often that failed, and each wait.

    A wait counts from when the act was due: who comes late because the act before took long has waited for that too.
    """
    errors, waits = 0, []
    begun = time.monotonic()
    due, turn = begun + pause * choose.random(), choose.randrange(4)
    while due < begun + seconds:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        try:
            await _act(client, moment, turn % 4)
        except DomainError:
            errors += 1
        waits.append(time.monotonic() - due)
        due += pause
        turn += 1
    return errors, waits


async def _act(client: StoreClient, moment: int, which: int) -> None:
    """Read a list, a moment's page or its messages, each with its log rows, or send a message."""
    if which == 0:
        await client.read(list_page, Tab.MINE, "prov", "pagaende")
    elif which == 1:
        await client.read(open_moment, moment)
    elif which == 2:
        await client.read(messages_page, moment)
    else:
        await client.write(send_message, moment, "Hej", heading="Prov")


def _in_processes(work: object) -> list[tuple[int, list[float], float]]:
    """Return what each client tells when it is done."""
    fork = multiprocessing.get_context("fork")
    ends = [fork.Pipe(duplex=False) for _ in range(CLIENTS)]
    clients = [fork.Process(target=work, args=(told, number)) for number, (_, told) in enumerate(ends)]  # type: ignore[arg-type]
    for client in clients:
        client.start()
    found = [heard.recv() for heard, _ in ends]
    for client in clients:
        client.join()
    return found
