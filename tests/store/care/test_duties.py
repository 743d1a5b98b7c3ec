"""Uppgifter: when a duty is due, whose it is, and in whose queue it stands (domain.md §7)."""

from datetime import date
from typing import Any

import pytest

from store.care.duties import DutyKind, UnitDuty, decide_duty, due_day, finish_duty, months_after, unit_duties
from store.care.maintenance import maintain_moment
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import start_of
from store.foundation.errors import NotPermitted, Refused
from store.upkeep.drill import note_drill
from store.views.todo import open_todo, set_matter_aside
from tests.clinics import THERE, Clinic, hsa_id_of

REVIEWER = hsa_id_of(Role.LOG_REVIEWER)
DAY = date(2026, 3, 2)


def decide(clinic: Clinic, kind: DutyKind = DutyKind.LOG_REVIEW, person: str = REVIEWER, months: int = 1) -> None:
    with clinic.store.work(clinic.someone(Role.ACCESS_ADMIN)) as work:
        decide_duty(work, kind, months, person, "Eva Chef", DAY)


def duty(clinic: Clinic, kind: DutyKind = DutyKind.LOG_REVIEW) -> UnitDuty:
    with clinic.store.read(clinic.someone(Role.LOG_REVIEWER)) as work:
        return next(one for one in unit_duties(work) if one.kind is kind)


def queue(clinic: Clinic, role: Role) -> list[str]:
    with clinic.store.read(clinic.someone(role)) as work:
        return [one.id for one in open_todo(work)]


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-12-15", 1, "2027-01-15"), ("2024-02-29", 12, "2025-02-28")],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day: str, months: int, then: str) -> None:
    assert months_after(date.fromisoformat(day), months) == due_day("2020-01-01", months, day)
    assert months_after(date.fromisoformat(day), months).isoformat() == then


def test_it_waits_for_who_is_delegated_from_a_fortnight_before_until_it_is_done(clinic: Clinic) -> None:
    assert duty(clinic).due_on == ""
    decide(clinic)
    assert (duty(clinic).due_on, duty(clinic).is_overdue) == ("2026-03-16", False)
    assert queue(clinic, Role.LOG_REVIEWER) == ["uppgift-logguppfoljning"]
    assert queue(clinic, Role.DATA_ADMIN) == queue(clinic, Role.RESIDENT_ADMIN) == []
    with clinic.store.work(clinic.someone(Role.LOG_REVIEWER)) as work:
        finish_duty(work, DutyKind.LOG_REVIEW, "Februari granskad")
    assert duty(clinic).due_on == "2026-04-02"
    for day, waits, late in (("2026-03-18", 0, 0), ("2026-03-19", 1, 0), ("2026-04-02", 1, 0), ("2026-04-03", 1, 1)):
        clinic.clock.now = start_of(date.fromisoformat(day))
        assert (len(queue(clinic, Role.LOG_REVIEWER)), duty(clinic).is_overdue) == (waits, late)
    decide(clinic, months=3)  # the decision is another, and what was done stays
    assert duty(clinic).due_on == "2026-06-02"
    assert clinic.value("SELECT begins_on FROM duty") == "2026-03-02"


def test_an_administrator_alone_has_no_residents_in_the_queue_and_a_colleagues_is_not_opened(clinic: Clinic) -> None:
    clinic.start()
    decide(clinic, DutyKind.PURGE, hsa_id_of(Role.CLINICIAN))
    decide(clinic)
    with clinic.store.read(clinic.someone(Role.LOG_REVIEWER)) as work, pytest.raises(NotPermitted):
        open_todo(work, hsa_id_of(Role.CLINICIAN))
    with clinic.store.read(clinic.admin) as work:
        assert all(one.duty is None for one in open_todo(work, hsa_id_of(Role.CLINICIAN)))  # a duty is the person's own
    assert clinic.log("SELECT 1 FROM log WHERE actor_hsa_id = :who AND personnummer <> ''", who=REVIEWER) == []
    with clinic.store.work(clinic.clinician) as work, pytest.raises(Refused, match="inte skjutas upp"):
        set_matter_aside(work, "uppgift-gallring", date(2026, 3, 9), "Hinner inte")


def test_gallring_is_due_where_a_moment_has_come_to_its_last_day(clinic: Clinic) -> None:
    moment = clinic.start()
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)  # whatever its state
    decide(clinic, DutyKind.PURGE, months=60)
    clinic.clock.now = start_of(date(2026, 3, 3))
    with clinic.store.work(clinic.someone(Role.LOG_REVIEWER)) as work:
        finish_duty(work, DutyKind.PURGE, "Inget att gallra")
    assert duty(clinic, DutyKind.PURGE).due_on == clinic.value("SELECT purge_by FROM moment")


def test_a_drill_is_done_for_all_units_by_whom_the_log_names(clinic: Clinic) -> None:
    with clinic.store.work(OPERATOR) as work:
        note_drill(work, work.now, 17)
    (done,) = duty(clinic, DutyKind.DRILL).done
    assert (done.on, done.by) == ("2026-03-02", "Driften")
    with clinic.store.read(clinic.someone(Role.ACCESS_ADMIN, THERE)) as work:
        assert len(next(one for one in unit_duties(work) if one.kind is DutyKind.DRILL).done) == 1


def test_what_is_wrong_is_refused_and_nothing_is_written(clinic: Clinic) -> None:
    admin = clinic.someone(Role.ACCESS_ADMIN)
    given: tuple[Any, ...] = (DutyKind.LOG_REVIEW, 1, REVIEWER, "Eva Chef", DAY)
    for place, value, sentence in (
        (1, 0, "från 1 till 60"),
        (1, 61, "från 1 till 60"),
        (2, hsa_id_of(Role.LOG_REVIEWER, THERE), "inte aktiv på enheten"),
        (2, "", "Ingen är inte aktiv|Välj"),
        (3, " ", "verksamhetschefen"),
        (4, date(2026, 3, 3), "har inte varit än"),
    ):
        wrong = [*given]
        wrong[place] = value
        with clinic.store.work(admin) as work, pytest.raises(Refused, match=sentence):
            decide_duty(work, *wrong)
    with clinic.store.work(admin) as work, pytest.raises(Refused, match="inte bestämt"):
        finish_duty(work, DutyKind.LOG_REVIEW, "Gjord")
    decide(clinic)
    with clinic.store.work(clinic.someone(Role.LOG_REVIEWER)) as work, pytest.raises(Refused, match="anteckning"):
        finish_duty(work, DutyKind.LOG_REVIEW, " ")
    assert clinic.value("SELECT count(*) FROM dutydone") == 0
