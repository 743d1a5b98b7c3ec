"""The guide's everyday steps, in keys besides typed text: start, switch, end, answer."""

from pathlib import Path

from screens.moment.messages.composer import Composer
from tests.app.driver import Driver, running


class Counted:
    """Presses keys and counts them; what is typed is not counted."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.pressed = 0

    async def press(self, *keys: str) -> None:
        self.pressed += len(keys)
        await self.driver.press(*keys)


async def test_the_everyday_steps_take_few_keys(practice: Path) -> None:
    """Start at most 5, switch 5, end 5 and one more where something unhandled is listed."""
    async with running(practice) as driver:
        await driver.sees("Pågående")
        start = Counted(driver)
        await start.press("n")
        await driver.sees("Avbryt", "Starta nytt moment")
        await driver.type("200001012384")
        await start.press("tab")
        await driver.sees("20000101-2384")
        await start.press("enter")
        await driver.type("sov")
        await start.press("enter", "ctrl+s")
        await driver.sees("▌Ekdahl, Sofia")
        beneath = len(driver.app.screen_stack)
        assert start.pressed <= 5

        switch = Counted(driver)
        await driver.press("enter")
        await driver.sees("INFORMATION OM MOMENTET")
        await switch.press("b")
        await driver.sees("Ny behandlare")
        await switch.press("enter", "down", "enter", "ctrl+s")
        await driver.until(lambda: len(driver.app.screen_stack) == beneath, "the page to close")
        assert switch.pressed <= 5

        end = Counted(driver)
        await driver.press("home", "enter")
        await driver.sees("INFORMATION OM MOMENTET")
        await end.press("a")
        await driver.sees("Avslutningsorsak")
        await end.press("enter", "down", "enter", "ctrl+s")
        await driver.until(
            lambda: len(driver.app.screen_stack) == beneath or "en gång till" in driver.text, "the end, or a question"
        )
        is_asked = len(driver.app.screen_stack) > beneath  # something unhandled is listed
        if is_asked:
            await end.press("ctrl+s")
        await driver.until(lambda: len(driver.app.screen_stack) == beneath, "the page to close")
        assert end.pressed <= 5 + is_asked


async def test_an_answer_takes_three_keys(practice: Path) -> None:
    """From the resident's page: 2, n (or Enter on a conversation), the text, ctrl+s."""
    async with running(practice) as driver:
        await driver.press("2", "enter")
        await driver.sees("INFORMATION OM MOMENTET")
        answer = Counted(driver)
        await answer.press("2")
        await driver.sees("NY KONVERSATION")
        await answer.press("n")
        await driver.until(lambda: bool(driver.app.screen.query(Composer)), "the field")
        await driver.type("hej")
        await answer.press("ctrl+s")
        await driver.sees("går strax iväg")
        assert answer.pressed <= 3
