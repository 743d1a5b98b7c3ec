"""The practice environment's time and state on screen: its clock, and what it is saved as and made anew with."""

from pathlib import Path

from sob_tui.settings import own_scenarios
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


async def test_a_state_is_saved_and_loaded_and_it_is_asked_who_to_be_there(practice: Path) -> None:
    (own := own_scenarios()).mkdir(parents=True)
    (own / "[x] fel.toml").write_text("format = 2", "utf-8")
    elsewhere = open_store(practice, clock=lambda: NOW)
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("ctrl+p")
        await driver.type("spara")
        await driver.sees("Spara övningsmiljön som den är i en fil")
        await driver.press("enter")
        await driver.sees("Avbryt", "Ett namn blir en fil")
        await driver.press("ctrl+s")
        await driver.sees("✗ Skriv ett namn")
        await driver.type("mitt")
        await driver.press("ctrl+s")
        await driver.sees_no("Ett namn blir en fil")
        assert (own / "mitt.ndjson").is_file()
        move_clock(elsewhere, "+1d")
        await driver.press("ctrl+p")
        await driver.type("scenarier")
        await driver.sees("Gör om övningsmiljön med ett läge")
        await driver.press("enter")
        await driver.sees("Fel person i samma namn")
        await driver.press("end", "up")
        await driver.sees("mitt", "Sparad 22 nov 2026 10:00.", "✗ nyckeln title", "En annan fil …")
        await driver.press("enter")
        await driver.sees("! Övningsmiljön görs om för alla", "ÖVNINGSMILJÖ")
        await driver.press("ctrl+s")
        await driver.sees("Vem vill du öva som?")
        await driver.press("enter")
        await driver.sees("Andersson, Lena", "22 nov")
    assert elsewhere.change_no(1)
    assert elsewhere.clock() == NOW
    elsewhere.close()
