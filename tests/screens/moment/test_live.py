"""The page while others work on the same moment, and while the database is away."""

from __future__ import annotations

from textual.widgets import TextArea

from screens.dialogs.switch import SwitchDialog
from screens.store_client import LOST
from store.care.endings import end_moment
from store.care.modules import read_step
from store.care.switching import switch_clinician
from store.opening import open_store
from tests.clinics import COLLEAGUE, Clinic
from tests.screens.moment.host import (
    banner,
    host,
    keys,
    notices,
    opened,
    page,
    path_of,
    press,
    read_log,
    shown,
    told,
    until,
)


async def test_what_the_resident_does_shows_without_a_word(filed: Clinic) -> None:
    moment = filed.start()
    other = open_store(filed.store.engine.url, clock=filed.clock)
    async with opened(filed, moment) as pilot:
        assert "Ingen aktivitet" in shown(pilot)
        with other.work(filed.resident()) as work:
            read_step(work, moment, "sa-fungerar-programmet")
        await told(pilot)
        assert "2 mars 2026 (0 dagar sedan)" in shown(pilot)
        assert "läst 1 av 3" in shown(pilot)
        assert banner(pilot) == ""
    other.close()


async def test_a_moment_that_another_ended_says_so_and_can_be_read(filed: Clinic) -> None:
    moment = filed.start()
    other = open_store(filed.store.engine.url, clock=filed.clock)
    async with opened(filed, moment) as pilot:
        with other.work(filed.clinician) as work:
            end_moment(work, moment, "Övrigt")
        await told(pilot)
        assert "Momentet avslutades av Kim T1clinician kl. 10:00. Orsak: Övrigt." in banner(pilot)
        assert keys(pilot) == {
            "Enter": "Fäll ihop",
            "j": "Journalunderlag",
            "g": "Graf",
            "s": "Säkerhetsplan",
            "i": "Invånarens sida",
            "k": "Kontaktperson",
            "K": "Notera kontakt",
            "I": "Bredvid",
            "Esc": "Tillbaka",
        }
        assert "INFORMATION OM MOMENTET" in shown(pilot)
        await told(pilot)
        assert "Momentet avslutades" in banner(pilot)
    other.close()


async def test_a_moment_that_was_switched_away_is_no_longer_shown(filed: Clinic) -> None:
    moment = filed.start()
    other = open_store(filed.store.engine.url, clock=filed.clock)
    async with opened(filed, moment) as pilot:
        with other.work(filed.admin) as work:
            switch_clinician(work, moment, COLLEAGUE)
        await told(pilot)
        assert "Du har inte längre tillgång till momentet." in banner(pilot)
        assert "INFORMATION OM MOMENTET" not in shown(pilot)
        assert "Berg" not in shown(pilot)
        assert "20200101" not in shown(pilot)
        await until(pilot, lambda: keys(pilot) == {"Esc": "Tillbaka"})
        with other.work(filed.admin) as work:
            switch_clinician(work, moment, filed.clinician.hsa_id or "")
        await told(pilot)
        assert banner(pilot) == ""
        assert "INFORMATION OM MOMENTET" in shown(pilot)
        await press(pilot, "escape")
        assert host(pilot).given == [None]
    assert read_log(filed, "open_moment") == 2
    other.close()


async def test_an_administrator_is_told_who_is_responsible_now(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment, by=filed.admin) as pilot:
        with filed.store.work(filed.clinician) as work:
            switch_clinician(work, moment, COLLEAGUE)
        await told(pilot)
        assert "Ansvarig behandlare är nu Kim T1colleague." in banner(pilot)
        assert keys(pilot)["b"] == "Byt behandlare"


async def test_an_open_dialog_keeps_what_is_typed(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await pilot.press("b")
        await until(pilot, lambda: isinstance(pilot.app.screen, SwitchDialog))
        dialog = pilot.app.screen
        dialog.query_one("#message", TextArea).text = "Hej, nu byter vi."
        with filed.store.work(filed.clinician) as work:
            end_moment(work, moment, "Övrigt")
        await told(pilot)
        assert pilot.app.screen is dialog
        assert dialog.query_one("#message", TextArea).text == "Hej, nu byter vi."
        await press(pilot, "escape")
        assert "Momentet avslutades" in banner(pilot)


async def test_a_lost_database_is_said_and_the_page_stays(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    path = path_of(filed)
    away = path.with_suffix(".away")
    async with opened(filed, moment) as pilot:
        path.rename(away)
        await told(pilot)
        assert LOST in banner(pilot)
        assert "INFORMATION OM MOMENTET" in shown(pilot)
        await press(pilot, "down", "v")
        assert notices(pilot) == [LOST]
        await press(pilot, "b")
        assert host(pilot).screen is page(pilot)
        away.rename(path)
        await told(pilot)
        assert banner(pilot) == ""
        await press(pilot, "v")
        assert notices(pilot) == [LOST]
        assert filed.rows("SELECT part FROM hiddenpart") == [("start",)]


async def test_a_page_opened_while_the_database_is_lost_opens_when_it_is_back(filed: Clinic) -> None:
    moment = filed.start()
    path = path_of(filed)
    away = path.with_suffix(".away")
    path.rename(away)
    async with opened(filed, moment) as pilot:
        assert "Ingen kontakt" in banner(pilot)
        assert keys(pilot) == {"Esc": "Tillbaka"}
        away.rename(path)
        await told(pilot)
        assert banner(pilot) == ""
        assert "INFORMATION OM MOMENTET" in shown(pilot)
    assert read_log(filed, "open_moment") == 1


async def test_the_persons_own_deeds_are_no_news(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    async with opened(filed, moment) as pilot:
        await pilot.press("down", "v")
        await page(pilot).changed()
        await page(pilot).changed()
        await until(pilot, lambda: "⊘ dold" in shown(pilot))
        assert banner(pilot) == ""
