"""The help where somebody is at work: about the page beneath, from the palette, and the catalogue of programs."""

from contextlib import closing
from pathlib import Path

from store.care.program_opening import close_program
from store.foundation.access import OPERATOR
from store.opening import open_store
from store.people.sign_in import sign_in
from store.people.unit_settings import change_unit
from tests.app.driver import OV03, running
from tests.app.test_units import OVN1


async def test_it_is_about_the_page_beneath_and_found_from_the_palette_too(practice: Path) -> None:
    with closing(open_store(practice)) as store, store.work(sign_in(store, OV03)) as work:
        change_unit(work, super_users="Berit Ek, 040-1 [/x]")
    async with running(practice, size=(120, 70)) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("f1")
        await driver.sees("Kolumnerna i listorna", "enhetens superanvändare (Berit Ek, 040-1 [/x])", "Programkatalogen")
        assert "Aktivitetsplan" not in driver.text
        await driver.press("escape", "4", "1")
        await driver.sees("har väntat")
        await driver.press("f1")
        await driver.sees("Att göra: kön", "Prioriterad flagga", "Jag tar den")
        await driver.press("escape", "ctrl+p")
        await driver.sees("Sök kommando")
        await driver.type("superanvändare")
        await driver.sees("Hjälp: Superanvändare")
        await driver.press("enter")
        await driver.sees("Hjälp · Superanvändare", "Berit Ek", "[/x]")


async def test_the_catalogue_follows_what_is_opened_and_closed(practice: Path) -> None:
    async with running(practice, size=(120, 40)) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("ctrl+p")
        await driver.sees("Sök kommando")
        await driver.type("programkat")
        await driver.sees("Visa alla program")
        await driver.press("enter")
        await driver.sees("‹ Tillbaka", "Sovhjälpen", "Sandell, Elin", "Den som startar det ska ha utbildning.")
        with closing(open_store(practice)) as store, store.work(OPERATOR) as work:
            close_program(work, "komigang-online", OVN1)
        await driver.sees("inte öppet", "Kontakta din chef")
        await driver.press("escape")
        await driver.sees("1 Att göra")
