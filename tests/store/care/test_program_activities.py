"""What a program says of flags and activity plans, and each fault with its line."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from store.care.plan_rules import checked_plan, plan_from_template
from store.care.program_files import Program, program_from_json, program_to_json, read_program
from store.care.program_shape import FlagRules, PlannedActivity, PlanTemplate
from store.care.programs import install_program
from store.foundation.access import OPERATOR
from store.foundation.clock import local_day
from tests.clinics import MONDAY, SMALL, Clinic, shipped
from tests.store.care.test_program_files import STEP, TOML, write

MORE = """
[flags]
silent_days = 30
never_days = 0
unanswered_days = 1
module_finished = false

[[plan]]
title = "Rörelse"
follow_up_days = 14

[[plan.activity]]
description = "Promenad"
weekdays = ["ons", "mån"]
at = "09:00"
every_weeks = 2
weeks = 8

[[plan.activity]]
description = "Vila"

[[plan]]
title = "Vila"
[[plan.activity]]
description = "Lugn stund"
"""
FIRST = TOML.count("\n") + 2
"""The line of `[flags]`."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A program with flags and two plans."""
    return write(
        tmp_path / "prov",
        {
            "program.toml": TOML + MORE,
            "modules/00-borja-har/titel.txt": "Börja här\n",
            "modules/00-borja-har/01-valkommen.md": STEP,
        },
    )


def good(folder: Path) -> Program:
    program, faults = read_program(folder)
    assert faults == ()
    assert program
    return program


def test_flags_and_plans_are_read_and_survive_being_stored(folder: Path) -> None:
    program = good(folder)
    assert program.flags == FlagRules({"silent_days": 30, "never_days": 0, "unanswered_days": 1}, module_finished=False)
    assert program.activity_plans == (
        PlanTemplate(
            "Rörelse",
            (PlannedActivity("Promenad", (0, 2), "09:00", 2, 8), PlannedActivity("Vila")),
            14,
        ),
        PlanTemplate("Vila", (PlannedActivity("Lugn stund"),)),
    )
    assert program_from_json(program_to_json(program)) == program


def test_a_program_that_says_nothing_follows_the_unit(folder: Path) -> None:
    program = good(write(folder, {"program.toml": TOML}))
    assert (program.flags, program.activity_plans) == (FlagRules(), ())


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("silent_days = 30", "silent_days = -1", 1, "silent_days ska vara ett heltal från 0 till 730"),
        ("silent_days = 30", "silent_days = 731", 1, "silent_days ska vara ett heltal"),
        ("silent_days = 30", "silent_days = true", 1, "silent_days ska vara ett heltal"),
        ("silent_days = 30", "silent_dys = 30", 1, "Okänd nyckel: silent_dys"),
        ("never_days = 0", 'never_days = "0"', 2, "never_days ska vara ett heltal"),
        ("module_finished = false", 'module_finished = "nej"', 4, "module_finished ska vara true eller false"),
        ('title = "Rörelse"\n', "", 6, "Nyckeln title saknas"),
        ('title = "Vila"', 'title = "Rörelse"', 21, "Två planer heter Rörelse"),
        ("follow_up_days = 14", "follow_up_days = 0", 8, "follow_up_days ska vara ett heltal från 1 till 730"),
        ("follow_up_days = 14", "folow_up_days = 14", 8, "Okänd nyckel: folow_up_days"),
        ('description = "Promenad"\n', "", 10, "Nyckeln description saknas"),
        ('["ons", "mån"]', '["ons", "månad"]', 12, "weekdays ska vara en lista med veckodagar"),
        ('["ons", "mån"]', '["ons", "onsdag"]', 12, "ingen två gånger"),
        ('["ons", "mån"]', '"ons"', 12, "weekdays ska vara"),
        ('["ons", "mån"]', "[]", 12, "weekdays ska vara"),
        ('["ons", "mån"]', "[1]", 12, "weekdays ska vara"),
        ('at = "09:00"', 'at = "9"', 13, "at ska vara ett klockslag"),
        ('at = "09:00"', "at = 09:00:00", 13, "at ska vara ett klockslag"),
        ("every_weeks = 2", "every_weeks = 53", 14, "every_weeks ska vara ett heltal från 1 till 52"),
        ("weeks = 8", "weeks = 105", 15, "weeks ska vara ett heltal från 1 till 104"),
        ("weeks = 8", "wekdays = []", 15, "Okänd nyckel: wekdays"),
        ('[[plan.activity]]\ndescription = "Lugn stund"\n', "", 20, "Planen har inga aktiviteter"),
    ],
)
def test_a_fault_has_its_line(folder: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in MORE
    changed = new.join(MORE.rsplit(old, 1)) if old == "weeks = 8" else MORE.replace(old, new, 1)
    program, faults = read_program(write(folder, {"program.toml": TOML + changed}))
    assert program is None
    found = [(fault.line, fault.message) for fault in faults if message in fault.message]
    assert found, faults
    assert found[0][0] == FIRST + line
    assert all(fault.mend for fault in faults)


@pytest.mark.parametrize(("value", "said"), [("flags = 1", "flags ska vara en"), ("plan = 1", "plan ska vara en")])
def test_what_is_no_table_is_a_fault(folder: Path, value: str, said: str) -> None:
    _, (fault,) = read_program(write(folder, {"program.toml": f"{value}\n{TOML}"}))
    assert said in fault.message


def test_a_version_that_was_installed_before_the_keys_is_the_same_program(clinic: Clinic) -> None:
    document = json.loads(program_to_json(SMALL))
    del document["flags"], document["activity_plans"]
    clinic.run("UPDATE programversion SET content = :content WHERE program = 'prov'", content=json.dumps(document))
    version = clinic.value("SELECT id FROM programversion WHERE program = 'prov'")
    with clinic.store.work(OPERATOR) as work:
        assert install_program(work, SMALL) == version
        assert install_program(work, replace(SMALL, version="2")) != version


@pytest.mark.parametrize(
    ("name", "plans"), [("min-vardplan", 7), ("nedstamdhet", 2), ("sovhjalpen", 1), ("komigang-online", 0)]
)
def test_what_is_shipped_can_be_made_into_plans(name: str, plans: int) -> None:
    templates, today = shipped(name).activity_plans, local_day(MONDAY)
    assert len(templates) == plans
    for template in templates:
        plan = checked_plan(plan_from_template(template, today), today)
        assert (plan.title, len(plan.activities)) == (template.title, len(template.activities))
