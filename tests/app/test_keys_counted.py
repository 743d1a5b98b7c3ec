"""The guide's everyday steps, in keys besides typed text, and ten matters in a row."""

from pathlib import Path

import pytest
from textual.widgets import TextArea

from screens.dialogs.handle_flag import HandleDialog
from screens.moment.messages.composer import Composer
from screens.moment.moment_screen import MomentScreen
from store.foundation.flag_kinds import Outcome
from tests.app.driver import Driver, running

TEN = (
    ("Håkansson, Jenny", "Svar ”Några dagar” på fråga 9"),
    ("Åkesson, Per-Erik", "Obesvarat: Förskolan"),
    ("Håkansson, Jenny", "Fem aktiviteter, oläst"),
    ("Håkansson, Jenny", "Måendeskattning 9 → 16"),
    ("Ödman, Sven", "Sömndagbok, oläst: 4 rader"),
    ("Håkansson, Jenny", "Modulen Utvärdering är klar"),
    ("Nowak, Piotr", "Ingen aktivitet sedan 2026-10-27"),
    ("Nowak, Piotr", "Sömnbesvär saknas sedan 2026-10-20"),
    ("Håkansson, Jenny", "Måendeskattning saknas sedan 2026-11-19"),
    ("Äng, Gun-Britt", "Har pågått längre än rekommenderade 365 dagar"),
)
"""What waits for OV01 in the practice store, in the queue's order: whom it is about, and what it is."""
TO_WRITE, TO_READ = ("Obesvarat",), ("Fem aktiviteter", "Sömndagbok")


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


async def test_a_tab_is_reached_by_name_from_a_residents_page_in_two_keys(
    practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Besides the name; what was being written is kept, what can't be is asked about, and a box is left standing."""
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena", "Mina 10")
        await driver.open_first()
        await driver.press("2", "n")
        await driver.until(lambda: isinstance(driver.app.focused, TextArea), "the message")
        await driver.type("Hej")
        jump = Counted(driver)
        await jump.press("ctrl+p")
        await driver.type("att g")
        await driver.sees("Stäng sidan och öppna fliken Att göra.")
        await jump.press("enter")
        await driver.sees("[1 Att göra", "▲ prioriterad")
        assert jump.pressed <= 2
        assert len(driver.app.screen_stack) == 1
        await driver.press("2")
        await driver.sees("[2 Mina")
        await driver.open_first()
        await driver.press("2")
        await driver.sees("UTKAST (1)")

        monkeypatch.setattr(MomentScreen, "is_typed_in", True)
        for seen in ("Det du har skrivit här", "[4 Avslutade"):
            await driver.press("ctrl+p")
            await driver.type("avslutade")
            await driver.sees("öppna fliken Avslutade.")
            await driver.press("enter")
            await driver.sees(seen)
        await driver.press("2")
        await driver.sees("[2 Mina")
        await driver.open_first()
        await driver.press("b")
        await driver.sees("Ny behandlare")
        await driver.press("ctrl+p")
        await driver.type("alla")
        await driver.sees("Hjälp: Programkatalogen")
        assert "öppna fliken Alla." not in driver.text

        await driver.press("escape", "escape", "f1")
        for seen in ("Det du har skrivit här", "[3 Alla"):
            await driver.press("ctrl+p")
            await driver.type("alla")
            await driver.sees("öppna fliken Alla.")  # the help waits for no answer
            await driver.press("enter")
            await driver.sees(seen)


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


async def test_reading_an_answer_and_going_back_takes_three_keys(practice: Path) -> None:
    """From the queue, and from the resident's page where another row has the cursor; what is read is marked."""
    async with running(practice) as driver:
        await driver.sees("Pågående")
        await driver.press("1")
        await driver.sees("Fem aktiviteter, oläst")
        await driver.press("down", "down")
        from_queue = Counted(driver)
        await from_queue.press("enter")
        await driver.sees("Tillfälle 1 av 1", "✓ läst 2026-11-22")
        await from_queue.press("escape")
        await driver.sees_no("Fem aktiviteter, oläst")
        await driver.sees("1 Att göra 11")
        assert from_queue.pressed <= 3

        await driver.press("2", "slash")
        await driver.type("Ödman")
        await driver.sees("Ödman, Sven", "Pågående (1 st)")
        await driver.press("enter", "enter")
        await driver.sees("INFORMATION OM MOMENTET")
        from_page = Counted(driver)
        await from_page.press("enter")
        await driver.sees("Raden togs inte emot")
        await from_page.press("escape")
        await driver.sees("INFORMATION OM MOMENTET")
        assert from_page.pressed <= 3


async def test_ten_matters_of_five_residents_take_thirty_keys(practice: Path) -> None:
    """All that `TEN` names is handled, one after another, an outcome other than the preselected one among them."""
    assert len({name for name, _ in TEN}) == 5
    async with running(practice) as driver:
        await driver.sees("Pågående")
        ten = Counted(driver)
        await ten.press("1")
        await driver.sees("Hantera\xa0flagga")
        await ten.press("enter")
        for number, (name, what) in enumerate(TEN, start=1):
            await driver.sees(f"Ärende {number} av 12", name, what[:40])
            if what.startswith(TO_WRITE):
                await driver.type("ja")
                await ten.press("ctrl+s")
            elif what.startswith(TO_READ):
                await ten.press("m")
                await driver.sees("väntar inte längre")
                await ten.press("ctrl+n")
            else:
                await ten.press("h")
                await driver.until(lambda: isinstance(driver.app.screen, HandleDialog), "the question")
                await driver.type("ringde")
                if number == 1:
                    await ten.press("tab", "2")
                    await driver.sees(f"(●) {Outcome.PLAN.words}")
                await ten.press("ctrl+s")
        await driver.sees("Ärende 11 av 12")
        assert ten.pressed <= 30
