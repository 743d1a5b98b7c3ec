"""A text whose page goes away while it is being saved: it is taken up when the store is back, as any other."""

import asyncio
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from screens.kept_drafts import KeptDrafts, take_up
from screens.moment.messages.autosave import BOTH, GONE, GONE_BUT_KEPT, SAVING, Autosave, Written
from screens.store_client import KEPT, StoreClient, lost_sentence
from store.care.drafts import DRAFT_LIMIT, DraftText
from store.care.messages import HEADING
from store.foundation.errors import StoreUnreachable
from tests.app.driver import move
from tests.clinics import MONDAY, Clinic
from tests.screens.moment.host import path_of
from tests.store.letters import conversations, page, save, send

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


async def test_what_has_become_of_the_text_is_said_in_words(filed: Clinic, client: StoreClient) -> None:
    keeper = written(filed, client)
    assert keeper.state() == SAVING
    keeper.written = Written(keeper.saved.heading, "")
    assert (keeper.state(), keeper.is_dirty) == ("", False)
    keeper.written = TEXT
    await keeper.save()
    assert keeper.state() == "Utkast sparat 10:00"
    filed.clock.set(2026, 3, 2, 22, 59)
    assert keeper.state() == "Utkast sparat 10:00"
    filed.clock.set(2026, 3, 2, 23)  # midnight
    assert keeper.state() == "Utkast sparat 2 mars 10:00"
    away = move(path_of(filed), "borta")
    keeper.written = Written(TEXT.heading, "Hej Åsa!")
    await keeper.save()
    assert (keeper.state(), keeper.is_lost) == (f"{StoreUnreachable().message} {KEPT}", True)
    client.drafts = None
    await keeper.keep_in_file(StoreUnreachable())
    assert keeper.state() == lost_sentence(StoreUnreachable(), typed=True)
    assert not keeper.is_safe
    move(away, path_of(filed).name)


async def test_what_the_store_will_not_have_is_kept_in_a_file_until_it_will(filed: Clinic, client: StoreClient) -> None:
    keeper = written(filed, client)
    kept = KeptDrafts.of(client)
    assert kept
    keeper.written = Written(TEXT.heading, "x" * (DRAFT_LIMIT + 1))
    assert not await keeper.save()
    assert keeper.state().startswith("Utkastet är inte sparat. Texten är för lång: högst 20000 tecken")
    assert (keeper.is_lost, keeper.is_safe, len(kept.texts())) == (False, True, 1)
    keeper.written = Written(TEXT.heading, "x" * DRAFT_LIMIT)
    assert await keeper.save()
    assert (keeper.refused, keeper.is_dirty, kept.texts()) == ("", False, [])
    assert drafts(filed) == [(TEXT.heading, "x" * DRAFT_LIMIT)]


async def test_a_saving_whose_answer_was_lost_is_repeated_before_the_newer_words(
    filed: Clinic, client: StoreClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So both are savings of one draft, each done once."""
    keeper = written(filed, client)
    real = StoreClient.carry_out
    commands: list[object] = []

    async def answerless(self: StoreClient, command: Any, operation: Any, *args: Any, **options: Any) -> Any:
        commands.append(command)
        done = await real(self, command, operation, *args, **options)
        if len(commands) == 1:
            raise StoreUnreachable
        return done

    monkeypatch.setattr(StoreClient, "carry_out", answerless)
    await keeper.save()
    assert (keeper.draft, keeper.is_lost, drafts(filed)) == (None, True, [(TEXT.heading, TEXT.text)])
    keeper.written = Written(TEXT.heading, "Hej igen")
    assert await keeper.save()
    assert commands[0] == commands[1] != commands[2]
    assert (keeper.version, keeper.is_lost, keeper.is_dirty) == (2, False, False)
    assert drafts(filed) == [(TEXT.heading, "Hej igen")]


@pytest.mark.parametrize("gone", [True, False])
async def test_words_on_a_draft_that_another_window_wrote_on_become_one_of_their_own(
    filed: Clinic, client: StoreClient, gone: bool
) -> None:
    keeper = written(filed, client)
    await keeper.save()
    first, moment = keeper.draft, filed.value("SELECT max(id) FROM moment")
    assert first
    if gone:
        filed.run("DELETE FROM draft")
    else:
        save(filed, moment, "Den andras", draft=first, version=1)
    keeper.written = Written(TEXT.heading, "Mina")
    assert await keeper.save()
    assert (keeper.draft != first, keeper.version) == (True, 1)
    others = page(filed, moment).drafts
    assert not keeper.follow(others)
    assert keeper.said == (GONE_BUT_KEPT if gone else BOTH)
    assert {draft.text for draft in others} == ({"Mina"} if gone else {"Mina", "Den andras"})
    keeper.said = ""
    assert not keeper.follow(others)
    assert keeper.said == "", "said once"


async def test_a_draft_that_is_emptied_or_sent_leaves_nothing(filed: Clinic, client: StoreClient) -> None:
    keeper = written(filed, client)
    await keeper.save()
    keeper.written = Written(TEXT.heading, " \n")
    assert await keeper.save()
    assert (keeper.draft, keeper.state(), drafts(filed)) == (None, "", [])
    keeper.written = TEXT
    await keeper.save()
    assert keeper.follow(())
    assert (keeper.draft, keeper.said, keeper.written.text) == (None, GONE, "")
    keeper.written = TEXT
    assert not keeper.follow((), is_asked_about=True)
    await keeper.save()
    assert not keeper.follow((), is_asked_about=True)
    assert (keeper.draft, keeper.said, keeper.written) == (None, GONE_BUT_KEPT, TEXT)
    await keeper.sent()
    assert (keeper.said, keeper.written, keeper.is_dirty) == ("", Written(HEADING, ""), False)


async def test_what_stands_on_screen_is_not_taken_up_from_its_file(filed: Clinic, client: StoreClient) -> None:
    keeper = written(filed, client)
    await keeper.keep_in_file(StoreUnreachable())
    assert (await take_up(client), drafts(filed), client.has_left_drafts) == (0, [], False)
    keeper.let_go()
    assert client.has_left_drafts
    assert await take_up(client) == 1
    assert drafts(filed) == [(TEXT.heading, TEXT.text)]


async def test_a_reply_has_no_heading_and_nothing_but_space_is_nothing(filed: Clinic, client: StoreClient) -> None:
    moment = filed.start()
    send(filed, moment)
    reply = Autosave(client, moment, conversations(filed, moment)[0].id)
    assert reply.written == Written("", "")
    for text in ("", " ", "\n"):
        reply.written = Written("Rubrik", text)
        assert (reply.is_dirty, reply.is_safe) == (False, True)
        assert not await reply.save()
    assert (drafts(filed), reply.draft) == ([], None)
    reply.written = Written("", "Hej")
    assert await reply.save()
    assert drafts(filed) == [("", "Hej")]
    await reply.sent()
    assert reply.written == Written("", "")
