"""How a program uses its forms: what `[[form]]` may say, and each fault with its line."""

from pathlib import Path

import pytest

from store.care.program_files import Program, program_from_json, program_to_json, read_program
from store.care.questionnaire.plan import DiaryRoles, FormKind, FormPlan, Schedule
from store.care.questionnaire.scale import Band, RiskItem
from tests.forms import DAGBOK, MAENDE, UPPGIFT
from tests.store.care.test_program_files import STEP, TOML, write

PLANS = """
[[form]]
id = "maende"
at_start = true
every_days = 7
before_modules = ["lek"]
caution = "Ej validerad."

[[form.score]]
title = "Mående"
items = ["1", "2", "3"]
maximum = 9
bands = [{ at_least = 0, text = "lite" }, { at_least = 6, text = "mycket" }]
reliable_change = 4
source = "egna gränser"
risks = [{ item = "3", at_least = 1 }]

[[form]]
id = "uppgift"
kind = "hemuppgift"
module = "lek"

[[form]]
id = "dagbok"
kind = "dagbok"
[form.diary]
day = "dag"
to_bed = "lade"
onset_minutes = "somnade"
awake_minutes = "vaken"
woke = "vaknade"
up = "upp"
"""
FIRST = TOML.count("\n") + 2
"""The line of the first `[[form]]`."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A program with a form of each kind."""
    return write(
        tmp_path / "prov",
        {
            "program.toml": TOML + PLANS,
            "modules/00-borja-har/titel.txt": "Börja här\n",
            "modules/00-borja-har/01-valkommen.md": STEP,
            "modules/01-lek/titel.txt": "Lek\n",
            "modules/01-lek/01-turtagning.md": STEP,
            "forms/maende.json": MAENDE,
            "forms/uppgift.json": UPPGIFT,
            "forms/dagbok.json": DAGBOK,
        },
    )


def good(folder: Path) -> Program:
    program, faults = read_program(folder)
    assert faults == ()
    assert program
    return program


def test_the_whole_plan_is_read(folder: Path) -> None:
    program = good(folder)
    first, homework, diary = program.plans
    assert first.schedule == Schedule(at_start=True, before_modules=("lek",), every_days=7)
    (scale,) = first.scales
    assert (scale.items, scale.maximum, scale.reliable_change) == (("1", "2", "3"), 9, 4)
    assert (scale.bands[1], scale.risks) == (Band(6, "mycket"), (RiskItem("3", 1),))
    assert (homework.kind, homework.module) == (FormKind.HOMEWORK, "lek")
    assert diary.diary == DiaryRoles("dag", "lade", "somnade", "vaken", "vaknade", "upp")


def test_a_form_without_a_plan_is_a_measurement_without_schedule(folder: Path) -> None:
    write(folder, {"program.toml": TOML})
    program = good(folder)
    assert program.plans == ()
    assert program.plan("maende") == FormPlan("maende")


def test_the_plan_survives_being_stored(folder: Path) -> None:
    program = good(folder)
    assert program_from_json(program_to_json(program)) == program


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('id = "maende"', 'id = "maendet"', 1, "Formuläret maendet finns inte."),
        ('id = "uppgift"', 'id = "maende"', 17, "står två gånger"),
        ('before_modules = ["lek"]', 'before_modules = ["leka"]', 4, "Modulen leka finns inte."),
        ("every_days = 7", "every_days = 0", 3, "every_days ska vara ett antal dagar"),
        ("at_start = true", 'at_start = "ja"', 2, "at_start ska vara true eller false"),
        ("at_start = true", "at_begin = true", 2, "Okänd nyckel: at_begin"),
        ('kind = "hemuppgift"', 'kind = "läxa"', 18, "kind kan inte vara läxa"),
        ('module = "lek"', "", 18, "hör inte till någon modul"),
        ('module = "lek"', 'module = "leka"', 19, "Modulen leka finns inte."),
        ("maximum = 9", "maximum = 12", 7, "Högsta poäng anges till 12, men frågorna ger högst 9."),
        ("maximum = 9", "maximum = -1", 10, "maximum ska vara ett tal över noll"),
        ("maximum = 9", "", 7, "Nyckeln maximum saknas"),
        ('items = ["1", "2", "3"]', 'items = ["1", "1"]', 9, "ingen två gånger"),
        ('items = ["1", "2", "3"]', 'items = ["1", "2", "5"]', 7, "Fråga 5 saknar vikter"),
        ('text = "lite"', 'texts = "lite"', 11, "bands ska vara en lista med at_least och text"),
        ('item = "3"', 'item = "4711"', 7, "Frågan 4711 finns inte"),
        ('up = "upp"', 'up = "uppe"', 24, "Frågan uppe finns inte"),
        ('up = "upp"', "", 24, "Nyckeln up saknas"),
    ],
)
def test_a_fault_has_its_line(folder: Path, old: str, new: str, line: int, message: str) -> None:
    write(folder, {"program.toml": TOML + PLANS.replace(old, new, 1)})
    program, faults = read_program(folder)
    assert program is None
    found = [(fault.line, fault.message) for fault in faults if message in fault.message]
    assert found, faults
    assert found[0][0] == FIRST + line
    assert all(fault.mend for fault in faults)


def test_a_diary_must_say_what_its_questions_are(folder: Path) -> None:
    write(folder, {"program.toml": TOML + '\n[[form]]\nid = "dagbok"\nkind = "dagbok"\n'})
    _, (fault,) = read_program(folder)
    assert "vilka frågor som är vad" in fault.message


def test_forms_may_be_written_on_one_line(folder: Path) -> None:
    write(folder, {"program.toml": 'form = [{ id = "maende", at_start = true }]\n' + TOML})
    assert good(folder).plan("maende").schedule.at_start


@pytest.mark.parametrize("value", ["1", '"x"', "[1]"])
def test_what_is_no_list_of_tables_is_a_fault(folder: Path, value: str) -> None:
    write(folder, {"program.toml": f"form = {value}\n" + TOML})
    _, (fault,) = read_program(folder)
    assert fault.message == "form ska vara en lista med tabeller."


def test_what_is_shipped_uses_its_forms() -> None:
    from tests.clinics import shipped

    program = shipped("nedstamdhet")
    assert (len(program.modules), program.recommended_days, len(program.opens_from_start)) == (11, 84, 2)
    homework = [plan.module for plan in program.plans if plan.kind is FormKind.HOMEWORK]
    assert homework == [module.id for module in program.modules[1:]]
    maende, oro = program.plan("maendeskattning"), program.plan("orosskattning")
    assert maende.schedule == Schedule(at_start=True, at_end=True, every_days=7)
    assert (maende.scales[0].maximum, maende.scales[0].risks) == (27, (RiskItem("9", 1),))
    assert (oro.schedule, oro.scales[0].maximum) == (Schedule(at_start=True, at_end=True), 21)
    assert all("validerad" in plan.caution for plan in (maende, oro))
    assert [plan.kind for plan in shipped("sovhjalpen").plans].count(FormKind.DIARY) == 1
