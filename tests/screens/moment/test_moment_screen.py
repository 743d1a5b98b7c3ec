"""The page as it opens: the guide's words, its keys, and what each person is offered."""

from __future__ import annotations

import asyncio

import pytest
from textual.binding import Binding

from screens.lock import LockScreen
from screens.moment import tabs
from screens.moment.modules.module_list import ModuleList
from screens.moment.moment_screen import MomentScreen
from screens.moment.page_exit import PageExit
from screens.widgets.mark import Mark
from screens.widgets.tab_strip import TabStrip
from screens.widgets.title_bar import BAND
from store.care.endings import end_moment
from store.care.maintenance import maintain_moment
from store.care.messages import send_message, write_message
from store.care.modules import read_step
from tests.clinics import ADULT, CHILD, HIDDEN, Clinic
from tests.screens.moment.host import (
    SIZES,
    banner,
    do,
    focus,
    host,
    keys,
    opened,
    page,
    press,
    read_log,
    settled,
    shown,
)
from tests.screens.painted import lines

ALL_KEYS = {
    "b": "Byt behandlare",
    "a": "Avsluta moment",
    "w": "Vidmakthållande",
    "k": "Kontaktperson",
    "Esc": "Tillbaka",
}


def of_the_page(found: dict[str, str]) -> dict[str, str]:
    return {key: words for key, words in found.items() if key in ALL_KEYS}


@SIZES
async def test_the_guides_words_are_there(filed: Clinic, size: tuple[int, int]) -> None:
    moment = filed.start()
    filed.clock.set(2026, 3, 9, 9)
    do(filed, filed.resident(), read_step, moment, "sa-fungerar-programmet")
    filed.clock.set(2026, 3, 10, 9)
    async with opened(filed, moment, size=size) as pilot:
        painted = shown(pilot)
        for words in (
            "INFORMATION OM MOMENTET",
            "Momentet startade",
            "2 mars 2026",
            "Senast aktiv ⓘ",
            "9 mars 2026 (1 dag sedan)",
            "Invånarens mobilnummer ⓘ",
            "0701740605",
            "Momentet har pågått",
            "8 dagar (rekommenderat 90 dagar)",
            "Ansvarig behandlare",
            "↔",
            "Gallras senast",
            "2 mars 2028",
            "HANTERA HÄNDELSER",
            "Visa förklaring för hur du hanterar händelser",
            "Formulär",
            "Inga formulär att hantera.",
            "Startade moduler",
            "Börja här",
        ):
            assert words in painted
        await press(pilot, "end")
        assert "   Avsluta   " in "\n".join(lines(pilot.app)[3:-2])


async def test_the_top_line_says_who_it_is_and_never_drops_the_practice_mark(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        top = lines(pilot.app)[0]
        assert top.startswith(" ‹ Mina   Berg, Åsa   KomIgång online   19800102-2386")
        assert BAND in top
    async with opened(filed, moment, size=(60, 20)) as pilot:
        top = lines(pilot.app)[0]
        assert top.startswith(" ‹ Mina   Berg, Åsa   KomIgång online")
        assert BAND in top
        assert "19800102" not in top


async def test_hantera_opens_first_and_the_first_opening_alone_is_logged(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        assert page(pilot).query_one(TabStrip).active == tabs.MANAGE
        assert focus(pilot) == "modules"
        for _ in range(3):
            await page(pilot).changed()
            await settled(pilot)
    assert read_log(filed, "open_moment") == 1
    assert read_log(filed, "refresh_moment") == 0


async def test_the_numbers_open_the_tabs(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        for key, tab, words in (
            ("2", tabs.MESSAGES, "NY KONVERSATION"),
            ("3", tabs.TIMELINE, "Momentet startade"),
            ("4", tabs.FLAGS, "Inga öppna flaggor."),
        ):
            await press(pilot, key)
            assert page(pilot).query_one(TabStrip).active == tab
            assert words in shown(pilot)
            assert "INFORMATION OM MOMENTET" not in shown(pilot)
        await press(pilot, "1")
        assert "INFORMATION OM MOMENTET" in shown(pilot)
        assert focus(pilot) == "modules"


async def test_a_click_opens_a_tab(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await pilot.click(TabStrip, offset=(lines(pilot.app)[1].index("Tidslinje"), 0))
        await settled(pilot)
        assert page(pilot).query_one(TabStrip).active == tabs.TIMELINE


async def test_tab_reaches_everything_that_can_be_pressed(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        stops = []
        for _ in range(6):
            await press(pilot, "tab")
            stops.append(focus(pilot))
        assert stops == ["end-moment", "about-active", "about-mobile", "switch", "explain", "modules"]


@pytest.mark.parametrize(
    ("mark", "title"),
    [
        ("about-active", "Senast aktiv"),
        ("about-mobile", "Invånarens mobilnummer"),
        ("explain", "Visa förklaring för hur du hanterar händelser"),
    ],
)
async def test_a_mark_explains_by_enter_and_by_mouse(filed: Clinic, mark: str, title: str) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        page(pilot).query_one(f"#{mark}").focus()
        await press(pilot, "enter")
        assert f"─ {title} ─" in shown(pilot)
        await press(pilot, "escape")
        assert host(pilot).screen is page(pilot)
        await pilot.click(f"#{mark}")
        await settled(pilot)
        assert host(pilot).screen is not page(pilot)


async def test_the_responsible_clinician_is_offered_all_keys(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        assert of_the_page(keys(pilot)) == ALL_KEYS


async def test_an_administrator_who_is_not_responsible_can_switch_but_not_end(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment, by=filed.admin) as pilot:
        assert of_the_page(keys(pilot)) == {key: ALL_KEYS[key] for key in ("b", "k", "Esc")}
        assert "v" not in keys(pilot)
        await press(pilot, "a", "w")
        assert host(pilot).screen is page(pilot)
        assert not page(pilot).query_one("#end-moment").display


async def test_in_maintenance_the_key_takes_it_back(filed: Clinic) -> None:
    moment = filed.start()
    do(filed, filed.clinician, maintain_moment, moment)
    async with opened(filed, moment) as pilot:
        assert of_the_page(keys(pilot)) == {**ALL_KEYS, "w": "Återuppta"}
        assert "Vidmakthållande läge: invånaren kan läsa igen" in shown(pilot)


async def test_an_ended_moment_can_only_be_read(filed: Clinic) -> None:
    moment = filed.start()
    do(filed, filed.clinician, end_moment, moment, "Övrigt")
    async with opened(filed, moment) as pilot:
        assert of_the_page(keys(pilot)) == {"k": "Kontaktperson", "Esc": "Tillbaka"}
        assert "Avslutat 2 mars 2026. Orsak: Övrigt." in shown(pilot)
        assert "↔" not in shown(pilot)
        await press(pilot, "down", "end")
        assert "v" not in keys(pilot)
        assert not page(pilot).query_one("#end-moment").display


def test_every_binding_has_an_id_a_word_and_a_sentence() -> None:
    own: list[Binding] = [
        binding
        for declared in (MomentScreen, ModuleList, Mark)
        for binding in declared.BINDINGS
        if isinstance(binding, Binding)
    ]
    assert len(own) > 20
    for binding in own:
        assert binding.id, binding
        assert binding.description, binding
        assert binding.tooltip.endswith("."), binding


async def test_a_stranger_is_told_nothing(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment, by=filed.stranger) as pilot:
        assert "Du har inte behörighet till det här" in banner(pilot).replace("\n", " ")
        assert "Berg" not in shown(pilot)
        assert keys(pilot) == {"Esc": "Tillbaka"}
        await press(pilot, "escape")
        assert host(pilot).given == [None]


async def test_protected_child_proxy_and_unreached_are_marked(filed: Clinic) -> None:
    hidden, child = filed.start(HIDDEN), filed.start(CHILD)
    async with opened(filed, hidden) as pilot:
        assert "⛨ Skyddade uppgifter" in lines(pilot.app)[0]
        assert "⛨ Skyddade personuppgifter (sekretessmarkering). Inget ombud kan agera." in shown(pilot)
        assert "Invånaren tar inte emot aviseringar i 1177. Ingen avisering når fram." in shown(pilot)
    async with opened(filed, child) as pilot:
        assert "Ombud: Eva Berg." in shown(pilot) or "Ombud: Ulla Berg." in shown(pilot)
        assert "Ingen aktivitet" in shown(pilot)
        assert "Inget mobilnummer" in shown(pilot)


async def test_manually_entered_is_said(filed: Clinic) -> None:
    moment = filed.start()
    filed.run("UPDATE resident SET entered_by_hand = 1, mobile = '' WHERE personnummer = :number", number=ADULT)
    async with opened(filed, moment, size=(140, 40)) as pilot:
        assert "manuellt angivet" in lines(pilot.app)[0]
        assert "Invånarens uppgifter är manuellt angivna." in shown(pilot)
        assert "mobilnumret saknas" in shown(pilot)


async def test_numbers_are_masked_at_once_and_shown_again(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await page(pilot).masking_changed(True)
        await pilot.pause()
        assert "19800102" not in shown(pilot)
        await page(pilot).masking_changed(False)
        await pilot.pause()
        assert "19800102-2386" in shown(pilot)


async def test_a_page_opened_while_numbers_are_masked_masks_them(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await press(pilot, "escape")
        host(pilot).hide_numbers = True
        again = type(page(pilot))(host(pilot).client, moment, "Mina")
        await host(pilot).push_screen(again)
        await settled(pilot)
        assert "19800102" not in shown(pilot)


async def test_what_comes_over_the_page_while_it_closes_is_not_closed_in_its_place(filed: Clinic) -> None:
    moment, may_go_on, lock = filed.start(), asyncio.Event(), LockScreen(practice=True)

    async def keep_drafts() -> bool:
        await may_go_on.wait()
        return True

    async with opened(filed, moment) as pilot:
        closing = page(pilot).run_worker(PageExit(page(pilot), page(pilot).reader, keep_drafts).close())
        await pilot.app.push_screen(lock)
        may_go_on.set()
        await closing.wait()
        await settled(pilot)
        assert pilot.app.screen is lock
        assert host(pilot).given == []


@SIZES
async def test_hostile_names_are_shown_as_they_stand(filed: Clinic, size: tuple[int, int]) -> None:
    name = "[/x] [@click=app.quit]$name [bold"
    moment = filed.start()
    filed.run("UPDATE resident SET family_name = :name WHERE personnummer = :number", name=name, number=ADULT)
    filed.run("UPDATE staff SET family_name = :name WHERE id = :id", name=name, id=filed.clinician.staff_id)
    async with opened(filed, moment, size=size) as pilot:
        assert "[/x] [@click=app.quit]" in lines(pilot.app)[0]
        assert f"Kim {name} ↔" in shown(pilot)


async def test_an_old_number_is_written_with_a_plus(filed: Clinic) -> None:
    filed.add_resident("189001019802")
    moment = filed.start("189001019802")
    async with opened(filed, moment) as pilot:
        assert "18900101+9802" in lines(pilot.app)[0]


async def test_a_new_message_stands_among_what_is_to_be_handled_until_it_is_answered(filed: Clinic) -> None:
    moment = filed.start()
    do(filed, filed.resident(), write_message, moment, "Hej", heading="Fråga [/x] \x1b]52;c;x\x07")
    async with opened(filed, moment) as pilot:
        for words in ("Meddelanden", "1 OLÄST MEDDELANDE", "Fråga [/x]", "Skickat: 2026-03-02"):
            assert words in shown(pilot)
        assert focus(pilot) == "waiting-messages"
        await press(pilot, "m")
        assert "1 OBESVARAT" in shown(pilot)
        assert "OLÄST" not in shown(pilot)
        await press(pilot, "M")
        assert "1 OLÄST MEDDELANDE" in shown(pilot)
        await press(pilot, "enter")
        assert page(pilot).switcher.active == tabs.MESSAGES
        assert filed.value("SELECT unread_messages FROM moment WHERE id = :id", id=moment) == 0
        place = filed.value("SELECT max(id) FROM conversation")
        do(filed, filed.clinician, send_message, moment, "Hej!", conversation=place)
        await page(pilot).changed()
        await settled(pilot)
        await press(pilot, "1")
        assert "OBESVARAT" not in shown(pilot)
