"""*Meddelandemallar*: whose may be changed by whom, and the dialog."""

from functools import partial

import pytest
from textual.widgets import Input, TextArea

from screens.dialogs.template import FILLED_IN
from store.care.messages import MESSAGE_LIMIT
from store.care.templates import (
    PLACEHOLDERS,
    TITLE_LIMIT,
    remove_own_template,
    save_own_template,
    save_unit_template,
)
from store.foundation.access import Role
from tests.app.driver import Driver
from tests.clinics import Clinic
from tests.screens import hostile as texts
from tests.screens import painted
from tests.screens.whole import LOST, SIZES, STANDS, at_work, focus, keys, open_tab, paste, said, taken_away

OWN, UNITS = "Bra jobbat", "Välkommen"
TEXT = "Hej {förnamn}!\n\nVälkommen till {program}."


@pytest.fixture
def filed(filed: Clinic) -> Clinic:
    """The clinician has a template, and so has the unit; a colleague's is nobody else's."""
    with filed.store.work(filed.clinician) as work:
        save_own_template(work, OWN, "Fortsätt så, {förnamn}!")
    with filed.store.work(filed.colleague) as work:
        save_own_template(work, "Kollegans", "Bara min.")
    with filed.store.work(filed.someone(Role.ACCESS_ADMIN)) as work:
        save_unit_template(work, UNITS, TEXT)
    return filed


async def own(driver: Driver) -> None:
    await open_tab(driver, "Min profil")
    await driver.sees("Ta emot notifieringar")
    await driver.press("m")
    await driver.sees("‹ Min profil", "Tillbaka")


async def units(driver: Driver) -> None:
    await open_tab(driver, "Enhet")
    await driver.sees("Betjäningsområde")
    await driver.press("m")
    await driver.sees("‹ Enhet", "Tillbaka")


async def dialog(driver: Driver, key: str = "n") -> None:
    await driver.press(key)
    await driver.sees("Titel", "Spara mallen")


async def closed(driver: Driver) -> None:
    """Wait until the dialog is gone: the field in it looks as the row does."""
    await driver.sees_no("Spara mallen")


def stored(clinic: Clinic) -> list[tuple[str, str, bool]]:
    rows = clinic.rows("SELECT title, text, staff_id FROM messagetemplate ORDER BY id")
    return [(title, text, staff is None) for title, text, staff in rows]


@SIZES
async def test_a_clinician_sees_the_own_ones_and_the_units_which_are_marked(
    filed: Clinic, size: tuple[int, int]
) -> None:
    async with at_work(filed, size=size) as driver:
        await own(driver)
        await driver.sees(f"▌{OWN}", UNITS, "Fortsätt så, {förnamn}!")
        assert "Kollegans" not in driver.text
        (line,) = (line for line in painted.lines(driver.app) if UNITS in line)
        assert "enhetens" in line
        assert keys(driver) == {"Enter": "Ändra", "n": "Ny mall", "x": "Ta bort", "Esc": "Tillbaka"}
        await driver.press("down")
        await driver.sees("Välkommen till {program}.")
        assert keys(driver) == {"Enter": "Läs", "n": "Ny mall", "Esc": "Tillbaka"}


async def test_a_clinician_only_reads_the_units(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await own(driver)
        await driver.press("down", "x", "enter")
        await driver.sees("Stäng", "Välkommen till {program}.")
        assert "Spara" not in driver.text
        await driver.press("escape", "escape")
        await driver.sees("Ta emot notifieringar")
    assert len(stored(filed)) == 3


async def test_a_new_one_is_written_by_keys_alone(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await own(driver)
        await driver.press("n", *"Tack", "tab", *"Hej", "enter", *"du", "ctrl+s")
        await driver.sees("Mallen är sparad.", "▌Tack")
        assert keys(driver)["x"] == "Ta bort"
    assert stored(filed)[-1] == ("Tack", "Hej\ndu", False)


async def test_the_dialog_says_what_can_be_filled_in(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await own(driver)
        await dialog(driver)
        shown = said(driver)
        assert FILLED_IN in shown
        for name, meaning in PLACEHOLDERS.items():
            assert f"{{{name}}} {meaning}" in shown
        assert "ctrl+s Spara" in shown


WRONG = [
    ("", "Hej", "Mallen behöver en titel.", "title"),
    ("Tack", " \n ", "Mallen är tom.", "text"),
    ("Tack", "Hej {namn}!", "{namn} går inte att fylla i.", "text"),
    ("Å" * (TITLE_LIMIT + 1), "Hej", "Texten är för lång: högst 60 tecken, nu 61.", "title"),
    ("Tack", "Å" * (MESSAGE_LIMIT + 1), "Texten är för lång: högst 10000 tecken, nu 10001.", "text"),
]


def _says(driver: Driver, words: str) -> bool:
    return words in said(driver)


async def test_what_will_not_do_is_refused_at_its_field(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await own(driver)
        await dialog(driver)
        for title, text, sentence, field in WRONG:
            screen = driver.app.screen
            screen.query_one("#title", Input).value = ""
            screen.query_one("#text", TextArea).text = ""
            screen.query_one("#title").focus()
            await driver.pilot.pause()
            await paste(driver, title)
            await driver.press("tab")
            await paste(driver, text)
            await driver.press("ctrl+s")
            await driver.until(partial(_says, driver, f"✗ {sentence}"), sentence)
            assert focus(driver) == field
            assert len(stored(filed)) == 3
            assert screen.query_one("#text", TextArea).text == text


async def test_ten_thousand_characters_are_saved_and_read(filed: Clinic) -> None:
    text = "Å" * MESSAGE_LIMIT
    async with at_work(filed) as driver:
        await own(driver)
        await driver.press("n", *"A")
        await driver.sees("Spara mallen")
        await driver.press("tab")
        await paste(driver, text)
        await driver.press("ctrl+s")
        await driver.sees("Mallen är sparad.", "▌A", "ÅÅÅÅ")
    assert stored(filed)[-1] == ("A", text, False)


async def test_changing_keeps_the_cursor_on_it(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await own(driver)
        await dialog(driver, "enter")
        await driver.sees("Ändra mallen", OWN, "Fortsätt så, {förnamn}!")
        await driver.press("end")
        await driver.type(" igen")
        await driver.press("ctrl+s")
        await driver.sees("Mallen är sparad.", f"▌{OWN} igen")
    assert stored(filed)[0] == (f"{OWN} igen", "Fortsätt så, {förnamn}!", False)


async def test_removing_asks_first_and_the_safe_answer_has_the_focus(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await own(driver)
        await driver.press("x")
        await driver.sees("Ta bort mallen", OWN, "Meddelanden som har skrivits från den ändras inte.")
        assert focus(driver) == "cancel"
        await driver.press("enter")
        await driver.sees_no("Avbryt")
        assert len(stored(filed)) == 3
        await driver.press("x")
        await driver.sees("Avbryt")
        await driver.press("tab", "enter")
        await driver.sees("Mallen är borttagen.", f"▌{UNITS}")
        await driver.sees_no(OWN)
    assert [title for title, _, _ in stored(filed)] == ["Kollegans", UNITS]


async def test_the_administrator_writes_changes_and_removes_the_units(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await units(driver)
        await driver.sees(f"▌{UNITS}")
        assert OWN not in driver.text
        assert "Enhetens mallar kan användas av alla" in said(driver)
        await dialog(driver)
        await driver.type("Nytt")
        await driver.press("tab", *"Hej", "ctrl+s")
        await closed(driver)
        await driver.sees("▌Nytt")
        await dialog(driver, "enter")
        await driver.press("end", *"are", "ctrl+s")
        await closed(driver)
        await driver.sees("▌Nyttare")
        assert stored(filed)[-1] == ("Nyttare", "Hej", True)
        await driver.press("x")
        await driver.sees("Mallen försvinner för alla på enheten.")
        await driver.press("ctrl+s")
        await driver.sees("Mallen är borttagen.")
    assert [title for title, _, _ in stored(filed)] == [OWN, "Kollegans", UNITS]


async def test_without_any_it_says_what_to_do(filed: Clinic) -> None:
    filed.run("DELETE FROM messagetemplate")
    async with at_work(filed) as driver:
        await own(driver)
        await driver.sees("Inga mallar än. Tryck n för att skriva en.")
        assert keys(driver) == {"n": "Ny mall", "Esc": "Tillbaka"}
        await driver.press("n", *"Tack", "tab", *"Hej", "ctrl+s")
        await closed(driver)
        await driver.sees("▌Tack")
        await driver.sees_no("Inga mallar än.")
        assert focus(driver) == "list"


async def test_what_another_adds_comes_by_itself_and_the_cursor_stays(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await own(driver)
        await driver.press("down")
        await driver.sees(f"▌{UNITS}")
        with filed.store.work(filed.someone(Role.ACCESS_ADMIN)) as work:
            save_unit_template(work, "Adjö", "Hej då!")
        await driver.sees("Adjö", f"▌{UNITS}", "Välkommen till {program}.")


async def test_one_that_is_removed_elsewhere_becomes_a_new_one_by_who_is_told_so(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await own(driver)
        await dialog(driver, "enter")
        with filed.store.work(filed.clinician) as work:
            remove_own_template(work, 1)
        await driver.press("end", *"!", "ctrl+s")
        await driver.sees("Mallen har tagits bort sedan du öppnade den.", f"{OWN}!")
        await driver.press("ctrl+s")
        await driver.sees("Mallen är sparad.")
    assert (f"{OWN}!", False) in [(title, is_units) for title, _, is_units in stored(filed)]


@pytest.mark.parametrize("deed", ["write", "remove"])
async def test_the_database_taken_away_and_back(filed: Clinic, deed: str) -> None:
    async with at_work(filed) as driver:
        await own(driver)
        if deed == "write":
            await dialog(driver, "enter")
            await driver.press("end", *"!")
        else:
            await driver.press("x")
            await driver.sees("Avbryt")
        with taken_away(filed):
            await driver.press("ctrl+s")
            await driver.until(lambda: STANDS in said(driver), STANDS)
        await driver.press("ctrl+s")
        await driver.sees_no("Avbryt")
        await driver.sees_no(LOST)
    assert [title for title, _, _ in stored(filed)][:1] == ([f"{OWN}!"] if deed == "write" else ["Kollegans"])


async def test_the_list_says_that_the_database_is_gone_and_comes_back(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        await own(driver)
        await driver.sees(OWN)
        with taken_away(filed):
            await driver.sees(f"! {LOST}", OWN)
        await driver.sees_no(LOST)


@texts.together
async def test_hostile_texts_are_only_texts(filed: Clinic, hostile: str) -> None:
    connection = filed.store.engine.connect()
    connection.run("UPDATE messagetemplate SET title = :text, text = :text", text=hostile)
    connection.driver.close()
    async with at_work(filed, size=(140, 40)) as driver:
        await own(driver)
        await driver.sees(f"▌{hostile[:3]}")
        for key, words in (("enter", "Spara mallen"), ("x", "Avbryt"), ("down", "Läs"), ("enter", "Stäng")):
            await driver.press(key)
            await driver.sees(words)
            assert all(texts.is_clean(line.replace("\xa0", " ")) for line in painted.lines(driver.app))
            if key != "down":
                await driver.press("escape")
                await driver.sees("‹ Min profil", "Tillbaka")
        assert driver.app.is_running


@texts.together
async def test_hostile_texts_can_be_written(filed: Clinic, hostile: str) -> None:
    async with at_work(filed) as driver:
        await own(driver)
        await driver.press("n", *"Tack")
        await driver.sees("Spara mallen")
        await driver.press("tab")
        await paste(driver, hostile)
        await driver.press("ctrl+s")
        await driver.sees("Mallen är sparad.", "▌Tack")
    assert texts.is_clean(stored(filed)[-1][1].replace("\n", " "))
