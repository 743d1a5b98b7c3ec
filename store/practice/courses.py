"""A course: each trainee has a unit of their own, with the cast and its residents once more, under names of their own.

Everything that the cast's file and the exercises name by HSA-id or personnummer is named anew for a trainee
(`store/practice/own.py`), so the trainees can't get in each other's way. What is recorded of trainees goes with the
whole store (`store/practice/course_end.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from store.care.day_run import run_day
from store.data import data_folder
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import Instant, local_day, wall_clock
from store.foundation.errors import Refused
from store.foundation.hsa_id import hsa_key, same_hsa_id
from store.foundation.progress import Progress, untold
from store.foundation.store import Store
from store.foundation.work import Work
from store.people.seats import Seat, numbers_taken, seats
from store.people.trainees import Trainee, TraineeName
from store.practice.cast import Cast, CastStaff, Post
from store.practice.errors import NotPractice
from store.practice.exercises.beginning import happen, past_of
from store.practice.exercises.exercise import Exercise
from store.practice.exercises.own import names_in
from store.practice.exercises.reading import shipped_exercises
from store.practice.fixtures import add_workplaces, settle_past
from store.practice.own import Own, chosen_names, trainee_id, trainee_name
from store.practice.reading import read_cast
from store.practice.seed import CAST_FILE

MOST_TRAINEES = 30


def begin_course(
    store: Store,
    number: int,
    roles: tuple[Role, ...] = (Role.CLINICIAN,),
    *,
    exercises: Sequence[Exercise] = (),
    clock: Callable[[], Instant] = wall_clock,
    progress: Progress = untold,
) -> list[Seat]:
    """Give so many trainees a unit each; one that was cut off goes on with those who have none yet.

    Args:
        store: a practice store.
        number: how many trainees there shall be.
        roles: what each has on the own unit.
        exercises: a trainer's own, besides those that are shipped.
        clock: the machine's own.
        progress: is told of each.

    Raises:
        NotPractice: the store is a real one.
        Refused: there are to be too many or none, or there are more already.
    """
    if not store.is_practice:
        raise NotPractice
    if not 1 <= number <= MOST_TRAINEES:
        raise Refused(f"Ange antalet deltagare med siffror, från 1 till {MOST_TRAINEES}.", field="antal")
    there = len(seats_of(store))
    if there > number:
        raise Refused(f"Kursen har redan {there} deltagare. Nollställ övningsmiljön för en ny kurs.", field="antal")
    for done, trainee in enumerate(range(there + 1, number + 1), 1):
        _seat(store, trainee, 1, roles, clock(), exercises)
        progress(done, number - there)
    run_day(store)
    return seats_of(store)


def begin_anew(
    store: Store,
    hsa_id: str,
    *,
    exercises: Sequence[Exercise] = (),
    clock: Callable[[], Instant] = wall_clock,
) -> Seat:
    """Give a trainee a new unit, as the first was at its beginning; the old one stays for who goes through it.

    Args:
        store: a practice store with a course.
        hsa_id: the trainee's.
        exercises: a trainer's own, besides those that are shipped.
        clock: the machine's own.

    Raises:
        NotPractice: the store is a real one.
        Refused: no trainee has the HSA-id.
    """
    if not store.is_practice:
        raise NotPractice
    seat = next((one for one in seats_of(store) if hsa_key(one.hsa_id) == hsa_key(hsa_id)), None)
    if seat is None:
        raise Refused(f"Ingen deltagare har HSA-id {hsa_id.strip()}. Se sob ovning kurs.", field="hsaid")
    with store.lend() as db:
        roles = tuple(
            Role(role)
            for role in db.values(
                "SELECT r.role FROM assignmentrole r JOIN staff s ON s.id = r.staff_id JOIN unit u ON u.id = r.unit_id"
                f" WHERE {same_hsa_id('s.hsa_id')} AND u.hsa_id = :unit ORDER BY r.role",
                hsa_id=seat.hsa_id,
                unit=seat.unit_hsa_id,
            )
        )
    _seat(store, seat.number, seat.round + 1, roles, clock(), exercises)
    run_day(store)
    return next(one for one in seats_of(store) if one.number == seat.number)


def seats_of(store: Store) -> list[Seat]:
    """Return the trainees; nothing where there is no course."""
    with store.lend() as db:
        return seats(db)


def _seat(
    store: Store,
    number: int,
    round_: int,
    roles: tuple[Role, ...],
    begun_at: Instant,
    exercises: Sequence[Exercise],
) -> None:
    """Make a trainee's unit, whole or not at all."""
    today = local_day(store.clock())
    with past_of(store) as past:
        now = store.clock()
        with past.lend() as db:
            taken = numbers_taken(db)
        source = _to_be_shared(read_cast(data_folder() / CAST_FILE))
        names = chosen_names(source, names_in(*shipped_exercises(), *exercises), number, round_, roles, taken)
        cast = Own(names).of(source)
        unit = cast.units[0].hsa_id
        me = _trainee(number, roles, unit)
        with past.work(OPERATOR) as work:
            _leave_old_units(work, me.hsa_id)
            add_workplaces(work, replace(cast, staff=(me, *(one for one in cast.staff if one.hsa_id != me.hsa_id))))
            _write(work, number, round_, me.hsa_id, unit, begun_at, names)
        for lives in cast.lives:
            happen(past, lives, today)
        past.clock = lambda: now
        with past.work(OPERATOR) as work:
            settle_past(work)


def _to_be_shared(cast: Cast) -> Cast:
    """Return the cast without those who work on no unit, stand above them, or train others."""
    staff = tuple(
        replace(one, provider_admin=False)
        for one in cast.staff
        if one.posts and not any(Role.TRAINER in post.roles for post in one.posts)
    )
    return replace(cast, staff=staff)


def _trainee(number: int, roles: tuple[Role, ...], unit: str) -> CastStaff:
    given_name, family_name = trainee_name(number)
    return CastStaff(
        where=f"deltagare {number}",
        hsa_id=trainee_id(number),
        family_name=family_name,
        given_name=given_name,
        email="",
        mobile="",
        trained_programs=None,
        posts=(Post(unit, roles, active=True),),
        provider_admin=False,
    )


def _leave_old_units(work: Work, hsa_id: str) -> None:
    """Let a trainee who begins anew work on no unit of before: one signs in without saying where."""
    work.db.run(
        f"UPDATE assignment SET active = 0 WHERE staff_id IN (SELECT id FROM staff WHERE {same_hsa_id('hsa_id')})",
        hsa_id=hsa_id,
    )


def _write(
    work: Work, number: int, round_: int, hsa_id: str, unit: str, begun_at: Instant, names: Mapping[str, str]
) -> None:
    staff_id = work.db.value(f"SELECT id FROM staff WHERE {same_hsa_id('hsa_id')}", hsa_id=hsa_id)
    unit_id = work.db.value(f"SELECT id FROM unit WHERE {same_hsa_id('hsa_id')}", hsa_id=unit)
    seat = work.add(Trainee(number=number, round=round_, staff_id=staff_id, unit_id=unit_id, begun_at=begun_at))
    for name, own in names.items():
        work.add(TraineeName(trainee_id=seat, name=name, own=own))
