"""*Kursen*: the trainer's table fills while a trainee works, and each attempt is gone through."""

from dataclasses import replace
from pathlib import Path

from screens.tabs import tabs_for
from store.foundation.access import Role
from store.opening import open_store
from store.practice.courses import begin_anew, begin_course
from store.practice.exercises.beginning import begin_exercise
from store.practice.exercises.judging import judge
from store.practice.exercises.keeping import keep
from store.practice.exercises.reading import shipped_exercises
from tests.app.driver import NOW, running

TRAINEE, TRAINER = "SE2321000040-OVK01", "SE2321000040-OV05"


async def test_the_table_fills_as_the_trainees_go_and_attempts_are_gone_through(practice: Path) -> None:
    exercise = next(one for one in shipped_exercises() if one.id == "logga-in")
    store = open_store(practice, clock=lambda: NOW)
    begin_course(store, 2, clock=lambda: NOW)
    async with running(practice, TRAINER) as driver:
        await driver.sees("[5 Kursen]", "Ingen har börjat på någon övning än.", "Deltagare 02")
        first = replace(begin_exercise(store, exercise, TRAINEE), answers={"las": (1, 2)})
        await driver.sees("› 0/2", "Gå ifrån skärmen", "pågår, 0 av 2 steg")
        keep(store, first, judge(store, first), worked=65_000, keys=12)
        await driver.sees("› 1/2 !1", "pågår, 1 av 2 steg, 1 felsteg, 1:05, 12 tangenter")
        again = replace(begin_exercise(store, exercise, TRAINEE), answers={"las": (2,), "dolj": (2,)})
        keep(store, again, judge(store, again), worked=20_000, keys=8)
        await driver.sees("✓ 2/2", "löst, 2 av 2 steg, 0 felsteg")
        await driver.press("down", "enter")  # who has not begun has nothing to go through
        await driver.sees("inte påbörjad")
        await driver.press("up", "enter")
        await driver.sees(
            "Genomgång", "Deltagare 01 · Gå ifrån skärmen", "försök 2 av 2", "✓ Svara på frågan om låset."
        )
        await driver.press("left")
        await driver.sees("försök 1 av 2", "Kvar: Svara på frågan om projektorn.", "! felsteg", "! Felsteg: ")
        await driver.press("down", "escape")
        await driver.sees("[5 Kursen]", "✓ 2/2")
        begin_anew(store, TRAINEE, clock=lambda: NOW)
        await driver.sees("inte påbörjad på den nya enheten; på den förra: löst, 2 av 2 steg")
        await driver.press("enter")
        await driver.sees("försök 2 av 2")
    store.close()


def test_a_real_store_has_no_such_tab() -> None:
    there = [[tab.id for tab in tabs_for(frozenset({Role.TRAINER}), practice=how).values()] for how in (True, False)]
    assert there == [["course", "profile"], ["profile"]]


def test_who_has_every_role_of_a_unit_reaches_all_tabs_and_the_last_by_zero() -> None:
    tabs = tabs_for(frozenset(Role) - {Role.PROVIDER_ADMIN}, practice=True)
    assert list(tabs) == list(range(1, 11))
    assert tabs[10].id == "profile"
