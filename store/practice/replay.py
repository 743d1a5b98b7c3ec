"""The cast plays what its files say: every act through the real operation, at its time, in the order of time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from store.care.day_run import run_day
from store.care.duties import decide_duty
from store.care.program_files import Program
from store.care.substituting import set_substitute
from store.foundation.access import OPERATOR
from store.foundation.clock import STOCKHOLM, Instant, instant, local_day
from store.foundation.store import Store
from store.foundation.work import Work
from store.people.provider_settings import change_provider
from store.people.sign_in import sign_in
from store.practice.cast import Cast, CastDuty, Lives, PurgeDecision, StandIn
from store.practice.deeds import Course
from store.practice.fixtures import add_guardians, lay_ground, register, settle_past
from store.practice.toml_table import placed

MORNING = time(7)
"""When the ground is laid and residents come into the register: before anybody is at work."""


@dataclass(frozen=True)
class _Event:
    """Something that happens; `where` is the file and the place in it."""

    at: Instant
    where: str
    happen: Callable[[], None]


def play(store: Store, cast: Cast, programs: Iterable[Program]) -> None:
    """Let everything in the files happen in the store; its clock is moved from one to the next and left at the last.

    What is in one file happens after all that is in the file before it, though it may be older: whoever is added to the
    units changes no number by which the cast's moments, flags and messages are known.

    Raises:
        Refused: a rule says no to something in a file; the message names the place.
    """
    today = local_day(store.clock())
    days = _days_in_register(cast)
    first = max((*days.values(), *(lives.earliest + 1 for lives in cast.lives)), default=0)
    events = [_ground(store, cast, programs, instant_of(today, first + 1, MORNING))]
    for lives in cast.lives:
        there = [*_registered(store, lives, days, today), *_lived(store, lives, today)]
        events += sorted(there, key=lambda event: event.at)
    for event in events:
        store.clock = partial(Instant, event.at)
        with placed(event.where):
            event.happen()
    store.clock = partial(Instant, max(event.at for event in events))
    run_day(store)  # on the days that were played `sob dygn` would have run too
    with store.work(OPERATOR) as work:
        settle_past(work)


def _ground(store: Store, cast: Cast, programs: Iterable[Program], at: Instant) -> _Event:
    return _Event(at, cast.lives[0].called, _by_operator(store, lambda work: lay_ground(work, cast, programs)))


def _registered(store: Store, lives: Lives, days: dict[str, int], today: date) -> Iterator[_Event]:
    """Yield how a file's residents come into the register, and then who is whose guardian."""
    for resident in lives.residents:
        at = instant_of(today, days[resident.number], MORNING)
        yield _Event(at, f"{lives.called}: {resident.where}", _by_operator(store, partial(register, resident=resident)))
    for child in lives.residents:
        if child.guardians:
            at = instant_of(today, days[child.number], MORNING)
            yield _Event(at, f"{lives.called}: {child.where}", _by_operator(store, partial(add_guardians, child=child)))


def _by_operator(store: Store, do: Callable[[Work], object]) -> Callable[[], None]:
    def happen() -> None:
        with store.work(OPERATOR) as work:
            do(work)

    return happen


def _lived(store: Store, lives: Lives, today: date) -> Iterator[_Event]:
    """Yield what happens in a file's moments, who stands in for whom, and what is decided."""
    for moment in lives.moments:
        course = Course(store, moment, today)
        for act in moment.acts:
            at = instant_of(today, act.days_ago, act.time, act.minutes)
            yield _Event(at, f"{lives.called}: {act.where}", partial(course.perform, act))
    for one in lives.stand_ins:
        at = instant_of(today, one.days_ago, MORNING)
        yield _Event(at, f"{lives.called}: {one.where}", partial(_set_substitute, store, one, today))
    for duty in lives.duties:
        at = instant_of(today, duty.days_ago, MORNING)
        yield _Event(at, f"{lives.called}: {duty.where}", partial(_decide_duty, store, duty))
    for decision in lives.decisions:
        at = instant_of(today, decision.days_ago, MORNING)
        yield _Event(at, f"{lives.called}: {decision.where}", _by_operator(store, partial(_decide_purge, decision)))


def _set_substitute(store: Store, one: StandIn, today: date) -> None:
    first, last = today - timedelta(days=one.days_ago), today + timedelta(days=one.days_left)
    with store.work(sign_in(store, one.clinician, one.unit)) as work:
        set_substitute(work, one.clinician, one.substitute, first, last, confirmed=True)


def _decide_duty(store: Store, one: CastDuty) -> None:
    with store.work(sign_in(store, one.by, one.unit)) as work:
        decide_duty(work, one.kind, one.months, one.delegate, one.decided_by, work.today)


def _decide_purge(one: PurgeDecision, work: Work) -> None:
    change_provider(
        work, purge_decision=one.text, purge_reference=one.reference, purge_decided_on=work.today, confirmed=True
    )


def _days_in_register(cast: Cast) -> dict[str, int]:
    """Return by number how many days ago each resident came into the register: the day before the first moment."""
    days = {resident.number: 1 for resident in cast.residents}
    for moment in cast.moments:
        days[moment.resident] = max(days[moment.resident], moment.acts[0].days_ago + 1)
    for child in cast.residents:
        for guardian in child.guardians:
            days[guardian] = max(days[guardian], days[child.number])
    return days


def instant_of(today: date, days_ago: int, at: time, minutes: int = 0) -> Instant:
    """Return a time of day so many days ago, in Stockholm."""
    here = datetime.combine(today - timedelta(days=days_ago), at) + timedelta(minutes=minutes)
    return instant(here.replace(tzinfo=STOCKHOLM))
