"""What the resident marks of an activity plan."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.care.activity_plans import end_plan
from store.foundation.clock import days_after
from store.foundation.errors import DomainError, NotPermitted, Refused
from tests.clinics import Clinic
from tests.properties import examples
from tests.store.care.test_activity_plans import TODAY, change, kinds, make, mark, only


def test_marking_again_changes_the_mark_and_shows_that_the_resident_is_active(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    make(clinic, moment)
    walk = only(clinic, moment).activities[0].id
    clinic.clock.set(2026, 3, 3, 12)
    mark(clinic, moment, walk, done=False, note="Regn\x1b]52;c;aGVq\x07[/x]")
    assert clinic.value("SELECT last_active_at FROM moment WHERE id = :id", id=moment) == clinic.clock()
    mark(clinic, moment, walk, note="På kvällen")
    (marked,) = only(clinic, moment).activities[0].marks
    assert (marked.day, marked.is_done, marked.note, marked.marked_at) == (TODAY, True, "På kvällen", clinic.clock())
    assert kinds(clinic)[1:] == ["aktivitet-markerad"] * 2


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 3, 4), "har inte kommit än"),
        (date(2026, 3, 3), "inte planerad den dagen"),
        (date(2026, 2, 25), "inte planerad den dagen"),
    ],
)
def test_a_day_that_cannot_be_marked_says_why(filed: Clinic, day: date, said: str) -> None:
    moment = filed.start(program="prov")
    make(filed, moment)
    filed.clock.set(2026, 3, 3, 12)
    with pytest.raises(Refused, match=said) as refused:
        mark(filed, moment, only(filed, moment).activities[0].id, day)
    assert refused.value.field == "dag"


def test_another_moments_activity_is_nobodys(clinic: Clinic) -> None:
    moment, other = clinic.start(program="prov"), clinic.start(program="prov", confirmed=True)
    make(clinic, other)
    for activity in (only(clinic, other).activities[0].id, 4711, 0):
        with pytest.raises(NotPermitted):
            mark(clinic, moment, activity)


@examples(20)
@given(st.lists(st.tuples(st.sampled_from(["pass", "mark", "remove", "end"]), st.integers(0, 13)), max_size=10))
def test_no_mark_lies_where_nothing_falls_and_nothing_falls_after_removal(
    filed: Clinic, deeds: list[tuple[str, int]]
) -> None:
    filed.clock.set(2026, 3, 2, 12)
    moment = filed.start(program="prov", confirmed=True)
    plan = make(filed, moment)
    walk = only(filed, moment).activities[0].id
    passed = 0
    for deed, number in deeds:
        try:
            if deed == "pass":
                passed += number
                filed.clock.now = days_after(filed.clock.now, number)
            elif deed == "mark":
                mark(filed, moment, walk, TODAY + timedelta(number))
            elif deed == "remove":
                change(filed, plan, remove=(walk,))
            else:
                with filed.store.work(filed.clinician) as work:
                    end_plan(work, plan)
        except DomainError:
            pass
    activity = only(filed, moment).activities[0]
    days = {one.day for one in activity.marks}
    assert all(day.weekday() in (0, 2) and day <= TODAY + timedelta(passed) for day in days)
    assert all(day < (activity.removed_on or date.max) for day in activity.days(TODAY, date(2027, 1, 1)))
