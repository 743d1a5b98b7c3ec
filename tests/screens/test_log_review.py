"""*Logguppföljning* on screen: last month's review from *Att göra* to the signed report, by keys alone."""

from store.care.duties import DutyKind, decide_duty
from store.foundation.access import Role
from tests.clinics import ADULT, CHILD, HIDDEN, Clinic, hsa_id_of
from tests.screens.whole import LOST, at_work, keys, open_tab, paste, said, taken_away

REVIEWER = hsa_id_of(Role.LOG_REVIEWER)
HOSTILE = "[/x]\x1b]52;c;eA==\x07[bold]" + "å" * 900


async def test_last_months_review_from_the_queue_to_the_signed_report(filed: Clinic) -> None:
    filed.clock.set(2026, 2, 10, 9)
    for number in (ADULT, CHILD, HIDDEN):
        filed.start(number, "prov")
    with filed.store.work(filed.someone(Role.ACCESS_ADMIN)) as work:
        decide_duty(work, DutyKind.LOG_REVIEW, 1, REVIEWER, "Eva Chef", work.today)
    async with at_work(filed, Role.LOG_REVIEWER) as driver:
        await driver.sees("Inga granskningar än.")
        await open_tab(driver, "Att göra")
        await driver.sees("□ uppgift", "skulle ha gjorts senast 2026-02-24")
        await driver.press("enter")
        await driver.sees("Inga granskningar än.", "‹ Att göra")
        await driver.press("n")
        await driver.sees("Dra ett stickprov", "2026-02")
        await driver.press("ctrl+s")
        await driver.sees("3 rader att bedöma", "Som: ansvarig behandlare, eget moment")
        assert ADULT not in driver.text
        assert "enter" not in keys(driver)
        await driver.press("s", "ctrl+s")
        await driver.sees("3 rader är inte bedömda.")
        await driver.press("escape")
        await driver.press("u")
        await driver.sees("2 rader att bedöma", "✓ utan")
        with taken_away(filed):
            await driver.press("m")
            await driver.sees("Kommentar")
            await paste(driver, HOSTILE)
            await driver.press("ctrl+s")
            await driver.sees(LOST[:20])
        await driver.press("ctrl+s")
        await driver.sees("1 rad att bedöma", "! med")
        await driver.press("a")
        await driver.sees("Alla rader är bedömda.")
        await driver.press("s")
        await driver.sees("Signera granskningen", "1 med anmärkning")
        await driver.press("ctrl+s")
        await driver.sees("Rapport", "Granskning 1 av loggen från 2026-02")
        await driver.press("escape")
        await driver.sees("Signerad av")
        assert {"r", "Esc"} >= keys(driver).keys() & {"u", "m", "a", "s", "r"}
        await driver.press("escape")
        await driver.sees("✓ signerad", "Frö:")
        await driver.press("escape")
        await driver.sees("Inget väntar på dig just nu.")
        await open_tab(driver, "Logguppföljning")
        await driver.press("r")
        await driver.sees("Riktad kontroll", "Skälet loggas.")
        await driver.press("ctrl+s")
        await driver.sees("Ange vem kontrollen gäller", "Ange skälet")
        await driver.press("escape")
        assert "[/x]" not in said(driver)
    row = "SELECT comment FROM logreviewrow WHERE verdict = 'med'"
    assert filed.value(row) == f"[/x][bold]{'å' * 900}"
    assert filed.value("SELECT count(*) FROM dutydone WHERE kind = 'logguppfoljning'") == 1
