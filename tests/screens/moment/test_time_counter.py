"""Time spent on the resident's page: counted, saved, shown, put right."""

from __future__ import annotations

import time

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from screens.dialogs.time_spent import TimeDialog
from screens.lock import LockScreen
from screens.moment.actions import CORRECTED
from screens.moment.time_counter import TimeCounter
from screens.time_book import IDLE_AFTER, LONGEST_STEP, Counter, TimeBook
from store.care.endings import end_moment
from store.care.switching import switch_clinician
from store.care.time_spent import add_time, correct_time
from store.foundation.errors import NotPermitted, StoreUnreachable
from tests.clinics import COLLEAGUE, Clinic
from tests.forms import given
from tests.screens.moment.host import (
    banner,
    do,
    host,
    keys,
    notices,
    opened,
    page,
    path_of,
    press,
    settled,
    shown,
    told,
    until,
)


@pytest.fixture(autouse=True)
def _no_timer_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be counted but what a test counts: a page may be open for a second before its clock is the test's."""
    monkeypatch.setattr(TimeCounter, "LOOK_SECONDS", 3600)


class Watch:
    """A monotonic clock that is moved by hand. It shows whole seconds: sums of them are exact."""

    def __init__(self) -> None:
        self.now = float(int(time.monotonic()))

    def __call__(self) -> float:
        return self.now


def watched(pilot: Pilot[None]) -> Watch:
    """Let the page's counter go by a clock of the test's."""
    watch = Watch()
    page(pilot).time.counter = Counter(watch)
    host(pilot).last_input = watch.now
    return watch


async def work(pilot: Pilot[None], watch: Watch, seconds: int, *, busy: bool = True) -> None:
    """Let time pass, second by second, with keys pressed meanwhile or not."""
    for _ in range(seconds):
        watch.now += 1
        if busy:
            host(pilot).last_input = watch.now
        page(pilot).time.count()
    await settled(pilot)


def stored(clinic: Clinic) -> int:
    return int(clinic.value("SELECT coalesce(sum(seconds), 0) FROM timespent"))


async def test_time_is_saved_a_minute_at_a_time_and_when_the_page_is_left(filed: Clinic) -> None:
    moment = filed.start()
    changes = filed.store.change_no(filed.here)
    async with opened(filed, moment) as pilot:
        watch = watched(pilot)
        await work(pilot, watch, 59)
        assert stored(filed) == 0
        assert "0 min (10–20)" in shown(pilot)
        await work(pilot, watch, 1)
        assert stored(filed) == 60
        assert "Tid denna vecka" in shown(pilot)
        assert "1 min (10–20)" in shown(pilot)
        await work(pilot, watch, 30)
        await press(pilot, "escape")
        assert host(pilot).given == [None]
        await until(pilot, lambda: stored(filed) == 90)
    assert filed.store.change_no(filed.here) == changes


async def test_nothing_is_counted_while_nobody_is_there(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        watch = watched(pilot)
        await work(pilot, watch, 600, busy=False)
        assert stored(filed) == int(IDLE_AFTER) - 1
        await press(pilot, "down")
        host(pilot).last_input = watch.now
        await work(pilot, watch, 60)
        await press(pilot, "escape")
        await until(pilot, lambda: stored(filed) == int(IDLE_AFTER) - 1 + 60)


async def test_a_key_and_the_mouse_are_signs_of_life(filed: Clinic) -> None:
    async with opened(filed, filed.start()) as pilot:
        host(pilot).last_input = 0.0
        await pilot.press("down")
        assert host(pilot).last_input > 0
        host(pilot).last_input = 0.0
        await pilot.hover(offset=(2, 2))
        assert host(pilot).last_input > 0


async def test_nothing_is_counted_under_the_lock_but_under_a_dialog_it_is(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        watch = watched(pilot)
        await pilot.press("k")
        await work(pilot, watch, 20)
        await press(pilot, "escape")
        await press(pilot, "j")
        await work(pilot, watch, 20)
        await press(pilot, "escape")
        await pilot.app.push_screen(LockScreen(practice=True))
        await work(pilot, watch, 500)
        await pilot.app.pop_screen()
        await press(pilot, "escape")
    assert stored(filed) == 40


async def test_whoever_only_watches_has_no_time_to_count(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    filed.answer(moment, given(0, 0, 2))
    async with opened(filed, moment, by=filed.colleague) as pilot:
        watch = watched(pilot)
        await work(pilot, watch, 100)
        assert host(pilot).client.time_book._accounts == {}, "the store would refuse it, too"
        await press(pilot, "escape")
    assert stored(filed) == 0


async def test_what_the_lost_database_does_not_take_is_added_later_without_a_word(filed: Clinic) -> None:
    moment = filed.start()
    path = path_of(filed)
    async with opened(filed, moment) as pilot:
        watch = watched(pilot)
        away = path.rename(path.with_suffix(".borta"))
        await work(pilot, watch, 200)
        assert notices(pilot) == []
        assert banner(pilot) == ""
        away.rename(path)
        await work(pilot, watch, 1)
        await work(pilot, watch, 1)
        await press(pilot, "escape")
        await until(pilot, lambda: stored(filed) == 202)  # what takes longer is saved after the page has closed


async def test_time_that_was_left_over_is_saved_from_the_next_page(filed: Clinic) -> None:
    moment, path = filed.start(), path_of(filed)
    async with opened(filed, moment) as pilot:
        watch = watched(pilot)
        await work(pilot, watch, 30)
        away = path.rename(path.with_suffix(".borta"))
        await press(pilot, "escape")
        book = host(pilot).client.time_book
    away.rename(path)
    async with opened(filed, moment) as pilot:
        host(pilot).client.time_book = book
        await press(pilot, "escape")
    assert stored(filed) == 30


async def test_it_is_shown_with_what_others_spent_and_put_right(filed: Clinic) -> None:
    moment = filed.start()
    do(filed, filed.admin, add_time, moment, 12 * 60)
    async with opened(filed, moment) as pilot:
        assert "12 min (10–20), varav dina 0" in shown(pilot)
        await press(pilot, "t")
        await until(pilot, lambda: isinstance(pilot.app.screen, TimeDialog))
        assert "Räknat hittills: 0 minuter för dig, 12 för alla." in shown(pilot)
        for week, minutes, words in (
            ("2026-v10", "tolv", "Skriv minuterna med siffror"),
            ("2026-v10", "-5", "Skriv minuterna med siffror"),
            ("2026-v10", "99999", "Ange 0 till 2400 minuter."),
            ("vecka tio", "5", "vecka tio är ingen vecka."),
            ("2026-v60", "5", "2026-v60 är ingen vecka."),
            ("2026-v11", "5", "Veckan har inte varit än."),
        ):
            pilot.app.screen.query_one("#week", Input).value = week
            pilot.app.screen.query_one("#minutes", Input).value = minutes
            await press(pilot, "ctrl+s")
            assert words in shown(pilot)
        pilot.app.screen.query_one("#week", Input).value = "2026-v10"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: notices(pilot) == [CORRECTED])
        assert "17 min (10–20), varav dina 5" in shown(pilot)


async def test_it_is_offered_on_hantera_alone_and_not_of_an_ended_moment(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        assert keys(pilot)["t"] == "Rätta tid"
        await press(pilot, "3")
        assert keys(pilot)["t"] == "Vecka för vecka"
        do(filed, filed.clinician, end_moment, moment, "Övrigt")
        await press(pilot, "1")
        await told(pilot)
        assert "t" not in keys(pilot)
        assert "Tid denna vecka" not in shown(pilot)


async def test_what_another_put_right_is_shown_at_the_next_reading(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        do(filed, filed.admin, correct_time, moment, "2026-v10", 3)
        await told(pilot)
        assert "3 min (10–20), varav dina 0" in shown(pilot)


async def test_time_on_a_moment_that_was_switched_away_is_let_go(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        watch = watched(pilot)
        await work(pilot, watch, 30)
        do(filed, filed.admin, switch_clinician, moment, COLLEAGUE)
        await told(pilot)
        await work(pilot, watch, 100)
        await press(pilot, "escape")
        assert notices(pilot) == []
    assert stored(filed) == 0


# The book itself


def test_a_machine_that_has_slept_has_not_worked() -> None:
    watch = Watch()
    counter = Counter(watch)
    watch.now += 3_600
    assert counter.step(watch.now, is_active=True) == LONGEST_STEP


@pytest.mark.parametrize("fault", [StoreUnreachable(), NotPermitted()])
async def test_the_same_seconds_are_sent_as_the_same_command_until_they_have_arrived(
    filed: Clinic, fault: Exception
) -> None:
    book, sent = TimeBook(), []
    faults: list[Exception | None] = [fault, None, None]

    async def add(command: object, moment: int, seconds: int) -> None:
        sent.append((command, moment, seconds))
        if (raised := faults.pop(0)) is not None:
            raise raised

    assert book.add(filed.clinician, 1, 70.5)
    await book.save(filed.clinician, add)
    book.add(filed.clinician, 1, 5)
    await book.save(filed.colleague, add)
    await book.save(filed.clinician, add)
    if isinstance(fault, StoreUnreachable):
        assert sent[0] == sent[1]
        await book.save(filed.clinician, add)
    assert sent[-1][1:] == (1, 5)
    assert sent[-1][0] != sent[0][0]
