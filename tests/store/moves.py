"""What is done at random with answers, flags and time, by numbers that need not make sense."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from store.care.day_run import run_day
from store.care.flags import add_flag, handle_flag
from store.care.form_answers import answer_form, mark_answer_read, mark_answer_unread
from store.care.modules import open_module, read_step
from store.foundation.clock import days_after, local_day
from store.foundation.flag_kinds import Outcome, Severity
from store.views.form_pages import open_answer
from store.views.todo import set_matter_aside, todo_again
from tests.forms import NIGHT, given

if TYPE_CHECKING:
    from tests.store.care.test_counters import World

MOVES = 8
LATER = 6
"""The move that lets days pass and runs their rules, on every unit."""


def move(world: "World", what: int, which: int, other: int) -> None:
    """Do something with one of the world's moments."""
    moment, clinician = world.moment(which)
    resident = world.resident_of(moment)
    match what:
        case 0 | 1:
            answers = given(which % 4, other % 4, max(0, other - 3))
            world.do(resident, answer_form, moment, "maende", answers)
        case 2:
            night = json.dumps({**NIGHT, "dag": str(local_day(world.clinic.clock.now) - timedelta(other))})
            world.do(resident, answer_form, moment, "dagbok", night)
        case 3:
            due_on = local_day(world.clinic.clock.now) + timedelta(which) if which > 2 else None
            severity = tuple(Severity)[other % 3]
            world.do(clinician, add_flag, moment, "Ring.", severity=severity, due_on=due_on)
        case 4:
            flags = world.clinic.rows("SELECT id FROM flag WHERE moment_id = :moment ORDER BY id", moment=moment)
            by = (clinician, *world.clinicians, world.admin)[other % 4]
            outcome = (None, *Outcome)[which % 5]
            world.do(by, handle_flag, flags[other % len(flags)][0] if flags else 0, "Gjort.", outcome=outcome)
        case 5:
            rows = world.clinic.rows("SELECT id FROM formanswer WHERE moment_id = :moment ORDER BY id", moment=moment)
            act = (mark_answer_read, mark_answer_unread, open_answer)[other % 3]
            world.do((clinician, world.admin)[other // 3], act, moment, rows[which % len(rows)][0] if rows else 0)
        case 6:
            world.clinic.clock.now = days_after(world.clinic.clock.now, other * 3 + 1)
            run_day(world.clinic.store)
        case _:
            _something_else(world, moment, which, other)


def _something_else(world: "World", moment: int, which: int, other: int) -> None:
    """Read on, open a module, or set aside what waits."""
    _, clinician = world.moment(which)
    if other < 2:
        world.do(clinician, open_module, moment, "mer")
    elif other < 4:
        for step in ("a", "b", "c"):
            world.do(world.resident_of(moment), read_step, moment, step)
    else:
        with world.clinic.store.read(clinician) as work:
            waiting = todo_again(work)
        matter = waiting[which % len(waiting)].id if waiting else "flagga-0"
        day = local_day(world.clinic.clock.now) + timedelta(other)
        world.do(clinician, set_matter_aside, matter, day, "Semester")
