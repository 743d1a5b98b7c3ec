"""How the tests wait for an app.

Textual's Pilot takes an app for idle when the process has used little of the processor for 20 ms, and looks that
often: it sleeps for two thirds of the time of a test. Here it looks every 4 ms. What a test looks for it waits for
itself, by `until`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import textual._wait
from textual.pilot import Pilot

PATIENCE = 15.0
"""Seconds to wait for something before a test fails."""


_OWN: tuple[tuple[Any, str, Any], ...] = tuple(
    (owner, name, getattr(owner, name))
    for owner, name in (
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
