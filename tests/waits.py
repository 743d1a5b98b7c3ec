"""How the tests wait for an app.

Textual's Pilot takes an app for idle when the process has used little of the processor for 20 ms. So it sleeps for two
thirds of the time of a test, and on a busy machine, where the process gets no turn, it goes on too early. Here it waits
for every widget that has something to do, and for what comes of that. What a test looks for beyond that (a reading, a
timer, another process) it waits for itself, by `until`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
import textual._wait
from textual._queue import Queue
from textual.app import App, ScreenStackError
from textual.message_pump import MessagePump
from textual.pilot import Pilot, WaitForScreenTimeout

PATIENCE = 15.0
"""Seconds to wait for something before a test fails."""


_OWN: tuple[tuple[Any, str, Any], ...] = tuple(
    (owner, name, getattr(owner, name))
    for owner, name in (
        (Pilot, "_wait_for_screen"),
        (textual._wait, "SLEEP_GRANULARITY"),
        (textual._wait, "SLEEP_IDLE"),
    )
)


def shorten_sleeps() -> None:
    """Let Pilot sleep for 4 ms at a time: a test's own waits say what it waits for."""
    textual._wait.SLEEP_GRANULARITY = 0.004
    textual._wait.SLEEP_IDLE = 0.0004


def wait_as_textual_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test run with Textual's own waits."""
    for owner, name, value in _OWN:
        monkeypatch.setattr(owner, name, value)


async def until(pilot: Pilot[Any], holds: Callable[[], bool], what: Callable[[], str] = str) -> None:
    """Wait until something holds; `what` tells what was waited for."""
    limit = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < limit, what() or "it never came to hold"
        await pilot.pause()


async def wait_for_widgets(self: Pilot[Any], timeout: float = 2 * PATIENCE) -> bool:  # noqa: ASYNC109
    """Wait until no widget has anything to do; returns whether the app goes on. Stands in for Pilot's own."""
    limit = time.monotonic() + timeout
    while busy := _busy(self.app):
        done = await _have_done(self.app, busy, limit)
        if done is not None:
            return done
    return not self.app._exception_event.is_set()


def _busy(app: App[Any]) -> list[MessagePump]:
    try:
        return [pump for pump in (app, *app.screen.walk_children(with_self=True)) if not _is_idle(pump)]
    except ScreenStackError:
        return []


def _is_idle(pump: MessagePump) -> bool:
    """Whether it waits for a message: nothing is in its queue, and it isn't at work on one."""
    queue: Queue[Any] = pump._message_queue
    return queue.empty() and bool(queue.ready_event._waiters) and not pump._next_callbacks


async def _have_done(app: App[Any], pumps: list[MessagePump], limit: float) -> bool | None:
    """Wait until widgets have done what is in their queues; returns what to answer where waiting on is no use."""
    left = 0
    done = asyncio.Event()

    def one_more() -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()

    for pump in pumps:
        left += pump.call_later(one_more)
    if not left:  # they are closing
        return True
    waits = [asyncio.create_task(event.wait()) for event in (done, app._exception_event)]
    finished, pending = await asyncio.wait(waits, timeout=limit - time.monotonic(), return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    if not finished:
        raise WaitForScreenTimeout("Timed out while waiting for widgets to process pending messages.")
    return None if done.is_set() else False
