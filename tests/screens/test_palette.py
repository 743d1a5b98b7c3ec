from typing import Any

from textual.command import CommandInput
from textual.pilot import Pilot

from screens.lock import LockScreen
from screens.palette import SwedishPalette
from screens.themes import LIGHT
from tests.screens import painted
from tests.screens.frame import Frame, ListScreen
from tests.waits import until


async def open_with(pilot: Pilot[None], words: str = "") -> str:
    await pilot.press("ctrl+p")
    if words:
        pilot.app.screen.query_one(CommandInput).value = words
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    return painted.text(pilot.app)


async def test_it_offers_the_screens_commands_in_the_key_bars_order_and_then_the_themes() -> None:
    async with Frame().run_test(size=(100, 50)) as pilot:
        shown = await open_with(pilot)
        order = [
            "Starta nytt moment  n",
            "Sök  /",
            "Filtrera  f",
            "Hjälp  F1",
            "Lås  F9",
            "appen  ctrl+q",
            "Hög kontrast",
        ]
        assert [shown.index(words) for words in order] == sorted(shown.index(words) for words in order)
        assert "Sök på namn eller personnummer." in shown
        assert "Sök kommando, hjälp eller invånare …" in shown


async def test_nothing_of_textuals_own_is_offered() -> None:
    async with Frame().run_test(size=(100, 50)) as pilot:
        shown = await open_with(pilot)
        for words in ("Screenshot", "Maximize", "Theme", "Quit", "Keys", "Search", "Show"):
            assert words not in shown
        assert "Mörkt tema" not in shown, "it is the one in use"


async def test_a_search_finds_and_enter_runs() -> None:
    app = Frame()
    async with app.run_test(size=(100, 50), notifications=True) as pilot:
        shown = await open_with(pilot, "nytt mom")
        assert "Visa bara en del" not in shown
        await pilot.press("enter")
        await until(pilot, lambda: "Moment startat [/x]." in painted.text(app))
        assert not isinstance(app.screen, SwedishPalette)


async def test_a_theme_is_chosen() -> None:
    app = Frame()
    async with app.run_test(size=(100, 50)) as pilot:
        await open_with(pilot, "ljust")
        await pilot.press("enter")
        await pilot.pause()
        assert app.theme == LIGHT.name


async def test_a_command_that_opens_a_screen_opens_it_over_the_page() -> None:
    app = Frame()
    async with app.run_test(size=(100, 50)) as pilot:
        await open_with(pilot, "lås")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, LockScreen)


async def test_no_hit_is_said_in_swedish() -> None:
    async with Frame().run_test(size=(100, 50)) as pilot:
        shown = await open_with(pilot, "qqq")
        assert "Inget kommando heter så." in shown
        pilot.app.screen.query_one(CommandInput).value = "sortera"
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "Inget kommando" not in painted.text(pilot.app)
        assert "Sortera  s" in painted.text(pilot.app)


async def test_esc_closes_it_and_it_opens_only_once() -> None:
    app: Any = Frame()
    async with app.run_test(size=(100, 50)) as pilot:
        await open_with(pilot)
        await pilot.press("ctrl+p")
        assert len(app.screen_stack) == 2
        await pilot.press("escape")
        assert isinstance(app.screen, ListScreen)
