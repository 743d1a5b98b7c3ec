"""A course: trainees on a unit each, who begin anew, leave the clock alone, and are forgotten (domain.md §9)."""

from pathlib import Path

import pytest

from store.care.starting import start_moment
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import Instant, MovedClock, days_after
from store.foundation.errors import Refused
from store.foundation.fictional import is_fictional
from store.foundation.identity import PersonalNumber
from store.foundation.store import Store
from store.opening import create_store
from store.people.attempts import attempts_of
from store.people.seats import has_attempt, seats, sit_down
from store.people.sign_in import sign_in
from store.practice import NotPractice, cast_of, courses, open_practice
from store.practice.clock import move_clock
from store.practice.course_end import KEPT_DAYS
from store.practice.courses import begin_anew, begin_course, seats_of
from store.practice.exercises.beginning import attempt_to_resume, begin_exercise
from store.practice.exercises.judging import judge
from store.practice.exercises.keeping import keep
from store.practice.exercises.reading import shipped_exercises
from store.practice.opening import end_course
from store.practice.results import results_of
from store.practice.walkthrough import go_through
from tests.clinics import Clock
from tests.small_cast import FREE

FIRST, SECOND = "SE2321000040-OVK01", "SE2321000040-OVK02"
BOTH = (Role.CLINICIAN, Role.RESIDENT_ADMIN)


@pytest.fixture(autouse=True)
def of_few(few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Courses begin with few people."""
    monkeypatch.setattr(courses, "CAST_FILE", few / "cast.toml")


def moments_by_unit(store: Store) -> dict[str, list[tuple[str, str, str, int]]]:
    """Return the moments of each unit by HSA-id: program, status, the resident's name, how many events."""
    with store.lend() as db:
        rows = db.rows(
            "SELECT u.hsa_id, m.program, m.status, r.family_name, "
            " (SELECT count(*) FROM event e WHERE e.moment_id = m.id)"
            " FROM moment m JOIN unit u ON u.id = m.unit_id JOIN resident r ON r.id = m.resident_id ORDER BY m.id"
        )
    found: dict[str, list[tuple[str, str, str, int]]] = {}
    for unit, *rest in rows:
        found.setdefault(unit, []).append(tuple(rest))
    return found


def numbers(store: Store) -> list[str]:
    with store.lend() as db:
        return [str(one) for one in db.values("SELECT personnummer FROM resident")]


def test_each_trainee_has_what_the_cast_has_under_own_numbers_and_begins_anew(made: Store) -> None:
    before = len(numbers(made))
    begin_course(made, 1, BOTH, clock=Clock())
    begin_course(made, 2, BOTH, clock=Clock())  # goes on with those who have no unit yet
    assert [(one.hsa_id, one.unit_hsa_id) for one in seats_of(made)] == [
        (FIRST, "SE2321000040-OVN1K01"),
        (SECOND, "SE2321000040-OVN1K02"),
    ]
    there = numbers(made)
    assert len(there) == len(set(there)) == 3 * before
    assert all(is_fictional(PersonalNumber(one)) for one in there)
    moments = moments_by_unit(made)
    assert moments["SE2321000040-OVN1"] == moments["SE2321000040-OVN1K01"] == moments["SE2321000040-OVN1K02"]
    with made.lend() as db:
        own = db.value("SELECT max(personnummer) FROM resident WHERE substr(personnummer, 1, 8) = :born", born=FREE[:8])
    with made.work(sign_in(made, SECOND)) as work:
        start_moment(work, str(own), "sovhjalpen", confirmed=True)
    seat = begin_anew(made, f" {SECOND.lower()}", clock=Clock())
    assert (seat.round, seat.unit_hsa_id) == (2, "SE2321000040-OVN1K02R2")
    again = sign_in(made, SECOND)
    assert (again.unit_hsa_id, again.roles) == (seat.unit_hsa_id, frozenset(BOTH))
    moments = moments_by_unit(made)
    assert len(moments["SE2321000040-OVN1K02"]) == len(moments["SE2321000040-OVN1"]) + 1
    assert moments[seat.unit_hsa_id] == moments["SE2321000040-OVN1"]


def test_only_the_trainer_moves_the_clock_and_the_course_is_gone_after_its_days(made: Store) -> None:
    clock = Clock()
    begin_course(made, 1, clock=clock)
    with pytest.raises(Refused, match="utbildaren som ställer fram klockan"):
        move_clock(made, "+1d", asked_by=sign_in(made, FIRST))
    made.access_log.begin_trainee("anna")
    with pytest.raises(Refused, match="utbildaren som ställer fram klockan"):
        move_clock(made, "+1d", OPERATOR)
    assert move_clock(made, "+1d", asked_by=sign_in(made, "SE2321000040-OV05")).nights == 1
    for days, left in ((KEPT_DAYS - 1, 1), (KEPT_DAYS, 0)):
        clock.now = days_after(Instant(Clock().now), days)
        opened = open_practice(made.engine.url, clock=clock)
        assert len(seats_of(opened)) == left
        assert [sentence for sentence in opened.said if "allt raderas med kursen" in sentence] == list(opened.said)
        assert len(opened.said) == left
        opened.close()


def test_a_trainee_has_the_own_people_until_the_days_run_ends_the_course(made: Store) -> None:
    begin_course(made, 2, clock=(clock := Clock()))
    everybody = cast_of(made)
    sit_down(made, SECOND.lower())
    assert made.access_log.trainee == SECOND
    own = cast_of(made)
    assert {one.unit_hsa_id for one in own} == {"SE2321000040-OVN1K02", "SE2321000040-OVN2K02"}
    assert (own[0].hsa_id, len(own) < len(everybody) / 2) == (SECOND, True)
    exercise = shipped_exercises()[0]
    attempt = begin_exercise(made, exercise, SECOND)
    assert has_attempt(made)
    keep(made, attempt, judge(made, attempt), worked=1_000, keys=2)
    trainer = sign_in(made, "SE2321000040-OV05")
    _, row = results_of(made, trainer).trainees
    assert [(one.seconds, one.keys) for one in row.results.values()] == [(1, 2)]
    assert go_through(made, attempt.id, trainer).things == ()
    seat = begin_anew(made, SECOND, clock=Clock())
    assert attempt_to_resume(made, SECOND) is None  # it was on the unit of before
    assert begin_exercise(made, exercise, SECOND).exercise.steps[0].trace.thing.endswith("K02R2")  # type: ignore[union-attr]
    with made.lend_to_write() as db:
        db.run("DELETE FROM traineename WHERE trainee_id = :seat AND name LIKE '%OV06'", seat=seat.id)
    later = begin_exercise(made, exercise, SECOND).exercise  # the exercise has come since the place was made
    assert later.steps[0].trace.thing.endswith("K02R2")  # type: ignore[union-attr]
    begin_exercise(made, exercise, "anna")
    for days, left in ((KEPT_DAYS - 1, True), (KEPT_DAYS, False)):
        made.clock = MovedClock(lambda: days_after(Instant(clock.now), days))  # noqa: B023
        assert end_course(made) is not left
        with made.lend() as db:
            assert bool(seats(db)) is bool(attempts_of(db)) is left
    begin_exercise(made, exercise, "anna")  # no course any longer: attempts are forgotten by themselves
    made.clock = MovedClock(lambda: days_after(Instant(clock.now), 2 * KEPT_DAYS))
    assert not end_course(made)
    with made.lend() as db:
        assert attempts_of(db) == []


def test_a_real_store_has_no_course(empty: str) -> None:
    real = create_store(empty, kind="real")
    for begin in (lambda: begin_course(real, 1), lambda: begin_anew(real, FIRST)):
        with pytest.raises(NotPractice):
            begin()
    real.close()
