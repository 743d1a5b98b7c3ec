"""The practice clock on screen: moved in the app, and by somebody else."""

from pathlib import Path

from store.opening import open_store
from store.practice.clock import FORWARD, move_clock
from tests.app.driver import NOW, running


async def test_the_clock_is_moved_in_the_palette_and_followed_where_another_moved_it(practice: Path) -> None:
    elsewhere = open_store(practice, clock=lambda: NOW)
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena", "22 nov")
        move_clock(elsewhere, "+1d")
        await driver.sees("23 nov")
        await driver.press("ctrl+p")
        await driver.type("klockan")
        await driver.sees("Låt tid gå i övningsmiljön")
        await driver.press("enter")
        await driver.sees("Ställ fram klockan · nu 23 nov 2026", "ÖVNINGSMILJÖ")
        await driver.type("-1d")
        await driver.press("ctrl+s")
        await driver.sees(FORWARD[:40])
        await driver.press("home", "delete")
        await driver.press("ctrl+s")
        await driver.sees("Nu är det 24 nov 2026", "1 dygn,")
    assert elsewhere.change_no(1)
    assert elsewhere.clock() == NOW + 2 * 86_400_000
    elsewhere.close()
