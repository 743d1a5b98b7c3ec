"""The preview beside the lists and the queue, in the whole app on the practice store."""

from pathlib import Path
from typing import Any

import pytest

from screens.widgets.preview_pane import PreviewPane
from sob_tui.app_settings import AppSettings
from store.care.messages import write_message
from store.care.switching import switch_clinician
from store.foundation.access import SYSTEM
from store.foundation.identity import PersonalNumber
from store.foundation.store import Store
from store.opening import open_store
from store.people.residents import as_resident, find_person
from store.people.sign_in import sign_in
from tests.app.driver import NOW, OV01, OV02, Driver, move, running
from tests.opened_log import ask_log

PER_ERIK = "198611032395"
QUESTION = "Förskolan använder andra tecken"
SHOWN = "SELECT personnummer, category, action FROM log WHERE origin = 'förhandsvisning' ORDER BY id"


def rows(store: Store, sql: str) -> list[Any]:
    with store.lend() as db:
        return list(db.rows(sql))


def shown(store: Store) -> list[tuple[Any, ...]]:
    """Return what the log says of previews."""
    with store.lend() as db:
        return ask_log(db, store.keys, SHOWN)


@pytest.fixture
def rests(previews_by_hand: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """Let the cursor have rested as soon as it stands on a row."""
    monkeypatch.setattr(PreviewPane, "REST", 0.001)


@pytest.mark.usefixtures("rests")
async def test_a_matter_is_read_from_the_queue_without_a_key_and_stays_unread(practice: Path) -> None:
    store = open_store(practice, clock=lambda: NOW)
    unread = "SELECT id, unread, unanswered_at FROM conversation UNION SELECT id, read_at, 0 FROM formanswer"
    state = [rows(store, sql) for sql in (unread, "SELECT * FROM flagseen", "SELECT * FROM act")]
    async with running(practice, OV01, size=(120, 40)) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("1")
        await driver.sees("RISKSVAR", "Några dagar")  # no key but that of the tab
        await driver.press("down")
        await driver.sees(QUESTION, "● oläst")
        await driver.press("up")
        await driver.sees("RISKSVAR")  # once more in the same visit: no further row
        assert [row[1:] for row in shown(store)[1:]] == [("formulär", "läste"), ("meddelanden", "läste")]
        assert [rows(store, sql) for sql in (unread, "SELECT * FROM flagseen", "SELECT * FROM act")] == state

        await driver.press("2")
        await driver.sees("[2 Mina", QUESTION)
        with store.read(SYSTEM) as work:
            found = find_person(work, PersonalNumber(PER_ERIK))
            assert found is not None
            resident = as_resident(work.db, found, work.today)
        ((moment,),) = rows(
            store,
            "SELECT m.id FROM moment m JOIN resident r ON r.id = m.resident_id"
            f" WHERE r.personnummer = '{PER_ERIK}' AND m.status = 'pagaende'",
        )
        logged = len(shown(store))
        with store.work(resident) as work:
            write_message(work, moment, "Det löste sig", heading="Tack")
        await driver.sees("Det löste sig")
        assert len(shown(store)) == logged, "what another changed is shown without a row"
        with store.work(sign_in(store, OV02)) as work:
            switch_clinician(work, moment, OV02)
        await driver.sees_no("Det löste sig")
    store.close()


async def test_what_is_passed_leaves_no_row_and_what_is_asked_for_one(practice: Path) -> None:
    """In a small window, where nothing fills itself; and without a database it says so."""
    store = open_store(practice, clock=lambda: NOW)
    async with running(practice, OV01) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("1")
        await driver.sees("[1 Att göra", "▌▲ prioriterad")
        await driver.press("down", "down", "down", "up", "up")
        await driver.sees("▌✉ meddelande", "v Förhandsvisa")
        assert shown(store) == []
        await driver.press("v")
        await driver.sees(QUESTION)
        assert [row[0] for row in shown(store)] == [PER_ERIK]
        await driver.press("v")
        await driver.sees_no(QUESTION)
        away = move(practice, "borta.sqlite")
        await driver.press("down", "v")
        await driver.sees("▌▤ hemuppgift", "Ingen kontakt med databasen.")
        move(away, practice.name)
    store.close()


@pytest.mark.usefixtures("rests")
async def test_the_units_list_and_protected_residents_are_read_by_a_key_alone(
    practice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it goes at once when it is turned off."""
    file = tmp_path / "mina.toml"
    file.write_text("")
    monkeypatch.setenv("SOB_SETTINGS", str(file))
    store = open_store(practice, clock=lambda: NOW)
    async with running(practice, OV02, size=(120, 40)) as driver:
        await driver.sees("Mina", "Att göra 26", "Senast aktiv 2")
        assert len(shown(store)) == 1
        await protected(driver)
        assert len(shown(store)) == 1
        await driver.press("v")
        await driver.sees("⛨ Skyddade uppgifter ·", "Senast aktiv 2")
        assert len(shown(store)) == 2
        AppSettings(driver.app, practice=True).change("preview", "av")
        await driver.sees_no("⛨ Skyddade uppgifter ·")
        assert "v Förhandsvisa" not in driver.text
        assert file.read_text() == 'preview = "av"\n'
    store.close()


async def protected(driver: Driver) -> None:
    """Put the cursor on a protected resident's row of *Alla*."""
    await driver.press("3")
    await driver.sees("[3 Alla", "v visar raden här, utan")
    for _ in range(40):
        if "▌⛨ Skyddade" in driver.text:
            break
        await driver.press("down")
    await driver.sees("▌⛨ Skyddade", "aldrig av sig")
