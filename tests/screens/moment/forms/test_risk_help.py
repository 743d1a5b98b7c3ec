"""What stands with a risk answer: the answer in words, what was answered before, what the unit does, the number."""

from tests.app.driver import Driver
from tests.clinics import HIDDEN, Clinic
from tests.forms import given
from tests.screens.whole import at_work, said

INSTRUCTION = "Ring samma dag. [/x]"


def asked(clinic: Clinic, number: str) -> None:
    """Let somebody answer three times, the last time with a risk."""
    clinic.run("UPDATE resident SET mobile = '0701740605' WHERE personnummer = :number", number=number)
    clinic.run("UPDATE unit SET risk_instruction = :words WHERE id = :unit", words=INSTRUCTION, unit=clinic.here)
    moment = clinic.start(number, "prov")
    for day, answer in ((2, 0), (9, 0), (16, 2)):
        clinic.clock.set(2026, 3, day, 9)
        clinic.answer(moment, given(0, 0, answer), number=number)


async def at_answer(driver: Driver) -> str:
    await driver.sees("Mina", "Att göra")
    await driver.press("1")
    await driver.sees("[1 Att göra", "▲ prioriterad")
    await driver.press("enter")
    await driver.sees("RISKSVAR")
    return said(driver)


async def test_all_that_is_needed_stands_with_the_answer(filed: Clinic) -> None:
    asked(filed, "198001022386")
    async with at_work(filed, size=(100, 40)) as driver:
        text = await at_answer(driver)
        assert "Tidigare: 2026-03-09 A · 2026-03-02 A" in text
        assert "Invånarens mobilnummer: 0701740605" in text
        assert f"Enhetens instruktion: {INSTRUCTION}" in text
        assert "Ohanterad, väntat" in text


async def test_a_protected_residents_number_stays_masked(filed: Clinic) -> None:
    asked(filed, HIDDEN)
    async with at_work(filed, size=(100, 40)) as driver:
        text = await at_answer(driver)
        assert "Invånarens mobilnummer: ⛨ Skyddade uppgifter" in text
        assert "0701740605" not in text
        await driver.press("K")
        await driver.sees("Notera kontakt", "⛨ Skyddade uppgifter")
        await driver.press("7", "ctrl+s")
        sentence = "⛨ Skyddade uppgifter · Ångest – prov: Kontakten är noterad. J visar journalunderlaget."
        await driver.until(lambda: [one.message for one in driver.app._notifications] == [sentence], sentence)
        assert filed.value("SELECT count(*) FROM event WHERE kind = 'kontakt'") == 1
