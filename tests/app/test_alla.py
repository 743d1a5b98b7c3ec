"""*Alla*: the unit's moments to an invånaradministratör; to another clinician those with a prioriterad flagga."""

from screens.lists import NONE_URGENT, URGENT
from store.care.flags import handle_flag
from store.foundation.access import Role
from store.foundation.flag_kinds import Severity
from tests.app.driver import Driver, running
from tests.clinics import COLLEAGUE, GUARDIAN, MONDAY, Clinic
from tests.screens.queue.test_tab import done, flag
from tests.screens.whole import at_work, open_tab


def place(driver: Driver, words: str) -> int:
    """The line on which words stand."""
    return next(at for at, line in enumerate(driver.text.splitlines()) if words in line)


async def test_to_a_colleague_it_is_headed_and_says_when_there_is_none(filed: Clinic) -> None:
    urgent, _quiet = filed.start(program="prov"), filed.start(GUARDIAN, program="prov")
    one = flag(filed, urgent, "Ring [/x]", Severity.PRIORITY)
    async with running(filed.store.engine.url, COLLEAGUE, now=MONDAY) as driver:
        await open_tab(driver, "Alla")
        await driver.sees(URGENT, "Ångest – prov", "Berg, Åsa")
        assert place(driver, URGENT) < place(driver, "Ångest – prov") < place(driver, "Berg, Åsa")
        assert "Berg, Ulla" not in driver.text  # the quiet moment is not the colleague's to see
        done(filed, handle_flag, one, "Ringde.")
        await driver.sees(URGENT, NONE_URGENT.partition(".")[0])
        await driver.sees_no("Berg, Åsa")


async def test_to_an_administrator_it_is_the_units(filed: Clinic) -> None:
    filed.start(program="prov")
    async with at_work(filed, Role.RESIDENT_ADMIN) as driver:
        await open_tab(driver, "Alla")
        await driver.sees("Berg, Åsa")
        assert URGENT not in driver.text
