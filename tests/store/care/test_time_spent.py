"""Minutes spent on a moment, week by week."""

import pytest

from store.care.time_spent import MOST_MINUTES, add_time, correct_time, parse_week
from store.foundation.errors import NotPermitted, Refused
from store.people.sign_in import StaffActor
from store.views.time import view_time
from tests.clinics import Clinic


def add(clinic: Clinic, moment: int, seconds: int, by: StaffActor | None = None) -> None:
    with clinic.store.work(by or clinic.clinician) as work:
        add_time(work, moment, seconds)


def correct(clinic: Clinic, moment: int, week: str, minutes: int, by: StaffActor | None = None) -> None:
    with clinic.store.work(by or clinic.clinician) as work:
        correct_time(work, moment, week, minutes)


def weeks(clinic: Clinic, moment: int) -> list[tuple[str, int, int]]:
    with clinic.store.read(clinic.clinician) as work:
        return [(one.week, one.minutes, one.own) for one in view_time(work, moment)]


def test_it_adds_up_by_week_and_person(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    changes, logged = clinic.store.change_no(clinic.here), clinic.value("SELECT count(*) FROM log")
    add(clinic, moment, 400)
    add(clinic, moment, 200)
    add(clinic, moment, 300, by=clinic.admin)
    clinic.clock.set(2026, 3, 8, 23)  # Monday in Stockholm
    add(clinic, moment, 60)
    assert clinic.store.change_no(clinic.here) == changes
    assert clinic.value("SELECT count(*) FROM log") == logged
    assert weeks(clinic, moment) == [("2026-W11", 1, 1), ("2026-W10", 15, 10)]


def test_the_own_time_is_put_right(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    add(clinic, moment, 3600)
    add(clinic, moment, 600, by=clinic.admin)
    correct(clinic, moment, "2026-v10", 20)
    correct(clinic, moment, "2025-W01", 5)
    assert weeks(clinic, moment) == [("2026-W10", 30, 20), ("2025-W01", 5, 5)]
    correct(clinic, moment, "2026-v10", 0)
    assert weeks(clinic, moment)[0] == ("2026-W10", 10, 0)
    assert clinic.value("SELECT count(*) FROM log WHERE operation = 'correct_time'") == 3


@pytest.mark.parametrize(
    ("week", "minutes", "field"),
    [
        ("2026-v11", 5, "vecka"),
        ("2026-v54", 5, "vecka"),
        ("2026-v00", 5, "vecka"),
        ("0000-v10", 5, "vecka"),
        ("i går", 5, "vecka"),
        ("", 5, "vecka"),
        ("2026-v10", -1, "minuter"),
        ("2026-v10", MOST_MINUTES + 1, "minuter"),
    ],
)
def test_what_is_refused(clinic: Clinic, week: str, minutes: int, field: str) -> None:
    moment = clinic.start(program="prov")
    with pytest.raises(Refused) as refused:
        correct(clinic, moment, week, minutes)
    assert refused.value.field == field


def test_whose_it_is(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with pytest.raises(NotPermitted):
        add(clinic, moment, 60, clinic.colleague)
    with pytest.raises(NotPermitted):
        correct(clinic, moment, "x", 1, clinic.stranger)


def test_a_week_as_it_is_written() -> None:
    assert {parse_week(text) for text in ("2026-W09", "2026-v9", "2026v09", " 2026-V09 ", "2026-09")} == {"2026-W09"}
