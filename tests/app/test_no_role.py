"""Who has no role on the unit sees a page that says so and who gives roles."""

from datetime import timedelta
from pathlib import Path

from store.care.staffing import take_role
from store.foundation.access import Role
from store.foundation.clock import Instant, local_day, start_of
from store.opening import open_store
from store.people.assignments import add_staff, give_role
from store.people.sign_in import StaffActor, sign_in
from tests.app.driver import NOW, OV03, Driver, running

NEW = "SE2321000040-OV90"
OV13 = "SE2321000040-OV13"
OVN1, OVN2 = "SE2321000040-OVN1", "SE2321000040-OVN2"
PAGE = "Du har ingen roll på enheten än"


def without_a_role(practice: Path) -> None:
    """Add somebody to the first unit, without roles."""
    store = open_store(practice, clock=lambda: NOW)
    with store.work(sign_in(store, OV03)) as work:
        add_staff(work, NEW, family_name="Ny", given_name="Nora")
    store.close()


def change_role(practice: Path, who: str, role: Role, *, given: bool, by: str = OV03) -> None:
    store = open_store(practice, clock=lambda: NOW)
    with store.work(sign_in(store, by)) as work:
        if given:
            give_role(work, who, role, "Börjar", confirmed=True)
        else:
            take_role(work, who, role, "Slutar")
    store.close()


def roles(driver: Driver) -> frozenset[Role]:
    actor = driver.app.client.actor
    assert isinstance(actor, StaffActor)
    return actor.roles


async def test_a_new_person_sees_who_gives_roles_and_gets_the_tabs_with_the_first(practice: Path) -> None:
    without_a_role(practice)
    async with running(practice, NEW) as driver:
        await driver.sees(PAGE, "behörighetsadministratör", "Nora Ny")
        await driver.press("f4")
        await driver.sees("Ärendeunderlag", NEW, OVN1)
        await driver.press("f4", "2", "7")
        await driver.sees(PAGE)
        change_role(practice, NEW, Role.DATA_ADMIN, given=True)
        await driver.sees("Min profil")
        assert roles(driver) == {Role.DATA_ADMIN}


async def test_whose_only_role_is_taken_comes_to_the_page(practice: Path) -> None:
    without_a_role(practice)
    change_role(practice, NEW, Role.RESIDENT_ADMIN, given=True)
    async with running(practice, NEW) as driver:
        await driver.sees("3 Alla", "Håkansson")
        await driver.press("3")
        await driver.sees("[3 Alla")
        await driver.press("enter")
        await driver.sees("INFORMATION OM MOMENTET")
        change_role(practice, NEW, Role.RESIDENT_ADMIN, given=False)
        await driver.sees(PAGE)
        assert "Alla" not in driver.text


async def test_a_role_that_ends_with_the_day_leads_to_the_page(practice: Path) -> None:
    """Nobody changes anything that night."""
    without_a_role(practice)
    store = open_store(practice, clock=lambda: NOW)
    today = local_day(NOW)
    with store.work(sign_in(store, OV03)) as work:
        give_role(work, NEW, Role.DATA_ADMIN, "Vikarierar", until=today, confirmed=True)
    store.close()
    midnight = start_of(today + timedelta(1))
    now = Instant(midnight - 1)
    async with running(practice, NEW, clock=lambda: now) as driver:
        await driver.sees("Min profil", "22 nov")
        now = midnight
        await driver.sees(PAGE, "23 nov")
        assert roles(driver) == frozenset()


async def test_a_unit_without_a_role_can_be_gone_to(practice: Path) -> None:
    store = open_store(practice, clock=lambda: NOW)
    with store.work(sign_in(store, OV13)) as work:
        add_staff(work, OV03)
    store.close()
    async with running(practice, OV03, unit=OVN1) as driver:
        await driver.sees("Personal")
        await driver.press("f6")
        await driver.sees("Välj enhet", OVN1, OVN2)
        await driver.press("down", "enter")
        await driver.sees(PAGE, "OVN2")
