"""*Vårdgivare*: the tab above the units, its dialogs, and what is typed wrong in them."""

import pytest

from screens.dialogs.provider import CloseProgramDialog, changes, settings_text
from store.foundation.access import OPERATOR, Role
from store.foundation.errors import Refused
from store.people.assignments import give_role
from store.people.provider_settings import ProviderSettings
from store.people.provider_units import add_unit
from tests.app.driver import Driver
from tests.clinics import CHILD, COLLEAGUE, HERE, Clinic
from tests.screens import hostile as texts
from tests.screens import painted
from tests.screens.whole import LOST, at_work, keys, said, taken_away

NEW = "SE2321000040-NEW2"


async def write(driver: Driver, *fields: str) -> None:
    """Type in one field after the other."""
    for number, text in enumerate(fields):
        if number:
            await driver.press("tab")
        await driver.type(text)


async def test_the_whole_work_by_keys_alone(filed: Clinic) -> None:
    filed.start(CHILD, "prov", confirmed=True)
    async with at_work(filed, Role.PROVIDER_ADMIN) as driver:
        await driver.sees("5 Vårdgivare", "▌Enhet Ett", "! bara", "Vårdgivaradministratörer:", "prov: öppet, version 1")
        assert keys(driver) == {
            "Enter": "Visa",
            "p": "Öppna/stäng program",
            "n": "Ny enhet",
            "b": "Namn och kontakt",
            "f": "Per program",
            "s": "Inställningar",
        }
        await driver.press("n")
        await driver.sees("Länets två siffror.")
        await write(driver, "ingenting", "Enhet [/x]")
        await driver.press("ctrl+s")
        await driver.sees("Ett HSA-id är SE")
        await driver.press("end", *["backspace"] * len("ingenting"))
        await driver.type(NEW)
        await driver.press("ctrl+s")
        await driver.sees("Enhet [/x] är tillagd.", "! ingen")
        await driver.press("home")
        await driver.sees("▌Enhet [/x]", "Inga program är öppna")
        await driver.press("p")
        await driver.sees("inte öppet")
        await driver.press("enter")
        await driver.sees("KomIgång online: öppet, version 1.1; inga moment")
        await driver.press("down", "b")
        await driver.sees(f"Namn och kontakt · {HERE}")
        await driver.press("tab")
        await driver.type("Eva Ek")
        await driver.press("ctrl+s")
        await driver.sees("Kontakt: Eva Ek")
        await driver.press("f")
        await driver.sees("▌KomIgång online", "Enhet [/x]: öppet")
        await driver.press("down")
        await driver.sees("Enhet Ett: öppet, version 1; 1 moment")
        await driver.press("p")
        await driver.sees("Öppna eller stäng Ångest")
        await driver.press("down", "enter")
        await driver.until(lambda: isinstance(driver.app.screen, CloseProgramDialog), "the question")
        await driver.sees("De som pågår fortsätter.")
        await driver.press("ctrl+s")
        await driver.sees("Enhet Ett: stängt; 1 moment (1 i version 1)")
        await driver.press("enter")
        await driver.sees("Stäng")
    assert filed.rows("SELECT name, contact FROM unit WHERE id = :id", id=filed.here) == [("Enhet Ett", "Eva Ek")]


async def test_the_settings_are_saved_and_what_is_wrong_stands_at_its_field(filed: Clinic) -> None:
    async with at_work(filed, Role.PROVIDER_ADMIN, size=(140, 40)) as driver:
        await driver.sees("Gallringsbeslut saknas.", "PROGRAM")
        await driver.press("s")
        await driver.sees("Loggen sparas, år", "HSLF-FS 2016:40")
        await write(driver, "Gallras efter tio år.", "RS 1", "nyår")
        await driver.press("ctrl+s")
        await driver.sees("nyår är inget datum.")
        await driver.press(*["backspace"] * len("nyår"), "tab", "tab", "tab", "tab", "end", "backspace", "4")
        await driver.press("ctrl+s")
        await driver.sees("Loggen ska sparas i minst 5 år")
        await driver.press("backspace", "5", "tab", "tab")
        await driver.type("35")
        with taken_away(filed):
            await driver.press("ctrl+s")
            await driver.sees(LOST)
        await driver.press("ctrl+s")
        await driver.sees("Vårdgivarens inställningar är sparade.")
        await driver.sees_no("Gallringsbeslut saknas.")
        assert "35" not in said(driver)
    kept = filed.rows("SELECT purge_decision, purge_reference, log_years, backup_days FROM careprovider")
    assert kept == [("Gallras efter tio år.", "RS 1", 5, 35)]


async def test_what_others_change_shows_by_itself(filed: Clinic) -> None:
    """What is told by the change number of the level above: not once half a minute has gone."""
    provider = filed.value("SELECT hsa_id FROM careprovider")
    async with at_work(filed, Role.PROVIDER_ADMIN) as driver:
        await driver.sees("▌Enhet Ett", "prov: öppet, version 1")
        with filed.store.work(OPERATOR) as work:
            add_unit(work, NEW, "Enhet Ny", region="05", provider=provider)
        await driver.sees("Enhet Ny")
        with filed.store.work(filed.someone(Role.ACCESS_ADMIN)) as work:
            give_role(work, COLLEAGUE, Role.ACCESS_ADMIN, "Semester", confirmed=True)
        await driver.sees("Kim T1colleague")
    before = filed.store.change_no_above(provider)
    filed.start(CHILD, "prov", confirmed=True)
    assert filed.store.change_no_above(provider) == before, "a moment makes nobody wait for a row of all units"


HELD = ProviderSettings("SE1-P", "Region", "", "", "", "", "", 5, 5, "", 0)


def test_only_what_differs_is_written() -> None:
    typed = settings_text(HELD)
    assert changes(typed, HELD) == {}
    assert vars(typed)["backup_days"] == ""
    other = type(typed)(**{**vars(typed), "backup_days": "3x", "agreement_ends": "", "agreement": "A"})
    assert changes(other, HELD) == {"backup_days": -1, "agreement": "A"}
    with pytest.raises(Refused) as refused:
        changes(type(typed)(**{**vars(typed), "agreement_ends": "nyår"}), HELD)
    assert refused.value.field == "avtal-slut"


async def test_a_text_that_attacks_is_shown_as_it_is(filed: Clinic) -> None:
    hostile = texts.MARKUP + texts.WIDE + texts.BIDI + texts.ESCAPES
    filed.run("UPDATE unit SET name = :text, contact = :text", text=hostile)
    filed.run("UPDATE careprovider SET agreement = :text", text=hostile)
    async with at_work(filed, Role.PROVIDER_ADMIN) as driver:
        await driver.sees("Enhet", "KomIgång online: öppet")
        for key, words in (("p", "Öppna eller stäng program"), ("b", "Namn och kontakt"), ("s", "Gallringsbeslut")):
            await driver.press(key)
            await driver.sees(words)
            assert all(texts.is_clean(line.replace("\xa0", " ")) for line in painted.lines(driver.app))
            await driver.press("escape")
        assert all(texts.is_clean(line.replace("\xa0", " ")) for line in painted.lines(driver.app))
