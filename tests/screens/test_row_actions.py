"""What is done from the rows of a list: for each in a transaction of its own, and what can't be done said of each."""

from functools import partial
from typing import Any

import pytest

from store.care.flags import add_flag
from store.care.maintenance import maintain_moment
from store.care.starting import start_moment
from store.care.templates import save_own_template
from store.foundation.errors import StoreUnreachable
from tests.app.driver import Driver
from tests.clinics import ADULT, CHILD, ELSEWHERE, GUARDIAN, Clinic
from tests.screens.whole import at_work, keys

PEOPLE = (ADULT, CHILD, GUARDIAN)


@pytest.fixture
def moments(filed: Clinic) -> list[int]:
    """Three moments, the last in maintenance; and a template."""
    found = [filed.start(number, "prov") for number in PEOPLE]
    with filed.store.work(filed.clinician) as work:
        maintain_moment(work, found[2])
        save_own_template(work, "Påminnelse", "Hej {förnamn}! Hur går det?")
    return found


async def mark_all(driver: Driver, number: int = 3) -> None:
    await driver.sees("Pågående", "g Åtgärda")
    for place in range(number):
        await driver.press("space", "down")
        await driver.sees(f"{place + 1} markerad")


async def choose(driver: Driver, *downs: int) -> None:
    """Choose what is done, and what is asked after it."""
    await driver.press("g")
    await driver.sees("Vad ska göras")
    for number in downs:
        before = driver.app.screen
        await driver.press(*["down"] * number, "enter")
        await driver.until(partial(_is_another, driver, before), "the next question")


def _is_another(driver: Driver, before: object) -> bool:
    return driver.app.screen is not before


def sent(clinic: Clinic) -> list[tuple[Any, ...]]:
    return clinic.rows(
        "SELECT c.moment_id, m.text FROM message m JOIN conversation c ON c.id = m.conversation_id ORDER BY 1"
    )


async def test_a_reminder_goes_to_those_who_stay_ticked_and_why_not_is_said_of_each(
    filed: Clinic, moments: list[int]
) -> None:
    async with at_work(filed) as driver:
        await mark_all(driver)
        await choose(driver, 0, 0)
        await driver.sees("Hej {förnamn}!", "[x] Berg", "Ångest – prov")
        await driver.press("enter")
        await driver.sees("[ ] ")
        await driver.press("ctrl+s")
        await driver.sees("Gick inte att göra", "vidmakthållande")
        await driver.press("escape")
        await driver.sees("✓ påmind", "✗ gick inte", "2 markerade.")
        ((moment, text),) = sent(filed)
        assert moment in moments[:2]
        assert text.startswith("Hej ")
        assert "{" not in text
        outcome = "SELECT outcome FROM log WHERE operation = 'send_message' ORDER BY id"
        assert sorted(filed.rows(outcome)) == [("gjort",), ("nekat",)]
        await driver.press("escape")
        await driver.sees_no("[x]")
        assert "Esc" not in keys(driver)


async def test_an_answer_that_was_lost_is_asked_for_again_and_nothing_is_done_twice(
    filed: Clinic, moments: list[int]
) -> None:
    async with at_work(filed) as driver:
        carry_out, lost = driver.app.client.carry_out, [2]

        async def losing(command: Any, operation: Any, *args: Any, **options: Any) -> Any:
            found = await carry_out(command, operation, *args, **options)
            lost[0] -= 1
            if lost[0] == 0:
                raise StoreUnreachable
            return found

        driver.app.client.carry_out = losing  # type: ignore[method-assign]
        await mark_all(driver, 2)
        await choose(driver, 0, 0)
        await driver.sees("Hej {förnamn}!")
        await driver.press("ctrl+s")
        await driver.sees("Ingen kontakt med databasen.")
        await driver.press("ctrl+s")
        await driver.sees("Gjort för 2 av 2.", "✓ påmind")
        assert [moment for moment, _ in sent(filed)] == sorted(moments[:2])
        assert "[x]" not in driver.text


async def test_the_next_module_is_named_first_and_marks_outlive_a_refresh(filed: Clinic, moments: list[int]) -> None:
    async with at_work(filed) as driver:
        await mark_all(driver, 2)
        with filed.store.work(filed.admin) as work:  # at another terminal
            start_moment(work, ELSEWHERE, "prov", responsible=filed.clinician.hsa_id)
        await driver.sees("Pågående (3 st)", "2 markerade.")
        await choose(driver, 2)
        await driver.sees("Ångest – prov · ")
        await driver.press("ctrl+s")
        await driver.sees("✓ öppnad", "Gjort för 2 av 2.")
        opened = "SELECT moment_id FROM log WHERE operation = 'open_module' AND outcome = 'gjort' ORDER BY 1"
        assert [moment for (moment,) in filed.rows(opened)] == moments[:2]

        await driver.press("home")
        await choose(driver, 1)  # a form, of the cursor's row alone
        await driver.press("enter")
        await driver.sees("begärs.")
        await driver.press("ctrl+s")
        await driver.sees("✓ begärd", "är begärt.")
        await choose(driver, 3)
        await driver.sees("[2 Meddelanden]", "NY KONVERSATION")


async def test_from_the_queue_a_resident_is_done_for_once_however_many_matters_are_marked(
    filed: Clinic, moments: list[int]
) -> None:
    for text in ("Ring.", "Boka."):
        with filed.store.work(filed.clinician) as work:
            add_flag(work, moments[0], text)
    async with at_work(filed) as driver:
        await driver.sees("Att göra 2")
        await driver.press("1")
        await driver.sees("Ålder", "g Åtgärda")
        await driver.press("space", "down", "space")
        await driver.sees("2 markerade.")
        await choose(driver, 0, 0)
        await driver.press("ctrl+s")
        await driver.sees("✓ påmind", "Mallen Påminnelse är skickad.")
        assert [moment for moment, _ in sent(filed)] == moments[:1]
        assert "[x]" not in driver.text
