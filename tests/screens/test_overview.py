"""*Översikt*: the unit at a glance, a colleague's queue, and all of a colleague's moments moved at once."""

import pytest

from screens.overview import OverviewScreen
from store.care.maintenance import maintain_moment
from store.care.time_spent import add_time
from store.foundation.access import Role
from store.foundation.flag_kinds import Severity
from tests.app.driver import Driver
from tests.clinics import CHILD, COLLEAGUE, ELSEWHERE, GUARDIAN, Clinic, hsa_id_of
from tests.screens import hostile as texts
from tests.screens.queue.test_tab import done, flag, logged, moment, rows
from tests.screens.queue.test_walk import at, settled, told
from tests.screens.whole import LOST, SIZES, at_work, focus, keys, open_tab, paste, said, taken_away

__all__ = ["moment"]  # the fixture

ADMIN = Role.RESIDENT_ADMIN
CLINICIAN = hsa_id_of(Role.CLINICIAN)


async def overview(driver: Driver, tab: str = "Alla") -> None:
    """Open the overview from a tab."""
    await open_tab(driver, tab)
    await driver.until(lambda: "o" in keys(driver), "the key")
    await driver.press("o")
    await driver.sees("Behandlare", "Prioriterade", "Kim T1clinician")
    await settled(driver)


async def on_clinician(driver: Driver) -> None:
    """Put the cursor on the clinician's line."""
    await driver.press("home")
    for _ in range(3):
        if "▌Kim T1clinician" in driver.text:
            return
        await driver.press("down")
        await driver.pilot.pause()
    raise AssertionError(driver.text)


@SIZES
@pytest.mark.parametrize("tab", ["Alla", "Att göra"])
async def test_a_line_for_each_says_what_waits_there(
    filed: Clinic, moment: int, tab: str, size: tuple[int, int]
) -> None:
    done(filed, add_time, moment, 25 * 60)
    async with at_work(filed, ADMIN, size=size) as driver:
        await overview(driver, tab)
        shown = said(driver)
        assert "Kim T1clinician 1 3 ▲ 1 25 3 arbetsdagar" in shown
        assert "Kim T1colleague 0 0 0 0 –" in shown
        assert f"‹ {tab}" in shown
    assert logged(filed, "open_overview") == 1


async def test_who_has_stopped_and_left_moments_behind_is_marked(filed: Clinic, moment: int) -> None:
    assert moment
    filed.run(
        "UPDATE assignment SET active = 0 WHERE staff_id = (SELECT id FROM staff WHERE hsa_id = :who)", who=CLINICIAN
    )
    async with at_work(filed, ADMIN) as driver:
        await overview(driver)
        assert "Kim T1clinician (inte aktiv)" in driver.text


async def test_a_clinician_is_offered_no_overview(filed: Clinic) -> None:
    async with at_work(filed) as driver:
        for tab in ("Alla", "Att göra"):
            await open_tab(driver, tab)
            await driver.sees(f"{tab}")
            await driver.press("o")
            await driver.pilot.pause()
            assert "o" not in keys(driver)
            assert not isinstance(driver.app.screen, OverviewScreen)
    assert logged(filed, "open_overview") == 0


async def test_it_follows_what_happens_and_leaves_no_log_row(filed: Clinic, moment: int) -> None:
    async with at_work(filed, ADMIN) as driver:
        await overview(driver)
        flag(filed, moment, "Ring genast", Severity.PRIORITY)
        await driver.until(lambda: bool(driver.app._notifications), "the word of it")
        driver.app.clear_notifications()
        await driver.sees("▲ 2")
    assert logged(filed, "open_overview") == 1


# A colleague's queue


async def test_enter_opens_the_clinicians_queue_and_the_title_says_whose(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed, ADMIN) as driver:
        await overview(driver)
        await on_clinician(driver)
        await driver.press("enter")
        await driver.sees("‹ Översikt", "Att göra för Kim T1clinician", "✉ meddelande")
        await settled(driver)
        assert "kollegas moment" not in said(driver)
        await driver.press("down")
        await driver.sees("▌✉ meddelande")
        await driver.press("enter")
        await at(driver, "1 av 3", "‹ Att göra för Kim T1clinician", "Hur gör jag?")
        assert focus(driver) == "text"
        await paste(driver, "Så här.")
        await driver.press("ctrl+s")
        await at(driver, "2 av 3", "Gick bra.")
        await driver.press("m")  # going on has read nothing
        await driver.sees("✓ läst", "väntar inte längre")
        await driver.press("escape")
        await driver.sees_no("▤ hemuppgift")
        assert len(rows(driver)) == 1
        await driver.press("escape")
        await driver.sees("Prioriterade")
    assert {by for (by,) in filed.rows("SELECT read_by FROM formanswer WHERE form = 'uppgift'")} == {filed.admin.name}
    assert filed.rows("SELECT author FROM message WHERE sender <> 'invanare'") == [(filed.admin.name,)]
    details = filed.log("SELECT actor_hsa_id, details FROM log WHERE operation = 'open_todo'")
    assert details[-1:] == [(filed.admin.hsa_id, f"att göra för {CLINICIAN}: 3 rader")]


async def test_matters_are_set_aside_in_anothers_queue(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed, ADMIN) as driver:
        await overview(driver)
        await on_clinician(driver)
        await driver.press("enter")
        await driver.sees("✉ meddelande")
        await settled(driver)
        await driver.press("down")
        await driver.until(lambda: "u" in keys(driver), "the key")
        await driver.press("u")
        await driver.sees("Skjut upp ärendet")
        await driver.press("enter")
        await paste(driver, "Kim är borta")
        await driver.press("ctrl+s")
        await driver.sees_no("✉ meddelande")
    assert filed.value("SELECT set_by FROM setaside") == filed.admin.name


async def test_an_empty_queue_of_anothers_says_so(filed: Clinic) -> None:
    async with at_work(filed, ADMIN) as driver:
        await overview(driver)
        await on_clinician(driver)
        await driver.press("enter")
        await driver.sees("Inget väntar här just nu.")


async def test_the_admins_own_queue_holds_the_units_priority_flags(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed, ADMIN) as driver:
        await open_tab(driver, "Att göra")
        await driver.sees("▲ prioriterad", "kollegas moment")
        assert len(rows(driver)) == 1


# All moments moved


@pytest.fixture
def four(filed: Clinic, moment: int) -> int:
    """Berg's moment and three more, one of them in maintenance."""
    for number in (GUARDIAN, CHILD, ELSEWHERE):
        last = filed.start(number, program="prov", confirmed=True)
    done(filed, maintain_moment, last)
    return moment


async def test_b_moves_all_with_a_message_to_each_that_can_be_written_to(filed: Clinic, four: int) -> None:
    assert four
    async with at_work(filed, ADMIN) as driver:
        await overview(driver)
        await on_clinician(driver)
        await driver.press("b")
        await driver.sees("4 moment flyttas från Kim T1clinician.", "Ny behandlare")
        await driver.press("ctrl+s")
        await driver.sees("Välj en behandlare.")
        await driver.press("enter")
        await driver.sees("Stäng listan")
        await driver.press("K", "i", "m", "enter")
        await driver.sees_no("Stäng listan")
        await driver.press("tab", "space")
        await driver.sees("är din behandlare")
        await driver.press("ctrl+s")
        await told(driver, "4 moment är flyttade från Kim T1clinician till Kim T1colleague.")
        await driver.until(lambda: "Kim T1clinician 0 0" in said(driver), "the empty line")
    assert _moments(filed, COLLEAGUE) == 4
    assert filed.value("SELECT count(*) FROM message WHERE author = :name", name=filed.admin.name) == 3
    logged = "SELECT count(*) FROM log WHERE operation = 'switch_clinician' AND action = 'ändrade'"
    assert filed.value(logged) == 4
    assert filed.value("SELECT count(*) FROM event WHERE kind = 'behandlare-bytt'") == 4


async def test_where_nothing_can_be_moved_it_is_not_offered(filed: Clinic) -> None:
    async with at_work(filed, ADMIN) as driver:
        await overview(driver)
        assert "b" not in keys(driver)
        await driver.press("b")
        await driver.pilot.pause()
        assert "Ny behandlare" not in driver.text


async def test_moments_that_are_gone_meanwhile_are_refused_in_the_dialog(filed: Clinic, moment: int) -> None:
    async with at_work(filed, ADMIN) as driver:
        await overview(driver)
        await on_clinician(driver)
        await driver.press("b")
        await driver.sees("1 moment flyttas")
        await driver.press("enter", "K", "i", "m", "enter")
        await driver.sees("▌Kim T1colleague")
        filed.run("UPDATE moment SET status = 'avslutat' WHERE id = :id", id=moment)
        await driver.press("ctrl+s")
        await driver.sees("Kim T1clinician har inga moment att flytta.")
    assert _moments(filed, COLLEAGUE) == 0


async def test_a_lost_database_moves_nothing_and_the_dialog_stands(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed, ADMIN) as driver:
        await overview(driver)
        await on_clinician(driver)
        await driver.press("b")
        await driver.sees("1 moment flyttas")
        await driver.press("enter", "K", "i", "m", "enter")
        await driver.sees("▌Kim T1colleague")
        with taken_away(filed):
            await driver.press("ctrl+s")
            await driver.sees("Det du har skrivit står kvar här.")
        await driver.press("ctrl+s")
        await told(driver, "1 moment är flyttat från Kim T1clinician till Kim T1colleague.")
    assert _moments(filed, COLLEAGUE) == 1


async def test_the_overview_says_that_the_database_is_gone_and_comes_back(filed: Clinic, moment: int) -> None:
    assert moment
    async with at_work(filed, ADMIN) as driver:
        await overview(driver)
        with taken_away(filed):
            await driver.sees(LOST, "Kim T1clinician")
            await driver.press("enter")
            await driver.sees("Att göra för", LOST)
        await driver.sees_no(LOST)
        await driver.press("escape")
        await driver.sees_no(LOST)


@texts.together
async def test_hostile_names_are_shown_as_text(filed: Clinic, moment: int, hostile: str) -> None:
    assert moment
    filed.run("UPDATE staff SET family_name = :text WHERE hsa_id = :who", text=hostile, who=CLINICIAN)
    filed.run("UPDATE conversation SET heading = :text", text=hostile)
    async with at_work(filed, ADMIN, size=(140, 40)) as driver:
        await open_tab(driver, "Alla")
        await driver.until(lambda: "o" in keys(driver), "the key")
        await driver.press("o")
        await driver.sees("Prioriterade", "▲ 1")
        await settled(driver)
        assert texts.is_clean(said(driver))
        while "▌Kim T1colleague" in driver.text or "▲ 1" not in _cursor_line(driver):
            await driver.press("down" if "▌Kim T1colleague" not in driver.text else "up")
            await driver.pilot.pause()
        for key, words in (("b", "moment flyttas"), ("enter", "Att göra för")):
            await driver.press(key)
            await driver.sees(words)
            assert texts.is_clean(said(driver))
            await driver.press("escape")
            await driver.sees_no(words)


def _cursor_line(driver: Driver) -> str:
    return next((line for line in driver.text.split("\n") if line.startswith("▌")), "")


def _moments(clinic: Clinic, hsa_id: str) -> int:
    sql = (
        "SELECT count(*) FROM moment WHERE status <> 'avslutat'"
        " AND responsible_id = (SELECT id FROM staff WHERE hsa_id = :who)"
    )
    return int(clinic.value(sql, who=hsa_id))
