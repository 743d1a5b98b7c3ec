"""*Överlämning* on screen: offered, taken back, accepted, declined, and what the other side sees of it."""

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Select, TextArea

from screens.dialogs.handover import NO_TELLING, NO_UNIT, TELL, HandoverDialog, WithdrawDialog
from screens.dialogs.offer import OfferDialog
from screens.moment.actions import NO_OFFER
from screens.moment.messages.withheld import WITHDRAW
from screens.queue.offers import NO_LONGER
from screens.shown_keys import keyed
from store.care.drafts import save_draft
from store.care.flags import add_flag
from store.care.handovers import accept_handover, decline_handover, offer_handover, withdraw_handover
from store.care.maintenance import maintain_moment
from store.care.messages import WITHHELD_OFFERED
from store.foundation.access import Role
from store.foundation.flag_kinds import Severity
from tests.app.driver import Driver, running
from tests.clinics import ADULT, HIDDEN, MONDAY, THERE, Clinic, hsa_id_of
from tests.screens import hostile as texts
from tests.screens.moment.host import banner, do, host, keys, notices, opened, page, press, settled, shown, told, until
from tests.screens.whole import LOST, said, taken_away

NOTE = "Flyttar till Två [/x]."
TAKER = hsa_id_of(Role.CLINICIAN, THERE)


def offered(clinic: Clinic, number: str = ADULT, **options: Any) -> int:
    moment = clinic.start(number)
    do(clinic, clinic.clinician, offer_handover, moment, THERE, NOTE, confirmed=True, **options)
    return moment


async def dialog(pilot: Pilot[None], key: str, kind: type) -> None:
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))


async def fill_in(pilot: Pilot[None], note: str = NOTE) -> None:
    await dialog(pilot, "o", HandoverDialog)
    pilot.app.screen.query_one("#to", Select).value = THERE
    pilot.app.screen.query_one("#note", TextArea).text = note
    await settled(pilot)


async def test_it_is_offered_and_taken_back(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        assert keys(pilot)["o"] == "Överlämna"
        await fill_in(pilot)
        assert TELL in shown(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: host(pilot).screen is page(pilot))
        assert filed.rows("SELECT note, tell_resident, state FROM handover") == [(NOTE, 0, "erbjuden")]
        assert "Erbjudet till Enhet Två" in shown(pilot)
        assert keys(pilot)["o"] == "Dra tillbaka"
        assert not {"a", "b", "w"} & set(keys(pilot))
        await dialog(pilot, "o", WithdrawDialog)
        await press(pilot, "escape")
        await dialog(pilot, "o", WithdrawDialog)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: host(pilot).screen is page(pilot))
        assert keys(pilot)["o"] == "Överlämna"
        assert "Erbjudet till" not in shown(pilot)
        assert notices(pilot)[-1] == "Erbjudandet är tillbakadraget."
        assert banner(pilot) == ""
    assert filed.value("SELECT state FROM handover") == "aterkallad"


async def test_what_is_missing_stands_at_its_field_and_a_warning_is_confirmed(filed: Clinic) -> None:
    moment = filed.start()
    do(filed, filed.clinician, add_flag, moment, "Ring", severity=Severity.PRIORITY)
    do(filed, filed.clinician, save_draft, moment, "Hej")
    async with opened(filed, moment) as pilot:
        await dialog(pilot, "o", HandoverDialog)
        await press(pilot, "ctrl+s")
        assert "✗ Välj en enhet." in shown(pilot)
        pilot.app.screen.query_one("#to", Select).value = THERE
        await press(pilot, "ctrl+s")
        assert "✗ Skriv en anteckning till den andra" in shown(pilot)
        pilot.app.screen.query_one("#note", TextArea).text = NOTE
        pilot.app.screen.query_one("#tell").value = True  # type: ignore[attr-defined]
        await press(pilot, "ctrl+s")
        assert "! 1 utkast stannar kvar här" in shown(pilot)
        assert "ohanterad prioriterad flagga följer" in shown(pilot)
        assert filed.value("SELECT count(*) FROM handover") == 0
        await pilot.press("ctrl+s")
        await until(pilot, lambda: host(pilot).screen is page(pilot))
    assert filed.rows("SELECT note, tell_resident FROM handover") == [(NOTE, 1)]


async def test_where_no_unit_can_have_it_and_in_maintenance(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    do(filed, filed.clinician, maintain_moment, moment)
    async with opened(filed, moment) as pilot:
        await dialog(pilot, "o", HandoverDialog)
        assert TELL not in shown(pilot)
        assert NO_TELLING[:40] in shown(pilot)
        await press(pilot, "ctrl+s")
        assert f"✗ {NO_UNIT[:40]}" in shown(pilot)


async def test_a_lost_database_keeps_the_note(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await fill_in(pilot)
        with taken_away(filed):
            await pilot.press("ctrl+s")
            await until(pilot, lambda: LOST in shown(pilot))
            assert NOTE in shown(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: host(pilot).screen is page(pilot))
    assert filed.value("SELECT count(*) FROM handover") == 1


async def test_while_it_waits_the_messages_say_why_nothing_is_written(filed: Clinic) -> None:
    moment = offered(filed)
    async with opened(filed, moment, size=(140, 40)) as pilot:
        await press(pilot, "2")
        await until(pilot, lambda: WITHHELD_OFFERED in shown(pilot))
        assert WITHDRAW[-20:] in shown(pilot)


async def test_what_the_other_unit_does_is_told_on_the_page(filed: Clinic) -> None:
    moment = offered(filed)
    async with opened(filed, moment, size=(140, 40)) as pilot:
        do(filed, filed.strange_admin, decline_handover, moment, "Fullt [b]här[/b]")
        await told(pilot)
        assert "Enhet Två har avvisat överlämningen." in banner(pilot)
        assert "avvisade överlämningen 2 mars 2026: Fullt [b]här[/b]" in shown(pilot)
        do(filed, filed.admin, offer_handover, moment, THERE, NOTE)
        await told(pilot)
        assert "Momentet är erbjudet till Enhet Två." in banner(pilot)
        do(filed, filed.admin, withdraw_handover, moment)
        await told(pilot)
        assert "har inte längre något erbjudande" in banner(pilot)


async def test_accepted_while_the_giver_looks_the_page_ends_and_says_where_it_went(filed: Clinic) -> None:
    moment = offered(filed)
    async with opened(filed, moment) as pilot:
        do(filed, filed.strange_admin, accept_handover, moment, TAKER)
        await told(pilot)
        assert "Momentet har lämnats över till Enhet Två, som tog emot det 2 mars 2026 kl. 10:00." in banner(pilot)
        assert "Startade moduler" not in shown(pilot)
        assert keys(pilot) == {"Esc": "Tillbaka"}
        await told(pilot)
        assert "Momentet har lämnats över till Enhet Två" in banner(pilot)
        await press(pilot, "escape")
        assert host(pilot).given == [None]


async def test_the_taker_reads_the_note(filed: Clinic) -> None:
    moment = offered(filed)
    do(filed, filed.strange_admin, accept_handover, moment, TAKER)
    async with opened(filed, moment, by=filed.stranger, size=(140, 40)) as pilot:
        assert f"Mottaget från Enhet Ett 2 mars 2026: {NOTE}" in shown(pilot)


# The other unit's queue


def there(clinic: Clinic, size: tuple[int, int] = (80, 24)) -> Any:
    who = hsa_id_of(Role.RESIDENT_ADMIN, THERE)
    return running(clinic.store.engine.url, who, size=size, now=MONDAY)


async def offer_open(driver: Driver) -> None:
    await driver.sees("Överlämning från")
    await driver.press("enter")
    await driver.sees("Erbjuden överlämning", "Anteckning")
    assert isinstance(driver.app.screen, OfferDialog)


async def test_it_waits_in_the_queue_and_is_accepted(filed: Clinic) -> None:
    moment = filed.start()
    do(filed, filed.clinician, add_flag, moment, "Ring", severity=Severity.PRIORITY)
    do(filed, filed.clinician, offer_handover, moment, THERE, NOTE, confirmed=True)
    async with there(filed) as driver:
        await offer_open(driver)
        shows = said(driver)
        for words in ("Berg, Åsa", "KomIgång online", "Enhet Ett", NOTE, "1 ohanterad prioriterad flagga"):
            assert words in shows
        await driver.press("ctrl+s")
        await driver.sees("✗ Välj en behandlare.")
        driver.app.screen.query_one("#to", Select).value = TAKER
        await driver.press("ctrl+s")
        await driver.sees("är mottaget. Ansvarig")
        await driver.until(lambda: not isinstance(driver.app.screen, OfferDialog), "the queue")
        await driver.sees_no("Överlämning från")
    assert filed.value("SELECT unit_id FROM moment") == filed.there


async def test_it_is_declined_with_a_reason(filed: Clinic) -> None:
    offered(filed)
    async with there(filed) as driver:
        await offer_open(driver)
        await driver.press("tab", "space")
        await driver.until(lambda: driver.app.screen.query_one("#field-orsak").display, "the reason")
        await driver.press("ctrl+s")
        await driver.sees("✗ Skriv varför överlämningen avvisas.")
        await driver.type("Fullt")
        with taken_away(filed):
            await driver.press("ctrl+s")
            await driver.sees(LOST, "Fullt")
        await driver.press("ctrl+s")
        await driver.sees("Överlämningen är avvisad.")
    assert filed.rows("SELECT state, reason FROM handover") == [("avvisad", "Fullt")]


async def test_one_accepted_meanwhile_is_said_to_the_giver_who_takes_it_back(filed: Clinic) -> None:
    moment = offered(filed)
    async with opened(filed, moment) as pilot:
        await dialog(pilot, "o", WithdrawDialog)
        do(filed, filed.strange_admin, accept_handover, moment, TAKER)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: keyed(NO_OFFER).partition(" eller")[0] in shown(pilot))
        assert "Du har inte behörighet" not in shown(pilot)
    assert filed.value("SELECT unit_id FROM moment") == filed.there


async def test_one_taken_back_meanwhile_is_said(filed: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """To who is faster than the look that would close the dialog."""
    monkeypatch.setattr("sob_tui.app.POLL_SECONDS", 3_600)
    moment = offered(filed)
    async with there(filed) as driver:
        await offer_open(driver)
        do(filed, filed.clinician, withdraw_handover, moment)
        driver.app.screen.query_one("#to", Select).value = TAKER
        await driver.press("ctrl+s")
        await driver.until(lambda: NO_LONGER in said(driver), "the refusal")
        await driver.press("escape")
        await driver.sees_no("Överlämning från")


async def test_a_masked_resident_is_shown_by_a_choice_that_is_logged(filed: Clinic) -> None:
    offered(filed, HIDDEN)
    async with there(filed) as driver:
        await offer_open(driver)
        assert "Dold" not in driver.text
        assert filed.value("SELECT count(*) FROM log WHERE operation = 'reveal_offered'") == 0
        await driver.press("f2")
        await driver.sees("Dold, Dan")
    assert filed.value("SELECT count(*) FROM log WHERE operation = 'reveal_offered'") == 1


@texts.together
async def test_a_hostile_note_is_only_words(filed: Clinic, hostile: str) -> None:
    offered(filed)
    filed.run("UPDATE handover SET note = :text", text=hostile)
    async with there(filed) as driver:
        await offer_open(driver)
        assert driver.app.is_running
