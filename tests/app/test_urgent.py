"""A new prioriterad flagga while one works elsewhere in the app: word of it, once and without a name."""

import json
from pathlib import Path

import pytest

from screens.queue.watch import urgent_words
from store.care.flags import add_flag
from store.care.form_answers import answer_form
from store.foundation.access import OPERATOR
from store.foundation.flag_kinds import Severity
from store.foundation.identity import PersonalNumber
from store.foundation.store import Store
from store.opening import open_store
from store.people.residents import as_resident, find_person
from store.people.sign_in import sign_in
from tests.app.driver import NOW, OV01, OV02, OV03, Driver, running

TOP, PAGE = urgent_words(1, on_top=True), urgent_words(1, on_top=False)
RESIDENT = "198001022386"


def elsewhere(path: Path) -> Store:
    """Another terminal's store."""
    return open_store(path, clock=lambda: NOW)


def raise_priority(store: Store, by: str = OV01, text: str = "Ring [/x] genast") -> None:
    """Raise a priority flag in a moment of somebody's."""
    actor = sign_in(store, by)
    with store.work(actor) as work:
        rows = work.db.rows(
            "SELECT id FROM moment WHERE responsible_id = :who AND status = 'pagaende' ORDER BY id", who=actor.staff_id
        )
        add_flag(work, rows[0][0], text, severity=Severity.PRIORITY)


def said(driver: Driver) -> list[str]:
    """What the notifications say."""
    return [one.message for one in driver.app._notifications]


def shown_now(driver: Driver) -> set[str]:
    """Which notifications stand there: what is said again is another one, in the place of the first."""
    return {one.identity for one in driver.app._notifications}


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_on_the_lists_it_is_said_once_with_the_way_there(practice: Path, size: tuple[int, int]) -> None:
    store = elsewhere(practice)
    async with running(practice, OV02, size=size) as driver:
        await driver.sees("Mina", "Att göra 26")  # counted: the first look has been made
        assert said(driver) == []  # what was there when the work began is no news
        raise_priority(store)
        await driver.until(lambda: TOP in said(driver), "the word of it")
        first = shown_now(driver)
        raise_priority(store, text="En till")
        await driver.until(lambda: first.isdisjoint(shown_now(driver)), "the word of the second")
        assert said(driver) == [TOP]
        await driver.press("1")
        await driver.sees("Ring [/x] genast", "En till")
        await driver.press("2")
        await driver.sees("[2 Mina")
        assert said(driver) == [TOP]
    assert "Andersson" not in TOP + PAGE
    store.close()


async def test_on_a_residents_page_and_over_it(practice: Path) -> None:
    store = elsewhere(practice)
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena", "Att göra 1")
        await driver.open_first()
        raise_priority(store, OV02)
        await driver.until(lambda: said(driver) == [PAGE], "the word of it")
        await driver.press("b")
        await driver.sees("Ny behandlare")
        first = shown_now(driver)
        raise_priority(store, OV02)
        await driver.until(lambda: first.isdisjoint(shown_now(driver)), "the word of it")
        assert said(driver) == [PAGE]
    store.close()


async def test_who_has_the_queue_before_them_sees_it_there(practice: Path) -> None:
    store = elsewhere(practice)
    async with running(practice, OV02) as driver:
        await driver.sees("Mina", "Att göra")
        await driver.press("1")
        await driver.sees("[1 Att göra", "▲ prioriterad")
        raise_priority(store)
        await driver.sees("Ring [/x] genast")
        assert said(driver) == []
    store.close()


async def test_it_waits_while_the_screen_is_locked(practice: Path) -> None:
    store = elsewhere(practice)
    async with running(practice, OV02) as driver:
        await driver.sees("Mina", "Att göra 26")  # counted: what is there by then is no news
        await driver.press("f9")
        await driver.sees("Skärmen är låst")
        raise_priority(store)
        for _ in range(20):
            await driver.pilot.pause(0.1)
        assert said(driver) == []
        await driver.press("x")
        await driver.sees("Vem vill du öva som?")
        await driver.press("down", "enter")
        await driver.until(lambda: said(driver) in ([TOP], [PAGE]), "the word of it")
    store.close()


async def test_who_is_no_clinician_hears_nothing(practice: Path) -> None:
    store = elsewhere(practice)
    async with running(practice, OV03) as driver:
        await driver.sees("Min profil")
        seen = driver.app._changes.number
        raise_priority(store)
        await driver.until(lambda: driver.app._changes.number > seen, "the change")
        assert said(driver) == []
    store.close()


async def test_a_risk_answer_stands_on_top_at_once(practice: Path) -> None:
    store = elsewhere(practice)
    async with running(practice, OV02, size=(140, 40)) as driver:
        await driver.sees("Mina", "Att göra")
        await driver.press("1")
        await driver.sees("[1 Att göra", "▲ prioriterad")
        with store.read(OPERATOR) as work:
            found = find_person(work, PersonalNumber("198301272384"))
            assert found is not None
            resident = as_resident(work.db, found, work.today)
            ((moment,),) = work.db.rows(
                "SELECT id FROM moment WHERE resident_id = :who AND program = 'nedstamdhet'", who=found.id
            )
        answers = {str(number): 1 for number in range(1, 9)} | {"9": 2}
        with store.work(resident) as work:
            assert answer_form(work, moment, "maendeskattning", json.dumps(answers)) == []
        await driver.sees("Svar ”De flesta dagar”")
    store.close()


async def test_the_text_for_the_record_is_offered_of_whom_was_handled_wherever_one_is_then(practice: Path) -> None:
    async with running(practice, OV01, size=(140, 40)) as driver:
        await driver.sees("Mina", "Att göra 12")
        await driver.press("1")
        await driver.sees("[1 Att göra", "Väntar", "Håkansson, Jenny", "på fråga 9")
        await driver.press("J")  # nothing is offered yet
        await driver.press("h")
        await driver.sees("Hantera flagga")
        await driver.press(*"Ringde", "ctrl+s")
        await driver.until(lambda: len(said(driver)) == 1, "that it is handled")
        assert said(driver) == ["Håkansson, Jenny · Nedstämdhet: Flaggan är hanterad. J visar journalunderlaget."]
        await driver.press("J")
        await driver.sees("RISKSVAR", "Måendeskattning", "av Karin Lindqvist", ": Ringde")
        assert said(driver) == [], "nothing lies over the text"
        await driver.press("escape")
        await driver.sees("Åkesson, Per-Erik", "Förskolan")
        await driver.press("enter")
        await driver.sees("Förskolan", "Meddelanden")
        await driver.press("escape", "J")  # Esc leaves the text field
        await driver.sees("‹ Tillbaka", "Håkansson, Jenny", "RISKSVAR")
        await driver.press("escape")
        await driver.sees("Åkesson, Per-Erik")
        await driver.press("K")
        await driver.sees("Notera kontakt")
        await driver.press("7", "ctrl+s")
        await driver.until(lambda: any("Kontakten är noterad. J visar" in one for one in said(driver)), "the offer")
        await driver.press("J")
        await driver.sees("‹ Tillbaka", "Åkesson, Per-Erik", "Telefon, 7 min, Karin Lindqvist")
        await driver.press("escape", "enter")
        await driver.sees("Förskolan", "Skicka meddelande")
        await driver.press(*"Hej", "ctrl+s")
        await driver.sees("Per-Erik · KomIgång online: Meddelandet är skickat. J visar", "Fem aktiviteter", "● oläst")
        await driver.press("m")
        await driver.sees("✓ läst", "Per-Erik · KomIgång online: Meddelandet är skickat.", "J visar journalunderlaget.")
        await driver.until(lambda: driver.text.count("J visar") == 1, "the offer of the form, no longer of the message")
        await driver.press("J")
        await driver.sees("‹ Tillbaka", "Håkansson, Jenny", "Fem aktiviteter", "FORMULÄR")
