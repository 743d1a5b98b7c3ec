"""The database taken away in the middle of each dialog: it says so, what was typed stands, and work goes on."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.events import Key

from store.foundation.store import Store
from store.opening import open_store
from tests.app.driver import Driver, move, running

LOST = "Ingen kontakt med databasen. Det du har skrivit står kvar här."


async def start(driver: Driver) -> None:
    await driver.start_dialog("0001012384")
    await driver.sees("Ekdahl, Sofia")
    await driver.press("enter", "K", "o", "m", "enter")
    await driver.sees("▌KomIgång online")


async def switch(driver: Driver) -> None:
    await driver.open_first()
    await driver.press("b")
    await driver.sees("Ny behandlare")
    await driver.press("enter", "J", "o", "h", "enter")
    await driver.sees("Johan Nordahl")


async def end(driver: Driver) -> None:
    await driver.press("slash")
    await driver.type("19800102")  # somebody who has left nothing to be confirmed
    await driver.press("enter")
    await driver.sees_no("Åkesson")
    await driver.open_first()
    await driver.press("a")
    await driver.sees("Avslutningsorsak:")
    await driver.press("enter", "A", "v", "s", "l", "enter", "tab")
    for key, character in (("space", " "), ("tab", None), *((letter, letter) for letter in "Tack")):  # in one go
        driver.app.post_message(Key(key, character).set_sender(driver.app))
    await driver.sees("Tack", "Avslutat enligt plan")


async def maintain(driver: Driver) -> None:
    await driver.open_first()
    await driver.press("w")
    await driver.sees("Sätt i vidmakthållande läge")


async def nedstamd(driver: Driver) -> None:
    """The tab with the flags of somebody who has an urgent one."""
    await driver.press("slash")
    await driver.type("19830127")
    await driver.press("enter")
    await driver.sees_no("Andersson, Lena")
    await driver.press("end", "enter")
    await driver.sees("INFORMATION OM MOMENTET", "▲ prioriterad")
    await driver.press("4")
    await driver.sees("Enhetens instruktion")


async def handle(driver: Driver) -> None:
    await nedstamd(driver)
    await driver.press("h")
    await driver.sees("Vad har du gjort?")
    await driver.type("Ringde")


async def flag(driver: Driver) -> None:
    await nedstamd(driver)
    await driver.press("n")
    await driver.sees("Gäller från")
    await driver.type("Fundera")


async def contact(driver: Driver) -> None:
    await driver.open_first()
    await driver.press("K")
    await driver.sees("Notera kontakt")
    await driver.press("7", "tab")
    await driver.type("Ringde")


async def plan(driver: Driver) -> None:
    await nedstamd(driver)
    await driver.press("p")
    await driver.sees("Grubbeltid")
    await driver.press("enter")
    await driver.sees("Gå ut och gå")


DIALOGS: dict[str, tuple[Callable[[Driver], Awaitable[None]], str, str]] = {
    "start": (start, "KomIgång online", "startat"),
    "switch": (switch, "Johan Nordahl", "behandlare-bytt"),
    "end": (end, "Tack", "avslutat"),
    "handle": (handle, "Ringde", "flagga-hanterad"),
    "contact": (contact, "Ringde", "kontakt"),
    "flag": (flag, "Fundera", "flagga-satt"),
    "plan": (plan, "Aktivera dig steg för steg", "plan-gjord"),
    "maintain": (maintain, "Vidmakthållande läge", "vidmakthallande"),
}


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_dialog_keeps_what_was_typed_and_goes_on(name: str, practice: Path) -> None:
    fill_in, typed, event = DIALOGS[name]
    before = _events(practice, event)
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await fill_in(driver)
        away = move(practice, "borta.sqlite")
        await driver.press("ctrl+s")
        await driver.sees(*LOST.split(" Det")[:1], typed)
        await driver.until(lambda: "står kvar" in " ".join(driver.text.split()), "what the dialog says")
        move(away, practice.name)
        assert _events(practice, event) == before
        await driver.press("ctrl+s")
        await driver.sees_no("Avbryt")
        await driver.sees_no("Ingen kontakt med databasen")
    assert _events(practice, event) == before + 1


@pytest.mark.parametrize("name", ["contact", "handle"])
async def test_what_was_written_waits_where_its_dialog_is_left(
    name: str, practice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Esc after the database was lost gives nothing up; after it was thrown away on purpose nothing is left."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    fill_in, typed, _ = DIALOGS[name]
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await fill_in(driver)
        away = move(practice, "borta.sqlite")
        await driver.press("ctrl+s")
        await driver.sees("Ingen kontakt med databasen.", typed)
        await driver.press("!", "escape")
        await driver.sees("är kvar som utkast")
        move(away, practice.name)
        await driver.sees_no("Ingen kontakt med databasen")
        again = "K" if name == "contact" else "h"
        await driver.press(again)
        await driver.sees("Det här skrev du förra gången.", f"{typed}!")
        await driver.press("escape", again)
        await driver.sees("Avbryt")
        assert "förra gången" not in driver.text


async def test_a_list_says_that_the_database_is_gone_and_comes_back(practice: Path) -> None:
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        away = move(practice, "borta.sqlite")
        await driver.press("3")
        await driver.sees("Ingen kontakt med databasen.")
        await driver.press("2")
        await driver.sees("Andersson, Lena")
        move(away, practice.name)
        await driver.sees_no("Ingen kontakt med databasen.")


def _events(path: Path, kind: str) -> int:
    store: Store = open_store(path)
    with store.lend() as db:
        number = int(
            db.rows("SELECT count(*) FROM event WHERE kind = :kind AND actor_kind <> 'system'", kind=kind)[0][0]
        )
    store.close()
    return number
