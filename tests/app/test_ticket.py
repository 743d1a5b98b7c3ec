"""Ärendeunderlag: F4 from any refusal, over any dialog, without a database; nothing of a resident."""

from contextlib import closing
from pathlib import Path

import pytest

from screens.dialogs.ticket import TicketDialog
from screens.marks import PROTECTED
from screens.refusals import notify_refusal
from screens.whom import whom_of
from store.foundation.errors import NotPermitted, Refused
from store.opening import open_store
from store.people.sign_in import sign_in
from store.people.unit_settings import change_unit
from tests.app.driver import OV01, OV03, Driver, move, running
from tests.screens import hostile as texts

UNTOLD = "(beskriv vad som hände)"


async def opened(driver: Driver) -> str:
    """Open the text and copy it; returns what was copied."""
    await driver.press("f4")
    await driver.sees("Ärende: Stöd och behandling i terminalen")
    await driver.press("c")
    await driver.sees("Ärendeunderlaget har skickats")
    return driver.app.clipboard


async def test_without_a_refusal_there_is_room_for_words(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        told = await opened(driver)
        assert f"Meddelande: {UNTOLD}" in told
        assert f"HSA-id: {OV01}" in told
        assert "(SE2321000040-OVN1)" in told
        assert "Tid: 2026-11-22 10:00" in told
        assert f"Version: {driver.app.version}" in told
        await driver.press("f4")
        await driver.sees_no("Skickas till")
        assert "Andersson, Lena" in driver.text


async def test_the_sentence_of_a_refusal_in_a_dialog_over_the_dialog(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await driver.start_dialog("198001029999")
        await driver.sees("✗")
        sentence = driver.app.last_refusal
        assert sentence
        told = await opened(driver)
        assert f"Meddelande: {sentence}" in told
        assert "9999" not in told
        await driver.press("escape")
        await driver.sees("Starta nytt moment", "Avbryt", "✗")


async def test_what_is_not_a_refusal_is_not_remembered(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        driver.app.notify("Andersson, Lena: sparat")
        driver.app.notify("▲ Ny prioriterad flagga: Andersson", severity="warning", timeout=15)
        assert driver.app.last_refusal == ""
        driver.app.screen.notify(Refused("Det går inte.").message, severity="warning")
        await driver.until(lambda: driver.app.last_refusal == "Det går inte.", "the refusal")


async def test_what_is_refused_says_of_whom_but_not_to_the_support(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        lena, masked = (whom_of("Berg, Åsa", "Sovhjälpen", is_protected=one) for one in (False, True))
        said = {
            "Berg, Åsa · Sovhjälpen: Det går inte. Inget är sparat.": (Refused("Det går inte."), lena),
            f"{PROTECTED} · Sovhjälpen: Det går inte. Inget är sparat.": (Refused("Det går inte."), masked),
            f"{NotPermitted().message} Inget är sparat.": (NotPermitted(), lena),
        }
        for refusal, whom in said.values():
            notify_refusal(driver.app, refusal, whom=whom, then="Inget är sparat.")
            assert driver.app.last_refusal == f"{refusal.message} Inget är sparat."
        told = driver.app._notifications
        await driver.until(lambda: said.keys() <= {one.message for one in told}, "all of them")


async def test_a_lost_database(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        away = move(practice, "borta.sqlite")
        await driver.press("3")
        await driver.sees("Ingen kontakt med databasen.")
        await driver.until(lambda: driver.app.last_refusal != "", "the sentence")
        told = await opened(driver)
        assert "Meddelande: Ingen kontakt med databasen." in told
        assert f"HSA-id: {OV01}" in told
        assert "(SE2321000040-OVN1)" in told
        assert "Skickas till: " in told
        move(away, practice.name)


async def test_a_dialog_that_lost_the_database(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await driver.open_first()
        await driver.press("w")
        await driver.sees("Sätt i vidmakthållande läge")
        away = move(practice, "borta.sqlite")
        await driver.press("ctrl+s")
        await driver.sees("Ingen kontakt med databasen.")
        assert "Meddelande: Ingen kontakt med databasen." in await opened(driver)
        move(away, practice.name)


@texts.together
async def test_a_hostile_sentence_is_only_text(hostile: str, practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        driver.app.notify(hostile, severity="error")
        await driver.pilot.pause()
        driver.app.clear_notifications()  # it would lie over the text
        told = await opened(driver)
        assert all(texts.is_clean(line) for line in told.split("\n"))
        assert told.count("\nHSA-id: ") == told.count("\nMeddelande: ") == 1
        assert all(texts.is_clean(line.replace("\xa0", " ")) for line in driver.text.split("\n"))
        assert driver.app.is_running


async def test_nothing_of_who_has_left_on_the_choice_of_person_nor_under_the_lock(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        driver.app.notify("Det går inte.", severity="warning")
        await driver.press("f9")
        await driver.sees("Skärmen är låst")
        await driver.press("f4")
        await driver.sees("Vem vill du öva som?", "OV01")
        assert not isinstance(driver.app.screen, TicketDialog)
        await driver.press("f4")
        await driver.app.workers.wait_for_complete(w for w in driver.app.workers if w.group == "ticket")
        assert not any(isinstance(screen, TicketDialog) for screen in driver.app.screen_stack)


async def test_another_person_begins_without_a_sentence(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        driver.app.notify("Det går inte.", severity="warning")
        await driver.press("f9", "x")
        await driver.sees("Vem vill du öva som?", "OV02")
        await driver.press("down", "enter")
        await driver.until(lambda: driver.app.last_refusal == "", "nothing")


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["narrow", "wide"])
async def test_it_fits(size: tuple[int, int], practice: Path) -> None:
    async with running(practice, size=size) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("f4")
        await driver.sees("Ärende: ", "Meddelande: ", "Kopiera", "Stäng")


async def test_whom_the_unit_turns_to_stands_wherever_help_is_found(practice: Path) -> None:
    own = "Ring Anna på 040-1. [/x]"
    with closing(open_store(practice)) as store, store.work(sign_in(store, OV03)) as work:
        change_unit(work, support=own)
    async with running(practice, size=(120, 60)) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("f1")
        await driver.sees("Överallt", f"Fel i plattformen: {own}", "0770 - 72 00 00")
        await driver.press("f1")
        await driver.open_first()
        await driver.press("k")
        await driver.sees("Frågor om plattformen", own)


async def test_the_help_opens_without_a_database(practice: Path) -> None:
    async with running(practice, size=(120, 90)) as driver:
        await driver.sees("Andersson, Lena")
        move(practice, "borta.sqlite")
        await driver.press("f1")
        await driver.sees("Överallt", "Fel i plattformen: IT-kundservice, telefon 14141")
