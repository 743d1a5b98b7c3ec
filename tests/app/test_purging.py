"""*Gallring* from the list to the certificate: a purge of a dozen moments, one of which is stopped."""

from pathlib import Path

from store.opening import open_store
from store.purge.certificate import read_certificate
from tests.app.driver import running

OV04 = "SE2321000040-OV04"
ALONE = "200001012384"


def end_a_dozen(path: Path) -> list[int]:
    """Let twelve moments of the unit have ended, long ago, and the care provider have decided; returns their ids."""
    store = open_store(path)
    with store.lend_to_write() as db:
        db.run("UPDATE careprovider SET purge_decision = 'Gallras efter två år.', purge_reference = 'RS 17'")
        moments = db.values(
            "SELECT m.id FROM moment m JOIN unit u ON u.id = m.unit_id WHERE u.hsa_id = 'SE2321000040-OVN1'"
            " ORDER BY m.id LIMIT 12"
        )
        among = ", ".join(map(str, moments))
        db.run("UPDATE moment SET purge_by = '2999-01-01' WHERE purge_by < '2999-01-01'")
        db.run(
            "UPDATE moment SET status = 'avslutat', ended_at = started_at, offered_to = NULL, purge_by = '2026-01-01'"
            f" WHERE id IN ({among})"
        )
    store.close()
    return moments


def register_long_ago(path: Path, number: str) -> None:
    """Let a resident have come into the register more than a year ago."""
    store = open_store(path)
    with store.lend_to_write() as db:
        db.run("UPDATE resident SET registered_on = '2025-11-03' WHERE personnummer = :number", number=number)
    store.close()


def left_of(path: Path, moments: list[int]) -> list[int]:
    store = open_store(path)
    with store.lend() as db:
        left = db.values(f"SELECT id FROM moment WHERE id IN ({', '.join(map(str, moments))})")
    store.close()
    return left


async def test_a_purge_of_a_dozen_with_one_stopped(practice: Path, tmp_path: Path) -> None:
    moments, file = end_a_dozen(practice), tmp_path / "intyg.txt"
    register_long_ago(practice, ALONE)
    async with running(practice, OV04, size=(100, 40)) as driver:
        await driver.sees("6 Gallring")
        await driver.press("6")
        await driver.sees("[6 Gallring]", "! försenad", "0 valda")
        await driver.press("s")
        await driver.sees("Gallringsstopp", "Grund")
        await driver.type("Tvist [/x]")
        await driver.press("ctrl+s")
        await driver.sees("Ange stoppets sista dag.")
        await driver.type("2027-06-01")
        await driver.press("ctrl+s")
        await driver.sees("■ stopp", "satt av Navid Rashidi: Tvist [/x]")
        await driver.press("space")
        await driver.sees_no("1 valt")
        await driver.press("a")
        await driver.sees(" moment och 1 invånare utan moment · 12 valda")
        await driver.press("down", "space")
        await driver.sees("11 valda")
        await driver.press("space", "g")
        await driver.sees("11 moment och 1 invånare utan moment gallras för alltid.", "på Dataexport")
        await driver.press("ctrl+s")
        await driver.sees("Skriv antalet med siffror.")
        await driver.type("11")
        await driver.press("ctrl+s")
        await driver.sees("Antalet 11 stämmer inte: 11 moment och 1 invånare utan")
        assert len(left_of(practice, moments)) == 12
        await driver.press("backspace", "2", "ctrl+s")
        await driver.sees("GALLRINGSINTYG 1", "Gallrade moment:    11", "1 av dem utan något moment på 12 månader")
        driver.fill(file=str(tmp_path))
        await driver.press("ctrl+s")
        await driver.sees("finns redan")
        driver.fill(file=str(file))
        await driver.press("ctrl+s")
        await driver.sees("Intyget är sparat")
        await driver.press("escape")
        await driver.sees("0 valda", "■ stopp")
        await driver.press("up", "h")
        await driver.sees("[ ]  2026-01-01", "Gallringsstoppet är hävt.")
        await driver.press("i")
        await driver.sees("GALLRINGSINTYG 1")
    assert read_certificate(file.read_text(encoding="utf-8"))["moments"] == 11
    assert len(left_of(practice, moments)) == 1
