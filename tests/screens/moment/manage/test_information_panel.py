"""The panel's words for a moment."""

from dataclasses import replace
from datetime import date

import pytest

from screens.moment.manage.information_panel import facts
from store.care.time_spent import WeekTime, parse_week
from store.foundation.clock import Instant, start_of
from store.views.moment import refresh_moment
from tests.clinics import Clinic


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_purge_that_should_have_been_is_said_of_a_moment_that_is_not_ended(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.read(clinic.clinician) as work:
        page = refresh_moment(work, moment)
    week = WeekTime(parse_week("2026-v10"), 0, 0)

    def aside(day: date, ended_at: Instant | None = None) -> str:
        seen = replace(page, ended_at=ended_at)
        shown = (one for column in facts(seen, week, start_of(day), may_switch=True) for one in column)
        return next(fact.aside for fact in shown if fact.label == "Gallras senast")

    assert page.purge_by == "2028-03-02"
    assert aside(date(2028, 3, 2)) == ""
    assert aside(date(2028, 3, 3)) == "(har passerat: avsluta momentet)"
    assert aside(date(2028, 3, 3), start_of(date(2028, 1, 1))) == ""
