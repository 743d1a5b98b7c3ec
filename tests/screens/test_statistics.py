"""*Statistik*: the programs, and the cursor's figures with bars; who may see them exactly does."""

import pytest

from store.foundation.access import Role
from tests.clinics import Clinic
from tests.screens.whole import LOST, at_work, keys, open_tab, said, taken_away


@pytest.mark.parametrize(
    ("role", "number"), [(Role.RESIDENT_ADMIN, "12"), (Role.CLINICIAN, "10")], ids=["exact", "published"]
)
async def test_the_figures_stand_beside_the_programs(filed: Clinic, role: Role, number: str) -> None:
    for program, month, started, hidden in (
        ("prov", "2026-02", 12, 0),
        ("prov", "2026-01", 3, 1),
        ("prov", "2025-02", 40, 0),  # thirteen months ago
        ("komigang-online", "2026-02", 0, 0),
    ):
        filed.run(
            "INSERT INTO monthfigure VALUES (:unit, :program, :month, 'startade', '', :started, :hidden)",
            unit=filed.here,
            program=program,
            month=month,
            started=started,
            hidden=hidden,
        )
    filed.run(
        "INSERT INTO monthfigure SELECT unit_id, program, month, 'avslutsorsak', u.hsa_id || month, 8, 0"
        " FROM monthfigure f, unit u WHERE f.program = 'prov' AND f.month > '2026'"
    )
    filed.start(program="prov")
    async with at_work(filed, role) as driver:
        await open_tab(driver, "Alla")
        await driver.until(lambda: "t" in keys(driver), "the key")
        await driver.press("t")
        await driver.sees("‹ Alla", "KomIgång online", "2026-02           0")
        await driver.press("down")
        await driver.sees("Startade moment", f"  2026-02          {number}  {'█' * 30}")
        small = "2026-01 dolt" if role is Role.CLINICIAN else "2026-01 3"
        assert small in said(driver)
        assert "2025-02" not in said(driver)
        await driver.press("space")
        await driver.sees_no("Exakta tal." if role is Role.RESIDENT_ADMIN else "Tal under 5")
        await driver.press("b")
        with taken_away(filed):
            await driver.sees(LOST, "Startade moment")
        await driver.sees_no(LOST)
        await driver.press("escape")
        await driver.until(lambda: "t" in keys(driver), "the list")
