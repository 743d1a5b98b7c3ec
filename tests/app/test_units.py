"""F6 goes over to another unit, F7 to another person in practice; nothing of the first shows there."""

import re
from pathlib import Path

import pytest

from screens.main import MainScreen
from screens.widgets.title_bar import BAND
from sob_tui.sign_ins import UNKEPT, UNKEPT_HERE, SignIns
from store.care.staffing import inactivate_staff, take_role
from store.foundation.access import OPERATOR, Role
from store.opening import open_store
from store.people.sign_in import AssignmentGone, RoleGone, StaffActor, sign_in
from tests.app.driver import NOW, OV01, OV02, OV03, OV11, OV12, Driver, running

OV13 = "SE2321000040-OV13"
OVN1, OVN2 = "SE2321000040-OVN1", "SE2321000040-OVN2"


def unit_of(driver: Driver) -> str | None:
    actor = driver.app.client.actor
    return actor.unit_hsa_id if isinstance(actor, StaffActor) else None


def names(store: Path, unit: str) -> list[str]:
    """The family names of who has a running moment with OV12 on a unit."""
    found = open_store(store)
    with found.lend() as db:
        rows = db.rows(
            "SELECT r.family_name FROM moment m JOIN resident r ON r.id = m.resident_id"
            " JOIN staff s ON s.id = m.responsible_id JOIN unit u ON u.id = m.unit_id"
            " WHERE s.hsa_id = :who AND u.hsa_id = :unit AND m.status = 'pagaende'",
            who=OV12,
            unit=unit,
        )
    found.close()
    return [row[0] for row in rows]


async def open_first(driver: Driver) -> None:
    await driver.press("enter")
    await driver.sees("INFORMATION OM MOMENTET")


async def refused(driver: Driver, sentence: str) -> None:
    """Wait for a sentence, which may be broken into lines on screen."""
    await driver.until(lambda: driver.app.last_refusal == sentence, sentence)
    await driver.sees(sentence[:20])


async def choose_other(driver: Driver) -> None:
    await driver.press("f6")
    await driver.sees("Välj enhet", OVN1, OVN2)
    await driver.press("down", "enter")


async def test_who_works_on_a_unit_and_above_the_units_goes_over_to_there_and_back(practice: Path) -> None:
    store = open_store(practice)
    with store.work(OPERATOR) as work:
        work.db.run(
            "INSERT INTO provideradmin (staff_id, provider_id) SELECT s.id, c.id FROM staff s, careprovider c"
            " WHERE s.hsa_id = :who",
            who=OV03,
        )
    store.close()
    async with running(practice, OV03) as driver:
        await driver.sees("5 Personal", "Aktiva (")
        await driver.press("f6")
        await driver.sees("Välj enhet", OVN1, "Region Övning")
        await driver.press("down", "enter")
        await driver.sees("5 Vårdgivare", "Gallringsbeslut saknas.")
        assert unit_of(driver) is None
        await driver.press("f6")
        await driver.sees("Välj enhet")
        await driver.press("up", "enter")
        await driver.sees("5 Personal", "Aktiva (")


async def test_the_other_unit_is_worked_on_and_nothing_of_the_first_shows(practice: Path) -> None:
    first, second = names(practice, OVN1), names(practice, OVN2)
    async with running(practice, OV12, unit=OVN1) as driver:
        await driver.sees(first[0])
        await open_first(driver)
        driver.app.notify(f"{first[0]}: sparat")
        await choose_other(driver)
        await driver.sees(second[0], "OVN2")
        assert unit_of(driver) == OVN2
        assert not any(name in driver.text for name in set(first) - set(second))
        assert [type(screen) for screen in driver.app.screen_stack] == [MainScreen]
        await driver.press("f6")
        await driver.sees("Välj enhet")
        await driver.press("up", "enter")
        await driver.sees(first[0], "OVN1")


async def test_esc_and_the_same_unit_leave_everything_as_it_was(practice: Path) -> None:
    async with running(practice, OV12, unit=OVN1) as driver:
        await driver.sees(names(practice, OVN1)[0])
        await open_first(driver)
        for key in ("escape", "enter"):
            await driver.press("f6", "f6")
            await driver.sees("Välj enhet", "●")
            await driver.press(key)
            await driver.sees_no("Välj enhet")
            await driver.sees("INFORMATION OM MOMENTET")
            assert unit_of(driver) == OVN1


async def test_one_unit_gives_no_key(practice: Path) -> None:
    async with running(practice, OV01, size=(200, 60)) as driver:
        await driver.sees("Andersson, Lena")
        assert "Byt\xa0enhet" not in driver.text
        await driver.press("f6")
        await driver.press("f1")
        await driver.sees("Mer hjälp")
        assert "F6" not in driver.text
        assert "Välj enhet" not in driver.text


async def test_several_units_show_it_on_the_key_bar_and_in_the_help(practice: Path) -> None:
    async with running(practice, OV12, unit=OVN1, size=(200, 60)) as driver:
        await driver.sees("F6 Byt\xa0enhet", "F4 Ärendeunderlag")
        await driver.press("f1")
        await driver.sees("Mer hjälp", "en annan av dina enheter", "text till supporten")


async def test_who_chose_at_the_start_may_choose_again(practice: Path) -> None:
    async with running(practice, OV12) as driver:
        await driver.sees("Välj enhet")
        await driver.press("enter")
        await driver.until(lambda: unit_of(driver) == OVN1, "OVN1")
        await driver.sees(names(practice, OVN1)[0])
        await choose_other(driver)
        await driver.until(lambda: unit_of(driver) == OVN2, "OVN2")


async def test_a_unit_that_is_gone_is_refused_and_work_goes_on(practice: Path) -> None:
    async with running(practice, OV12, unit=OVN1) as driver:
        await driver.sees(names(practice, OVN1)[0])
        await open_first(driver)
        inactivate(practice)
        await choose_other(driver)
        await refused(driver, AssignmentGone().message)
        await driver.sees("INFORMATION OM MOMENTET")
        assert unit_of(driver) == OVN1


async def test_what_cannot_be_saved_keeps_one_on_the_unit(practice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no() -> bool:
        return False

    async with running(practice, OV12, unit=OVN1) as driver:
        await driver.sees(names(practice, OVN1)[0])
        monkeypatch.setattr(driver.app._sign_ins, "_keep_drafts", no)
        await choose_other(driver)
        await refused(driver, UNKEPT)
        assert unit_of(driver) == OVN1


async def test_the_lock_and_another_person_leave_no_choice_behind(practice: Path) -> None:
    async with running(practice, OV12, unit=OVN1) as driver:
        await driver.sees(names(practice, OVN1)[0])
        await driver.press("f6")
        await driver.sees("Välj enhet")
        await driver.press("f9")
        await driver.sees("Skärmen är låst")
        await driver.press("f6")
        await driver.sees("Vem vill du öva som?", "OV01")
        await driver.press("f6")  # nobody is at work
        await driver.pilot.pause()
        assert "Välj enhet" not in driver.text
        await driver.press("enter")
        await driver.sees("Andersson, Lena")
        assert unit_of(driver) == OVN1
        await driver.press("f6")
        await driver.pilot.pause()
        assert "Välj enhet" not in driver.text


async def test_the_lock_and_the_same_person_leave_the_choice_as_it_was(practice: Path) -> None:
    async with running(practice, OV12, unit=OVN1) as driver:
        await driver.sees(names(practice, OVN1)[0])
        await driver.press("f6")
        await driver.sees("Välj enhet")
        await driver.press("f9", "x")
        await driver.sees("Vem vill du öva som?", "OV12")
        await driver.press(*["down"] * 6, "enter")
        await driver.sees("Välj enhet")
        await driver.press("f6", "down", "enter")
        await driver.until(lambda: unit_of(driver) == OVN2, "OVN2")


async def test_a_role_taken_away_bites_at_the_next_operation(practice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the key comes before the app has looked at the roles."""
    monkeypatch.setattr(SignIns, "follow_roles", lambda _: None)
    elsewhere = open_store(practice, clock=lambda: NOW)
    async with running(practice, OV02) as driver:
        await driver.sees("Pågående")
        await driver.press("3", "n")
        await driver.sees("Starta nytt moment", "Avbryt")
        with elsewhere.work(sign_in(elsewhere, OV03)) as work:
            take_role(work, OV02, Role.RESIDENT_ADMIN, "Byter uppgifter")
        await driver.press("escape")
        await driver.press("o")
        await refused(driver, RoleGone(Role.RESIDENT_ADMIN).message)
        await driver.sees("Översikt", "Du har inte längre rollen")
        assert "Hämtar" not in driver.text
    elsewhere.close()


def inactivate(path: Path) -> None:
    """Let OV12's assignment on OVN2 end, as by its administrator."""
    store = open_store(path, clock=lambda: NOW)
    with store.work(sign_in(store, OV13)) as work:
        inactivate_staff(work, OV12, to=OV11, confirmed=True)
    store.close()


async def test_what_is_not_saved_is_asked_about_before_another_unit(
    practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(practice, OV12, unit=OVN1) as driver:
        await driver.sees("Min profil")
        await driver.press(*re.findall(r"(\d) Min profil", driver.text))
        await driver.sees("Mobilnummer")
        await driver.press("tab", "end", "9")
        await driver.sees("Ändringarna är inte sparade.")
        await driver.press("f6")
        await driver.sees("Spara det, eller", "F6")
        monkeypatch.setattr(driver.app._leave, "_until", 0.0)  # the question has gone
        await driver.press("f6")
        await driver.pilot.pause()
        assert "Välj enhet" not in driver.text
        await driver.press("f6")
        await driver.sees("Välj enhet", OVN2)
        await driver.press("down", "enter")
        await driver.until(lambda: unit_of(driver) == OVN2, "the other unit")


async def test_one_key_lets_another_of_the_cast_go_on(practice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Esc leaves all as it was, a text that can't be saved keeps its writer there; of a page nothing is left behind."""

    async def no() -> bool:
        return False

    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await open_first(driver)
        await driver.press("f7")
        await driver.sees("Vem vill du öva som?", "F7 byter person", "Esc Tillbaka", BAND)
        await driver.press("escape")
        await driver.sees("INFORMATION OM MOMENTET")
        with monkeypatch.context() as patched:
            patched.setattr(driver.app._sign_ins, "_keep_drafts", no)
            await driver.press("f7")
            await refused(driver, UNKEPT_HERE)
        await driver.press("f7")
        await driver.sees("Vem vill du öva som?")
        await driver.press("down", "enter")
        await driver.until(lambda: getattr(driver.app.client.actor, "hsa_id", "") == OV02, "OV02 at work")
        await driver.sees("Pågående")
        assert [type(screen) for screen in driver.app.screen_stack] == [MainScreen]
        monkeypatch.setattr(driver.app.client, "practice", False)
        assert not driver.app.check_action("switch_person", ()), "in a real store nobody is chosen"
