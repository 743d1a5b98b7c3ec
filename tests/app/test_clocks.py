"""Clocks that show something else: what the app says of another client's, and whose time is on screen."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from screens.store_client import StoreClient
from sob_tui import clock_check
from store.foundation.client_clocks import ClientClocks
from store.foundation.clock import Instant
from store.opening import open_store
from tests.app.driver import NOW, running
from tests.clinics import Clinic

MARK = "KONTROLLERA KLOCKAN"


async def test_a_clock_that_differs_from_anothers_is_told_for_as_long_as_it_does(
    practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_check, "LOOK_SECONDS", 0.05)
    ahead = 121_000
    store = open_store(practice, clock=lambda: Instant(NOW + ahead))
    other = ClientClocks(store)
    async with running(practice) as driver:

        def told(holds: Callable[[], bool]) -> Callable[[], bool]:
            def tell() -> bool:
                other.tell()
                return holds()

            return tell

        await driver.sees("STARTA MOMENTET")
        await driver.until(told(lambda: MARK in driver.text), "the mark")
        await driver.sees("minuter efter en annan dators", "ÖVNINGSMILJÖ")
        await driver.open_first()
        assert MARK in driver.text
        ahead = 119_000
        await driver.until(told(lambda: MARK not in driver.text), "no mark")
        await driver.sees("Datorernas klockor går lika igen.")
    store.close()


@pytest.mark.parametrize("off", [-3, 3])
async def test_the_time_on_screen_is_the_servers(served: Clinic, monkeypatch: pytest.MonkeyPatch, off: int) -> None:
    shown: Callable[[], int] = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: shown() + off * 86_400_000_000_000)
    client = StoreClient(served.store.engine.url)
    await client.run(lambda: client.store.kind)
    assert abs(client.clock() - shown() // 1_000_000) < 60_000
    client.close()
