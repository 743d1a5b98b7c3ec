"""Writing while the database is away: nothing is lost, nothing is sent twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.kept_drafts import KeptDrafts
from screens.moment.messages.drafts import DraftSaver
from screens.moment.messages.open_conversation import SENT, UNDO_HINT
from screens.moment.page_exit import UNSAFE
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from store.care.drafts import save_draft
from store.care.switching import switch_clinician
from store.foundation.errors import StoreUnreachable
from tests.app.driver import move
from tests.clinics import COLLEAGUE, Clinic
from tests.screens.moment.host import do, host, notices, opened, page, path_of, press, settled, shown, told, until
from tests.screens.moment.messages.test_tab import joined, moment_with
from tests.screens.moment.messages.test_writing import drafts, saved, sent, text

KEPT = "Ingen kontakt med databasen. Det du har skrivit är sparat som utkast."
STANDS = "Ingen kontakt med databasen. Det du har skrivit står kvar här."


def keeps(pilot: Pilot[None], clinic: Clinic, folder: Path) -> KeptDrafts:
    """Let the page have a folder for drafts; returns what is in it."""
    client = host(pilot).client
    client.drafts, client.draft_key = folder, clinic.store.draft_key()
    found = KeptDrafts.of(client)
    assert found
    return found


def lose(clinic: Clinic) -> Path:
    return move(path_of(clinic), "borta")


def find(clinic: Clinic, away: Path) -> None:
    move(away, path_of(clinic).name)


async def says(pilot: Pilot[None], sentence: str) -> None:
    await until(pilot, lambda: sentence in joined(shown(pilot)))


async def test_nothing_is_said_of_how_much_waits_before_it_is_known(filed: Clinic) -> None:
    async with opened(filed, moment_with(filed, "Sömn")) as pilot:
        away = lose(filed)
        await press(pilot, "2")
        await says(pilot, "OLÄST (–) UTKAST (–)")
        find(filed, away)
        await told(pilot)
        await says(pilot, "OLÄST (1) UTKAST (0)")


async def test_what_is_written_goes_to_a_file_and_then_to_the_store(filed: Clinic, tmp_path: Path) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment, size=(140, 40)) as pilot:
        kept = keeps(pilot, filed, tmp_path / "utkast")
        await press(pilot, "2", "enter", *"Hej")
        await saved(pilot)
        away = lose(filed)
        await press(pilot, *" du")
        await says(pilot, KEPT)
        assert [one.attempts[-1].text for one in kept.texts()] == ["Hej du"]
        await press(pilot, *" och")
        await until(pilot, lambda: [one.attempts[-1].text for one in kept.texts()] == ["Hej du och"])
        assert text(pilot) == "Hej du och"
        find(filed, away)
        await told(pilot)
        await saved(pilot)
        assert kept.texts() == []
    assert drafts(filed) == ["Hej du och"]


async def test_it_is_tried_again_by_itself(filed: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment, size=(140, 40)) as pilot:
        keeps(pilot, filed, tmp_path / "utkast")
        await press(pilot, "2", "enter")
        monkeypatch.setattr(DraftSaver, "RETRY", 0.01)
        away = lose(filed)
        await press(pilot, *"Hej")
        await says(pilot, KEPT)
        find(filed, away)
        await saved(pilot)
    assert drafts(filed) == ["Hej"]


async def test_sending_says_the_same_and_later_sends_once(filed: Clinic, tmp_path: Path) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment, size=(140, 40)) as pilot:
        kept = keeps(pilot, filed, tmp_path / "utkast")
        await press(pilot, "2", "enter", *"Hej")
        away = lose(filed)
        await press(pilot, "ctrl+s", "ctrl+s")
        await says(pilot, KEPT)
        assert text(pilot) == "Hej"
        assert len(kept.texts()) == 1
        find(filed, away)
        await press(pilot, "ctrl+s")
        assert notices(pilot) == [f"{SENT} {keyed(UNDO_HINT)}"]
        assert text(pilot) == ""
        assert kept.texts() == []
    assert sent(filed) == ["Hej"]
    assert drafts(filed) == []


async def test_a_message_whose_answer_was_lost_is_sent_once(filed: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = moment_with(filed, "Sömn")
    real = StoreClient.carry_out

    async def answerless(self: StoreClient, command: Any, operation: Any, *args: Any, **options: Any) -> Any:
        done = await real(self, command, operation, *args, **options)
        if operation.__name__ == "send_message":
            monkeypatch.setattr(StoreClient, "carry_out", real)
            raise StoreUnreachable
        return done

    async with opened(filed, moment, size=(140, 40)) as pilot:
        await press(pilot, "2", "enter", *"Hej")
        await saved(pilot)
        monkeypatch.setattr(StoreClient, "carry_out", answerless)
        await press(pilot, "ctrl+s")
        await says(pilot, STANDS)
        assert sent(filed) == ["Hej"]
        await press(pilot, "ctrl+s")
        assert notices(pilot) == [f"{SENT} {keyed(UNDO_HINT)}"]
    assert sent(filed) == ["Hej"]
    assert drafts(filed) == []


async def test_a_saving_whose_answer_was_lost_makes_one_draft(
    filed: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = moment_with(filed, "Sömn")
    real = StoreClient.carry_out

    async def answerless(self: StoreClient, command: Any, operation: Any, *args: Any, **options: Any) -> Any:
        await real(self, command, operation, *args, **options)
        raise StoreUnreachable

    async with opened(filed, moment, size=(140, 40)) as pilot:
        kept = keeps(pilot, filed, tmp_path / "utkast")
        await press(pilot, "2", "enter")
        monkeypatch.setattr(StoreClient, "carry_out", answerless)
        await press(pilot, *"Hej")
        await says(pilot, KEPT)
        await press(pilot, *" du")
        await until(pilot, lambda: [one.attempts[-1].text for one in kept.texts()] == ["Hej du"])
        monkeypatch.setattr(StoreClient, "carry_out", real)
        await told(pilot)
        await saved(pilot)
        assert text(pilot) == "Hej du"
    assert drafts(filed) == ["Hej du"]


async def test_without_a_folder_it_stands_on_screen_and_is_not_left_without_a_word(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment, size=(140, 40)) as pilot:
        await press(pilot, "2", "enter")
        away = lose(filed)
        await press(pilot, *"Hej")
        await says(pilot, STANDS)
        await press(pilot, "escape", "n")
        assert text(pilot) == "Hej"
        await press(pilot, "escape")
        await until(pilot, lambda: notices(pilot) == [keyed(UNSAFE)])  # what that tried is over
        assert host(pilot).given == []
        find(filed, away)
        await told(pilot)
        await saved(pilot)
    assert drafts(filed) == ["Hej"]


async def test_a_new_conversation_can_be_begun_meanwhile(filed: Clinic, tmp_path: Path) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment, size=(140, 40)) as pilot:
        kept = keeps(pilot, filed, tmp_path / "utkast")
        await press(pilot, "2", "enter")
        away = lose(filed)
        await press(pilot, *"Hej", "escape", "n", *"Nytt")
        await until(pilot, lambda: len(kept.texts()) == 2)
        find(filed, away)
        await told(pilot)
        await saved(pilot)
        assert host(pilot).client.has_left_drafts
    assert drafts(filed) == ["Nytt"]
    assert [one.attempts[-1].text for one in kept.texts()] == ["Hej"]


async def test_what_is_written_when_access_is_lost_is_kept_for_its_return(filed: Clinic, tmp_path: Path) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment, size=(140, 40)) as pilot:
        kept = keeps(pilot, filed, tmp_path / "utkast")
        await press(pilot, "2", "enter")
        await pilot.press(*"Hej")
        do(filed, filed.admin, switch_clinician, moment, COLLEAGUE)
        await told(pilot)
        await until(pilot, lambda: len(kept.texts()) == 1)
        assert "Hej" not in shown(pilot)
    assert drafts(filed) == []
    assert [one.attempts[-1].text for one in kept.texts()] == ["Hej"]


async def test_a_store_that_does_not_answer_holds_nobody_up(
    filed: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment, size=(140, 40)) as pilot:
        kept = keeps(pilot, filed, tmp_path / "utkast")
        await press(pilot, "2", "enter")
        monkeypatch.setattr(DraftSaver, "PATIENCE", 0.05)
        with filed.store.work(filed.colleague) as work:
            work.db.run("UPDATE staff SET email = email")  # takes the lock for as long as this lasts
            await pilot.press(*"Hej", "escape", "escape")
            await until(pilot, lambda: host(pilot).given == [None])
            assert [one.attempts[-1].text for one in kept.texts()] == ["Hej"]


async def test_a_draft_that_was_read_is_still_there_when_the_database_is_gone(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    conversation = filed.value("SELECT id FROM conversation")
    do(filed, filed.clinician, save_draft, moment, "Hej", conversation=conversation)
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        away = lose(filed)
        await told(pilot)
        assert text(pilot) == "Hej"
        assert page(pilot).is_current
        find(filed, away)
        await settled(pilot)
