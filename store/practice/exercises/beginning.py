"""An exercise begins: what its file tells happens in the practice store, whole or not at all, and is counted from."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial

from store.foundation.access import OPERATOR
from store.foundation.clock import Instant, local_day
from store.foundation.errors import Refused
from store.foundation.store import Store
from store.people.attempts import ExerciseAttempt, Kept, attempt_under_way, leave_attempts
from store.people.seats import seat_of
from store.practice.cast import Act, CastMoment, CastResident, Deed, Lives
from store.practice.deeds import Course
from store.practice.errors import NotPractice
from store.practice.exercises.exercise import Exercise
from store.practice.exercises.judging import Attempt
from store.practice.exercises.own import name_what_is_new, own_exercise
from store.practice.exercises.reading import as_begun
from store.practice.fixtures import add_guardians, register
from store.practice.one_transaction import OneTransaction
from store.practice.replay import MORNING, instant_of
from store.practice.toml_table import placed


def begin_exercise(store: Store, exercise: Exercise, trainee: str) -> Attempt:
    """Let what the exercise starts with happen, and return the attempt.

    Residents who are in the register already, and moments that run, are taken as they are; so an exercise can be done
    again. A trainee of a course begins it at the own place; the attempt is stored, and the trainee's others are left.

    Args:
        store: a practice store.
        exercise: what is begun.
        trainee: whose sessions count.

    Raises:
        NotPractice: the store is a real one.
        Refused: the store doesn't let something of the start happen; nothing of it has.
    """
    if not store.is_practice:
        raise NotPractice
    with past_of(store) as past, past.lend() as db:
        seat = seat_of(db, trainee)
        now = store.clock()
        if seat is not None:
            past.clock = partial(Instant, now)
            with past.work(OPERATOR) as work:
                name_what_is_new(work, exercise, seat)
        own = exercise if seat is None else own_exercise(db, exercise, seat)
        happen(past, own.start, local_day(now))
        since = int(db.value("SELECT coalesce(max(id), 0) FROM log"))
        leave_attempts(db, trainee, store.machine_clock())
        past.clock = partial(Instant, now)
        with past.work(OPERATOR) as work:
            made = work.add(
                ExerciseAttempt(
                    trainee=trainee,
                    seat_id=seat and seat.id,
                    exercise=exercise.id,
                    title=own.title,
                    source=exercise.source,
                    steps=json.dumps([step.id for step in own.steps]),
                    since=since,
                    begun_at=now,
                    made_at=store.machine_clock(),
                )
            )
    return Attempt(made, own, trainee, since, now)


def attempt_to_resume(store: Store, trainee: str) -> tuple[Attempt, Kept] | None:
    """Return the attempt that a trainee had under way when the app was closed, and what was kept of it.

    Args:
        store: a practice store.
        trainee: whose sessions count.

    Raises:
        NotPractice: the store is a real one.
    """
    if not store.is_practice:
        raise NotPractice
    with store.lend() as db:
        kept = attempt_under_way(db, trainee)
        exercise = kept and as_begun(kept.exercise, kept.source)
        if kept is None or exercise is None:
            return None
        seat = seat_of(db, trainee)
        own = exercise if seat is None else own_exercise(db, exercise, seat)
    return Attempt(kept.id, own, trainee, kept.since, Instant(kept.begun_at), kept.given), kept


@contextmanager
def past_of(store: Store) -> Iterator[OneTransaction]:
    """Open the store for one transaction in which its clock may be put into the past."""
    past = OneTransaction(store.engine, store.kind)
    with past.told_in_words(), store.engine.alchemy().begin() as past.sql:
        yield past


@dataclass(frozen=True)
class _Coming:
    at: Instant
    act: Act
    course: Course


def happen(past: OneTransaction, lives: Lives, today: date) -> None:
    """Let residents come into the register, unless they are there, and what is told of their moments happen."""
    first = max((act.days_ago for moment in lives.moments for act in moment.acts), default=0) + 1
    past.clock = partial(Instant, instant_of(today, first, MORNING))
    new = [resident for resident in lives.residents if not _is_there(past, resident)]
    for add in (register, add_guardians):
        for resident in new:
            with placed(resident.where), past.work(OPERATOR) as work:
                add(work, resident)
    coming = [
        _Coming(instant_of(today, act.days_ago, act.time, act.minutes), act, course)
        for course, acts in (_course(past, moment, today) for moment in lives.moments)
        for act in acts
    ]
    for one in sorted(coming, key=lambda one: one.at):
        past.clock = partial(Instant, one.at)
        with placed(one.act.where):
            one.course.perform(one.act)


def _is_there(past: OneTransaction, resident: CastResident) -> bool:
    with past.lend() as db:
        return db.has("SELECT 1 FROM resident WHERE personnummer = :number", number=resident.number)


def _course(past: OneTransaction, moment: CastMoment, today: date) -> tuple[Course, tuple[Act, ...]]:
    """Return a moment on its way and what is still to happen in it: one that runs is not started once more."""
    course = Course(past, moment, today)
    with past.lend() as db:
        running = db.pair(
            "SELECT m.id, s.hsa_id FROM moment m JOIN resident r ON r.id = m.resident_id"
            " JOIN unit u ON u.id = m.unit_id JOIN staff s ON s.id = m.responsible_id"
            " WHERE r.personnummer = :number AND m.program = :program AND u.hsa_id = :unit AND m.status <> 'avslutat'"
            " ORDER BY m.id DESC",
            number=moment.resident,
            program=moment.program,
            unit=moment.unit,
        )
    if running is not None:
        course.id, course.clinician = running
        return course, tuple(act for act in moment.acts if act.deed is not Deed.START)
    if moment.acts[0].deed is not Deed.START:
        raise Refused(
            f"{moment.where}: invånaren har inget pågående moment i {moment.program} på enheten. Börja acts med start, "
            "eller nollställ övningsmiljön.",
            field="moments",
        )
    return course, moment.acts
