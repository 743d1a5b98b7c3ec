"""*Uppgifter*: decided on *Enhet* and done from *Att göra* by keys; hostile text, and the database away."""

from store.foundation.access import Role
from tests.clinics import Clinic, hsa_id_of
from tests.screens.whole import LOST, at_work, keys, open_tab, paste, said, taken_away

HOSTILE = "[/x]\x1b]52;c;eA==\x07[bold]"


async def test_a_duty_is_decided_on_enhet_and_done_from_the_queue_of_who_it_is_delegated_to(filed: Clinic) -> None:
    async with at_work(filed, Role.ACCESS_ADMIN) as driver:
        await open_tab(driver, "Enhet")
        await driver.sees("Uppgifter: gallring")
        await driver.press("u")
        await driver.sees("inte bestämd", "Ingen är bestämd än.")
        await driver.press("down", "down", "enter")
        await driver.sees("Bestäm · Rutin för journalföring")
        await driver.press("tab", "enter")
        await driver.type("reviewer")
        await driver.press("enter", "ctrl+s")
        await driver.sees("Ange verksamhetschefen som har beslutat.")
        await paste(driver, HOSTILE)
        await driver.press("ctrl+s")
        await driver.sees("Rutin för journalföring är", "○ till 2026-03-16")
        assert "[/x]" in said(driver)
        await driver.press("escape")
        await driver.sees("Behovs- och riskanalyser:")
        await driver.press("r")
        await driver.sees("Välj roll", "inte skriven")
        await driver.press("enter")
        await driver.sees("Behovs- och riskanalys · behandlare")
        await paste(driver, f"Läser svaren {HOSTILE}")
        await driver.press("ctrl+s")
        await open_tab(driver, "Personal")
        await driver.sees("T1accessadmin")
        await driver.press("r", "enter")
        await driver.type("behandlare")
        await driver.press("enter")
        await driver.sees("Behovs- och riskanalys 2026-03-02: Läser", "[/x][bold]")
        await driver.press("escape", "n")
        await driver.sees("Lägg till personal")
        await driver.sees_no("är skriven")
        await driver.press("tab", "space", "tab", "space")
        await driver.sees("[x] Behandlare", "2026-03-02: Läser svaren [/x]", "Ingen behovs- och riskanalys är skriven")
        await driver.press("space")
        await driver.sees_no("Ingen behovs- och riskanalys är skriven")
    async with at_work(filed, Role.LOG_REVIEWER) as driver:
        await open_tab(driver, "Att göra")
        await driver.sees("□ uppgift", "ska göras senast 2026-03-16")
        assert "u" not in keys(driver)  # it can't be set aside
        await driver.press("enter")
        await driver.sees("Görs varje år", "Inte någon gång än.")
        assert "enter" not in keys(driver)
        with taken_away(filed):
            await driver.press("k")
            await driver.sees("Klar · Rutin för journalföring")
            await paste(driver, "Rutinen gäller")
            await driver.press("ctrl+s")
            await driver.sees(LOST[:20])
        await driver.press("ctrl+s")
        await driver.sees("✓ till 2027-03-02")
        await driver.press("escape")
        await driver.sees("Inget väntar på dig just nu.")
    note = "SELECT note FROM dutydone WHERE hsa_id = :who"
    assert filed.value(note, who=hsa_id_of(Role.LOG_REVIEWER)) == "Rutinen gäller"
