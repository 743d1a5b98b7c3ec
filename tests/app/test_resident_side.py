"""The resident's side without a terminal: somebody of the practice environment acts there, and staff look at it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from screens import type_ahead
from screens.resident.form_screen import ResidentsFormScreen
from screens.resident.home import HomeScreen
from screens.resident.messages_screen import ThreadScreen
from screens.resident.options import Options
from screens.resident.plan_screen import ResidentsPlanScreen
from screens.resident.programs_screen import ProgramsScreen
from screens.resident.question import Question
from screens.resident.resident_app import ResidentApp
from screens.resident.side import Side
from screens.store_client import StoreClient
from store.care.activity_plans import NewActivity, NewPlan, make_plan
from store.care.endings import end_moment
from store.care.maintenance import maintain_moment
from store.care.messages import send_message
from store.care.recurrence import Recurrence
from store.care.safety_plan_text import SafetyTexts
from store.care.safety_plans import change_safety_plan
from store.foundation.access import OPERATOR
from store.foundation.store import Store
from store.opening import open_store
from store.people.sign_in import sign_in
from store.practice import play_resident
from store.views.residents_page import Part
from tests.app.driver import NOW, OV01, Driver, running
from tests.app.test_pictures import Picture, bare
from tests.screens.hostile import ESCAPES, LONG, MARKUP

SVEN, JENNY, OLLE = "195009072553", "198301272384", "202001012398"
HOME = "Nytt"


@asynccontextmanager
async def acting(path: Path, number: str, *, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Driver, Store]]:
    """Run the resident's side; the store is another terminal's way to the same file."""
    here, elsewhere = (open_store(path, clock=lambda: NOW) for _ in range(2))
    client = StoreClient(here.engine.url, practice=True, clock=here.clock, store=here)
    client.actor = play_resident(here, number)
    app = ResidentApp(client, number)
    async with app.run_test(size=size, notifications=True) as pilot:
        yield Driver(app, pilot), elsewhere  # type: ignore[arg-type]  # what it asks of an app every app has
    app.client.close()
    elsewhere.close()


def moment_of(store: Store, number: str, program: str) -> int:
    with store.lend() as db:
        found = db.value(
            "SELECT m.id FROM moment m JOIN resident r ON r.id = m.resident_id"
            " WHERE r.personnummer = :number AND m.program = :program",
            number=number,
            program=program,
        )
    return int(found)


def questions(driver: Driver) -> dict[str, Question]:
    return {one.item.link_id: one for one in driver.app.screen.query(Question)}


async def test_a_form_is_checked_field_by_field_and_a_message_sent(practice: Path, snapshot: SnapshotAssertion) -> None:
    async with acting(practice, SVEN) as (driver, elsewhere):
        await driver.sees(HOME, "ÖVNINGSMILJÖ", "Sven Ödman", "Sömndagbok")
        assert bare(await driver.picture()) == snapshot(name="start", extension_class=Picture)
        moment = moment_of(elsewhere, SVEN, "sovhjalpen")
        driver.app.push_screen(ResidentsFormScreen(driver.app.screen.side, "Start", "somndagbok"))  # type: ignore[attr-defined]
        await driver.sees("Vilken morgon gäller det?")
        assert all(one.highlighted is None for one in driver.app.screen.query(Options)), "a cursor, where no focus is"
        await driver.type("2026-11-22")
        await driver.press("tab")
        await driver.type("2230x")
        await driver.press("tab")
        await driver.sees("är inte ett klockslag. Skriv timmar och minuter så här: 22:30.")
        assert bare(await driver.picture()) == snapshot(name="fel", extension_class=Picture)
        await driver.press("ctrl+s")
        await driver.sees("Något är inte rätt ifyllt")
        driver.app.screen.frame._show_read(None)  # type: ignore[attr-defined]  # something on the unit has changed
        await driver.sees("Något är inte rätt ifyllt")
        assert driver.app.screen.focused is questions(driver)["sangs"].first
        await driver.press("escape")
        await driver.sees("Det du har skrivit", HOME)
        driver.app.push_screen(ResidentsFormScreen(driver.app.screen.side, "Start", "somndagbok"))  # type: ignore[attr-defined]
        await driver.sees("2230x")
        for link, text in (
            ("sangs", "22:15"),
            ("lade", "22:30"),
            ("somnade", "20"),
            ("vaken", "10"),
            ("vaknade", "06:30"),
            ("upp", "07:00"),
        ):
            driver.app.screen.set_focus(field := questions(driver)[link].first)
            await driver.press("end", *["backspace"] * len(getattr(field, "value", "")))
            await driver.type(text.replace(":", "")[:2] + ":" + text[3:] if ":" in text else text)
        await driver.press("ctrl+s")
        await driver.sees("Formuläret är skickat. Tack!", HOME)
        with elsewhere.lend() as db:
            answered = db.value("SELECT max(answers) FROM formanswer WHERE answers LIKE '%2026-11-22%'")
        assert '"lade":["22:30"]' in answered
        assert '"sangs":["22:15"]' in answered

        driver.app.push_screen(ThreadScreen(driver.app.screen.side, "Start", None, fresh=frozenset()))  # type: ignore[attr-defined]
        await driver.sees("Rubrik", "Skriv här")
        await driver.press("tab", "ctrl+s")
        await driver.sees("Meddelandet är tomt")
        driver.app.screen.query_one("#message").text = MARKUP + ESCAPES  # type: ignore[attr-defined]
        await driver.press("ctrl+s")
        await driver.sees("Meddelandet är skickat.", HOME)
        with elsewhere.work(sign_in(elsewhere, OV01)) as work:
            send_message(work, moment, "Tack för ditt svar [/x]", heading="Svar")
        await driver.sees("1 nytt meddelande från din behandlare")
        await driver.press("m")
        await driver.sees("● Svar", "1 nytt", "Min konversation")
        await driver.press("enter")
        await driver.sees("Tack för ditt svar [/x]", "Karin Lindqvist")
        await driver.press("escape", "down", "enter")
        await driver.sees("[/x] [b]fet[/b]", "Sven Ödman")
        with elsewhere.lend() as db:
            assert not db.has("SELECT 1 FROM message WHERE read_at IS NULL AND text LIKE 'Tack för ditt svar%'")
        driver.app.screen.query_one("#message").text = LONG + "x"  # type: ignore[attr-defined]
        await driver.press("ctrl+s")
        await driver.sees("högst")
        await driver.press("ctrl+q")
        await driver.sees("inte skickat.")
        await driver.press("f1")
        await driver.sees("0770 - 72 00 00", "Tangenter")
        assert "ÖVNINGSMILJÖ" in driver.text


async def test_what_others_do_shows_and_what_can_no_longer_be_done_is_said(practice: Path) -> None:
    async with acting(practice, JENNY) as (driver, elsewhere):
        await driver.sees("Nedstämdhet – pågår", "KomIgång online – går att läsa")
        moment = moment_of(elsewhere, JENNY, "nedstamdhet")
        await driver.press("enter")
        await driver.sees("● Fyll i: Måendeskattning", "g Mina\xa0resultat")
        await driver.press("g")
        await driver.sees("Måendeskattning (högst 27)", "16  egen nivå: ganska mycket")
        await driver.press("escape")
        await driver.sees(HOME)
        clinician = sign_in(elsewhere, OV01)
        with elsewhere.work(clinician) as work:
            maintain_moment(work, moment)
        await driver.sees("Programmet är i vidmakthållande läge. Du kan läsa allt igen")
        assert "Fyll i" not in driver.text
        driver.app.push_screen(ResidentsFormScreen(driver.app.screen.side, "Start", "maendeskattning"))  # type: ignore[attr-defined]
        await driver.sees("det går att läsa, men inte att svara")
        assert "ctrl+s" not in driver.text
        await driver.press("escape", "s")
        await driver.sees("planen går att läsa, men inte att", "Om det är bråttom")
        await driver.press("escape")
        with elsewhere.work(clinician) as work:
            end_moment(work, moment, "Övrigt", confirmed=True)
        await driver.sees("Programmet är avslutat.", HOME)


async def test_activities_are_marked_and_the_plan_is_changed(practice: Path) -> None:
    async with acting(practice, JENNY) as (driver, elsewhere):
        await driver.sees("Nedstämdhet – pågår")
        moment = moment_of(elsewhere, JENNY, "nedstamdhet")
        clinician = sign_in(elsewhere, OV01)
        with elsewhere.work(clinician) as work:
            make_plan(work, moment, NewPlan("Rörelse", (NewActivity("Promenad [/x]", Recurrence(())),)))
        await driver.press("enter")
        await driver.sees("1 aktivitet i dag")
        await driver.press("a")
        await driver.sees("Promenad [/x]", "i dag")
        await driver.press("enter")
        await driver.sees("Hur gick det?")
        await driver.press("down", "enter", "tab")
        await driver.type("Regn")
        await driver.press("ctrl+s")
        await driver.sees("✗ inte gjort  Promenad [/x] – Regn")
        await driver.press("escape", "s", "e")
        await driver.sees("Hur du märker att en kris är på väg.")
        await driver.type("Sover")
        await driver.press("escape")
        await driver.sees("e Ändra", "Inget är skrivet än.")
        assert driver.app._leave.is_needed
        with elsewhere.work(clinician) as work:
            change_safety_plan(work, moment, SafetyTexts(what_helps="Ring Bo"), 0)
        await driver.sees("Ring Bo")
        await driver.press("e")
        await driver.sees("Det här skrev du förra gången.")
        await driver.press("ctrl+s")
        await driver.sees("så din ändring är inte gjord")
        await driver.press("ctrl+s")
        await driver.sees("Säkerhetsplanen är sparad.")
        with elsewhere.lend() as db:
            (newest,) = db.rows("SELECT warning_signs, saved_as FROM safetyplan ORDER BY id DESC LIMIT 1")
        assert newest == ("Sover", "invånare")


async def test_an_ombud_acts_for_a_child(practice: Path) -> None:
    async with acting(practice, OLLE) as (driver, _):
        await driver.sees(HOME, "Du är ombud för Olle Bergqvist Lund.")
        assert driver.app.client.actor is not None
        assert driver.app.client.actor.name != "Olle Bergqvist Lund"


async def test_whose_number_is_gone_is_signed_out(practice: Path) -> None:
    async with acting(practice, SVEN) as (driver, elsewhere):
        await driver.sees(HOME)
        with elsewhere.work(OPERATOR) as work:
            work.db.run("UPDATE resident SET personnummer = '193101019994' WHERE personnummer = :number", number=SVEN)
            work.changed(1)
        await driver.sees("Sidan går inte längre att visa")
        assert "Formulär" not in driver.text
        await driver.press("escape")
        await driver.sees("Du är utloggad: personnumret finns inte längre")
        assert "Sovhjälpen" not in driver.text


async def test_who_has_no_program_is_told_so(practice: Path) -> None:
    async with acting(practice, "200001012384") as (driver, elsewhere):
        await driver.sees("Du har inget program just nu.")
        with elsewhere.lend() as db:
            assert not db.has("SELECT 1 FROM log WHERE outcome = 'nekat'")


async def test_staff_look_at_the_same_pages_and_change_nothing(practice: Path, snapshot: SnapshotAssertion) -> None:
    async with running(practice, OV01, size=(140, 40)) as driver:
        await driver.sees("Mina 10")
        await driver.press("1")
        await driver.sees("[1 Att göra", "▲ prioriterad", "väntat")
        await driver.press("enter")
        await driver.sees("RISKSVAR", "i Invånarens\xa0sida", "p Öppna\xa0momentet")
        await driver.press("i")
        await driver.sees("Så här ser invånaren sidan", "Fyll i: Måendeskattning", "Håkansson, Jenny")
        assert isinstance(driver.app.screen, HomeScreen)
        assert bare(await driver.picture()) == snapshot(name="behandlaren tittar", extension_class=Picture)
        await driver.press("enter")  # the cursor is on the form that the answer is to
        await driver.sees("Jag har varit så trött", "Så här ser invånaren sidan")
        assert all(control.disabled for one in driver.app.screen.query(Question) for control in (one.first,))
        assert "Skicka" not in driver.text
        await driver.press("escape")
        await driver.sees(HOME)
        await driver.press("escape", "p")
        await driver.sees("INFORMATION OM MOMENTET", "i Invånarens\xa0sida")
        await driver.press("i")
        await driver.sees("Så här ser invånaren sidan")
        await driver.press("s")
        await driver.sees("Säkerhetsplan", "Om det är bråttom")
        assert "e Ändra" not in driver.text
    store = open_store(practice, clock=lambda: NOW)
    with store.lend() as db:
        opened = db.rows("SELECT thing_id, acted_as FROM log WHERE operation = 'open_residents_side' ORDER BY id")
    assert opened == [
        (part, "ansvarig behandlare") for part in ("startsidan", "ett formulär", "startsidan", "säkerhetsplan")
    ]
    store.close()


async def test_one_is_the_resident_beside_the_clinicians_page(practice: Path) -> None:
    elsewhere = open_store(practice, clock=lambda: NOW)
    async with running(practice, size=(140, 40)) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("down")
        await driver.open_first()
        await driver.press("I")
        await driver.sees("Här är du invånaren.", "Lena Andersson. Behandlare:", "● Läs vidare", "F2 Byt\xa0sida")
        assert "b Byt" not in driver.text  # it would not do that here
        await driver.press("m")
        await driver.sees("n Skriv\xa0nytt")
        await driver.press("n")
        await driver.sees("Rubrik")
        await driver.type("aIb")
        await driver.press("tab")
        await driver.type("Hej")
        await driver.press("f2", "escape")
        await driver.sees("Det du har skrivit som invånare är inte skickat.", "b Byt")
        await driver.press("f2", "ctrl+s")
        await driver.sees("aIb – 2026-11-22", "1 OLÄST MEDDELANDE")
        await driver.press("f1")
        await driver.sees("0770 - 72 00 00", "HANTERA HÄNDELSER")
        await driver.press("f1", "f2", "w")
        await driver.sees("Avbryt")
        await driver.press("escape")
        with elsewhere.work(sign_in(elsewhere, OV01)) as work:
            maintain_moment(work, moment_of(elsewhere, "198001022386", "komigang-online"))
        await driver.sees("men inte att skriva.")
        await driver.press("I")
        await driver.sees_no("Här är du invånaren.")
        await driver.press("I")
        await driver.sees("Här är du invånaren.")
        await driver.pilot.resize_terminal(80, 24)
        await driver.sees_no("Här är du invånaren.")
        await driver.press("I")
        await driver.sees("--invanare 198001022386")
    with elsewhere.lend() as db:
        acted = db.rows("SELECT DISTINCT acted_as FROM log WHERE operation = 'open_residents_side'")
    assert acted == [("invånaren",)]
    elsewhere.close()


async def test_keys_wait_for_a_page_that_is_read_whatever_is_read_beneath_it(
    practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_, may_open = Side.open, asyncio.Event()

    async def slowly(side: Side, part: Part) -> None:
        await may_open.wait()
        await open_(side, part)

    async with acting(practice, JENNY) as (driver, _):
        await driver.sees("Nedstämdhet – pågår")
        await driver.press("enter")
        await driver.sees("s Säkerhetsplan")
        monkeypatch.setattr(Side, "open", slowly)
        await driver.press("s")
        programs = next(one for one in driver.app.screen_stack if isinstance(one, ProgramsScreen))
        await programs.reread().wait()
        await driver.press("e")
        await driver.until(lambda: [key.key for key in driver.app._waiting] == ["e"], "the key to be kept")
        may_open.set()
        await driver.sees("Hur du märker att en kris är på väg.")


async def test_a_page_that_is_closed_before_it_has_been_read_keeps_no_keys(
    practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type_ahead, "HOLD_SECONDS", 60.0)
    async with acting(practice, JENNY) as (driver, _):
        await driver.sees("Nedstämdhet – pågår")
        await driver.press("enter")
        await driver.sees("s Säkerhetsplan")
        monkeypatch.setattr(Side, "open", lambda _side, _part: asyncio.Event().wait())
        await driver.press("s")
        await driver.until(lambda: isinstance(driver.app.screen, ResidentsPlanScreen), "the page")
        assert driver.app._is_held
        driver.app.screen.dismiss(None)
        await driver.until(lambda: not driver.app._is_held, "the keys")
