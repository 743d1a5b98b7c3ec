"""*Enhet*: that an administrator is told when notices do not go out."""

import pytest

from screens.unit import LATER, PRACTICE, late_notices
from store.care.delivery import UnitNotices, Waiting
from store.foundation.access import Role
from tests.clinics import MONDAY, Clinic
from tests.screens.whole import LOST, SIZES, at_work, focus, keys, open_tab, said, taken_away

HOUR = 60 * 60_000
MEND = "Be driften kontrollera att sob avisera körs och att [smtp] och [sms] är inställda."
DUE = MONDAY - 2 * HOUR


def notices(late: int, oldest: int | None = DUE) -> UnitNotices:
    return UnitNotices(Waiting(late, late, oldest), late, oldest)


def test_the_sentence() -> None:
    several = "aviseringar har inte gått ut, den äldsta skulle ha gått 2 mars kl. 08:00."
    assert late_notices(notices(0, None)) == ""
    assert late_notices(notices(1)) == f"1 avisering har inte gått ut, den skulle ha gått 2 mars kl. 08:00. {MEND}"
    assert late_notices(notices(12)) == f"12 {several} {MEND}"
    assert late_notices(notices(3, None)) == f"3 aviseringar har inte gått ut trots flera försök. {MEND}"


@SIZES
async def test_a_real_store_warns_of_what_has_not_gone(filed: Clinic, size: tuple[int, int]) -> None:
    filed.start()
    filed.run("UPDATE notice SET due_at = :due", due=DUE)
    number = filed.value("SELECT count(*) FROM notice")
    async with at_work(filed, Role.ACCESS_ADMIN, size=size, practice=False) as driver:
        await open_tab(driver, "Enhet")
        await driver.sees(LATER)
        assert f"! {number} aviseringar har inte gått ut, den äldsta skulle ha gått 2 mars kl. 08:00. {MEND}" in said(
            driver
        )
        assert PRACTICE not in said(driver)
        assert keys(driver) == {"m": "Meddelandemallar"}
        filed.run("UPDATE notice SET state = 'skickad'")
        filed.run("UPDATE change SET change_no = change_no + 1")
        await driver.sees_no("har inte gått ut")


@pytest.mark.parametrize("practice", [True, False])
async def test_where_all_is_well_or_it_is_practice_nothing_is_warned_of(filed: Clinic, practice: bool) -> None:
    if practice:
        filed.start()
        filed.run("UPDATE notice SET due_at = :due", due=DUE)
    async with at_work(filed, Role.ACCESS_ADMIN, practice=practice) as driver:
        await open_tab(driver, "Enhet")
        await driver.sees(LATER)
        assert "har inte gått ut" not in driver.text
        assert (PRACTICE in said(driver)) is practice


async def test_the_database_taken_away_and_back(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await open_tab(driver, "Enhet")
        await driver.sees(LATER)
        with taken_away(filed):
            await driver.sees(LOST)
        await driver.sees_no(LOST)
        assert focus(driver) == "unit"


async def test_opened_without_a_database_it_comes_with_its_keys_when_that_is_back(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await driver.sees("Här kommer enhetens personal")
        with taken_away(filed):
            await open_tab(driver, "Enhet")
            await driver.sees(LOST)
        await driver.sees(LATER)
        await driver.sees_no(LOST)
        await driver.press("m")
        await driver.sees("‹ Enhet")
