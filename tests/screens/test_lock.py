import pytest
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Input

from screens.lock import LockScreen
from tests.screens import painted
from tests.screens.frame import Frame, ListScreen


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["narrow", "wide"])
async def test_nothing_of_a_resident_is_seen(size: tuple[int, int]) -> None:
    app = Frame()
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        app.notify("Ahlberg, Sara: sparat")
        await pilot.press("f9")
        app.notify("Ahlberg, Sara: momentet är avslutat")
        await pilot.pause()
        shown = painted.text(app)
        assert "Ahlberg" not in shown
        assert "19800102" not in shown
        assert "Skärmen är låst" in shown
        assert "▌ÖVNINGSMILJÖ▐" in shown
        assert "Ahlberg" not in app.export_screenshot()


KEYS = ["a", "enter", "escape", "space", "tab", "f1", "f9", "ctrl+p", "f4", "f8", "ctrl+c", "n", "up"]


@pytest.mark.parametrize("key", KEYS)
async def test_any_key_leads_to_the_choice_of_person_and_does_nothing_else(key: str) -> None:
    app = Frame()
    asked: list[None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(LockScreen(practice=True), asked.append)
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
        assert asked == [None]
        assert isinstance(app.screen, ListScreen)
        assert app.is_running


async def test_two_keys_at_once_leave_it_once() -> None:
    app = Frame()
    asked: list[None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(LockScreen(practice=True), asked.append)
        await pilot.pause()
        await pilot.press("a", "up", "f9")
        assert asked == [None]


async def test_a_click_leads_there_too() -> None:
    app = Frame()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f9")
        await pilot.click(offset=(40, 12))
        await pilot.pause()
        assert isinstance(app.screen, ListScreen)


async def test_what_was_being_written_is_there_afterwards() -> None:
    class Writing(ModalScreen[None]):
        def compose(self) -> ComposeResult:
            yield Input()

    app = Frame()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(Writing())
        await pilot.press("h", "e", "j", "f9")
        assert app.locked
        await pilot.press("x")
        await pilot.pause()
        assert app.screen.query_one(Input).value == "hej"


async def test_a_real_store_has_no_band_and_a_name_is_only_text() -> None:
    app = Frame()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(LockScreen(practice=False, locked_by="[/x] Lind"))
        await pilot.pause()
        assert "[/x] Lind" in painted.text(app)
        assert "ÖVNINGSMILJÖ" not in painted.text(app)


async def test_no_notification_waits_for_whoever_comes() -> None:
    app = Frame()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.notify("Ahlberg, Sara: sparat")
        await pilot.press("f9")
        app.notify("Ahlberg, Sara: momentet är avslutat")
        await pilot.press("x")
        await pilot.pause()
        assert "Ahlberg, Sara: " not in painted.text(app)
        app.notify("Välkommen")
        await pilot.pause()
        assert "Välkommen" in painted.text(app)
