import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from textual.command import CommandInput, Hit, Hits, Provider
from textual.pilot import Pilot
from textual.widgets import Input

from screens import palette
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
        shown = await open_with(pilot, "sok")
        assert "Sök  /" in shown, "å ä ö are found by a and o"
        await pilot.press("escape")
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
        assert "Inget heter så." in shown
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


class _Late(Provider):
    """Finds what is asked for by each query, once the test says so."""

    asked: ClassVar[dict[str, asyncio.Event]] = {}
    chosen: ClassVar[list[str]] = []

    async def discover(self) -> Hits:
        return
        yield

    async def search(self, query: str) -> Hits:
        await self.asked.setdefault(query, asyncio.Event()).wait()
        choose: Callable[[], None] = lambda: self.chosen.append(query)  # noqa: E731
        yield Hit(1, f"Funnet för {query}", choose, text=query, help="")


class _Slow(Provider):
    """Commands that the test lets come."""

    may_come: ClassVar[asyncio.Event]
    chosen: ClassVar[list[str]] = []

    async def search(self, query: str) -> Hits:
        if len(query) > 1:
            await self.may_come.wait()
        choose: Callable[[], None] = lambda: self.chosen.append(query)  # noqa: E731
        yield Hit(1, f"Kommando {query}", choose, text=query, help="")


async def _nothing(_self: Provider, _query: str) -> Hits:
    """Find nothing."""
    return
    yield


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Frame:
    """An app whose palette searches by the two."""
    monkeypatch.setattr(palette, "PAUSE", 0)
    monkeypatch.setattr(Frame, "LATER_COMMANDS", (lambda: _Late,))
    monkeypatch.setattr(Frame, "COMMANDS", {lambda: _Slow})
    monkeypatch.setattr(_Late, "asked", {})
    monkeypatch.setattr(_Late, "chosen", [])
    monkeypatch.setattr(_Slow, "may_come", asyncio.Event(), raising=False)
    monkeypatch.setattr(_Slow, "chosen", [])
    return Frame()


async def test_what_is_found_before_the_commands_stays_under_them(held: Frame) -> None:
    async with held.run_test(size=(100, 30)) as pilot:
        await pilot.press("ctrl+p")
        held.screen.query_one(CommandInput).value = "ab"
        await until(pilot, lambda: "ab" in _Late.asked)
        _Late.asked["ab"].set()
        for _ in range(5):
            await pilot.pause(0)
        _Slow.may_come.set()
        await until(pilot, lambda: "Funnet för ab" in painted.text(held))
        await pilot.app.workers.wait_for_complete()
        assert painted.text(held).index("Kommando ab") < painted.text(held).index("Funnet för ab")


async def test_what_was_asked_for_other_words_is_never_shown(held: Frame) -> None:
    async with held.run_test(size=(100, 30)) as pilot:
        await pilot.press("ctrl+p")
        typed = held.screen.query_one(CommandInput)
        typed.value = "a"
        await until(pilot, lambda: "a" in _Late.asked)
        with held.screen.prevent(Input.Changed):  # the key is pressed, and the palette has not heard of it yet
            typed.value = "x"
        _Late.asked["a"].set()
        await pilot.app.workers.wait_for_complete()
        assert "Funnet" not in painted.text(held)


async def test_enter_after_a_burst_runs_what_is_found_for_all_of_it(held: Frame) -> None:
    async with held.run_test(size=(100, 30)) as pilot:
        await pilot.press("ctrl+p", "a")
        await until(pilot, lambda: "Kommando a" in painted.text(held))
        await pilot.press("b", "enter")
        assert _Slow.chosen == []
        _Slow.may_come.set()
        await until(pilot, lambda: bool(_Slow.chosen))
        assert _Slow.chosen == ["ab"]


async def test_esc_while_enter_waits_closes_it_and_runs_nothing(held: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Slow, "search", _nothing)
    async with held.run_test(size=(100, 30)) as pilot:
        await pilot.press("ctrl+p")
        held.screen.query_one(CommandInput).value = "ab"
        await until(pilot, lambda: "ab" in _Late.asked)
        await pilot.press("enter", "escape")
        await until(pilot, lambda: isinstance(held.screen, ListScreen))
        _Late.asked["ab"].set()
        await pilot.pause()
        assert _Late.chosen == []


@pytest.mark.parametrize(("finds", "chosen"), [(True, ["ab"]), (False, [])])
async def test_enter_where_no_command_is_found_waits_for_the_rest(
    held: Frame, monkeypatch: pytest.MonkeyPatch, finds: bool, chosen: list[str]
) -> None:
    monkeypatch.setattr(_Slow, "search", _nothing)
    if not finds:
        monkeypatch.setattr(_Late, "search", _nothing)
    async with held.run_test(size=(100, 30)) as pilot:
        await pilot.press("ctrl+p")
        held.screen.query_one(CommandInput).value = "ab"
        if finds:
            await until(pilot, lambda: "ab" in _Late.asked)
        await pilot.press("enter")
        assert _Late.chosen == []
        if finds:
            _Late.asked["ab"].set()
            await until(pilot, lambda: bool(_Late.chosen))
        await pilot.app.workers.wait_for_complete()
        assert _Late.chosen == chosen
