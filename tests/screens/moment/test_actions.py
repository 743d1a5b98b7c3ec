"""What is done from the page: switching, ending, maintenance and back, the contact person."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Select

from screens.dialogs.contact import ContactDialog
from screens.dialogs.end import EndDialog
from screens.dialogs.maintenance import MaintenanceDialog
from screens.dialogs.switch import SwitchDialog
from store.care.endings import end_moment
from tests.clinics import COLLEAGUE, Clinic
from tests.screens.moment.host import (
    banner,
    do,
    host,
    keys,
    notices,
    opened,
    page,
    press,
    read_log,
    settled,
    shown,
    told,
    until,
)


async def dialog(pilot: Pilot[None], key: str, kind: type) -> None:
    """Open a dialog by its key."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))


async def closed(pilot: Pilot[None]) -> None:
    """Carry the dialog out, and wait until it is closed."""
    over = pilot.app.screen
    await pilot.press("ctrl+s")
    await until(pilot, lambda: pilot.app.screen is not over)


async def test_switching_away_leads_back_with_a_word(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await dialog(pilot, "b", SwitchDialog)
        pilot.app.screen.query_one("#to", Select).value = COLLEAGUE
        await closed(pilot)
        await until(pilot, lambda: bool(host(pilot).given))
        assert host(pilot).given == ["Berg, Åsa · KomIgång online: Ansvarig behandlare är nu Kim T1colleague."]
    assert filed.value("SELECT responsible_id FROM moment") == filed.colleague.staff_id


async def test_an_administrator_switches_and_stays(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment, by=filed.admin) as pilot:
        await dialog(pilot, "b", SwitchDialog)
        pilot.app.screen.query_one("#to", Select).value = COLLEAGUE
        await closed(pilot)
        await told(pilot)
        assert "Kim T1colleague ↔" in shown(pilot)
        assert notices(pilot) == ["Ansvarig behandlare är nu Kim T1colleague."]
        assert banner(pilot) == ""


async def test_the_arrows_open_the_switch(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        page(pilot).query_one("#switch").focus()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, SwitchDialog))


async def test_ending_leads_back_to_the_list(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await dialog(pilot, "a", EndDialog)
        pilot.app.screen.query_one("#reason", Select).value = "Övrigt"
        await closed(pilot)
        await until(pilot, lambda: bool(host(pilot).given))
        assert host(pilot).given == ["Berg, Åsa · KomIgång online: Momentet är avslutat."]
    assert filed.rows("SELECT status, end_reason FROM moment") == [("avslutat", "Övrigt")]


async def test_ending_with_a_new_moment_leads_to_its_page(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await press(pilot, "down", "down")
        await dialog(pilot, "a", EndDialog)
        ending = pilot.app.screen
        ending.query_one("#reason", Select).value = "Övrigt"
        await pilot.click("#new-tick")
        ending.query_one("#new-program", Select).value = "prov"
        await closed(pilot)
        await until(pilot, lambda: page(pilot).reader.moment_id != moment and "Ångest – prov" in shown(pilot))
        assert host(pilot).screen is page(pilot)
        assert notices(pilot) == [
            "Berg, Åsa · KomIgång online: Momentet är avslutat. Ångest – prov är startat i stället."
        ]
        assert banner(pilot) == ""
        await told(pilot)
        assert banner(pilot) == ""
        assert keys(pilot)["p"] == "Öppna nästa modul"
    assert read_log(filed, "open_moment") == 2


async def test_the_red_button_opens_the_same_dialog(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        page(pilot).query_one("#end-moment").focus()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EndDialog))
        await press(pilot, "escape")
        assert host(pilot).screen is page(pilot)
        assert keys(pilot)["a"] == "Avsluta moment"


async def test_maintenance_and_back(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await dialog(pilot, "w", MaintenanceDialog)
        await closed(pilot)
        assert keys(pilot)["w"] == "Återuppta"
        assert "Vidmakthållande läge:" in shown(pilot)
        await dialog(pilot, "w", MaintenanceDialog)
        await closed(pilot)
        assert keys(pilot)["w"] == "Vidmakthållande"
        await told(pilot)
        assert banner(pilot) == ""


async def test_the_contact_person_is_one_key_away(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await dialog(pilot, "k", ContactDialog)
        assert "Sandell, Elin" in shown(pilot)
        await press(pilot, "escape")
        assert host(pilot).screen is page(pilot)


async def test_a_refusal_stays_in_the_dialog(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await dialog(pilot, "w", MaintenanceDialog)
        do(filed, filed.clinician, end_moment, moment, "Övrigt")
        await press(pilot, "ctrl+s")
        assert "Momentet är avslutat." in shown(pilot)
        assert isinstance(pilot.app.screen, MaintenanceDialog)


async def test_escape_and_a_click_on_the_way_back_lead_back(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await press(pilot, "escape")
        assert host(pilot).given == [None]
    async with opened(filed, moment) as pilot:
        await pilot.click("TitleBar", offset=(2, 0))
        await settled(pilot)
        assert host(pilot).given == [None]
