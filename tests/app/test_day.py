"""The day's rules, run by the app where nobody else has run them today."""

from pathlib import Path

import pytest

from store.care import day_run
from store.care.day_run import begin_day
from store.foundation.access import SYSTEM
from store.foundation.store import Store
from store.opening import open_store
from tests.app.driver import NOW, move, running


def missed(path: Path) -> Store:
    """Let the rules not have run today, and a moment have been silent for long; returns the store."""
    store = open_store(path, clock=lambda: NOW)
    with store.work(SYSTEM) as work:
        work.db.run("DELETE FROM flag WHERE kind IN ('tyst', 'saknas', 'langd', 'gallring', 'aldrig')")
        work.db.run("UPDATE dayrun SET done = '2026-11-21', leased_until = 0")
    return store


def day(store: Store) -> tuple[str, int]:
    """The day that the rules ran for last, and how many of their flags there are."""
    with store.lend() as db:
        ((done, leased),) = db.rows("SELECT done, leased_until FROM dayrun")
        ((flags,),) = db.rows("SELECT count(*) FROM flag WHERE kind IN ('tyst', 'saknas', 'langd', 'gallring')")
    assert leased == 0 or done != "2026-11-22"
    return done, flags


async def test_a_missed_day_is_made_up_for_after_the_first_rows_and_shows(practice: Path) -> None:
    store = missed(practice)
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        await driver.until(lambda: day(store)[0] == "2026-11-22", "the day's run")
        assert day(store)[1] > 5
        await driver.press("1")
        await driver.sees("… tyst", "→ lång tid", "× gallring")
    store.close()


async def test_a_day_that_has_been_run_is_not_run_again(practice: Path) -> None:
    store = open_store(practice, clock=lambda: NOW)
    before = day(store)
    with store.work(SYSTEM) as work:
        work.db.run("DELETE FROM flag WHERE kind = 'tyst'")
    async with running(practice) as driver:
        await driver.sees("Att göra 1")
        await driver.app.workers.wait_for_complete()
    assert day(store)[0] == before[0]
    assert day(store)[1] < before[1]
    store.close()


async def test_while_another_run_is_under_way_nothing_is_said(practice: Path) -> None:
    store = missed(practice)
    with store.work(SYSTEM) as work:
        begin_day(work)
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena", "Att göra")
        await driver.app.workers.wait_for_complete()
        assert not list(driver.app._notifications)
    with store.lend() as db:
        assert db.rows("SELECT done FROM dayrun") == [("2026-11-21",)]
    store.close()


async def test_a_database_that_is_lost_meanwhile_stops_nothing(practice: Path) -> None:
    missed(practice).close()
    async with running(practice) as driver:
        await driver.sees("Andersson, Lena")
        away = move(practice, "borta.sqlite")
        await driver.sees("Ingen kontakt med databasen.")
        move(away, practice.name)
        await driver.sees_no("Ingen kontakt med databasen.")
        await driver.press("1")
        await driver.sees("[1 Att göra", "▲ prioriterad")


async def test_what_could_not_be_done_or_was_cut_off_is_told_once_somebody_is_at_work(
    practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(day_run, "RULES", (fail,))
    store = missed(practice)
    with store.work(SYSTEM) as work:
        work.db.run("INSERT INTO fileimport VALUES ('x', 'residents', '', '', '', 0)")
    async with running(practice) as driver:
        await driver.until(lambda: len(driver.app._notifications) == 2, "two sentences")
        cut_off, left = (one.message for one in driver.app._notifications)
        assert cut_off.startswith("En import av invånare hade avbrutits innan hela filen var inläst.")
        assert left.startswith("Dygnets regler kunde inte köras för alla moment.")
    store.close()
