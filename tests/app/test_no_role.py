"""Who has no role on the unit sees a page that says so and who gives roles."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from screens.top_level import TopLevel
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


async def test_a_lock_that_comes_while_drafts_are_saved_stays_and_what_lies_under_it(
    practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_a_role(practice)
    change_role(practice, NEW, Role.RESIDENT_ADMIN, given=True)
    async with running(practice, NEW) as driver:
        await driver.press("3")
        await driver.sees("[3 Alla", "Håkansson")
        await driver.press("enter")
        await driver.sees("INFORMATION OM MOMENTET")
        beneath = list(driver.app.screen_stack)
        asked, saved = asyncio.Event(), asyncio.Event()

        async def saving() -> bool:
            asked.set()
            return await saved.wait()

        with monkeypatch.context() as patched:
            patched.setattr(driver.app._sign_ins, "_keep_drafts", saving)
            change_role(practice, NEW, Role.RESIDENT_ADMIN, given=False)
            await driver.until(asked.is_set, "the drafts to be saved")
            driver.app.action_lock()
            await driver.until(lambda: driver.app.locked, "the lock")
            saved.set()
            await driver.pilot.pause()
        assert driver.app.locked
        assert driver.app.screen_stack[: len(beneath)] == beneath


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


def header(driver: Driver) -> str:
    return driver.text.split("\n")[0]


async def test_a_role_that_is_taken_leaves_header_tabs_and_keys_at_once(practice: Path) -> None:
    without_a_role(practice)
    for role in (Role.CLINICIAN, Role.RESIDENT_ADMIN, Role.ACCESS_ADMIN):
        change_role(practice, NEW, role, given=True)
    async with running(practice, NEW, size=(140, 40)) as driver:
        await driver.sees("2 Mina", "5 Personal", "6 Enhet")
        assert all(
            role in header(driver) for role in ("behandlare", "invånaradministratör", "behörighetsadministratör")
        )
        await driver.press("3")
        await driver.sees("[3 Alla", "Håkansson")
        await driver.press("o")
        await driver.sees("Översikt", "Karin Lindqvist")
        change_role(practice, NEW, Role.RESIDENT_ADMIN, given=False)
        await driver.sees("[3 Alla", "Dina roller på enheten har ändrats")
        await driver.until(lambda: "invånaradministratör" not in header(driver), "the header to follow")
        assert roles(driver) == {Role.CLINICIAN, Role.ACCESS_ADMIN}
        assert "Översikt" not in driver.text
        await driver.press("o", "6")
        await driver.sees("[6 Enhet")
        change_role(practice, NEW, Role.ACCESS_ADMIN, given=False)
        await driver.sees("[2 Mina")
        await driver.until(lambda: "Personal" not in driver.text and "Enhet]" not in driver.text, "the tabs to go")
        await driver.press("5")
        await driver.sees("[5 Min profil")


async def test_a_role_that_is_given_comes_at_once_and_closes_nothing(practice: Path) -> None:
    async with running(practice, "SE2321000040-OV01", size=(140, 40)) as driver:
        await driver.sees("Mina 10")
        await driver.press("enter")
        await driver.sees("INFORMATION OM MOMENTET")
        change_role(practice, "SE2321000040-OV01", Role.ACCESS_ADMIN, given=True)
        await driver.sees("Dina roller på enheten")
        assert "INFORMATION OM MOMENTET" in driver.text
        await driver.press("escape")
        await driver.sees("[2 Mina", "5 Personal")
        assert "behörighetsadministratör" in header(driver)


async def test_a_role_that_runs_out_by_itself_is_seen(practice: Path) -> None:
    without_a_role(practice)
    change_role(practice, NEW, Role.CLINICIAN, given=True)
    change_role(practice, NEW, Role.DATA_ADMIN, given=True)
    async with running(practice, NEW, size=(140, 40)) as driver:
        await driver.sees("2 Mina")
        store = open_store(practice, clock=lambda: NOW)
        with store.lend() as db:  # as time does: no change number tells of it
            db.run("UPDATE assignmentrole SET until = '2020-01-01' WHERE role = :role", role=Role.DATA_ADMIN.value)
            db.driver.commit()
        store.close()
        driver.app._sign_ins.follow_roles()
        await driver.until(lambda: roles(driver) == {Role.CLINICIAN}, "the role to go")


async def test_roles_asked_for_while_the_tabs_change_let_that_be_finished(
    practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_a_role(practice)
    for role in (Role.CLINICIAN, Role.ACCESS_ADMIN):
        change_role(practice, NEW, role, given=True)
    changing, may_go_on, change_tabs = asyncio.Event(), asyncio.Event(), TopLevel.roles_changed

    async def changed_slowly(screen: TopLevel, actor: StaffActor) -> None:
        changing.set()
        await may_go_on.wait()
        await change_tabs(screen, actor)

    async with running(practice, NEW, size=(140, 40)) as driver:
        await driver.sees("2 Mina", "5 Personal")
        monkeypatch.setattr(TopLevel, "roles_changed", changed_slowly)
        change_role(practice, NEW, Role.ACCESS_ADMIN, given=False)
        await changing.wait()
        assert roles(driver) == {Role.CLINICIAN}
        driver.app._sign_ins.follow_roles()
        await driver.pilot.pause()
        may_go_on.set()
        await driver.sees_no("5 Personal")
        await driver.sees("[2 Mina", "Dina roller på enheten har ändrats.")


async def test_a_role_that_is_taken_under_the_lock_is_gone_after_it(practice: Path) -> None:
    without_a_role(practice)
    for role in (Role.CLINICIAN, Role.ACCESS_ADMIN):
        change_role(practice, NEW, role, given=True)
    async with running(practice, NEW, size=(140, 40)) as driver:
        await driver.sees("2 Mina", "5 Personal")
        await driver.press("f9")
        await driver.sees("Tryck på valfri tangent")
        change_role(practice, NEW, Role.ACCESS_ADMIN, given=False)
        await driver.press("space")
        await driver.sees("Nora Ny")
        assert roles(driver) == {Role.CLINICIAN, Role.ACCESS_ADMIN}
        await driver.press("end", "enter")
        await driver.until(lambda: roles(driver) == {Role.CLINICIAN}, "the role to go")
        await driver.sees_no("5 Personal")
