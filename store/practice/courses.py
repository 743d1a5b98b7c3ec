"""A course: each trainee has a unit of their own, with the cast and its residents once more, under names of their own.

Everything that the cast's file names by HSA-id or personnummer is named anew for a trainee; so the trainees can't get
in each other's way, and an exercise is a trainee's own by the same names (`Own.of`). What is recorded of trainees goes
with the whole store (`store/practice/course_end.py`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import is_dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from store.care.day_run import run_day
from store.data import data_folder
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import Instant, local_day, wall_clock
from store.foundation.errors import Refused
from store.foundation.fictional import FICTIONAL_SERIALS, SAFE_NUMBERS, fictional_number
from store.foundation.hsa_id import hsa_key, same_hsa_id
from store.foundation.identity import PersonalNumber
from store.foundation.progress import Progress, untold
from store.foundation.store import Store
from store.foundation.work import Work
from store.people.trainees import Seat, Trainee, seats
from store.practice.cast import Cast, CastResident, CastStaff, Post
from store.practice.errors import NotPractice
from store.practice.exercises.beginning import happen, past_of
from store.practice.fixtures import add_workplaces, settle_past
from store.practice.reading import read_cast
from store.practice.seed import CAST_FILE

MOST_TRAINEES = 30
_ALL = "SE2321000040-OVK"
"""What the HSA-ids of trainees begin with."""

T = TypeVar("T")


class Own:
    """The names that a trainee has instead of the cast's."""

    def __init__(self, cast: Cast, number: int, round_: int, taken: set[str]) -> None:
        """Choose them; the numbers of residents are none of those taken, and become taken."""
        self.suffix = f"K{number:02}" + (f"R{round_}" if round_ > 1 else "")
        named = [*(unit.hsa_id for unit in cast.units), *(one.hsa_id for one in cast.staff)]
        self.names: Mapping[str, str] = {
            **{hsa_id: f"{hsa_id}{self.suffix}" for hsa_id in named},
            **{one.number: number for one, number in _numbers(cast.residents, taken)},
        }

    def of(self, thing: T) -> T:
        """Return a thing with every text that is one of the cast's names replaced, through all that it holds."""
        return _renamed(thing, self.names)  # type: ignore[no-any-return]


def _renamed(thing: Any, names: Mapping[str, str]) -> Any:
    if isinstance(thing, str):
        return names.get(thing, thing) if type(thing) is str else thing
    if isinstance(thing, tuple):
        return tuple(_renamed(one, names) for one in thing)
    if isinstance(thing, dict):
        return {key: _renamed(value, names) for key, value in thing.items()}
    if is_dataclass(thing) and not isinstance(thing, type):
        return replace(thing, **{name: _renamed(value, names) for name, value in vars(thing).items()})
    return thing


def _numbers(residents: Iterable[CastResident], taken: set[str]) -> Iterator[tuple[CastResident, str]]:
    """Yield for each resident a free number of the same sex, of somebody born that day or soon after."""
    for resident in residents:
        value = PersonalNumber.parse(resident.number, date.max).value
        day, is_coordination = int(value[6:8]), int(value[6:8]) > 60
        born = date(int(value[:4]), int(value[4:6]), day - 60 * is_coordination)
        number = next(
            found
            for found in _same_sex(born, int(value[10]) % 2, is_coordination)
            if found not in taken and found not in SAFE_NUMBERS
        )
        taken.add(number)
        yield resident, number


def _same_sex(born: date, parity: int, is_coordination: bool) -> Iterator[str]:
    while True:
        for serial in FICTIONAL_SERIALS:
            if serial % 2 == parity:
                yield fictional_number(born, serial, coordination=is_coordination).value
        born += timedelta(days=1)


def begin_course(
    store: Store,
    number: int,
    roles: tuple[Role, ...] = (Role.CLINICIAN,),
    *,
    clock: Callable[[], Instant] = wall_clock,
    progress: Progress = untold,
) -> list[Seat]:
    """Give so many trainees a unit each; one that was cut off goes on with those who have none yet.

    Args:
        store: a practice store.
        number: how many trainees there shall be.
        roles: what each has on the own unit.
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
        _seat(store, trainee, 1, roles, clock())
        progress(done, number - there)
    run_day(store)
    return seats_of(store)


def begin_anew(store: Store, hsa_id: str, *, clock: Callable[[], Instant] = wall_clock) -> Seat:
    """Give a trainee a new unit, as the first was at its beginning; the old one stays for who goes through it.

    Args:
        store: a practice store with a course.
        hsa_id: the trainee's.
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
    _seat(store, seat.number, seat.round + 1, roles, clock())
    run_day(store)
    return next(one for one in seats_of(store) if one.number == seat.number)


def seats_of(store: Store) -> list[Seat]:
    """Return the trainees; nothing where there is no course."""
    with store.lend() as db:
        return seats(db)


def _seat(store: Store, number: int, round_: int, roles: tuple[Role, ...], begun_at: Instant) -> None:
    """Make a trainee's unit, whole or not at all."""
    today = local_day(store.clock())
    with past_of(store) as past:
        now = past.clock()
        with past.lend() as db:
            taken = {str(one) for one in db.values("SELECT personnummer FROM resident")}
        source = read_cast(data_folder() / CAST_FILE)
        own = Own(source, number, round_, taken)
        cast = own.of(_named(source, number, round_))
        unit = cast.units[0].hsa_id
        me = _trainee(number, roles, unit)
        with past.work(OPERATOR) as work:
            _leave_old_units(work, me.hsa_id)
            add_workplaces(work, replace(cast, staff=(me, *cast.staff)))
            _write(work, number, round_, me.hsa_id, unit, begun_at)
        for lives in cast.lives:
            happen(past, lives, today)
        past.clock = lambda: now
        with past.work(OPERATOR) as work:
            settle_past(work)


def _named(cast: Cast, number: int, round_: int) -> Cast:
    """Return the cast with units that say whose they are, and nobody who stands above them or trains others."""
    which = f", deltagare {number}" + (f", omgång {round_}" if round_ > 1 else "")
    units = tuple(replace(unit, name=f"{unit.name}{which}") for unit in cast.units)
    staff = tuple(
        replace(one, provider_admin=False)
        for one in cast.staff
        if one.posts and not any(Role.TRAINER in post.roles for post in one.posts)
    )
    return replace(cast, units=units, staff=staff)


def _trainee(number: int, roles: tuple[Role, ...], unit: str) -> CastStaff:
    return CastStaff(
        where=f"deltagare {number}",
        hsa_id=f"{_ALL}{number:02}",
        family_name=f"{number:02}",
        given_name="Deltagare",
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


def _write(work: Work, number: int, round_: int, hsa_id: str, unit: str, begun_at: Instant) -> None:
    staff_id = work.db.value(f"SELECT id FROM staff WHERE {same_hsa_id('hsa_id')}", hsa_id=hsa_id)
    unit_id = work.db.value(f"SELECT id FROM unit WHERE {same_hsa_id('hsa_id')}", hsa_id=unit)
    work.add(Trainee(number=number, round=round_, staff_id=staff_id, unit_id=unit_id, begun_at=begun_at))
