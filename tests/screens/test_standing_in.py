"""What who stands in sees on screen: whose moments they are, in *Mina*, in *Att göra* and on the page."""

import re

from screens.dialogs.controls import Select, TextInput
from screens.moment.available_actions import Allowed
from store.care.endings import end_moment
from store.care.flags import handle_flag
from store.care.messages import send_message, write_message
from store.care.staffing import inactivate_staff
from store.care.substituting import set_substitute
from store.care.switching import switch_clinician
from store.foundation.access import Role
from store.foundation.clock import local_day
from store.people.sign_in import actor_now
from store.views.moment import open_moment
from tests.app.driver import Driver
from tests.clinics import COLLEAGUE, Clinic
from tests.screens.whole import SIZES, STANDS, at_work, open_tab, said, taken_away
from tests.sob_tui.conftest import CLINICIAN


def stood_in_for(clinic: Clinic) -> int:
    moment = clinic.start(by=clinic.colleague)
    today = local_day(clinic.clock())
    with clinic.store.work(clinic.colleague) as work:
        set_substitute(work, COLLEAGUE, CLINICIAN, today, today, confirmed=True)
    with clinic.store.work(clinic.resident()) as work:
        write_message(work, moment, "Hej!")
    return moment


@SIZES
async def test_the_moments_and_matters_are_marked_with_whose_they_are(filed: Clinic, size: tuple[int, int]) -> None:
    stood_in_for(filed)
    async with at_work(filed, size=size) as driver:
        await driver.until(lambda: re.search(r"Berg.*Kim T1", driver.text) is not None, "whose it is")
        assert re.search(r"Namn.*För", driver.text)
        await open_tab(driver, "Att göra")
        await driver.sees("för Kim T1colleague", "Obesvarat")
        assert "en kollegas moment" not in driver.text


def test_the_page_offers_what_who_stands_in_may_do(clinic: Clinic) -> None:
    moment = stood_in_for(clinic)
    actor = actor_now(clinic.store, clinic.clinician)
    with clinic.store.read(actor) as work:
        allowed = Allowed.on(open_moment(work, moment), actor)
    offered = {one: allowed(one) for one in (send_message, handle_flag, switch_clinician, end_moment)}
    assert offered == {send_message: True, handle_flag: True, switch_clinician: False, end_moment: False}


def told_of(driver: Driver) -> list[str]:
    """What the notifications say."""
    return [one.message for one in driver.app._notifications]


async def dialog(driver: Driver) -> None:
    """Open *Ställföreträdare* from *Min profil*, and fill in a day."""
    await open_tab(driver, "Min profil")
    await driver.sees("s Ställföreträdare")
    await driver.press("s")
    await driver.sees("Ställföreträdare · Kim T1clinician", "Från och med")


async def test_a_lost_database_appoints_nobody_and_the_dialog_stands(filed: Clinic) -> None:
    filed.start()
    day = local_day(filed.clock())
    async with at_work(filed) as driver:
        await dialog(driver)
        driver.app.screen.query_one("#to", Select).value = COLLEAGUE
        driver.app.screen.query_one("#last", TextInput).value = day.isoformat()
        await driver.press("tab", "tab", "tab", "space")
        await driver.sees("[x] Skicka", "är det Kim T1colleague")
        with taken_away(filed):
            await driver.press("ctrl+s")
            await driver.until(lambda: STANDS in said(driver), STANDS)
            await driver.sees("Kim T1colleague", day.isoformat(), "[x] Skicka")
        assert filed.rows("SELECT 1 FROM substitution") == []
        await driver.press("ctrl+s")
        await driver.until(lambda: told_of(driver) != [], "the appointment")
        assert told_of(driver)[0].startswith("Kim T1colleague är ställföreträdare för Kim T1clinician 2 mars 2026")
        assert told_of(driver)[0].endswith("1 invånare har fått ett meddelande.")
    assert filed.rows("SELECT first_day, last_day FROM substitution") == [(str(day), str(day))]
    assert filed.value("SELECT count(*) FROM message") == 1


async def test_who_has_lost_a_substitute_is_told_at_the_next_sign_in_until_it_is_seen(filed: Clinic) -> None:
    today = local_day(filed.clock())
    with filed.store.work(filed.clinician) as work:
        set_substitute(work, CLINICIAN, COLLEAGUE, today, today, confirmed=True)
    with filed.store.work(filed.someone(Role.ACCESS_ADMIN)) as work:
        inactivate_staff(work, COLLEAGUE)
    words = "Kim T1colleague är inte längre din ställföreträdare: hens uppdrag på enheten är inaktiverat."
    async with at_work(filed) as driver:
        await driver.until(lambda: told_of(driver) != [], "the word of it")
        (told,) = told_of(driver)
        assert told.startswith(f"! {words}")
        assert told.endswith("Se Ställföreträdare i Min profil.")
        driver.app.clear_notifications()  # it lies over where the reason is read
        await dialog(driver)
        await driver.until(lambda: words in said(driver), "the reason")
        assert filed.value("SELECT count(*) FROM substitution WHERE seen_at IS NOT NULL") == 1


async def test_a_search_says_for_whom_one_stands_in(filed: Clinic) -> None:
    moment = stood_in_for(filed)
    with filed.store.work(filed.colleague) as work:
        send_message(work, moment, "Andas lugnt.")
    async with at_work(filed) as driver:
        await driver.sees("Berg, Åsa")
        await driver.press("m")
        await driver.sees("Sök efter")
        await driver.type("lugnt")
        await driver.press("enter")
        await driver.until(lambda: "från behandlare för Kim T1colleague" in said(driver), "for whom")
