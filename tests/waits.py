"""How the tests wait for an app.

Textual's Pilot takes an app for idle when the process has used little of the processor for 20 ms, and looks that
often: it sleeps for two thirds of the time of a test, and on a busy machine it takes a process that is not let run for
one that is done. Here it looks whether anything is left to do. What takes its time a test waits for itself, by `until`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
import textual.app
import textual.pilot
from textual._context import active_app
from textual.app import App
from textual.pilot import Pilot

PATIENCE = 15.0
"""Seconds to wait for something before a test fails."""

LONGEST = 5.0
"""Seconds of its own work after which an app that is never done is left to itself.

Not of the clock: a page takes up to 0.8 seconds of work, and on a busy machine a second has passed long before that.
"""

PATIENCE_WITH_THREADS = 100
"""How many times threads are looked at, each half a millisecond after the other: a test may hold one.

Looks and no seconds: on a busy machine a thread that has not been let run is waited for as long as that takes.
"""

_in_threads = 0
"""How many calls tasks wait for that threads carry out."""


async def until(pilot: Pilot[Any], holds: Callable[[], bool], what: Callable[[], str] = str) -> None:
    """Wait until something holds; `what` tells what was waited for."""
    limit = time.monotonic() + PATIENCE
    await pilot.pause()
    while not holds():
        assert time.monotonic() < limit, what() or "it never came to hold"
        await asyncio.sleep(0.004)
        await pilot.pause()


async def threads_done() -> None:
    """Wait for what threads carry out, but for one that a test holds: with Textual's own waits nobody else does."""
    for _ in range(PATIENCE_WITH_THREADS):
        if not _in_threads:
            return
        await asyncio.sleep(0.0005)


def wait_for_what_is_left() -> None:
    """Let Pilot wait until an app has nothing left to do."""
    asyncio.wrap_future = asyncio.futures.wrap_future = _counted
    for owner, name, value in _OURS:
        setattr(owner, name, value)


def wait_as_textual_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test run with Textual's own waits."""
    for owner, name, value in _TEXTUALS:
        monkeypatch.setattr(owner, name, value)


async def _settled(app: App[Any]) -> None:
    loop: Any = asyncio.get_running_loop()
    begun, looks = time.thread_time(), 0
    while time.thread_time() - begun < LONGEST and app._exception is None:
        await asyncio.sleep(0)
        if loop._ready:
            continue
        if not _painted(app):
            if not _in_threads or looks > PATIENCE_WITH_THREADS:
                return
            looks += 1
            await asyncio.sleep(0.0005)


def _painted(app: App[Any]) -> bool:
    """Paint what is due to be painted, and call what waits for that; returns whether anything was due."""
    if not app._screen_stack or app._batch_count or not app.screen.is_current:
        return False
    screen = app.screen
    due = (
        screen._dirty_widgets,
        screen._callbacks,
        screen._layout_required,
        screen._scroll_required,
        screen._repaint_required,
        screen._recompose_required,
    )
    if not any(due):
        return False
    screen._on_timer_update()
    return True


async def _wait_for_idle(_min_sleep: float = 0, _max_sleep: float = 1) -> None:
    await _settled(active_app.get())


async def _wait_for_screen(pilot: Pilot[Any], _timeout: float = LONGEST) -> bool:
    await _settled(pilot.app)
    return pilot.app._exception is None


def _counted(*arguments: Any, **options: Any) -> asyncio.Future[Any]:
    global _in_threads
    future: asyncio.Future[Any] = _wrap_future(*arguments, **options)
    if not future.done():
        _in_threads += 1
        future.add_done_callback(_uncounted)
    return future


def _uncounted(_future: asyncio.Future[Any]) -> None:
    global _in_threads
    _in_threads -= 1


_wrap_future = asyncio.wrap_future
_OURS: tuple[tuple[Any, str, Any], ...] = (
    (textual.app, "wait_for_idle", _wait_for_idle),
    (textual.pilot, "wait_for_idle", _wait_for_idle),
    (Pilot, "_wait_for_screen", _wait_for_screen),
)
_TEXTUALS = tuple((owner, name, getattr(owner, name)) for owner, name, _ in _OURS)
