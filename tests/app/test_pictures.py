"""Pictures of every screen and dialog in the three themes. `pytest --snapshot-update` draws them anew."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from screens.themes import THEMES
from tests.app.driver import OV01, OV02, OV03, Driver, move, running

Walk = Callable[[Driver], Awaitable[object]]


class Picture(SingleFileSnapshotExtension):
    """A file for each picture."""

    _file_extension = "svg"
    _write_mode = WriteMode.TEXT


async def mine(driver: Driver) -> None:
    await driver.sees("Andersson, Lena", "Mina 10")


async def tab(driver: Driver, key: str, *words: str) -> None:
    await mine(driver)
    await driver.press(key)
    await driver.sees(*words)


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
    await driver.sees("1 OLÄST FORMULÄR I MÄTBATTERI", "Fem aktiviteter")


async def form(driver: Driver) -> None:
    await nedstamd(driver)
    await driver.press("enter")
    await driver.sees("RISKSVAR", "pålitlig försämring")


async def from_page(driver: Driver, key: str, *words: str) -> None:
    await nedstamd(driver)
    await driver.press(key)
    await driver.sees(*words)


async def diary(driver: Driver) -> None:
    await found(driver, "19500907")
    await driver.press("d")
    await driver.sees("Effektivitet", "togs inte emot")


async def lost(driver: Driver) -> None:
    await page(driver)
    move(Path(driver.app.seam.url), "borta")
    await driver.sees("Ingen kontakt med databasen.")


async def profile(driver: Driver) -> None:
    await tab(driver, "5", "Ta emot notifieringar", "0701740670")


async def faulty_profile(driver: Driver) -> None:
    await profile(driver)
    await driver.press("tab", *"0701", "ctrl+s")
    await driver.sees("✗ Mobilnumret måste anges", "Ändringarna är inte sparade.")


async def templates(driver: Driver, *keys: str) -> None:
    """The templates that the practice environment has, and what the keys lead to."""
    await profile(driver)
    await driver.press("m")
    await driver.sees("‹ Min profil", "enhetens", "{förnamn}")
    await driver.press(*keys)


async def faulty_template(driver: Driver) -> None:
    await templates(driver, "n")
    await driver.sees("Spara mallen")
    await driver.press(*"Tack", "tab")
    await driver.type("Hej {namn}!")
    await driver.press("ctrl+s")
    await driver.sees("✗ {namn} går inte att fylla i.")


async def unit(driver: Driver) -> None:
    await driver.sees("6 Enhet")
    await driver.press("6")
    await driver.sees("Här kommer enhetens inställningar.")


async def message_search(driver: Driver) -> None:
    await mine(driver)
    await driver.press("m")
    await driver.sees("Sök efter")
    await driver.press(*"hej", "enter")
    await driver.sees("de nyaste först.")


WALKS: dict[str, tuple[str | None, Walk]] = {
    "valet-av-person": (None, lambda driver: driver.sees("Karin Lindqvist")),
    "mina": (OV01, mine),
    "alla": (OV02, lambda driver: _admin(driver, "3", "Behandlare", "Skyddade uppgifter")),
    "avslutade": (OV01, lambda driver: tab(driver, "4", "Avslutade (1 st)")),
    "att-gora": (OV01, lambda driver: tab(driver, "1", "Här kommer en kö")),
    "personal": (OV03, lambda driver: driver.sees("Här kommer enhetens personal")),
    "sok": (OV01, searching),
    "dolda-personnummer": (OV01, masked),
    "sortera": (OV01, lambda driver: tab(driver, "s", "Sortera efter")),
    "filtrera": (OV01, lambda driver: tab(driver, "f", "Bara pågående")),
    "hjalp": (OV01, lambda driver: tab(driver, "f1", "Överallt")),
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
    "min-profil": (OV01, profile),
    "min-profil-fel": (OV01, faulty_profile),
    "meddelandemallar": (OV01, templates),
    "mall": (OV01, faulty_template),
    "mall-ta-bort": (OV01, lambda driver: _removal(driver)),
    "enhet": (OV03, unit),
    "sok-i-meddelanden": (OV01, message_search),
}


async def _removal(driver: Driver) -> None:
    await templates(driver, "down")
    await driver.press("x")
    await driver.sees("Mallen försvinner")


async def _admin(driver: Driver, key: str, *words: str) -> None:
    await driver.sees("Mina")
    await driver.press(key)
    await driver.sees(*words)


@pytest.mark.parametrize("name", WALKS)
async def test_picture(name: str, practice: Path, snapshot: SnapshotAssertion) -> None:
    who, walk = WALKS[name]
    async with running(practice, who, size=(100, 30)) as driver:
        await walk(driver)
        for theme in THEMES:
            driver.app.theme = theme.name
            picture = _bare(await driver.picture())
            assert picture == snapshot(name=theme.name, extension_class=Picture)


SIZES = {"80": (80, 24), "140": (140, 40)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "name",
    [
        *("formular", "graf", "dagbok", "tidslinje"),
        *("min-profil", "min-profil-fel", "meddelandemallar", "mall", "sok-i-meddelanden", "enhet"),
    ],
)
async def test_picture_of_what_must_be_read_at_any_width(
    name: str, size: str, practice: Path, snapshot: SnapshotAssertion
) -> None:
    who, walk = WALKS[name]
    async with running(practice, who, size=SIZES[size]) as driver:
        await walk(driver)
        assert _bare(await driver.picture()) == snapshot(name=size, extension_class=Picture)


def _bare(svg: str) -> str:
    """Leave out the fonts that Rich would fetch from elsewhere, and notifications' time on screen."""
    return re.sub(r"@font-face \{.*?\}\n?", "", svg, flags=re.DOTALL)
