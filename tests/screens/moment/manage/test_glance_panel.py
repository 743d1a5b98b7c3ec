"""*I KORTHET*: its words, its curve, and when it is read."""

from datetime import date

from screens.moment.manage.glance_panel import HEADING, curve, figures, modules, next_due, score, sleep
from screens.widgets.cells import Ink
from store.foundation.clock import start_of
from store.views.form_graph import Point, Series
from store.views.glance import Due, SleepWeek
from store.views.moment import ModuleState, SectionState, StepState
from tests.clinics import Clinic
from tests.forms import given
from tests.screens.moment.host import opened, read_log, shown, until

DAY = start_of(date(2026, 3, 20))


def series(*values: float) -> Series:
    bands = ((0.0, "lite"), (10.0, "mycket"))
    return Series("f", "Prov", 27, bands, tuple(Point(at, DAY, value) for at, value in enumerate(values)))


def test_a_curve_is_as_high_as_the_value_in_all_that_can_be_and_a_single_value_has_none() -> None:
    assert (curve(series(0, 13, 14, 27)), figures(series(0, 13, 14, 27))) == ("▁▄▅█", "0 13 14 27")
    assert figures(series(*range(10, 20))) == "16 17 18 19"
    assert (curve(series(16)), figures(series(16))) == ("", "")
    assert score(series(9, 16)).text == "▃▅            16 av 27, egen nivå: mycket (20 mars 2026)"


def test_sleep_modules_and_what_is_due_in_words() -> None:
    week = SleepWeek(84, 6, date(2026, 3, 14), date(2026, 3, 20))
    assert sleep(week).text == "84 % (6 nätter, 14 mars–20 mars 2026)"
    parts = (SectionState("s", "", False, (StepState("a", "A", 1), StepState("b", "B", None))),)
    states = [ModuleState("m", "M", 1, opened_at, hidden, parts) for opened_at, hidden in ((1, False), (None, False))]
    assert modules([*states, ModuleState("h", "H", 3, 1, True, parts)]) == "0 av 2 lästa, 1 öppen"
    due = [Due(date(2026, 3, 25), "Prov"), Due(date(2026, 3, 19), "Annat")]
    assert next_due(due, DAY) == Ink("sedan 19 mars 2026 (+1): Annat", "waiting")
    assert next_due(due[:1], DAY) == Ink("25 mars 2026: Prov")


async def test_it_is_read_and_logged_only_where_there_is_room(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    filed.answer(moment, given(1, 1, 0))
    async with opened(filed, moment, size=(119, 40)) as pilot:
        assert HEADING not in shown(pilot)
        assert (read_log(filed, "open_glance"), read_log(filed, "refresh_glance")) == (0, 0)
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: "2 av 9, egen nivå: lite" in shown(pilot))
        assert read_log(filed, "refresh_glance") == 1
    async with opened(filed, moment, size=(120, 40)) as pilot:
        assert HEADING in shown(pilot)
    assert read_log(filed, "open_glance") == 1
