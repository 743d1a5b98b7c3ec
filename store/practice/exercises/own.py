"""An exercise at a trainee's place in a course: of the own people, residents and unit (`store/practice/own.py`)."""

import re
from collections.abc import Iterator
from dataclasses import replace

from store.foundation.connection import Connection
from store.foundation.hsa_id import same_hsa_id
from store.foundation.work import Work
from store.people.seats import Seat, numbers_taken, own_names
from store.people.trainees import TraineeName
from store.practice.exercises.exercise import Exercise, Trace
from store.practice.own import Own, more_names

_HSA_ID = re.compile("SE[0-9]{10}-[0-9A-Z]+")


def names_in(*exercises: Exercise) -> tuple[str, ...]:
    """Return the HSA-ids and personnummer of whom there is in exercises, and of whom a trainee adds there."""
    return tuple(dict.fromkeys(name for exercise in exercises for name in _names(exercise)))


def _names(exercise: Exercise) -> Iterator[str]:
    yield from (one.number for one in exercise.start.residents)
    for trace in _traces(exercise):
        if trace.resident:
            yield trace.resident
        if _HSA_ID.fullmatch(trace.thing):
            yield trace.thing


def _traces(exercise: Exercise) -> Iterator[Trace]:
    yield from (step.trace for step in exercise.steps if step.trace is not None)
    yield from (turn.trace for turn in exercise.wrong_turns)


def name_what_is_new(work: Work, exercise: Exercise, seat: Seat) -> None:
    """Give those whom an exercise names names of their own at a seat that was made before there was the exercise."""
    known = own_names(work.db, seat.id)
    new = [name for name in names_in(exercise) if name not in known]
    if new:
        for name, own in more_names(new, seat.number, seat.round, numbers_taken(work.db)).items():
            work.add(TraineeName(trainee_id=seat.id, name=name, own=own))


def own_exercise(db: Connection, exercise: Exercise, seat: Seat) -> Exercise:
    """Return an exercise as it is at a trainee's seat, begun as the trainee where the own roles are enough."""
    own = Own(own_names(db, seat.id)).of(exercise)
    return replace(own, as_=seat.hsa_id) if _is_enough(db, own, seat) else own


def _is_enough(db: Connection, own: Exercise, seat: Seat) -> bool:
    """Whether the trainee has all the roles of whom the exercise is begun as, on the trainee's unit."""
    if own.unit and own.unit != seat.unit_hsa_id:
        return False
    needed, held = (_roles(db, one, seat) for one in (own.as_, seat.hsa_id))
    return bool(needed) and needed <= held


def _roles(db: Connection, hsa_id: str, seat: Seat) -> set[str]:
    return set(
        db.values(
            "SELECT r.role FROM assignmentrole r JOIN staff s ON s.id = r.staff_id JOIN unit u ON u.id = r.unit_id"
            f" WHERE {same_hsa_id('s.hsa_id')} AND u.hsa_id = :unit",
            hsa_id=hsa_id,
            unit=seat.unit_hsa_id,
        )
    )
