"""Writing to a resident in the whole app: what is written outlives the page, the lock, the app and the database."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from screens.moment.messages.composer import Composer
from screens.moment.messages.open_conversation import OpenConversation
from store.care.flags import handle_flag
from store.opening import open_store
from store.people.sign_in import sign_in
from tests.app.driver import NOW, OV02, Driver, move, running


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the app keeps drafts: the user's own, whoever shares the settings."""
    monkeypatch.setenv("SOB_SETTINGS", str(tmp_path / "settings" / "settings.toml"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "sob-tui" / "utkast"


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


async def begin(driver: Driver) -> None:
    """Begin a new conversation with the first resident."""
    await driver.sees("Andersson, Lena")
    await driver.open_first()
    await driver.press("2")
    await driver.sees("NY KONVERSATION")
    await driver.press("n")
    await driver.sees("Rubrik")


async def test_leaving_the_page_while_it_is_away_loses_nothing(practice: Path, folder: Path) -> None:
    async with running(practice) as driver:
        await begin(driver)
        away = move(practice, "borta.sqlite")
        await driver.type("Hej du")
        await driver.sees("Ingen kontakt", "sparat som utkast.")
        await driver.press("escape", "escape")
        await driver.sees("Mina 10")
        await driver.until(lambda: len(files(folder)) == 1, "one file, and none that is half written")
        move(away, practice.name)
        await driver.until(lambda: not files(folder), "the file to be taken up")
        await driver.open_first()
        await driver.press("2")
        await driver.sees("UTKAST (1)", "(ny)")
        await driver.press("n")
        await driver.sees("Hej du")


async def test_closing_the_app_keeps_it_and_the_next_start_takes_it_up(practice: Path, folder: Path) -> None:
    async with running(practice) as driver:
        await begin(driver)
        move(practice, "borta.sqlite")
        await driver.press(*"Hej", "ctrl+q")
        await driver.until(lambda: not driver.app.is_running or bool(driver.app._exit), "it to close")
    assert len(files(folder)) == 1
    move(practice.with_name("borta.sqlite"), practice.name)
    async with running(practice, OV02) as driver:
        await driver.sees("Mina 15")
        await driver.app.workers.wait_for_complete()
        assert len(files(folder)) == 1  # another person's
    async with running(practice) as driver:
        await driver.sees("är sparat som utkast.")
        await driver.until(lambda: not files(folder), "the file to be taken up")


async def test_a_note_on_a_flag_that_another_has_handled_is_shown_and_thrown_away_on_purpose(
    practice: Path, folder: Path
) -> None:
    async with running(practice) as driver:
        await driver.sees("Mina", "Att göra 12")
        await driver.press("1")
        await driver.sees("[1 Att göra", "▲ prioriterad")
        await driver.press("h")
        await driver.sees("Hantera flagga")
        await driver.press(*"Ringde", "ctrl+q")
        await driver.until(lambda: bool(driver.app._exit), "it to close")
    store = open_store(practice, clock=lambda: NOW)
    with store.work(sign_in(store, OV02)) as work:
        flag = work.db.value("SELECT min(id) FROM flag WHERE severity = 'prioriterad' AND handled_at IS NULL")
        handle_flag(work, flag, "Klart.")
    store.close()
    async with running(practice) as driver:
        await driver.sees("Anteckning som inte är sparad", "Ringde", "Behåll")
        assert "Håkansson" not in "".join(line for line in driver.text.splitlines() if "│" in line)
        await driver.press("escape")
        await driver.sees_no("Behåll")
        assert len(files(folder)) == 1
        driver.app._take_up_drafts()
        await driver.sees("Ringde")
        await driver.press("ctrl+s")
        await driver.until(lambda: not files(folder), "the file to go")


async def test_closing_the_app_saves_what_was_typed_last(practice: Path, folder: Path) -> None:
    async with running(practice) as driver:
        await begin(driver)
        await driver.press(*"Hej", "ctrl+q")
        await driver.until(lambda: bool(driver.app._exit), "it to close")
    assert not files(folder)
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await driver.open_first()
        await driver.press("2")
        await driver.sees("UTKAST (1)")


async def test_the_lock_and_another_person(practice: Path, folder: Path) -> None:
    async with running(practice) as driver:
        await begin(driver)
        await driver.press(*"Hej", "f9")
        await driver.sees("Skärmen är låst")
        await driver.press("x")
        await driver.sees("Karin Lindqvist")
        await driver.press("down", "enter")
        await driver.sees("Mina 15")
        await driver.press("f9")
        await driver.sees("Skärmen är låst")
        await driver.press("x")
        await driver.sees("Karin Lindqvist")
        await driver.press("enter")
        await driver.sees("Mina 10")
        await driver.open_first()
        await driver.press("2")
        await driver.sees("UTKAST (1)")
    assert not files(folder)


async def test_what_cannot_be_kept_is_said_before_the_app_closes(
    practice: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    async with running(practice) as driver:
        await begin(driver)
        monkeypatch.setattr("screens.kept_drafts.KeptDrafts.keep", full)
        move(practice, "borta.sqlite")
        await driver.type("Hej")
        await driver.sees("Det du har skrivit står", "kvar här.")
        await driver.press("ctrl+q")
        await driver.sees("ctrl+q en gång")
        assert not driver.app._exit
        await driver.press("ctrl+q")
        await driver.until(lambda: bool(driver.app._exit), "it to close")
    assert not files(folder)


async def test_a_key_that_comes_before_the_tab_has_read_its_list_is_for_what_stands_there_then(
    practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(practice, size=(120, 40)) as driver:
        await driver.sees("Andersson, Lena")
        await driver.open_first()
        read, may_go_on = driver.app.client.read, asyncio.Event()

        async def read_late(*arguments: Any, **options: Any) -> Any:
            await may_go_on.wait()
            return await read(*arguments, **options)

        monkeypatch.setattr(driver.app.client, "read", read_late)
        await driver.press("2", "n")
        await driver.sees_no("HANTERA HÄNDELSER")
        may_go_on.set()
        await driver.sees("Skicka meddelande")


@pytest.mark.usefixtures("folder")
async def test_what_is_typed_while_a_conversation_opens_is_written_in_it(
    practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the list, `a` would mean that the moment is to be ended."""
    may_open, tell = asyncio.Event(), OpenConversation._tell

    async def slow(opened: OpenConversation, conversation: int, *, marks_read: bool) -> None:
        await may_open.wait()
        await tell(opened, conversation, marks_read=marks_read)

    monkeypatch.setattr(OpenConversation, "_tell", slow)
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await driver.open_first()
        await driver.press("2")
        await driver.sees("NY KONVERSATION", "Välkommen")
        await driver.press("enter", "a", "j")
        written = [composer.field for composer in driver.app.screen.query(Composer)]
        may_open.set()
        await driver.until(lambda: [field.text for field in written] == ["aj"], "the text")
