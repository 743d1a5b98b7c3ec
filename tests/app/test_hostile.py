"""Hostile residents in every place that shows a name or a text: literal, and the app lives."""

from pathlib import Path

import pytest

from store.opening import open_store
from tests.app.driver import OV02, running

NAMES = {
    "together": "Berg [/x] [@click=app.quit]q[/]山田太郎 👩\u200d⚕️\u202ekeL\u2066\x1b]52;c;aGFja2Vk\x07\x1b[2J",
    "long": "Å" * 10_000,
}
SHOWN = {"together": "Berg [/x]", "long": "ÅÅÅÅÅÅÅÅ"}


def plant(path: Path, name: str) -> None:
    """Put a name into the store past the first fence."""
    store = open_store(path)
    connection = store.engine.connect()
    connection.run(
        "UPDATE resident SET family_name = :name, mobile = :name"
        " WHERE personnummer IN ('198001022386', '200001012384')",
        name=name,
    )
    connection.driver.close()
    store.close()


@pytest.mark.parametrize("kind", NAMES)
async def test_a_hostile_name_is_shown_as_it_stands(kind: str, practice: Path) -> None:
    plant(practice, NAMES[kind])
    async with running(practice, OV02, size=(140, 40)) as driver:
        await driver.sees("Mina 15")
        await driver.press("3")
        await driver.sees(SHOWN[kind], "Pågående (10 st)")
        await driver.start_dialog("0001012384")
        await driver.sees("20000101-2384 · 26 år")
        await driver.press("escape")
        await driver.press("slash")
        await driver.type("19800102-2386")
        await driver.sees_no("Nowak, Piotr")
        await driver.press("enter")
        await driver.open_first()
        await driver.sees(SHOWN[kind])
        for key, words in (("b", "Ny behandlare"), ("k", "14141")):
            await driver.press(key)
            await driver.sees(words)
            await driver.press("escape")
        await driver.press("4")
        await driver.sees("Öppna flaggor")
        assert not any(character in driver.text for character in "\x1b\x07\u202e\u2066")
        assert driver.app.is_running
