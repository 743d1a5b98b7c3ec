"""A store that an app waits for, as on a busy machine or over a slow line.

Each call takes a while more, another each time: a key that comes before what it is for, and a test that looks before
what it looks for has happened, are found out where a quick machine never shows them.
"""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from screens.background import Threads
from screens.store_client import StoreClient

T = TypeVar("T")
WAITS = (0.0, 0.15, 0.7)
"""Seconds that a call takes more, one of them by chance."""


def slow_the_store() -> None:
    """Let all apps of the process wait."""
    run = StoreClient._run

    async def run_slowly(client: StoreClient, threads: Threads, call: Callable[[], T]) -> T:
        def call_slowly() -> T:
            time.sleep(random.choice(WAITS))
            return call()

        return await run(client, threads, call_slowly)

    StoreClient._run = run_slowly  # type: ignore[assignment, method-assign]
