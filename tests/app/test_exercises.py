"""An exercise on screen: chosen in the palette, ticked off by what is done, wrong turns explained."""

import importlib
import pkgutil
import re
from dataclasses import replace
from pathlib import Path

import screens
from screens.shown_keys import keyed
from sob_tui.settings import own_exercises
from store.opening import open_store
from store.practice.courses import begin_course
from store.practice.exercises.beginning import begin_exercise
from store.practice.exercises.judging import judge
from store.practice.exercises.keeping import keep
from store.practice.exercises.reading import shipped_exercises
from tests.app.driver import NOW, running

TRAINEE = "SE2321000040-OVK01"

OWN = """\
format = 1
titel = "Egen [/x] övning"
mal = "Ett mål"
varfor = "Därför"
klart = "Klart"
som = "SE2321000040-OV01"
sida = "avsluta"

[[steg]]
id = "a"
gor = "Gör det"
operation = ["view_answer"]
ledtradar = ["{list.open}"]

[losning]
rader = ["sob lista"]
"""


async def test_an_exercise_is_done_with_keys_and_covers_nothing(practice: Path) -> None:
    own = own_exercises()
    own.mkdir(parents=True)
    (own / "egen.toml").write_text(OWN, "utf-8")
    (own / "fel.toml").write_text(OWN.replace("titel", "tittel"), "utf-8")
    async with running(practice, size=(80, 24)) as driver:
        await driver.sees("Andersson, Lena")
        await driver.press("f5")  # nothing is under way
        await driver.press("ctrl+p")
        await driver.type("vningar")
        await driver.sees("Öva på en sak i taget")
        await driver.press("enter")
        await driver.sees("Egen [/x] övning", "✗ Övningen fel.toml, rad 2: nyckeln", "Avsluta ett moment", "Avbryt")
        await driver.press("h", "h", "enter")
        await driver.sees("› Öppna den Lena Andersson som", "✓ 0/2", "ÖVNINGSMILJÖ", "Steg och ledtrådar: F5.")
        await driver.press("f5")
        await driver.sees("Enter ger en ledtråd.", "Sluta öva på det här")
        await driver.press("enter")
        await driver.sees("Raderna står under en rubrik")
        assert "› Öppna den Lena" in "".join(driver.text.splitlines()[-2:])
        assert "Steg och ledtrådar: F5." not in driver.text, "at 80×24 there is room for one of them"
        driver.app.clear_notifications()
        await driver.press("down", "enter")
        await driver.sees("Startade moduler", "ÖVNINGSMILJÖ", "› Svara på frågan om loggen.", "✓ 1/2")
        for answer, told in (([], "Felsteg"), (["down"], "Övningen är klar")):
            await driver.press("f5")
            await driver.sees("Enter ställer frågan.")
            await driver.press("down", "enter")
            await driver.sees("Ingenting, om du stänger genast")
            await driver.press(*answer, "enter")
            await driver.sees(told)
        await driver.sees("Rätt Lena är öppnad", "✓ 2/2", "tangenter.")
        await driver.sees_no("F5 Övning")
        driver.app.clear_notifications()
        await driver.app.run_action("app.article('avsluta')")  # a page with two, of which one is the trainer's
        await driver.sees("Egen [/x] övning", "tryck o.")
        await driver.press("o")
        await driver.sees("Avbryt", "Avsluta ett moment utan", "Ett mål")
        await driver.press("e", "enter")
        await driver.sees("› Gör det ✓ 0/1", "Egen [/x] övning")


def test_the_last_hint_of_each_step_names_a_key() -> None:
    for module in pkgutil.walk_packages(screens.__path__, "screens."):
        importlib.import_module(module.name)
    hints = [(one.id, step.id, step.hints) for one in shipped_exercises() for step in one.steps]
    assert [place for *place, (*_, last) in hints if not re.search(r"\{[a-z_]+\.[a-z_.0-9]+\}", last)] == []
    for *_, given in hints:
        assert not any("{" in keyed(hint) for hint in given)


async def test_a_trainees_exercise_goes_on_where_the_app_was_closed(practice: Path) -> None:
    exercise = next(one for one in shipped_exercises() if one.id == "logga-in")
    store = open_store(practice, clock=lambda: NOW)
    begin_course(store, 1, clock=lambda: NOW)
    attempt = replace(begin_exercise(store, exercise, TRAINEE), answers={"las": (2,)})
    keep(store, attempt, judge(store, attempt), worked=605_000, keys=41)
    store.close()
    async with running(practice, TRAINEE) as driver:
        await driver.sees("Deltagare 01", "› Svara på frågan om projektorn.", "✓ 1/2 · 10:0", "41 tangenter")
        await driver.press("ctrl+p")
        await driver.type("vningar")
        await driver.sees("Öva på en sak i taget")
        await driver.press("enter")
        await driver.sees("Användaren finns redan")
        driver.app._practice.resume_exercise()  # on a busy machine its turn comes as late as this
        await driver.press("enter")  # what is begun names the own people
        await driver.sees("Gör det som Birgitta Wikander", "HSA-id SE2321000040-OV06K01", "✓ 0/2")
