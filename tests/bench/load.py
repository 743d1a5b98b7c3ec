"""Sixty-four clients that stay and each write once a second, on each database: errors, and how long one waits.

All are forks of one process, so that starting them is no part of the load.
"""

import asyncio
import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from screens.store_client import StoreClient
from store.care.messages import send_message
from store.foundation.access import OPERATOR
from store.foundation.errors import DomainError
from store.foundation.fictional import fictional_numbers
from store.opening import create_store
from tests.bench.harness import Measure
from tests.clinics import Clock, enter, populate, register
from tests.postgres import run_folder, server_address

CLIENTS = 64
SECONDS = 30.0


def measure() -> Iterator[Measure]:
    """Load a file and a server."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _load("file", f"sqlite:///{Path(folder, 'load.sqlite')}")
    with lend_server() as address:
        yield from _load("server", address)


@contextmanager
def lend_server() -> Iterator[str]:
    """Lend the address of an empty database on a server with its default of a hundred connections."""
    with run_folder() as folder:
        yield server_address(folder).replace("postgresql://", "postgresql+psycopg://")


def _load(name: str, url: str) -> list[Measure]:
    store = create_store(url, kind="practice", clock=Clock())
    populate(store)
    clinic = enter(store, Clock())
    numbers = [number.value for number in fictional_numbers(CLIENTS)]
    with store.work(OPERATOR) as work:
        for number in numbers:
            register(work, number)
    moments = [clinic.start(number, program="prov", confirmed=True) for number in numbers]
    clinician = clinic.clinician
    store.close()

    def run(told: Pipe, number: int) -> None:
        client = StoreClient(url)
        client.actor = clinician
        told.send(asyncio.run(_rounds(client, moments[number], random.Random(number).random())))
        client.close()

    found = _in_processes(run)
    waits = sorted(wait for _, waits in found for wait in waits)
    errors = sum(number for number, _ in found)
    p50, p99 = statistics.median(waits), waits[len(waits) * 99 // 100]
    print(f"load, {name}: {len(waits)} rounds, {errors} errors, p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms")
    return [
        Measure(f"load: errors of {CLIENTS} clients on a {name}", errors, 1, 0),
    ]


async def _rounds(client: StoreClient, moment: int, pause: float) -> tuple[int, list[float]]:
    """Send a message a second, as the app does; returns how often that failed, and how long each took."""
    errors, waits, begun = 0, [], time.monotonic()
    due = begun + pause
    while due < begun + SECONDS:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        asked = time.monotonic()
        try:
            await client.write(send_message, moment, "Hej", heading="Prov")
        except DomainError:
            errors += 1
        waits.append(time.monotonic() - asked)
        due += 1.0
    return errors, waits


def _in_processes(work: object) -> list[tuple[int, list[float]]]:
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
