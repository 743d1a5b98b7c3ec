"""*I KORTHET*: its words, its curve, and when it is read."""

from dataclasses import replace
from datetime import date

import pytest
from textual.app import ComposeResult

from screens.moment.available_actions import Allowed
from screens.moment.manage.glance import (
    HEADING,
    GlanceText,
    contact,
    curve,
    facts,
    figures,
    lay_out,
    left_share,
    modules,
    next_due,
    sleep,
)
from screens.moment.manage.information_panel import InformationPanel
from screens.moment.page_state import refresh_page
from screens.themed_app import ThemedApp
from screens.widgets.cells import Ink
from store.care.contacts import ContactSort
from store.care.moments import MomentStatus
from store.foundation.clock import start_of
from store.views.form_graph import Point, Series
from store.views.glance import Due, Glance, LastContact, SleepWeek
from store.views.moment import ModuleState, MomentPage, SectionState, StepState, refresh_moment
from tests.clinics import Clinic
from tests.forms import given
from tests.screens.hostile import LONG, TEXTS, is_clean
from tests.screens.moment.host import opened, read_log, shown, until

DAY = start_of(date(2026, 3, 20))
ROOM = 117
"""Cells for text in a window of 120."""
RIGHT = ("Momentet har pågått", "Ansvarig behandlare", "Senaste kontakt", "Härnäst")
"""Labels of the right column of *INFORMATION OM MOMENTET* and of *I KORTHET*."""
MODULES = ("Moduler", Ink("1 av 2 lästa, 1 öppen"))


def series(*values: float, title: str = "Prov") -> Series:
    bands = ((0.0, "lite"), (10.0, "mycket"))
    return Series("f", title, 27, bands, tuple(Point(at, DAY, value) for at, value in enumerate(values)))


def laid_out(*scores: Series, right: Ink, width: int = ROOM, in_characters: bool = False) -> list[str]:
    said = GlanceText(scores, (MODULES,), (("Härnäst", right),))
    return [line.plain for line in lay_out(said, width, left_share(said, width, 0), in_characters=in_characters)]


def test_a_curve_is_as_high_as_the_value_in_all_that_can_be_and_a_single_value_has_none() -> None:
    assert (curve(series(0, 13, 14, 27)), figures(series(0, 13, 14, 27))) == ("▁▄▅█", "0 13 14 27")
    assert figures(series(*range(10, 20))) == "16 17 18 19"
    assert (curve(series(16)), figures(series(16))) == ("", "")


def test_the_latest_values_stand_under_each_other_without_a_hole_where_there_is_no_curve() -> None:
    two, one = series(9, 16), series(9, title="Oro")
    *_, first, second, _ = laid_out(two, one, right=Ink(""))
    assert first.rstrip() == "Prov     ▃▅  16 av 27, egen nivå: mycket (20 mars 2026)"
    assert second.rstrip() == "Oro          9 av 27, egen nivå: lite (20 mars 2026)"
    assert laid_out(two, right=Ink(""), in_characters=True)[2].startswith("Prov     9 16  16 av 27")
    assert laid_out(one, right=Ink(""))[2].startswith("Oro      9 av 27")
    assert laid_out(*[one] * 6, right=Ink(""))[-2].rstrip() == "         och 2 till i grafen"


def test_the_right_column_begins_in_the_middle_unless_it_needs_more_room() -> None:
    assert laid_out(right=Ink("21 mars 2026"))[2].index("Härnäst") == ROOM // 2
    longer = laid_out(right=Ink("x" * 60))[2]
    assert (longer.index("Härnäst"), longer.count("x")) == (ROOM - 9 - 60, 60)
    assert laid_out(right=Ink("x" * 60), width=ROOM - 1) == []


def test_what_somebody_wrote_stays_text_on_its_line() -> None:
    for text in TEXTS.values():
        due = next_due([Due(date(2026, 3, 25), text)], DAY)
        lines = laid_out(series(9, title=text), right=due)
        assert {len(lay) for lay in lines[1:] if text is LONG} <= {len(HEADING), ROOM}
        assert all(map(is_clean, lines)), text
    assert "25 mars 2026: [/x] [b]fet" in laid_out(right=next_due([Due(date(2026, 3, 25), TEXTS["markup"])], DAY))[2]


def test_sleep_modules_contact_and_what_is_due_in_words() -> None:
    week = SleepWeek(84, 6, date(2026, 3, 14), date(2026, 3, 20))
    assert sleep(week).text == "84 % (6 nätter, 14–20 mars 2026)"
    assert sleep(SleepWeek(84, 5, date(2026, 2, 28), date(2026, 3, 5))).text == "84 % (5 nätter, 28 feb–5 mars 2026)"
    assert sleep(SleepWeek(84, 1, date(2026, 3, 5), date(2026, 3, 5))).text == "84 % (1 natt, 5 mars 2026)"
    parts = (SectionState("s", "", False, (StepState("a", "A", 1), StepState("b", "B", None))),)
    states = [ModuleState("m", "M", 1, opened_at, hidden, parts) for opened_at, hidden in ((1, False), (None, False))]
    assert modules([*states, ModuleState("h", "H", 3, 1, True, parts)]) == "0 av 2 lästa, 1 öppen"
    touch = [LastContact(DAY, actor_kind=kind) for kind in ("invånare", "ombud", "personal")]
    said = [contact(last, DAY).text for last in (*touch, LastContact(DAY, ContactSort.VISIT))]
    who = ("invånaren skrev", "ombud skrev", "vården skrev", "besök")
    assert said == [f"{how} 20 mars 2026 (0 dagar sedan)" for how in who]
    due = [Due(date(2026, 3, 25), "Prov"), Due(date(2026, 3, 19), "Annat")]
    assert next_due(due, DAY) == Ink("väntar sedan 19 mars 2026 (och 1 till): Annat", "waiting")
    assert next_due(due[:1], DAY) == Ink("25 mars 2026: Prov")
    assert next_due([Due(date(2026, 3, 20), "Prov")], DAY) == Ink("20 mars 2026: Prov")


class Alone(ThemedApp[None]):
    """The panel by itself."""

    def compose(self) -> ComposeResult:
        yield InformationPanel()


@pytest.mark.parametrize("longer", [0, 10])
async def test_the_right_columns_begin_under_each_other(filed: Clinic, longer: int) -> None:
    moment = filed.start(program="prov")
    due = (Due(date(2026, 3, 1), "x" * longer),)
    with filed.store.read(filed.clinician) as work:
        state = replace(refresh_page(work, moment), glance=Glance(due=due))
    app = Alone()
    async with app.run_test(size=(120, 10)):
        panel = app.query_one(InformationPanel)
        panel.show(state, DAY, Allowed())
        lines = [line.plain for line in panel.draw(ROOM).lines]
    begins = {line.index(label) for line in lines for label in RIGHT if label in line}
    assert len(begins) == 1
    assert (begins == {ROOM // 2}) is not bool(longer)
    assert any(line.rstrip().endswith("x" * longer) for line in lines)


async def test_figures_stand_for_the_curve_where_the_setting_says_so(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    with filed.store.read(filed.clinician) as work:
        state = replace(refresh_page(work, moment), glance=Glance((series(9, 16),)))
    app = Alone()
    async with app.run_test(size=(120, 10)):
        panel = app.query_one(InformationPanel)
        panel.show(state, DAY, Allowed())
        assert "  ▃▅  16 av 27" in panel.draw(ROOM).lines[-3].plain
        app.graph_curve = "tecken"
        assert "  9 16  16 av 27" in panel.draw(ROOM).lines[-3].plain


def test_what_a_moment_can_not_have_is_not_said(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    with filed.store.read(filed.clinician) as work:
        page = refresh_moment(work, moment)

    def labels(page: MomentPage, glance: Glance) -> list[str]:
        return [label for column in facts(page, glance, DAY) for label, _ in column]

    assert labels(page, Glance(may_score=True)) == [
        "Poäng",
        "Sömneffektivitet",
        "Moduler",
        "Senaste kontakt",
        "Härnäst",
    ]
    bare = replace(page, has_diary=False, status=MomentStatus.ENDED)
    assert labels(bare, Glance()) == ["Moduler", "Senaste kontakt"]
    assert labels(page, Glance((series(9),), may_score=True))[0] == "Sömneffektivitet"
    assert labels(page, Glance(is_damaged=True)) == ["Kan inte visas"]


async def test_it_is_read_and_logged_only_where_there_is_room(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    filed.answer(moment, given(1, 1, 0))
    async with opened(filed, moment, size=(119, 40)) as pilot:
        assert HEADING not in shown(pilot)
        assert (read_log(filed, "open_glance"), read_log(filed, "refresh_glance")) == (0, 0)
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: "2 av 9, egen nivå: lite" in shown(pilot))
        assert read_log(filed, "refresh_glance") == 1
        await pilot.resize_terminal(119, 40)
        await until(pilot, lambda: HEADING not in shown(pilot))
    async with opened(filed, moment, size=(120, 40)) as pilot:
        assert HEADING in shown(pilot)
    assert read_log(filed, "open_glance") == 1
