"""How long Textual's Pilot waits in the tests: two thirds of the time of a test with an app, and a tenth of its work.

What a test looks for it waits for itself, with a limit. These waits only say how often the app is looked at, so they
may be short; `--textual-waits` leaves them as Textual has them.
"""

from __future__ import annotations

import asyncio
from typing import Any

import textual._wait
from textual._queue import Queue
from textual.app import ScreenStackError
from textual.message_pump import MessagePump
from textual.pilot import Pilot, WaitForScreenTimeout


def shorten() -> None:
    """Let Pilot wait in steps of 4 ms, and for those widgets only that have something to do."""
    textual._wait.SLEEP_GRANULARITY = 0.004
    textual._wait.SLEEP_IDLE = 0.0004
    Pilot._wait_for_screen = _wait_for_the_busy  # type: ignore[assignment]


async def _wait_for_the_busy(self: Pilot[Any]) -> bool:
    """Wait until each widget has done what was in its queue, as Textual does by a message through every queue."""
    try:
        pumps = [self.app, *self.app.screen.walk_children(with_self=True)]
    except ScreenStackError:
        return False
    left = 0
    done = asyncio.Event()

    def one_more() -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()

    for pump in pumps:
        if not _is_idle(pump) and pump.call_later(one_more):
            left += 1
    return not left or await _first_of(self.app._exception_event, done)


async def _first_of(failed: asyncio.Event, done: asyncio.Event) -> bool:
    waits = [asyncio.create_task(event.wait()) for event in (failed, done)]
    finished, pending = await asyncio.wait(waits, timeout=30, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    if not finished:
        raise WaitForScreenTimeout("Timed out while waiting for widgets to process pending messages.")
    return done.is_set()


def _is_idle(pump: MessagePump) -> bool:
    """Whether it waits for a message: nothing is in its queue, and it isn't at work on one."""
    queue: Queue[Any] = pump._message_queue
    return queue.empty() and bool(queue.ready_event._waiters) and not pump._next_callbacks
