"""The app with a settings file: what is wrong is told and all can be reached; a key is changed by pressing it."""

import time
from pathlib import Path

import pytest
from textual.widgets import Static

from screens.shown_keys import keyed
from screens.themes import CONTRAST, LIGHT
from sob_tui.app import SobApp
from sob_tui.preferences import preferences
from tests.app.driver import NOW, OV01, Driver
from tests.screens.test_keymap import FAULTY, TOLD


async def test_five_faults_five_sentences_and_a_key_that_is_pressed_is_written(
    practice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mina.toml"
    monkeypatch.setenv("SOB_SETTINGS", str(file))
    lines = [f'"{name}" = "{key}"' for name, key in FAULTY.items()]
    file.write_text("\n".join(('theme = "ljus" # mitt', "[keymap]", *lines, "")))
    app = SobApp(str(practice), OV01, clock=lambda: NOW, preferences=preferences(practice=True))
    async with app.run_test(size=(80, 28), notifications=True) as pilot:
        driver = Driver(app, pilot)
        await driver.sees("Fel i inställningsfilen", "F10 Lås")
        told = str(app.screen.query_one("#body Static", Static).content)
        assert [line.partition(": ")[2] for line in told.split("\n\n")[:-1]] == list(TOLD)
        assert [line.partition(", rad ")[2][0] for line in told.split("\n\n")[:-1]] == ["4", "5", "6", "7", "8"]
        assert (app.theme, keyed("{app.lock} {app.help} {moment.back}")) == (LIGHT.name, "F10 F1 F11")
        await driver.press("escape", "n")
        await driver.sees("Starta nytt moment", "ctrl+s Starta")
        await driver.press("escape", "5", "i")
        await driver.sees("Tangent: Lås", "skulle bli utan tangent")
        await driver.press("enter")
        await driver.sees("● Ljust")
        await driver.press("down", "enter")
        await driver.until(lambda: app.theme == CONTRAST.name, "the theme")
        await driver.press("down", "down", "down", "down", "down", "enter")
        await driver.sees("Tryck den tangent som Lås ska ha. Nu är det F10.")
        await driver.press("l")
        await driver.sees("kan inte ha l: den behövs för att skriva i")
        await driver.press("f9")
        await driver.sees("F9 Lås")
        assert file.read_text().startswith(
            'theme = "kontrast"  # mitt\n[keymap]\n"app.lock" = "f9"\n"lst.start" = "t"\n'
        )
        await driver.press("x")
        await driver.sees_no("Tangent: Lås")
        assert '"app.lock"' not in file.read_text()
        app.preferences = app.preferences._replace(idle_seconds=60.0)
        app.last_input = time.monotonic() - 61
        await driver.sees("Skärmen är låst")
    app.client.close()
