"""*Jag tar den* in the app: a colleague sees it, time lets it go, and whoever leaves gives it up."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from screens.queue.claims import NOT_REGISTERED, RELEASED
from screens.queue.watch import due_words, loose_words, urgent_words
from sob_tui.app import POLL_SECONDS
from store.care.claims import release_flag, take_flag
from store.foundation.access import SYSTEM
from store.foundation.clock import Instant
from store.foundation.store import Store
from store.opening import open_store
from store.people.sign_in import sign_in
from tests.app.driver import NOW, OV01, OV02, Driver, move, running
from tests.app.test_urgent import elsewhere, raise_priority, said
from tests.clinics import Clock

SINCE = "Karin tar den sedan 10.00"
TAKE, GIVE_UP, OVER = "T Jag\xa0tar\xa0den", "T Släpp", "T Ta\xa0över"
LOOSE = loose_words(1, on_top=True)


def flag_of(store: Store) -> int:
    """Return the unit's only unhandled priority flag."""
    with store.lend() as db:
        return int(db.value("SELECT min(id) FROM flag WHERE severity = 'prioriterad' AND handled_at IS NULL"))


def act(store: Store, operation: object, who: str = OV01) -> None:
    """Let somebody do something with the flag at another terminal."""
    with store.work(sign_in(store, who)) as work:
        operation(work, flag_of(store))  # type: ignore[operator]


def holder(store: Store) -> str | None:
    """Return who is on the flag."""
    with store.lend() as db:
        sql = "SELECT s.hsa_id FROM claim c JOIN staff s ON s.id = c.staff_id WHERE c.flag_id = :flag"
        return next(iter(db.values(sql, flag=flag_of(store))), None)


async def at_queue(driver: Driver) -> None:
    await driver.sees("Mina", "Att göra")
    await driver.press("1")
    await driver.sees("[1 Att göra", "▲ prioriterad", TAKE)


@contextmanager
def nothing_after(driver: Driver, store: Store) -> Iterator[None]:
    """Let the app find nothing that comes after what is there: that is shown by the first look, however busy it is."""
    client = driver.app.client
    look, newest = client.look, store.change_no((client.actor or SYSTEM).unit_id or 0)

    async def look_no_further(unit_id: int | None) -> int:
        return min(await look(unit_id), newest)

    client.look = look_no_further  # type: ignore[method-assign]
    yield
    client.look = look  # type: ignore[method-assign]


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_a_colleague_sees_it_and_its_time_lets_it_go(practice: Path, size: tuple[int, int]) -> None:
    clock = Clock(NOW)
    store = open_store(practice, clock=clock)
    async with running(practice, OV02, size=size, clock=clock) as driver:
        await at_queue(driver)
        assert POLL_SECONDS <= 1.0, "of two seconds one is left for reading and painting"
        act(store, take_flag)
        with nothing_after(driver, store):
            await driver.sees(SINCE, "▲ prioriterad", OVER)
        assert said(driver) == []
        clock.now = Instant(NOW + 30 * 60_000 - 1)
        await driver.pilot.pause(0.6)
        assert SINCE in driver.text
        clock.now = Instant(NOW + 30 * 60_000)
        await driver.until(lambda: said(driver) == [LOOSE], "the word of it")
        await driver.sees_no("tar den sedan")
        await driver.sees(TAKE)
    store.close()


async def test_it_is_taken_taken_over_and_given_up_by_one_key(practice: Path) -> None:
    store = elsewhere(practice)
    async with running(practice, OV02) as driver:
        await at_queue(driver)
        act(store, take_flag)
        await driver.sees(OVER)
        await driver.press("T")
        await driver.sees("Ta över från Karin", SINCE, "Håkansson, Jenny", "Nedstämdhet")
        await driver.press("ctrl+s")
        await driver.until(lambda: holder(store) == OV02, "it to be the other's")
        await driver.sees("tar den sedan", GIVE_UP)
        await driver.press("T")
        await driver.sees(TAKE)
        assert holder(store) is None
        assert [one for one in said(driver) if RELEASED in one]
        assert LOOSE not in said(driver), "who gives it up is not told"
        await driver.press("T")
        await driver.sees(GIVE_UP)
        await driver.press("enter")
        await driver.sees("RISKSVAR", "tar den sedan", GIVE_UP)
        await driver.press("escape")
        await driver.sees(GIVE_UP)
        await driver.press("ctrl+q")
    assert holder(store) is None, "who leaves gives up what was taken"
    store.close()


async def test_of_two_at_once_the_other_gets_the_name(practice: Path) -> None:
    store = elsewhere(practice)
    async with running(practice, OV02) as driver:
        await at_queue(driver)
        driver.app._changes.number = 10**9  # the other's is not seen yet
        driver.app._changes._is_looking = True
        act(store, take_flag)
        await driver.press("T")
        await driver.until(lambda: any("tar den sedan 10.00." in one for one in said(driver)), "the name")
        assert holder(store) == OV01
    store.close()


async def test_without_a_database_nothing_is_registered(practice: Path) -> None:
    async with running(practice, OV02) as driver:
        await at_queue(driver)
        away = move(practice, "borta")
        await driver.press("T")
        await driver.until(lambda: any(NOT_REGISTERED in one for one in said(driver)), "that it is not registered")
        move(away, practice.name)
    store = elsewhere(practice)
    assert holder(store) is None
    store.close()


async def test_word_of_a_flag_reaches_a_colleagues_queue_and_the_first_second(practice: Path) -> None:
    """Nothing is counted yet when the first one comes; the second comes in another's queue, which hides the lists."""
    store = elsewhere(practice)
    async with running(practice, OV02) as driver:
        await driver.until(lambda: driver.app.client.actor is not None, "the sign-in")
        raise_priority(store)
        await driver.until(lambda: bool(said(driver)), "the word of the first")
        driver.app.clear_notifications()
        await driver.press("3", "o")
        await driver.sees("Översikt")
        await driver.press("enter")
        await driver.sees("Att göra för")
        raise_priority(store, text="En till")
        await driver.until(lambda: said(driver) == [urgent_words(1, on_top=False)], "the word of the second")
    act(store, release_flag)
    store.close()


async def test_who_was_not_reached_stays_on_top_with_the_next_attempt(practice: Path) -> None:
    store = elsewhere(practice)
    clock = [NOW]
    async with running(practice, OV02, clock=lambda: clock[0]) as driver:
        await at_queue(driver)
        await driver.press("h")
        await driver.sees("Vad har du gjort?", "(●) nådde invånaren", "Flaggan stängs.")
        await driver.type("Inget svar")
        await driver.press("tab", "left")
        await driver.sees("(●) nådde inte", "väntar kvar överst", "Nästa försök", "11.00", "Registrera försöket")
        await driver.press("ctrl+s")
        await driver.until(lambda: len(driver.app._notifications) > 0, "the word of it")
        driver.app.clear_notifications()
        await driver.sees("▲ prioriterad", "Nästa försök 22/11 11.00")
        clock[0] = Instant(NOW + 3_599_999)
        await driver.pilot.pause()
        assert "Nästa försök 22/11 11.00" in driver.text
        clock[0] = Instant(NOW + 3_600_000)
        await driver.until(lambda: said(driver) == [due_words(1, on_top=True)], "the word that it is time")
        await driver.sees("▲ prioriterad", "Dags att försöka igen")
    with store.lend() as db:
        assert db.rows("SELECT note FROM flagattempt WHERE flag_id = :flag", flag=flag_of(store)) == [("Inget svar",)]
        assert db.value("SELECT handled_at FROM flag WHERE id = :flag", flag=flag_of(store)) is None
    store.close()
