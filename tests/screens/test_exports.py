"""*Dataexport*: one is chosen, said how much it is, made, given up, and found in the list; each fault at its field."""

from pathlib import Path
from threading import Event

import pytest
from textual.widgets import Select

from screens.dialogs.export import ExportDialog
from screens.exports import GIVEN_UP, ExportsTab
from store.care.export_choice import Identity, Life
from store.export import exporting
from store.export.xml_file import XmlFile
from store.foundation.access import Role
from tests.app.driver import Driver
from tests.clinics import ADULT, HIDDEN, Clinic
from tests.screens.whole import LOST, at_work, keys, open_tab, said, taken_away


@pytest.fixture
def begun(filed: Clinic) -> Clinic:
    """A moment of `ADULT`'s, and one of a protected resident's."""
    filed.start(program="prov")
    filed.start(HIDDEN, "prov")
    return filed


def left(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def content(file: Path) -> str:
    return file.read_text(encoding="utf-8")


async def dialog(driver: Driver, folder: Path, identity: Identity = Identity.FULL) -> None:
    """Open the dialog, and choose all that must be chosen."""
    await driver.press("n")
    await driver.until(lambda: isinstance(driver.app.screen, ExportDialog), "the dialog")
    screen = driver.app.screen
    screen.query_one("#life", Select).value = Life.RUNNING
    screen.query_one("#identity", Select).value = identity
    for name, text in (("recipient", "Forskarna [/x]"), ("purpose", "Utvärdering"), ("folder", str(folder))):
        screen.query_one(f"#{name}").value = text  # type: ignore[attr-defined]
    await driver.pilot.pause()


async def test_an_export_is_chosen_made_and_found_in_the_list(begun: Clinic, tmp_path: Path) -> None:
    async with at_work(begun, Role.DATA_ADMIN, size=(140, 50)) as driver:
        await open_tab(driver, "Dataexport")
        await driver.sees("Inga exporter än.")
        assert keys(driver) == {"n": "Ny export", "t": "Statistik"}
        with taken_away(begun):
            await driver.sees(LOST, "Inga exporter än.")
        await driver.sees_no(LOST)
        await dialog(driver, tmp_path / "borta", Identity.PSEUDONYM)
        await driver.sees("En pseudonym är fortfarande en personuppgift")
        screen = driver.app.screen
        screen.query_one("#first").value = "[/x]"  # type: ignore[attr-defined]
        await driver.press("ctrl+s")
        await driver.sees("✗ [/x] är inget datum", "✗ Mappen")
        screen.query_one("#first").value = ""  # type: ignore[attr-defined]
        screen.query_one("#folder").value = str(tmp_path)  # type: ignore[attr-defined]
        screen.query_one("#identity", Select).value = Identity.FULL
        await driver.press("ctrl+s")
        await driver.until(lambda: "1 moment (1 invånare) exporteras till" in said(driver), "how much it is")
        assert "1 moment med skyddade personuppgifter lämnas utanför." in said(driver)
        assert left(tmp_path) == []
        await driver.press("ctrl+s")
        await driver.sees("Forskarna [/x]", "Namn och personnummer", "Ändamål: Utvärdering")
        (file,) = left(tmp_path)
        assert ADULT in content(file)
        assert not driver.app.screen.query_one(ExportsTab).has_class("-going")


async def test_one_that_is_given_up_leaves_nothing_and_stands_as_not_done(
    begun: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, go_on = Event(), Event()

    def wait(*_: object) -> None:
        written.set()
        go_on.wait(15)

    monkeypatch.setattr(XmlFile, "write", wait)
    monkeypatch.setattr(exporting, "_TOLD", 1)
    async with at_work(begun, Role.DATA_ADMIN) as driver:
        await open_tab(driver, "Dataexport")
        await driver.sees("Inga exporter än.")
        await dialog(driver, tmp_path)
        await driver.press("ctrl+s")
        await driver.until(lambda: "exporteras till" in said(driver), "how much it is")
        await driver.press("ctrl+s")
        await driver.until(written.is_set, "the first moment")
        await driver.sees("Exporterar Ångest – prov")
        assert keys(driver) == {"Esc": "Avbryt exporten", "t": "Statistik"}
        assert len(left(tmp_path)) == 1
        await driver.press("escape")
        go_on.set()
        await driver.until(lambda: GIVEN_UP in [one.message for one in driver.app._notifications], GIVEN_UP)
        assert left(tmp_path) == []
        await driver.sees("inte klar")


async def test_whoever_closes_the_app_leaves_nothing_half(
    begun: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The thread would die with the process: residents' data stays in a hidden folder until the next export.
    written, wanted, never = Event(), list[Event](), Event()

    def wait(*_: object) -> None:
        written.set()
        while wanted[0].is_set():
            never.wait(0.01)

    monkeypatch.setattr(XmlFile, "write", wait)
    monkeypatch.setattr(exporting, "_TOLD", 1)
    async with at_work(begun, Role.DATA_ADMIN) as driver:
        await open_tab(driver, "Dataexport")
        await driver.sees("Inga exporter än.")
        wanted.append(driver.app.screen.query_one(ExportsTab)._is_wanted)
        await dialog(driver, tmp_path)
        await driver.press("ctrl+s")
        await driver.until(lambda: "exporteras till" in said(driver), "how much it is")
        await driver.press("ctrl+s")
        await driver.until(written.is_set, "the first moment")
    assert left(tmp_path) == []
