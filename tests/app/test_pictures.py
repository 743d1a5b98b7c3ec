"""Pictures of every screen and dialog in the three themes. `pytest --snapshot-update` draws them anew."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.widgets import Input, TextArea

from screens.dialogs.box import Box
from screens.lists import MomentList
from screens.queue.tab import QueueTab
from screens.themes import THEMES
from store.care.duties import DutyKind, decide_duty
from store.care.purge_stops import stop_purge
from store.foundation.access import SYSTEM
from store.opening import open_store
from store.people.sign_in import sign_in
from store.practice.courses import begin_course
from store.practice.exercises.beginning import begin_exercise
from store.practice.exercises.judging import judge
from store.practice.exercises.keeping import keep
from store.practice.exercises.reading import shipped_exercises
from tests.app.driver import NOW, OV01, OV02, OV03, OV04, OV05, OV12, OV21, Driver, move, running
from tests.app.test_every_screen import DIALOGS

SIZE = (100, 30)

Walk = Callable[[Driver], Awaitable[object]]


class Picture(SingleFileSnapshotExtension):
    """A file for each picture."""

    _file_extension = "svg"
    _write_mode = WriteMode.TEXT


async def mine(driver: Driver) -> None:
    await driver.sees("Andersson, Lena", "Mina 10", "Att göra 12")


async def tab(driver: Driver, key: str, *words: str) -> None:
    await mine(driver)
    await driver.press(key)
    await driver.sees(*words)


async def queue(driver: Driver) -> None:
    await tab(driver, "1", "▲ prioriterad", "väntat")


async def in_queue(driver: Driver, words: str, *keys: str) -> None:
    """The queue, and keys pressed on it."""
    await queue(driver)
    await driver.press(*keys)
    await driver.sees(words)


async def empty_queue(driver: Driver) -> None:
    """The queue when all that waits has been taken care of."""
    await mine(driver)
    store = open_store(driver.app.client.url, clock=lambda: NOW)
    with store.work(SYSTEM) as work:
        work.db.run("UPDATE flag SET handled_at = 1, handled_by = 'x', note = 'x'")
        work.db.run("UPDATE formanswer SET read_at = coalesce(read_at, 1)")
        work.db.run("UPDATE conversation SET unread = 0, unanswered_at = NULL")
    store.close()
    await driver.press("1")
    await driver.sees("Inget väntar på dig just nu.", "Att göra 0")


async def setting_aside(driver: Driver) -> None:
    await in_queue(driver, "▌✉ meddelande", "down")
    await driver.until(lambda: "Skjut" in driver.text, "the key")
    await driver.press("u")
    await driver.sees("Skjut upp ärendet")
    await driver.press("tab", "enter")
    await driver.type("Bokad tid")
    await driver.sees("söndag 29 nov, ingen arbetsdag", "Bokad tid")


async def matter(driver: Driver, *words: str, down: int = 0) -> None:
    """What a row of the queue opens."""
    await queue(driver)
    await driver.press(*["down"] * down, "enter")
    await driver.sees("Ärende 1 av 12", *words)


async def message_matter(driver: Driver) -> None:
    await matter(driver, "Skicka meddelande", "Förskolan", down=1)
    await driver.until(lambda: isinstance(driver.app.focused, TextArea), "the field for the answer")


async def substitute(driver: Driver) -> None:
    await profile(driver)
    await driver.press("s")
    await driver.sees("Ställföreträdare · Karin Lindqvist", "Ingen ställföreträdare än.")
    await driver.press("tab", "tab")
    await driver.type("2026-12-04")
    await driver.sees("fredag 4 dec 2026")


async def all_moments(driver: Driver) -> None:
    await _admin(driver, "3", "Behandlare")
    await driver.press("pagedown")
    await driver.sees("Skyddade uppgifter")


async def overview(driver: Driver) -> None:
    await driver.sees("Mina", "Att göra 26")
    await driver.press("3")
    await driver.sees("[3 Alla", "o Översikt")
    await driver.press("o")
    await driver.sees("Har väntat längst", "▌Karin Lindqvist")


async def moving_all(driver: Driver) -> None:
    await overview(driver)
    await driver.press("b")
    await driver.sees("moment flyttas från Karin Lindqvist")


async def colleagues_queue(driver: Driver) -> None:
    await overview(driver)
    await driver.press("enter")
    await driver.sees("Att göra för Karin Lindqvist", "▌▲ prioriterad", "väntat")


async def page(driver: Driver) -> None:
    await mine(driver)
    await driver.open_first()


async def dialog(driver: Driver, key: str, *words: str) -> None:
    await page(driver)
    await driver.press(key)
    await driver.sees(*words)


async def start(driver: Driver, number: str, *words: str) -> None:
    await mine(driver)
    await driver.start_dialog(number)
    await driver.sees(*words)


async def running_already(driver: Driver) -> None:
    await start(driver, "8001022386", "Andersson, Lena")
    await driver.press("enter", "K", "o", "m", "enter", "ctrl+s")
    await driver.sees("ctrl+o", "Öppna det")


async def ending(driver: Driver) -> None:
    await dialog(driver, "a", "Avslutningsorsak:")
    await driver.press("tab", "space", "tab")
    await driver.type("Tack")
    await driver.press("tab", "space")


async def switching(driver: Driver) -> None:
    await dialog(driver, "b", "Ny behandlare")
    await driver.press("tab", "space")


async def searching(driver: Driver) -> None:
    await mine(driver)
    await driver.press("slash")
    await driver.type("berg")
    await driver.sees_no("Andersson, Lena")


async def masked(driver: Driver) -> None:
    await mine(driver)
    await driver.press("f8")
    await driver.sees("••••••••-••••")


async def found(driver: Driver, name: str) -> None:
    """Open the page of somebody who is looked for."""
    await mine(driver)
    await driver.press("slash")
    await driver.type(name)
    await driver.press("enter")
    await driver.sees_no("Andersson, Lena")
    await driver.press("enter")
    await driver.sees("INFORMATION OM MOMENTET")


async def nedstamd(driver: Driver) -> None:
    """The page of somebody in the treatment for low mood."""
    await mine(driver)
    await driver.press("slash")
    await driver.type("19830127")
    await driver.press("enter")
    await driver.sees_no("Andersson, Lena")
    await driver.press("end")
    await driver.press("enter")
    await driver.sees("INFORMATION OM MOMENTET")
    await driver.sees("▲ prioriterad", "Måendeskattning saknas")  # which the day's run has found


async def form(driver: Driver) -> None:
    await nedstamd(driver)
    await driver.press("enter")
    await driver.sees("RISKSVAR", "gränsen är inte prövad")
    if driver.app.size.width >= 140:
        await driver.sees("Egen nivå", "▶ 2026-11-12")  # the graph beside it, which is read by itself


async def from_page(driver: Driver, key: str, *words: str) -> None:
    await nedstamd(driver)
    await driver.press(key)
    await driver.sees(*words)


async def diary(driver: Driver) -> None:
    await found(driver, "19500907")
    await driver.press("d")
    await driver.sees("Effektivitet", "togs inte emot")


async def flags(driver: Driver, *keys: str) -> None:
    """The tab of somebody with an urgent flag, and keys pressed on it."""
    await from_page(driver, "4", "Enhetens instruktion", "Sedd av Karin", "Hanterade flaggor")
    await driver.press(*keys)


async def handling(driver: Driver) -> None:
    await flags(driver, "h")
    await driver.sees("Vad har du gjort?")
    await driver.type("Ringde")


async def new_flag(driver: Driver) -> None:
    await flags(driver, "n")
    await driver.sees("Gäller från")
    await driver.type("Ring")


async def new_plan(driver: Driver) -> None:
    await flags(driver, "p")
    await driver.sees("Grubbeltid")
    await driver.press("enter")
    await driver.sees("Gå ut och gå", "Spara planen")


async def new_activity(driver: Driver) -> None:
    await new_plan(driver)
    await driver.press("ctrl+n")
    await driver.sees("Klockslag", "Veckodagar")


async def plans(driver: Driver) -> None:
    await new_plan(driver)
    await driver.press("ctrl+s")
    await driver.sees("Aktivitetsplaner (1 st)", "ser den.", "nästa", "Ändra")
    driver.app.clear_notifications()
    await driver.sees_no("ser den.")


async def week(driver: Driver) -> None:
    await plans(driver)
    await driver.press("v")
    await driver.sees("Vecka 47", "utförda", "10:00")


async def watching(driver: Driver) -> None:
    """The page of a colleague's resident with an urgent flag."""
    await driver.sees("Välj enhet", "Övningsmottagningen Eken")
    await driver.press("enter")
    await driver.sees("Mina")
    await driver.press("3")
    await driver.sees("Håkansson, Jenny", "▲ prioriterad")
    await driver.press("enter")
    await driver.sees("Du ser momentet därför")


async def lost(driver: Driver) -> None:
    await page(driver)
    move(Path(driver.app.client.url), "borta")
    await driver.sees("Ingen kontakt med databasen.")


async def profile(driver: Driver) -> None:
    await tab(driver, "5", "Ta emot notifieringar", "0701740670")


async def faulty_profile(driver: Driver) -> None:
    await profile(driver)
    await driver.press("tab", *"0701", "ctrl+s")
    await driver.sees("✗ Mobilnumret måste anges", "Ändringarna är inte sparade.")


async def statistics(driver: Driver) -> None:
    """A program's months with their bars, exact for who is invånaradministratör."""
    await _admin(driver, "3", "t Statistik")
    await driver.press("t")
    await driver.sees("Exakta tal.", "Startade moment", "█")


async def exporting(driver: Driver) -> None:
    """An export is chosen over the tab, and what a pseudonym is not has been said."""
    await driver.sees("Inga exporter än.")
    await driver.press("n")
    await driver.sees("Ny export", "Mapp")
    driver.app.screen.query_one("#folder", Input).value = "/media/forskning"
    await driver.press("tab", "tab", "enter", "down", "down", "down", "enter")
    await driver.sees("En pseudonym är fortfarande en personuppgift")


async def duties(driver: Driver) -> None:
    """The unit's duties: one is overdue, one is due, of the others nobody has decided."""
    await unit(driver)
    store = open_store(driver.app.client.url, clock=lambda: NOW)
    with store.work(sign_in(store, OV03)) as work:
        for kind, who in ((DutyKind.PURGE, OV02), (DutyKind.LOG_REVIEW, OV03)):
            decide_duty(work, kind, kind.facts.months, who, "Eva Sund", work.today)
    store.close()
    await driver.press("u")
    await driver.sees("! försenad", "○ till", "Inte någon gång än.")


async def log_review(driver: Driver) -> None:
    """Last month's review, with its first row judged."""
    await driver.sees("7 Logguppföljning")
    await driver.press("7")
    await driver.sees("Inga granskningar än.")
    await driver.press("n")
    await driver.sees("Dra ett stickprov")
    await driver.press("tab", "tab", "tab", "tab")
    await driver.press("ctrl+u")
    await driver.type("frö")
    await driver.press("ctrl+s")
    await driver.sees("rader att bedöma", "Därför:")
    await driver.press("u")
    await driver.sees("✓ utan")


async def templates(driver: Driver, *keys: str) -> None:
    """The templates that the practice environment has, and what the keys lead to."""
    await profile(driver)
    await driver.press("m")
    await driver.sees("‹ Min profil", "enhetens", "{förnamn}")
    await driver.press(*keys)


async def help_page(driver: Driver) -> None:
    """A page of the help, found by its words."""
    await tab(driver, "f1", "Sök: en fråga")
    await driver.press("slash", *"prioriterad")
    await driver.sees("› ", "Prioriterad flagga")
    await driver.press("enter")
    await driver.sees("Hjälp · Prioriterad flagga", "nådde invånaren", "På kommandoraden")


async def catalog(driver: Driver) -> None:
    await mine(driver)
    driver.app.action_catalog()
    await driver.sees("Programkatalogen", "Öppet för enheten.")


async def faulty_template(driver: Driver) -> None:
    await templates(driver, "n")
    await driver.sees("Spara mallen")
    await driver.press(*"Tack", "tab")
    await driver.type("Hej {namn}!")
    await driver.press("ctrl+s")
    await driver.sees("✗ {namn} går inte att fylla i.")


async def purging(driver: Driver) -> None:
    """What is due: what runs and has to be ended first, one that is chosen, one that is stopped."""
    store = open_store(driver.app.client.url, clock=lambda: NOW)
    with store.work(sign_in(store, "SE2321000040-OV04")) as work:
        ended = work.db.values("SELECT id FROM moment WHERE status = 'avslutat' ORDER BY purge_by, id")
        stop_purge(work, ended[1], "Ärende hos IVO", date(2027, 3, 1))
    store.close()
    await driver.sees("6 Gallring")
    await driver.press("6")
    await driver.sees("pågår")
    await driver.press("f")
    await driver.sees("■ stopp")
    await driver.press("down", "down", "space")
    await driver.sees("1 valt")


async def unit(driver: Driver) -> None:
    await driver.sees("6 Enhet")
    await driver.press("6")
    await driver.sees("Betjäningsområde")


async def message_search(driver: Driver) -> None:
    await mine(driver)
    await driver.press("m")
    await driver.sees("Sök efter")
    await driver.press(*"hej", "enter")
    await driver.sees("de nyaste först.")


WALKS: dict[str, tuple[str | None, Walk]] = {
    "valet-av-person": (None, lambda driver: driver.sees("Karin Lindqvist")),
    "mina": (OV01, mine),
    "alla": (OV02, all_moments),
    "avslutade": (OV01, lambda driver: tab(driver, "4", "Avslutade (1 st)")),
    "att-gora": (OV01, queue),
    "att-gora-tom": (OV01, empty_queue),
    "att-gora-filter": (OV01, lambda driver: in_queue(driver, "Alla ärenden", "f")),
    "skjut-upp": (OV01, setting_aside),
    "arende-svar": (OV01, lambda driver: matter(driver, "RISKSVAR")),
    "arende-meddelande": (OV01, message_matter),
    "oversikt": (OV02, overview),
    "flytta-alla": (OV02, moving_all),
    "kollegas-ko": (OV02, colleagues_queue),
    "personal": (OV03, lambda driver: driver.sees("Aktiva (")),
    "sok": (OV01, searching),
    "dolda-personnummer": (OV01, masked),
    "sortera": (OV01, lambda driver: tab(driver, "s", "Sortera efter")),
    "filtrera": (OV01, lambda driver: tab(driver, "f", "Bara pågående")),
    "hjalp": (OV01, lambda driver: tab(driver, "f1", "Om det som finns här")),
    "hjalp-sida": (OV01, help_page),
    "programkatalogen": (OV01, catalog),
    "last": (OV01, lambda driver: tab(driver, "f9", "Skärmen är låst")),
    "starta": (OV01, lambda driver: start(driver, "0001012384", "20000101-2384 · 26 år · kvinna")),
    "starta-redan-pagaende": (OV01, running_already),
    "starta-okand": (OV01, lambda driver: start(driver, "195001132397", "manuellt angivet")),
    "starta-fel-nummer": (OV01, lambda driver: start(driver, "8001022387", "kontrollsiffra")),
    "hantera": (OV01, page),
    "hantera-formular": (OV01, nedstamd),
    "formular": (OV01, form),
    "graf": (OV01, lambda driver: from_page(driver, "g", "Måendeskattning: 16 av 27", "Orosskattning")),
    "dagbok": (OV01, diary),
    "journalunderlag": (OV01, lambda driver: from_page(driver, "j", "KONTAKTER", "c Kopiera")),
    "tidslinje": (OV01, lambda driver: from_page(driver, "3", "behandlingsvecka", "Besvarat: Fem aktiviteter")),
    "meddelanden": (OV01, lambda driver: dialog(driver, "2", "NY KONVERSATION")),
    "byt-behandlare": (OV01, switching),
    "avsluta": (OV01, ending),
    "vidmakthallande": (OV01, lambda driver: dialog(driver, "w", "Sätt i vidmakthållande läge")),
    "kontaktperson": (OV01, lambda driver: dialog(driver, "k", "IT-kundservice")),
    "utan-databas": (OV01, lost),
    "flaggor": (OV01, flags),
    "hantera-flagga": (OV01, handling),
    "ny-flagga": (OV01, new_flag),
    "ny-plan": (OV01, new_plan),
    "ny-aktivitet": (OV01, new_activity),
    "planer": (OV01, plans),
    "vecka": (OV01, week),
    "bevakar": (OV12, watching),
    "ratta-tid": (OV01, lambda driver: dialog(driver, "t", "Dina minuter")),
    "min-profil": (OV01, profile),
    "min-profil-fel": (OV01, faulty_profile),
    "meddelandemallar": (OV01, templates),
    "mall": (OV01, faulty_template),
    "mall-ta-bort": (OV01, lambda driver: _removal(driver)),
    "enhet": (OV03, unit),
    "uppgifter": (OV03, duties),
    "granskning": (OV04, log_review),
    "sok-i-meddelanden": (OV01, message_search),
    "gallring": ("SE2321000040-OV04", lambda driver: purging(driver)),
    "vardgivare": (OV21, lambda driver: driver.sees("Gallringsbeslut saknas.", "KomIgång online: öppet")),
}


async def _removal(driver: Driver) -> None:
    await templates(driver, "down")
    await driver.press("x")
    await driver.sees("Mallen försvinner")


async def _admin(driver: Driver, key: str, *words: str) -> None:
    await driver.sees("Mina", "Att göra 26")
    await driver.press(key)
    await driver.sees(*words)


@pytest.mark.parametrize("name", WALKS)
async def test_picture(name: str, practice: Path, snapshot: SnapshotAssertion) -> None:
    who, walk = WALKS[name]
    async with running(practice, who, size=SIZE) as driver:
        await walk(driver)
        for theme in THEMES:
            driver.app.theme = theme.name
            picture = bare(await driver.picture())
            assert picture == snapshot(name=theme.name, extension_class=Picture)


SIZES = {"80": (80, 24), "140": (140, 40)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "name",
    [
        *("formular", "graf", "dagbok", "tidslinje", "flaggor", "planer", "vecka"),
        *("att-gora", "att-gora-tom", "arende-svar", "arende-meddelande", "skjut-upp", "oversikt", "kollegas-ko"),
        *(
            "min-profil",
            "min-profil-fel",
            "meddelandemallar",
            "mall",
            "sok-i-meddelanden",
            "enhet",
            "granskning",
            "uppgifter",
            "vardgivare",
        ),
    ],
)
async def test_picture_of_what_must_be_read_at_any_width(
    name: str, size: str, practice: Path, snapshot: SnapshotAssertion
) -> None:
    who, walk = WALKS[name]
    async with running(practice, who, size=SIZES[size]) as driver:
        await walk(driver)
        assert bare(await driver.picture()) == snapshot(name=size, extension_class=Picture)


async def test_picture_of_every_dialog_that_is_about_somebody(practice: Path, snapshot: SnapshotAssertion) -> None:
    """One after the other over the same list, in the smallest window: the resident and the program stand in each."""
    async with running(practice, OV01, size=SIZES["80"]) as driver:
        await mine(driver)
        for kind, make in DIALOGS.items():
            dialog = make()
            if not isinstance(dialog, Box) or dialog.whom is None:
                continue
            await driver.app.push_screen(dialog)
            await driver.sees("Ahlberg, Sara", "KomIgång online")
            assert bare(await driver.picture()) == snapshot(name=kind.__name__, extension_class=Picture)
            dialog.dismiss()
            await driver.sees("Andersson, Lena")
            await driver.until(lambda: not driver.app.screen.is_modal, "the list")


async def said_in_messages(driver: Driver) -> None:
    """Something is said twice while a message is written: once, over neither the buttons nor the keys."""
    await dialog(driver, "2", "NY KONVERSATION")
    await driver.press("n")
    await driver.sees("Rubrik", "Skicka meddelande")
    await driver.press("ctrl+c", "ctrl+c")
    await driver.sees("ctrl+q stänger appen.")


async def inactivating(driver: Driver) -> None:
    """A dialog that is higher than the screen."""
    await driver.sees("Aktiva (", "Lindqvist, Karin")
    await driver.press("down", "i")
    await driver.sees("Ny behandlare")
    await driver.press("tab", "space")
    await driver.sees("Samma som ovan")


async def roles_may(driver: Driver) -> None:
    await driver.sees("Aktiva (", "h Historik")
    await driver.press("v")
    await driver.sees("Vad rollerna får göra", "Starta ett moment")


async def previewed(driver: Driver) -> None:
    """The most urgent matter beside the queue, or under it by its key."""
    await queue(driver)
    driver.app.screen.query_one(QueueTab).action_preview()
    await driver.sees("Måendeskattning", "Tillfälle")


async def previewed_in_list(driver: Driver) -> None:
    """What waits in a moment, beside its list."""
    await mine(driver)
    driver.app.screen.query_one(MomentList).action_preview()
    await driver.sees("tecken än de i", "Senast aktiv 2026-11-20")


async def palette(driver: Driver) -> None:
    """What can be done, over the list."""
    await mine(driver)
    await driver.press("ctrl+p")
    await driver.sees("Sök kommando", "Starta nytt moment")


async def marked(driver: Driver) -> None:
    """Two matters of the queue are marked."""
    await queue(driver)
    await driver.press("space", "down", "space")
    await driver.sees("2 markerade.", "Esc Avmarkera")


async def reminding(driver: Driver) -> None:
    """Three moments are marked, one of them in maintenance; whom a template is to be sent to."""
    await mine(driver)
    await driver.press("space", "down", "space", "down", "down", "down", "space")
    await driver.sees("3 markerade.")
    await driver.press("g")
    await driver.sees("Vad ska göras för 3 markerade?")
    await driver.press("enter")
    await driver.sees("Påminnelse om att fortsätta")
    await driver.press("enter")
    await driver.sees("skickas som ett meddelande", "[x] Håkansson, Jenny")


async def reminded(driver: Driver) -> None:
    """What came of it."""
    await reminding(driver)
    await driver.press("ctrl+s")
    await driver.sees("Gick inte att göra")
    await driver.press("escape")
    await driver.sees("✓ påmind", "✗ gick inte", "1 markerad.")
    driver.app.clear_notifications()
    await driver.sees_no("Gjort för")


async def small_ending(driver: Driver) -> None:
    await driver.sees("▌Åkesson")
    await driver.press("enter")
    await driver.sees("INFORMATION OM MOMENTET")
    await driver.press("a")
    await driver.sees("Denna åtgärd går inte att ångra")


async def exercises(driver: Driver) -> None:
    await mine(driver)
    await driver.press("ctrl+p")
    await driver.type("vningar")
    await driver.sees("Öva på en sak i taget")
    await driver.press("enter")
    await driver.sees("Avsluta ett moment", "Avbryt")


async def course(driver: Driver) -> None:
    """Three trainees: one is done, one has taken a wrong turn, one has not begun."""
    await driver.sees("[5 Kursen]")
    store = open_store(driver.app.client.url, clock=lambda: NOW)
    begin_course(store, 3, clock=lambda: NOW)
    exercise = next(one for one in shipped_exercises() if one.id == "logga-in")
    answers: list[dict[str, tuple[int, ...]]] = [{"las": (2,), "dolj": (2,)}, {"las": (1, 2)}]
    for trainee, given, worked, keys in zip(("01", "02"), answers, (20_000, 65_000), (8, 12), strict=True):
        attempt = replace(begin_exercise(store, exercise, f"SE2321000040-OVK{trainee}"), answers=given)
        keep(store, attempt, judge(store, attempt), worked=worked, keys=keys)
    store.close()
    await driver.sees("✓ 2/2", "› 1/2 !1", "Deltagare 03")


AS_USERS_SAW_IT: dict[str, tuple[str, tuple[int, int], Walk]] = {
    "mina": (OV01, (80, 24), mine),
    "sagt": (OV01, (80, 24), said_in_messages),
    "hjalp": (OV01, (80, 24), lambda driver: tab(driver, "f1", "Om det som finns här")),
    "inaktivera": (OV03, (80, 24), inactivating),
    "stallforetradare": (OV01, (80, 24), substitute),
    "personal": (OV03, (80, 24), lambda driver: driver.sees("Aktiva (", "h Historik")),
    "rollerna": (OV03, (80, 24), roles_may),
    "dataexport": (OV04, (80, 24), exporting),
    "statistik": (OV02, (80, 24), statistics),
    "avsluta": (OV01, (40, 12), small_ending),
    "markerade": (OV01, (80, 24), marked),
    "palett": (OV01, (80, 24), palette),
    "mina-bredvid": (OV01, (120, 40), mine),
    "paminn": (OV01, (120, 40), reminding),
    "paminda": (OV01, (140, 40), reminded),
    "forhandsvisning-med-tangent": (OV01, (80, 24), previewed),
    "forhandsvisning": (OV01, (120, 40), previewed),
    "forhandsvisning-bred": (OV01, (140, 40), previewed_in_list),
    "i-korthet": (OV01, (120, 40), nedstamd),
    "i-korthet-bred": (OV01, (140, 40), nedstamd),
    "ovningar": (OV01, (100, 30), exercises),
    "kursen": (OV05, (100, 30), course),
}


@pytest.mark.parametrize("name", AS_USERS_SAW_IT)
async def test_picture_of_what_users_saw(name: str, practice: Path, snapshot: SnapshotAssertion) -> None:
    who, size, walk = AS_USERS_SAW_IT[name]
    async with running(practice, who, size=size) as driver:
        await walk(driver)
        assert bare(await driver.picture()) == snapshot(name=f"{size[0]}x{size[1]}", extension_class=Picture)


def bare(svg: str) -> str:
    """Leave out the fonts that Rich would fetch from elsewhere, and notifications' time on screen."""
    return re.sub(r"@font-face \{.*?\}\n?", "", svg, flags=re.DOTALL)
