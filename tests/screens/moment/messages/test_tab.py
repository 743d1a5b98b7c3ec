"""The tab *Meddelanden* on screen: the guide's words, the list, and reading."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import pairwise

import pytest
from textual.pilot import Pilot

from screens.clipboard import told_of
from screens.moment.messages.intro import WORDS
from screens.moment.messages.tab import MessagesTab
from screens.moment.messages.thread_lines import lines_of
from screens.moment.messages.thread_view import ThreadView
from screens.moment.messages.withheld import NOT_YOURS, why_withheld
from screens.moment.tabs import MESSAGES
from screens.widgets.mark import Mark
from screens.widgets.tab_strip import TabStrip
from store.care.conversations import Sender
from store.care.endings import end_moment
from store.care.maintenance import maintain_moment, resume_moment
from store.care.messages import send_message, write_message
from store.care.switching import switch_clinician
from store.foundation.clock import Instant
from store.views.conversations import MessageLine
from store.views.residents_side import read_own_messages
from tests.clinics import COLLEAGUE, MONDAY, Clinic
from tests.screens import hostile
from tests.screens.moment.host import (
    SIZES,
    do,
    focus,
    keys,
    notices,
    opened,
    page,
    path_of,
    press,
    read_log,
    settled,
    shown,
    told,
    until,
)
from tests.screens.whole import LOST, taken_away


def tab(pilot: Pilot[None]) -> MessagesTab:
    return page(pilot).query_one(MessagesTab)


def unread(clinic: Clinic) -> int:
    return int(clinic.value("SELECT sum(unread_messages) FROM moment"))


def wrote(clinic: Clinic, moment: int, text: str = "Hej, hur gör jag?", heading: str | None = "En fråga") -> int:
    """The resident has written; returns the conversation's id, for a new one."""
    do(clinic, clinic.resident(), write_message, moment, text, heading=heading)
    return int(clinic.value("SELECT max(id) FROM conversation"))


def moment_with(clinic: Clinic, *headings: str) -> int:
    """A moment with conversations that the resident began, an hour apart."""
    moment = clinic.start(program="prov")
    for hour, heading in enumerate(headings, 10):
        clinic.clock.set(2026, 3, 2, hour)
        wrote(clinic, moment, f"Om {heading}", heading)
    return moment


def joined(text: str) -> str:
    """A text without the breaks that the width made."""
    return " ".join(text.split())


def row(pilot: Pilot[None]) -> str:
    """What the cursor's row says of its conversation."""
    row = tab(pilot).conversations.row
    return ("".join(ink.text for ink in row.lead) + row.text).strip() if row is not None else ""


@SIZES
async def test_it_opens_with_the_guides_words(filed: Clinic, size: tuple[int, int]) -> None:
    moment = moment_with(filed, "Sömn", "Skola")
    async with opened(filed, moment, size=size) as pilot:
        assert "2 Meddelanden ●2" in shown(pilot)
        await press(pilot, "2")
        assert WORDS in joined(shown(pilot))
        for words in ("OLÄST (2)", "UTKAST (0)", "NY KONVERSATION", "●1 Skola", "2 mars 12:00", "●1 Sömn"):
            assert words in shown(pilot)
        assert shown(pilot).index("Skola") < shown(pilot).index("Sömn")
        assert {key: keys(pilot)[key] for key in ("Enter", "n", "m", "Esc")} == {
            "Enter": "Öppna",
            "n": "Skapa ny konversation",
            "m": "Läst",
            "Esc": "Tillbaka",
        }
    assert read_log(filed, "open_messages") == 1
    assert read_log(filed, "open_conversation") == 0


async def test_nothing_is_opened_by_itself_and_the_cursor_stands_on_the_first_unread(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    filed.clock.set(2026, 3, 2, 15)
    do(filed, filed.clinician, send_message, moment, "Välkommen!")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2")
        assert focus(pilot) == "conversations"
        assert row(pilot) == "●1 Sömn"
        assert "Om Sömn" not in shown(pilot)
        await press(pilot, "up")
        assert "Välkommen!" not in shown(pilot)
    assert unread(filed) == 1


async def test_enter_opens_a_conversation_and_that_reads_it(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    filed.clock.set(2026, 3, 3, 8, 5)
    conversation = filed.value("SELECT id FROM conversation")
    do(filed, filed.clinician, send_message, moment, "Lugnt och stilla.", conversation=conversation)
    filed.clock.set(2026, 3, 3, 14, 31)
    do(filed, filed.resident(), read_own_messages, moment)
    do(filed, filed.clinician, send_message, moment, "Och ett till.", conversation=conversation)
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        for words in (
            "Invånaren: Åsa Berg · 2 mars 11:00 · ✓ läst",
            "Om Sömn",
            "Kim T1clinician · 3 mars 09:05 · ✓ läst 3 mars 15:31",
            "Kim T1clinician · 3 mars 15:31 · inte läst än",
            "OLÄST (0)",
            "Skriv ett meddelande till invånaren",
        ):
            assert words in shown(pilot)
        assert page(pilot).query_one(TabStrip).items[1].badge == ""
        assert focus(pilot) == "text"
        assert keys(pilot) == {
            "Tab": "Nästa",
            "ctrl+t": "Mallar",
            "ctrl+s": "Skicka meddelande",
            "Esc": "Till listan",
        }
    assert unread(filed) == 0
    assert read_log(filed, "open_conversation") == 1


async def test_m_marks_as_read_and_shift_m_makes_it_unread_again(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn", "Skola")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "down", "m")
        assert "OLÄST (1)" in shown(pilot)
        assert "●1 Sömn" not in shown(pilot)
        assert "m" not in keys(pilot)
        assert keys(pilot)["M"] == "Oläst igen"
        await press(pilot, "M")
        assert "●1 Sömn" in shown(pilot)
    assert unread(filed) == 2


async def test_what_only_we_have_written_cannot_be_unread(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    do(filed, filed.clinician, send_message, moment, "Välkommen!")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "M")
        assert notices(pilot) == ["Invånaren har inte skrivit något i konversationen."]


async def test_an_administrator_reads_writes_and_marks_by_hand(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment, by=filed.admin) as pilot:
        await press(pilot, "2", "enter")
        assert "● oläst" in shown(pilot)
        assert unread(filed) == 1
        await press(pilot, *"Hej", "ctrl+s")
        assert notices(pilot) == ["Meddelandet är skickat. Esc och U ångrar inom 5 sekunder."]
        await press(pilot, "escape", "m")
        assert unread(filed) == 0


async def test_an_empty_tab_says_what_to_do(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2")
        assert "Inga konversationer än." in shown(pilot)
        assert "Tryck n för att skapa en ny konversation." in shown(pilot)
        assert "Enter" not in keys(pilot)
        await press(pilot, "n")
        assert focus(pilot) == "text"


async def test_the_marks_lead_on(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn", "Skola", "Mat")
    async with opened(filed, moment, size=(140, 40)) as pilot:
        await press(pilot, "2", "down", "m", "home")
        mark = tab(pilot).query_one("#go-unread", Mark)
        mark.focus()
        await press(pilot, "enter")
        assert focus(pilot) == "conversations"
        assert row(pilot) == "●1 Sömn"
        mark.focus()
        await press(pilot, "enter")
        assert row(pilot) == "●1 Mat"
        assert tab(pilot).query_one("#go-draft", Mark).disabled
        await pilot.click("#go-new")
        await settled(pilot)
        assert "Ny konversation" in shown(pilot)
        assert focus(pilot) == "text"


async def test_a_long_conversation_begins_at_the_newest_and_is_read_on_upwards(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    conversation = wrote(filed, moment, "Nummer 0.")
    for number in range(1, 230):
        do(filed, filed.resident(), write_message, moment, f"Nummer {number}.", conversation=conversation)
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        assert "Nummer 229." in shown(pilot)
        view = tab(pilot).query_one(ThreadView)
        assert view.scroll_offset.y == view.max_scroll_y
        view.focus()
        await press(pilot, "home")
        assert len(tab(pilot).reader.messages) == 200
        assert "Nummer 130." in shown(pilot)  # what was in view stays there
        await press(pilot, "home", "home", "home")
        assert len(tab(pilot).reader.messages) == 230
        assert "Nummer 0." in shown(pilot)
        do(filed, filed.resident(), write_message, moment, "Och ett till.", conversation=conversation)
        await told(pilot)
        assert "Nummer 0." in shown(pilot)
        await press(pilot, "end")
        assert "Och ett till." in shown(pilot)
        assert "● oläst" in shown(pilot)
    assert read_log(filed, "open_conversation") == 1


def is_shown(pilot: Pilot[None], words: str) -> bool:
    return words in shown(pilot)


async def test_what_comes_while_one_reads_the_newest_is_seen(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    conversation = filed.value("SELECT id FROM conversation")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        for number in range(12):
            do(filed, filed.resident(), write_message, moment, f"Rad {number}", conversation=conversation)
            await told(pilot)
            await until(pilot, partial(is_shown, pilot, f"Rad {number}"))
        await until(pilot, lambda: "2 Meddelanden ●12" in shown(pilot))
        assert "●12 Sömn" in shown(pilot)


async def test_in_maintenance_it_says_why_and_what_to_do(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", *"Hej")
        do(filed, filed.clinician, maintain_moment, moment)
        await told(pilot)
        said = joined(shown(pilot))
        assert "Momentet är i vidmakthållande läge, och då kan meddelanden inte skickas." in said
        assert "Återuppta momentet först (w)." in said
        assert "Skicka meddelande" not in said
        assert "Hej" in said
        assert "n" not in keys(pilot)
        assert "ctrl+s" not in keys(pilot)
        await press(pilot, "c")
        await until(pilot, lambda: notices(pilot) == [told_of("Hej", "Utkastet")])
        assert pilot.app.clipboard == "Hej"
        row = "SELECT action, moment_id, details FROM log WHERE operation = 'copy_draft'"
        assert filed.log(row) == [("kopierade", moment, "skickat till terminalens urklipp")]
        do(filed, filed.clinician, resume_moment, moment)
        await told(pilot)
        assert keys(pilot)["ctrl+s"] == "Skicka meddelande"
        assert tab(pilot).composer.field.text == "Hej"
    assert filed.rows("SELECT text FROM draft") == [("Hej",)]


async def test_a_draft_is_not_copied_where_that_cannot_be_logged(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", *"Hej")
        do(filed, filed.clinician, maintain_moment, moment)
        await told(pilot)
        with taken_away(filed):
            await press(pilot, "c")
            await until(pilot, lambda: any(LOST in one for one in notices(pilot)))
            assert pilot.app.clipboard == ""


async def test_ended_everything_can_be_read_and_a_draft_copied(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", *"Hej", "escape")
        with filed.store.work(filed.clinician) as work:
            end_moment(work, moment, "Övrigt", confirmed=True)
        await told(pilot)
        assert "Starta ett nytt moment om ni behöver fortsätta." in joined(shown(pilot))
        assert "Om Sömn" in shown(pilot)
        await press(pilot, "c", "M")
        await until(pilot, lambda: pilot.app.clipboard == "Hej")
        assert unread(filed) == 1
        await press(pilot, "m")
    assert unread(filed) == 0


async def test_an_administrator_is_told_who_can_resume(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    do(filed, filed.clinician, maintain_moment, moment)
    async with opened(filed, moment, by=filed.admin) as pilot:
        await press(pilot, "2")
        assert "Ansvarig behandlare kan återuppta det." in joined(shown(pilot))


def test_who_may_only_read_is_told_who_writes() -> None:
    assert why_withheld("", may_write=False, may_resume=False) == NOT_YOURS
    assert why_withheld("", may_write=True, may_resume=True) == ""


async def test_what_may_no_longer_be_seen_is_gone(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        do(filed, filed.admin, switch_clinician, moment, COLLEAGUE)
        await told(pilot)
        assert "Sömn" not in shown(pilot)
        assert "Du har inte längre tillgång till momentet." in shown(pilot)
        assert "n" not in keys(pilot)


async def test_a_lost_database_leaves_what_is_read(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn", "Skola")
    path = path_of(filed)
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", "escape")
        away = path.rename(path.with_suffix(".borta"))
        await told(pilot)
        assert "Ingen kontakt med databasen." in shown(pilot)
        assert "Om Skola" in shown(pilot)
        await press(pilot, "down", "enter")
        assert notices(pilot) == ["Ingen kontakt med databasen."]
        assert "Om Skola" in shown(pilot)
        away.rename(path)
        await told(pilot)
        assert "Ingen kontakt" not in shown(pilot).replace(notices(pilot)[0], "", 1)
        await press(pilot, "enter")
        assert "Om Sömn" in shown(pilot)


async def test_the_timeline_leads_to_the_conversation(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn", "Skola")
    async with opened(filed, moment) as pilot:
        await press(pilot, "3", "down", "enter")
        assert "── Sömn ──" in shown(pilot)
        assert page(pilot).query_one(TabStrip).active == "meddelanden"


async def test_a_conversation_can_be_asked_for_from_outside(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn", "Skola")
    async with opened(filed, moment) as pilot:
        await page(pilot).show_conversation(filed.value("SELECT min(id) FROM conversation"))
        await settled(pilot)
        assert "── Sömn ──" in shown(pilot)
        assert focus(pilot) == "text"
        assert row(pilot) == "Sömn"
        await page(pilot).show_conversation(4711)
        await settled(pilot)
        assert notices(pilot)[0].startswith("Du har inte behörighet")
        assert "── Sömn ──" in shown(pilot)


@hostile.together
async def test_hostile_texts_are_shown_as_they_stand(filed: Clinic, hostile: str) -> None:
    moment = filed.start(program="prov")
    wrote(filed, moment, hostile, hostile[:100])
    filed.run("UPDATE message SET text = :text, author = :text", text=hostile)
    filed.run("UPDATE conversation SET heading = :text", text=hostile)
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter")
        painted = shown(pilot)
        assert all(is_clean(line.replace("\xa0", " ")) for line in painted.split("\n"))
        assert "[/x] [b]fet[/b]" in painted or hostile.startswith("Å")
        assert pilot.app.is_running


is_clean = hostile.is_clean


@pytest.mark.parametrize("width", [30, 79, 140])
@hostile.every
def test_a_message_is_whole_at_any_width(width: int, hostile: str) -> None:
    message = MessageLine(1, Sender.RESIDENT, "Åsa Berg", f"{hostile}\n\n  Slut.", MONDAY, None, 0)
    lines = lines_of([message], width, Instant(MONDAY))
    assert all(line.cell_length <= width for line in lines)
    text = "".join(line.plain for line in lines)
    assert text.endswith("Slut.")
    assert text.count("Å") == hostile.count("Å") + 1


def test_years_are_said_where_they_differ() -> None:
    message = MessageLine(1, Sender.CLINICIAN, "Kim Ek", "Hej", MONDAY, None, 0)
    later = Instant(MONDAY + 366 * 86_400_000)
    (first, *_), (second, *_) = (lines_of([message], 80, now) for now in (Instant(MONDAY), later))
    assert first.plain == "Kim Ek · 2 mars 10:00 · inte läst än"
    assert second.plain == "Kim Ek · 2 mars 2026 10:00 · inte läst än"


@pytest.mark.parametrize("width", range(100, 150, 10))
async def test_the_list_stands_beside_where_there_is_room(filed: Clinic, width: int) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment, size=(width, 30)) as pilot:
        await press(pilot, "2", "enter")
        regions = [tab(pilot).query_one(name).region for name in ("#talks", "#talk")]
        assert (regions[0].y == regions[1].y) is (width >= 120)
        assert all(not one.overlaps(other) for one, other in pairwise(regions))


async def test_what_may_be_done_can_be_told_while_the_tab_is_being_made(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        made = page(pilot)._make_tab(MESSAGES)
        assert isinstance(made, MessagesTab)
        page(pilot).mount(made)
        for _ in range(10_000):
            if made.is_mounted:
                break
            made.show_allowed(page(pilot).reader.allowed)
            await asyncio.sleep(0)
        await until(pilot, lambda: made.page is not None)
        assert made.may_write


async def test_ctrl_s_sends_only_what_the_cursor_stands_on(filed: Clinic) -> None:
    """From the list with the cursor on another row nothing goes: the open conversation is shown first."""
    moment = moment_with(filed, "Sömn", "Skola")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "enter", *"hej", "escape", "down")
        assert row(pilot).endswith("Sömn")
        await press(pilot, "ctrl+s")
        assert (focus(pilot), row(pilot)) == ("text", "✎ Skola")
        assert filed.value("SELECT count(*) FROM message WHERE sender = 'behandlare'") == 0
        await press(pilot, "escape", "down", "tab")  # by Tab into the open one: the cursor follows
        assert row(pilot) == "✎ Skola"
        await press(pilot, "ctrl+s")
    assert filed.rows(
        "SELECT c.heading FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE m.sender = 'behandlare'"
    ) == [("Skola",)]


async def test_a_new_conversation_has_the_cursor_from_the_first(filed: Clinic) -> None:
    moment = moment_with(filed, "Sömn")
    async with opened(filed, moment) as pilot:
        await press(pilot, "2", "n")
        assert row(pilot) == "Min konversation (ny)"
        await press(pilot, *"hej", "escape")
        await until(pilot, lambda: row(pilot) == "✎ Min konversation (ny)")
        assert len(tab(pilot).conversations._rows) == 2
