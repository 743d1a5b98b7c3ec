"""What who stands in sees on screen: whose moments they are, in *Mina*, in *Att göra* and on the page."""

import re

from screens.moment.available_actions import Allowed
from store.care.endings import end_moment
from store.care.flags import handle_flag
from store.care.messages import send_message, write_message
from store.care.substituting import set_substitute
from store.care.switching import switch_clinician
from store.foundation.clock import local_day
from store.people.sign_in import actor_now
from store.views.moment import open_moment
from tests.clinics import COLLEAGUE, Clinic
from tests.screens.whole import SIZES, at_work, open_tab
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
