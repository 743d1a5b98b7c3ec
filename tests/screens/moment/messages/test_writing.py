"""Writing on the tab *Meddelanden*: drafts that keep themselves, two windows, and sending."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from screens.lock import LockScreen
from screens.moment.messages.actions import NO_TEMPLATES
from screens.moment.messages.autosave import BOTH, GONE, GONE_BUT_KEPT
from screens.moment.messages.composer import UNREACHED, set_apart
from screens.moment.messages.delivery_pick import DeliveryPick
from screens.moment.messages.drafts import DraftSaver
from screens.moment.messages.open_conversation import SENT, UNDO_HINT
from screens.shown_keys import keyed
from screens.widgets.mark import Mark
from store.care.drafts import discard_draft, save_draft
from store.care.messages import MESSAGE_LIMIT, send_message, write_message
from store.care.templates import save_own_template, save_unit_template
from store.foundation.access import Role
from store.foundation.clock import Instant
from tests.clinics import Clinic
from tests.screens.hostile import ESCAPES, MARKUP
from tests.screens.moment.host import (
    do,
    focus,
    host,
    keys,
    notices,
    opened,
    page,
    press,
    settled,
    shown,
    told,
    until,
)
from tests.screens.moment.messages.test_tab import joined, moment_with, tab

EMPTY = "Meddelandet är tomt. Skriv en text, eller låt bli att skicka meddelande."


def drafts(clinic: Clinic) -> list[str]:
    """The texts that are kept, the oldest first."""
    return [text for (text,) in clinic.rows("SELECT text FROM draft ORDER BY id")]


def sent(clinic: Clinic) -> list[str]:
    """What staff have sent, the oldest first."""
    return [text for (text,) in clinic.rows("SELECT text FROM message WHERE sender = 'behandlare' ORDER BY id")]


async def write(pilot: Pilot[None], text: str) -> None:
    """Put a text into the field at the cursor, as by pasting, and wait until it is kept."""
    tab(pilot).composer.field.insert(text)
    await saved(pilot)


async def saved(pilot: Pilot[None]) -> None:
    """Wait until what is written is in the store."""
    await until(pilot, lambda: "Utkast sparat" in shown(pilot))


def text(pilot: Pilot[None]) -> str:
    """What stands in the field."""
    return tab(pilot).composer.field.text


# Drafts


async def test_a_draft_keeps_itself_while_one_writes(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        await pilot.press(*"Hej 12")
        await until(pilot, lambda: "Sparar utkast …" in shown(pilot) or "Utkast sparat" in shown(pilot))
        await saved(pilot)
        assert "Utkast sparat 11:00" in shown(pilot)
        assert "UTKAST (1)" in shown(pilot)
        assert "✎ Sömn" in shown(pilot)
        assert page(pilot).is_current
        await press(pilot, *["backspace"] * 6)
        await until(pilot, lambda: "UTKAST (0)" in shown(pilot))
        assert "Utkast sparat" not in shown(pilot)
    assert drafts(filed) == []


async def test_while_typing_goes_on_it_is_saved_all_the_same(filed: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        monkeypatch.setattr(DraftSaver, "PAUSE", 60.0)
        monkeypatch.setattr(DraftSaver, "LATEST", 0.01)
        await pilot.press(*"Hej")
        await saved(pilot)
    assert drafts(filed) == ["Hej"]


async def test_escape_goes_to_the_list_and_then_from_the_page(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", *"Hej", "escape")
        assert focus(pilot) == "conversations"
        assert drafts(filed) == ["Hej"]
        await press(pilot, "escape")
        assert host(pilot).given == [None]


async def test_what_is_typed_last_is_kept_when_the_page_is_left_at_once(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        await pilot.press(*"Hej", "escape", "escape")
        await settled(pilot)
        assert host(pilot).given == [None]
    assert drafts(filed) == ["Hej"]


async def test_another_tab_and_back(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        await pilot.press(*"Hej", "tab", "1")
        await settled(pilot)
        assert drafts(filed) == ["Hej"]
        await press(pilot, "2")
        assert text(pilot) == "Hej"


async def test_the_lock_keeps_it_and_the_same_person_comes_back_to_it(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        await pilot.press(*"Hej")
        await pilot.app.push_screen(LockScreen(practice=True))
        await settled(pilot)
        assert drafts(filed) == ["Hej"]
        await press(pilot, "x")
        assert text(pilot) == "Hej"
        assert focus(pilot) == "text"


async def test_a_draft_is_taken_up_where_its_conversation_is_opened(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    conversation = filed.value("SELECT id FROM conversation")
    do(filed, filed.clinician, save_draft, moment, "Halva", conversation=conversation)
    filed.clock.set(2026, 3, 4)
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        assert "Utkast sparat 2 mars 11:00" in shown(pilot)
        await press(pilot, *" texten")
        await saved(pilot)
    assert drafts(filed) == ["Halva texten"]


async def test_a_new_conversation_has_the_guides_heading_and_its_draft_a_row(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "n")
        assert tab(pilot).composer.query_one("#heading", Input).value == "Min konversation"
        await press(pilot, *"Hej", "shift+tab", "end", *" 2")
        await until(pilot, lambda: "✎ Min konversation 2 (ny)" in shown(pilot))
        await press(pilot, "escape", "end", "enter")
        assert text(pilot) == ""
        await press(pilot, "escape", "home", "enter")
        assert text(pilot) == "Hej"
        assert tab(pilot).composer.query_one("#heading", Input).value == "Min konversation 2"
        await press(pilot, "escape", "n")
        assert text(pilot) == ""
        await press(pilot, *"Nej")
        await until(pilot, lambda: "UTKAST (2)" in shown(pilot))
    assert drafts(filed) == ["Hej", "Nej"]


async def test_n_goes_on_with_the_draft_of_a_new_conversation(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    do(filed, filed.clinician, save_draft, moment, "Halva", heading="Sommaren")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "n")
        assert text(pilot) == "Halva"
        assert tab(pilot).composer.query_one("#heading", Input).value == "Sommaren"


async def test_the_mark_goes_from_draft_to_draft(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    conversation = filed.value("SELECT id FROM conversation")
    for words, where in (("Ett", conversation), ("Två", conversation), ("Tre", None)):
        do(filed, filed.clinician, save_draft, moment, words, conversation=where)
        filed.clock.now = Instant(filed.clock.now + 60_000)
    async with opened(filed, moment, size=(140, 40)) as pilot:
        await press(pilot, "2")
        assert "✎2 Sömn" in shown(pilot)
        seen = []
        for _ in range(4):
            tab(pilot).query_one("#go-draft", Mark).focus()
            await press(pilot, "enter")
            seen.append(text(pilot))
    assert seen == ["Tre", "Två", "Ett", "Tre"]


# Two windows


async def test_two_windows_of_one_person_never_write_over_each_other(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    conversation = filed.value("SELECT id FROM conversation")
    draft, version = do(filed, filed.clinician, save_draft, moment, "Början", conversation=conversation)
    async with opened(filed, moment, size=(140, 40)) as pilot:
        await press(pilot, "2", "enter")
        do(filed, filed.clinician, save_draft, moment, "Början där", draft=draft, version=version)
        await write(pilot, " här")
        await until(pilot, lambda: BOTH in shown(pilot))
        assert "UTKAST (2)" in shown(pilot)
        assert drafts(filed) == ["Början där", "Början här"]
        tab(pilot).query_one("#go-draft", Mark).focus()
        await press(pilot, "enter")
        assert text(pilot) == "Början där"


async def test_two_hosts_with_the_same_draft(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    conversation = filed.value("SELECT id FROM conversation")
    do(filed, filed.clinician, save_draft, moment, "Början", conversation=conversation)
    async with opened(filed, moment, size=(140, 40)) as one:
        await press(one, "2", "enter")
        async with opened(filed, moment, size=(140, 40)) as other:
            await press(other, "2", "enter", *" b")
            await saved(other)
        await told(one)
        assert text(one) == "Början b"
        await press(one, *" a")
        await saved(one)
    assert drafts(filed) == ["Början b a"]


async def test_newer_text_from_another_window_is_shown_where_nothing_was_changed(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    conversation = filed.value("SELECT id FROM conversation")
    draft, version = do(filed, filed.clinician, save_draft, moment, "Hej du", conversation=conversation)
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", "left", "left")
        do(filed, filed.clinician, save_draft, moment, "Hej du där", draft=draft, version=version)
        await told(pilot)
        assert text(pilot) == "Hej du där"
        assert tab(pilot).composer.field.cursor_location == (0, 4)
    assert drafts(filed) == ["Hej du där"]


async def test_a_draft_sent_in_another_window_empties_the_field(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    conversation = filed.value("SELECT id FROM conversation")
    draft, _ = do(filed, filed.clinician, save_draft, moment, "Hej", conversation=conversation)
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        do(filed, filed.clinician, send_message, moment, "Hej", conversation=conversation, draft=draft)
        await told(pilot)
        assert text(pilot) == ""
        assert GONE in joined(shown(pilot))
        assert "inte läst än" in shown(pilot)
    assert drafts(filed) == []


async def test_a_draft_thrown_away_elsewhere_is_kept_where_it_was_changed(
    filed: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = moment_with(filed, "Sömn")
    conversation = filed.value("SELECT id FROM conversation")
    draft, version = do(filed, filed.clinician, save_draft, moment, "Hej", conversation=conversation)
    async with opened(filed, moment, size=(140, 40)) as pilot:
        await press(pilot, "2", "enter")
        monkeypatch.setattr(DraftSaver, "PAUSE", 60.0)
        monkeypatch.setattr(DraftSaver, "LATEST", 60.0)
        await press(pilot, *" igen")
        do(filed, filed.clinician, discard_draft, moment, draft, version)
        await told(pilot)
        assert GONE_BUT_KEPT in joined(shown(pilot))
        assert text(pilot) == "Hej igen"
        await press(pilot, "escape")
    assert drafts(filed) == ["Hej igen"]


# Sending


async def test_a_reply_is_sent_and_stands_in_the_conversation(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", *"Hej 1", "ctrl+s")
        assert notices(pilot) == [f"{SENT} {keyed(UNDO_HINT)}"]
        assert text(pilot) == ""
        assert "Kim T1clinician · 2 mars 11:00 · går strax iväg" in shown(pilot)
        assert "UTKAST (0)" in shown(pilot)
        assert focus(pilot) == "text"
    assert sent(filed) == ["Hej 1"]
    assert drafts(filed) == []
    assert filed.rows("SELECT kind FROM notice WHERE kind IN ('meddelande', 'uppsamlat')") == [("meddelande",)]
    assert filed.value("SELECT count(*) FROM conversation") == 1


async def test_a_new_conversation_is_sent_and_opened(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "n", *"Hej", "shift+tab")
        tab(pilot).composer.query_one("#heading", Input).value = "Sommaren"
        await press(pilot, "ctrl+s")
        assert "── Sommaren ──" in shown(pilot)
        assert tab(pilot).conversations.row.text == "Sommaren"  # type: ignore[union-attr]
        assert "  Hej" in shown(pilot)
    assert filed.rows("SELECT heading FROM conversation ORDER BY id") == [("Sömn",), ("Sommaren",)]


async def test_the_button_sends(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", *"Hej")
        await pilot.click("#send")
        await settled(pilot)
    assert sent(filed) == ["Hej"]


async def test_a_message_that_is_taken_back_stands_in_the_field_again(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", *"Hej", "ctrl+s")
        await until(pilot, lambda: sent(filed) == ["Hej"])
        await press(pilot, "escape", "U")
        await until(pilot, lambda: pilot.app.screen.query_one("#text", TextArea).text == "Hej")
        await settled(pilot)
    assert sent(filed) == []


async def test_collected_says_when_it_goes(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", *"Hej")
        assert "[x] Avisera till inkorgen i e-tjänsterna" in shown(pilot)
        assert "(●) Direkt  ( ) Uppsamlat" in shown(pilot)
        assert "kl." not in shown(pilot)
        await press(pilot, "tab", "tab", "right")
        assert "Uppsamlat: går 3 mars kl. 09:00. Aviseringen kan dröja en dag." in shown(pilot)
        await press(pilot, "ctrl+s")
    assert filed.rows("SELECT kind FROM notice WHERE kind IN ('meddelande', 'uppsamlat')") == [("uppsamlat",)]


async def test_without_a_notice_none_goes(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", *"Hej", "tab", "space")
        assert tab(pilot).composer.query_one(DeliveryPick).disabled
        await press(pilot, "ctrl+s")
    assert sent(filed) == ["Hej"]
    assert filed.rows("SELECT kind FROM notice WHERE kind IN ('meddelande', 'uppsamlat')") == []


async def test_it_is_said_where_no_notice_arrives(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    filed.run("UPDATE resident SET channel = 'ingen', mobile = ''")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        assert UNREACHED in joined(shown(pilot))
        await press(pilot, "tab", "space")
        assert UNREACHED not in joined(shown(pilot))


async def test_an_empty_text_is_refused_at_the_field(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", "space", "ctrl+s")
        assert EMPTY in joined(shown(pilot))
        assert focus(pilot) == "text"
        await press(pilot, "x")
        assert EMPTY not in joined(shown(pilot))
    assert sent(filed) == []


async def test_a_long_text_is_counted_and_a_longer_one_refused(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        await write(pilot, "å" * (MESSAGE_LIMIT - 600))
        assert "tecken" not in shown(pilot)
        await write(pilot, "å" * 600)
        assert "10\xa0000 av 10\xa0000 tecken" in shown(pilot)
        await write(pilot, "ö")
        assert "! 10\xa0001 av 10\xa0000 tecken" in shown(pilot)
        assert "ö" in shown(pilot).split("Avisera")[0].split("Om Sömn")[1]
        await press(pilot, "ctrl+s")
        assert "Texten är för lång: högst 10000 tecken, nu 10001." in joined(shown(pilot))
        assert sent(filed) == []
        await press(pilot, "backspace", "ctrl+s")
        assert notices(pilot) == [f"{SENT} {keyed(UNDO_HINT)}"]
    assert sent(filed) == ["å" * MESSAGE_LIMIT]


async def test_more_than_a_draft_holds_is_said_before_it_is_left(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment, size=(140, 40)) as pilot:
        await press(pilot, "2", "enter")
        tab(pilot).composer.field.insert("å" * 20_001)
        await until(pilot, lambda: "Utkastet är inte sparat." in shown(pilot))
        assert "högst 20000 tecken" in joined(shown(pilot))
        assert len(text(pilot)) == 20_001
        await press(pilot, "escape", "escape")
        assert host(pilot).given == []
        assert "Tryck Esc en gång till för att lämna sidan ändå." in notices(pilot)[0]
        await press(pilot, "escape")
        assert host(pilot).given == [None]


async def test_a_heading_that_is_too_long_is_refused_at_its_field(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "n", *"Hej")
        tab(pilot).composer.query_one("#heading", Input).value = "å" * 101
        await press(pilot, "ctrl+s")
        assert "Texten är för lång: högst 100 tecken, nu 101." in joined(shown(pilot))
        assert tab(pilot).composer.query_one("#field-rubrik").has_class("-faulty")
    assert sent(filed) == []


async def test_a_draft_sent_elsewhere_is_asked_about_before_it_is_sent_again(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    conversation = filed.value("SELECT id FROM conversation")
    draft, _ = do(filed, filed.clinician, save_draft, moment, "Hej", conversation=conversation)
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        do(filed, filed.clinician, send_message, moment, "Hej", conversation=conversation, draft=draft)
        await press(pilot, "ctrl+s")
        assert "Utkastet är redan skickat, eller borttaget, i ett annat fönster." in joined(shown(pilot))
        assert "Tryck ctrl+s en gång till för att skicka ändå." in joined(shown(pilot))
        assert sent(filed) == ["Hej"]
        await told(pilot)
        assert text(pilot) == "Hej"
        await press(pilot, "ctrl+s")
        assert notices(pilot) == [f"{SENT} {keyed(UNDO_HINT)}"]
    assert sent(filed) == ["Hej", "Hej"]
    assert drafts(filed) == []


async def test_once_is_enough(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", *"Hej")
        tab(pilot).action_send()
        tab(pilot).action_send()
        await settled(pilot)
    assert sent(filed) == ["Hej"]


async def test_a_template_is_seen_filled_in_before_it_is_sent(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    do(filed, filed.clinician, save_own_template, "Hälsning [/x]", "Hej {förnamn}!\n{behandlare}")
    do(filed, filed.someone(Role.ACCESS_ADMIN), save_unit_template, "Välkommen", "Välkommen till {program}")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", *"AB", "left")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "Enhetens mall" in shown(pilot))
        assert "Hälsning [/x]" in shown(pilot)
        await press(pilot, "enter")
        assert text(pilot) == "A\n\nHej Åsa!\nKim T1clinician\n\nB"
        assert focus(pilot) == "text"
        await press(pilot, *"x")
        assert text(pilot) == "A\n\nHej Åsa!\nKim T1clinician\n\nxB"
        await saved(pilot)
    assert sent(filed) == []


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("", "", "Hej!"),
        ("/Karin", "", "/Karin\n\nHej!"),
        ("/Karin\n", "", "/Karin\n\nHej!"),
        ("/Karin\n\n", "", "/Karin\n\nHej!"),
        ("/Karin\n\n\n", "", "/Karin\n\n\nHej!"),
        ("", "/Karin", "Hej!\n\n/Karin"),
        ("A", "\nB", "A\n\nHej!\n\nB"),
        (" \n", "", " \nHej!"),
    ],
)
def test_a_template_never_glues(before: str, after: str, whole: str) -> None:
    assert before + set_apart(before, "Hej!", after) + after == whole


async def test_without_templates_it_says_where_they_are_written(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", "ctrl+t")
        assert notices(pilot) == [NO_TEMPLATES]


@pytest.mark.parametrize("hostile", [MARKUP, ESCAPES], ids=["markup", "escapes"])
async def test_what_is_written_is_literal(filed: Clinic, hostile: str) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "n")
        tab(pilot).composer.query_one("#heading", Input).value = MARKUP
        await write(pilot, hostile)
        assert "✎ [/x] [b]fet[/b]" in shown(pilot)
        await press(pilot, "ctrl+s")
        assert notices(pilot) == [f"{SENT} {keyed(UNDO_HINT)}"]
        assert "── [/x] [b]fet[/b]" in shown(pilot)
        assert pilot.app.is_running
    if hostile is MARKUP:
        assert sent(filed) == [MARKUP]


async def test_the_resident_answers_while_one_writes(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    conversation = filed.value("SELECT id FROM conversation")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", *"Hej du", "left", "left")
        do(filed, filed.resident(), write_message, moment, "En sak till", conversation=conversation)
        await told(pilot)
        assert "En sak till" in shown(pilot)
        assert text(pilot) == "Hej du"
        assert focus(pilot) == "text"
        assert tab(pilot).composer.field.cursor_location == (0, 4)
        assert "ctrl+s" in keys(pilot)
