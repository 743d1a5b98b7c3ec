"""A text whose page goes away while it is being saved: it is taken up when the store is back, as any other."""

import asyncio
from pathlib import Path
from threading import Event

import pytest

from screens.kept_drafts import KeptDrafts, take_up
from screens.moment.messages.autosave import GONE_BUT_KEPT, Autosave, Written
from screens.store_client import StoreClient
from store.care.drafts import DraftText
from store.foundation.errors import StoreUnreachable
from tests.app.driver import move
from tests.clinics import MONDAY, Clinic
from tests.screens.moment.host import path_of

TEXT = Written("Sommaren", "Hej Åsa")


@pytest.fixture
def client(filed: Clinic, tmp_path: Path) -> StoreClient:
    """The clinician at work, with a folder for drafts."""
    client = StoreClient(filed.store.engine.url, clock=filed.clock, store=filed.store, drafts=tmp_path / "utkast")
    client.actor, client.draft_key = filed.clinician, filed.store.draft_key()
    return client


def written(filed: Clinic, client: StoreClient) -> Autosave:
    keeper = Autosave(client, filed.start(), None)
    keeper.written = TEXT
    return keeper


def drafts(filed: Clinic) -> list[tuple[object, ...]]:
    return filed.rows("SELECT heading, text FROM draft")


async def test_a_saving_that_fails_after_the_page_has_gone(filed: Clinic, client: StoreClient) -> None:
    keeper = written(filed, client)
    away = move(path_of(filed), "borta")
    keeper.let_go()
    await keeper.save()
    assert client.has_left_drafts
    move(away, path_of(filed).name)
    assert await take_up(client) == 1
    assert drafts(filed) == [(TEXT.heading, TEXT.text)]


async def test_a_file_that_is_half_written_when_the_page_goes(
    filed: Clinic, client: StoreClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end, keep = Event(), Event(), KeptDrafts.keep

    def keep_slowly(self: KeptDrafts, *args: object, **options: object) -> None:
        begun.set()
        may_end.wait(10)
        keep(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(KeptDrafts, "keep", keep_slowly)
    keeper = written(filed, client)
    away = move(path_of(filed), "borta")
    saving = asyncio.ensure_future(keeper.save())
    assert await asyncio.to_thread(begun.wait, 10)
    saving.cancel()
    keeper.let_go()
    client.has_left_drafts = False  # somebody looked, and the file wasn't there yet
    may_end.set()
    await client.run_on_files(lambda: None)
    assert client.has_left_drafts
    move(away, path_of(filed).name)
    assert await take_up(client) == 1
    assert drafts(filed) == [(TEXT.heading, TEXT.text)]


def other_windows(version: int, text: str) -> tuple[DraftText, ...]:
    return (DraftText(7, version, None, TEXT.heading, text, MONDAY),)


def test_what_another_window_saves_is_followed_but_never_over_words_that_are_not_saved(client: StoreClient) -> None:
    keeper = Autosave(client, 1, None, other_windows(1, "a")[0])
    assert not keeper.follow(other_windows(1, "a"))
    assert keeper.follow(other_windows(2, "a c"))
    assert (keeper.version, keeper.written.text, keeper.is_dirty) == (2, "a c", False)
    keeper.written = Written(TEXT.heading, "a b")
    assert not keeper.follow(other_windows(3, "a d"))
    assert (keeper.version, keeper.written.text, keeper.is_dirty) == (2, "a b", True)
    assert not keeper.follow(())
    assert (keeper.draft, keeper.written.text, keeper.said) == (None, "a b", GONE_BUT_KEPT)


async def test_only_the_very_words_that_a_file_holds_are_safe(filed: Clinic, client: StoreClient) -> None:
    keeper = written(filed, client)
    assert not keeper.is_safe
    await keeper.keep_in_file(StoreUnreachable())
    assert keeper.is_safe
    keeper.written = Written(TEXT.heading, f"{TEXT.text}, hur gick det?")
    assert not keeper.is_safe
    await keeper.keep_in_file(StoreUnreachable())
    assert keeper.is_safe
    await keeper.save()
    assert drafts(filed) == [(TEXT.heading, f"{TEXT.text}, hur gick det?")]
