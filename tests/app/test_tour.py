"""The tour's offer, and the strip: it covers nothing, and goes when it is told to."""

import threading
from pathlib import Path

import pytest

from screens.widgets.title_bar import BAND
from sob_tui.app import SobApp
from store.foundation.clock import days_after
from tests.app.driver import NOW, OV03, Driver, running
from tests.waits import PATIENCE


async def chosen(driver: Driver) -> None:
    await driver.sees("Vem vill du öva som?", "OV01")
    await driver.press("enter")


async def test_the_offer_is_declined_once_and_for_all_and_the_tour_is_in_the_commands(practice: Path) -> None:
    async with running(practice, None) as driver:
        await chosen(driver)
        await driver.sees("Ny här?", "Esc Nej", BAND)
        await driver.press("escape")
        await driver.sees("Enter Öppna")
        assert "Rundtur" not in driver.text
    async with running(practice, None) as driver:
        await chosen(driver)
        await driver.sees("Pågående", "Enter Öppna")
        await driver.press("ctrl+p")
        await driver.sees("Sök kommando")
        await driver.type("rundtur")
        await driver.sees("Fem skärmar")
        await driver.press("enter")
        await driver.sees("Rundtur 1/5")
        await driver.press("f1")
        await driver.sees("─ Hjälp ─", BAND)
        await driver.press("f1", "n")
        await driver.sees("Starta nytt moment", "Rundtur 1/5", BAND, "Avbryt")
        dialog = driver.app.screen
        strip, box = dialog.query_one("Strip"), dialog.query_one("#box")
        assert not strip.region.overlaps(box.region)
        assert not strip.region.overlaps(dialog.query_one("KeyBar").region)
        await driver.press("f3")
        await driver.sees_no("Rundtur")
        assert "Starta nytt moment" in driver.text


async def test_who_can_start_nothing_is_told_who_can(practice: Path) -> None:
    app = SobApp(str(practice), OV03, clock=lambda: NOW, tour=True)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await Driver(app, pilot).sees("det gör en behandlare", "F7")
    app.client.close()


async def test_who_comes_after_weeks_is_told_once_what_has_happened(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Pågående")
        assert not driver.app._strips.is_shown
    async with running(practice, now=days_after(NOW, 21)) as driver:
        await driver.sees("Senast du var här: 22 nov 2026", "7 nya flaggor", "Att göra")
        await driver.press("f7")
        await driver.sees("Vem vill du öva som?")
        await driver.press("down", "enter")
        await driver.sees("Johan Nordahl", "Pågående")
        await driver.sees_no("Senast du var här")  # it was another person's
    async with running(practice, now=days_after(NOW, 22)) as driver:
        await driver.sees("Pågående")
        await driver.app.workers.wait_for_complete()
        assert not driver.app._strips.is_shown


async def test_closing_while_the_day_s_rules_run_ends_well(practice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, let_go = threading.Event(), threading.Event()

    def held(_store: object) -> None:
        begun.set()
        let_go.wait(PATIENCE)

    monkeypatch.setattr("store.care.day_run.catch_up", held)
    async with running(practice) as driver:
        await driver.until(begun.is_set, "the day's rules")
        await driver.press("ctrl+q")
        await driver.until(lambda: not driver.app.is_running, "the end")
        let_go.set()
    assert driver.app.return_code == 0
