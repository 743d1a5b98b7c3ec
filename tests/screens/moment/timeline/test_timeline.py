"""The tab *Tidslinje* on screen."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.strip import Strip
from textual.widgets import Input

from screens.moment.forms.form_screen import FormScreen
from screens.moment.timeline.tab import TimelineTab
from screens.moment.timeline.timeline_lines import TimelineLine, joined, paint_line, span_words, week_heading
from screens.moment.timeline.timeline_list import TimelineList
from screens.themes import LIGHT
from store.care.modules import open_module
from store.care.moments import load_moment
from store.care.switching import switch_clinician
from store.foundation.clock import Instant
from store.foundation.events import Category, EventKind, insert_event
from store.views.timeline import Span, TimelinePage, TimelineRow
from tests import forms
from tests.app.driver import move
from tests.clinics import COLLEAGUE, MONDAY, Clinic
from tests.screens.moment.host import (
    SIZES,
    do,
    focus,
    keys,
    opened,
    page,
    path_of,
    press,
    read_log,
    settled,
    shown,
    told,
)

DAY = 86_400_000


def full(clinic: Clinic, number: int) -> int:
    """A moment with many steps read, one each hour."""
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        here = load_moment(work, moment)
        for place in range(number):
            insert_event(
                work.db, Instant(MONDAY + place * 3_600_000), work.actor, here, EventKind.STEP_READ, {"step": "hej"}
            )
    return moment


def rows(pilot: object) -> TimelineList:
    return page(pilot).query_one(TimelineList)  # type: ignore[arg-type]


def count(pilot: object) -> int:
    return len(page(pilot).query_one(TimelineTab)._rows)  # type: ignore[arg-type]


@SIZES
async def test_all_that_happened_under_its_weeks(filed: Clinic, size: tuple[int, int]) -> None:
    moment = filed.start(program="prov")
    filed.clock.set(2026, 3, 11, 12)
    filed.answer(moment, forms.given(1, 1, 1))
    async with opened(filed, moment, size=size) as pilot:
        await press(pilot, "3")
        painted = shown(pilot)
        for words in (
            "Alla händelser · hela perioden",
            "Vecka 11 (9–15 mars 2026) · behandlingsvecka 2",
            "2026-03-11 13:00",
            "Besvarat: Mående",
            "Åsa Berg",
            "Vecka 10 (2–8 mars 2026) · behandlingsvecka 1",
            "Momentet startade",
        ):
            assert words in painted
        assert keys(pilot)["f"] == "Filtrera"
    assert filed.value("SELECT count(*) FROM log WHERE operation = 'open_timeline'") == 1


async def test_a_row_opens_what_it_tells_of(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    filed.answer(moment, forms.given(1, 1, 0))
    filed.clock.set(2026, 3, 11, 12)
    do(filed, filed.clinician, open_module, moment, "mer")
    async with opened(filed, moment, size=(80, 40)) as pilot:
        await press(pilot, "3", "enter")
        assert focus(pilot) == "modules"
        assert page(pilot).switcher.manage.modules.row
        assert page(pilot).switcher.manage.modules.row.module == "mer"  # type: ignore[union-attr]
        await press(pilot, "3", "down", "enter")
        assert isinstance(pilot.app.screen, FormScreen)
        await press(pilot, "escape", "down")
        assert "Enter" not in keys(pilot)


async def test_it_is_read_on_as_one_walks_and_new_rows_come_on_top(filed: Clinic) -> None:
    moment = full(filed, 350)
    async with opened(filed, moment) as pilot:
        await press(pilot, "3")
        assert count(pilot) == 100
        await press(pilot, "end", "end", "end", "end")
        assert count(pilot) == 351
        await press(pilot, "home", "pagedown")
        row = rows(pilot).row
        filed.clock.now = Instant(MONDAY + 60 * DAY)
        filed.answer(moment, forms.given(1, 1, 0))
        await told(pilot)
        assert count(pilot) == 352
        assert rows(pilot).row == row
    assert filed.value("SELECT count(*) FROM log WHERE operation = 'open_timeline'") == 1


async def test_kinds_and_days_are_filtered_and_a_wrong_day_is_said_at_its_field(filed: Clinic) -> None:
    moment = full(filed, 5)
    filed.clock.set(2026, 3, 11, 12)
    filed.answer(moment, forms.given(1, 1, 1))
    async with opened(filed, moment, size=(80, 40)) as pilot:
        await press(pilot, "3", "f", "space")
        pilot.app.screen.query_one("#first", Input).value = "11 mars"
        await press(pilot, "ctrl+s")
        assert "11 mars är inget datum." in shown(pilot)
        pilot.app.screen.query_one("#first", Input).value = "2026-03-11"
        pilot.app.screen.query_one("#last", Input).value = "2026-03-10"
        await press(pilot, "ctrl+s")
        assert "Perioden slutar innan den börjar." in shown(pilot)
        pilot.app.screen.query_one("#last", Input).value = ""
        await press(pilot, "ctrl+s")
        assert "Formulär · 2026-03-11–nu" in shown(pilot)
        assert "Besvarat: Mående" in shown(pilot)
        assert "Steg läst" not in shown(pilot)
        await press(pilot, "x")
        assert "Steg läst: Hej" in shown(pilot)
        assert "x" not in keys(pilot)


async def test_week_by_week(filed: Clinic) -> None:
    moment = full(filed, 24 * 10)
    async with opened(filed, moment) as pilot:
        await press(pilot, "3", "t")
        assert "Vecka 11 (9–15 mars 2026) · behandlingsvecka 2 · Alla händelser" in shown(pilot)
        await press(pilot, "less_than_sign")
        assert "Vecka 10 (2–8 mars 2026) · behandlingsvecka 1 · Alla händelser" in shown(pilot)
        assert "<" not in keys(pilot)
        await press(pilot, "less_than_sign")
        assert "Vecka 10 " in shown(pilot)
        await press(pilot, "t")
        assert "hela perioden" in shown(pilot)


async def test_a_line_that_stands_is_not_made_again_and_another_theme_paints_all_anew(filed: Clinic) -> None:
    async with opened(filed, full(filed, 60)) as pilot:
        await press(pilot, "3")
        view = rows(pilot)
        assert view.has_focus

        def painted() -> list[Strip]:
            return [view.render_line(y) for y in range(view.size.height)]

        before = painted()
        await press(pilot, "down")
        assert [old is new for old, new in zip(before, painted(), strict=True)].count(False) == 2
        pilot.app.theme = LIGHT.name
        await pilot.pause()
        assert not any(
            segment.style == other.style
            for old, new in zip(before, painted(), strict=True)
            for segment, other in zip(old, new, strict=False)
            if segment.text.strip()
        )


async def test_a_lost_database_is_said_and_the_rows_stay(filed: Clinic) -> None:
    moment = full(filed, 5)
    path = Path(filed.store.engine.url.removeprefix("sqlite:///"))
    async with opened(filed, moment) as pilot:
        await press(pilot, "3")
        away = move(path, "borta")
        await press(pilot, "x")
        await page(pilot).query_one(TimelineTab).changed()
        await settled(pilot)
        assert "Ingen kontakt med databasen." in shown(pilot)
        assert "Steg läst: Hej" in shown(pilot)
        move(away, path.name)
        await page(pilot).query_one(TimelineTab).changed()
        await settled(pilot)
        assert "Ingen kontakt" not in shown(pilot)


async def test_a_period_without_events_says_what_to_do_and_is_not_logged_anew_by_a_change(filed: Clinic) -> None:
    moment = full(filed, 5)
    filed.clock.set(2026, 3, 20)
    async with opened(filed, moment) as pilot:
        await press(pilot, "3", "t", "greater_than_sign")
        assert "Inget sådant har hänt under den tiden. Tryck x för att visa allt." in shown(pilot)
        logged = read_log(filed, "open_timeline")
        await told(pilot)
        await told(pilot)
        assert read_log(filed, "open_timeline") == logged


async def test_a_filter_that_could_not_be_read_is_read_when_the_database_is_back(filed: Clinic) -> None:
    moment = full(filed, 5)
    path = path_of(filed)
    async with opened(filed, moment) as pilot:
        await press(pilot, "3")
        away = path.rename(path.with_suffix(".borta"))
        await press(pilot, "f", "space", "ctrl+s")
        assert "Ingen kontakt med databasen." in shown(pilot)
        assert "Steg läst: Hej" in shown(pilot)
        away.rename(path)
        await told(pilot)
        assert "Formulär · hela perioden" in shown(pilot)
        assert "Steg läst" not in shown(pilot)


async def test_what_may_no_longer_be_seen_is_gone(filed: Clinic) -> None:
    moment = full(filed, 5)
    async with opened(filed, moment) as pilot:
        await press(pilot, "3")
        do(filed, filed.admin, switch_clinician, moment, COLLEAGUE)
        await told(pilot)
        assert "Steg läst" not in shown(pilot)
        assert "Du har inte behörighet" in shown(pilot)


async def test_at_the_very_top_news_is_seen(filed: Clinic) -> None:
    moment = full(filed, 300)
    async with opened(filed, moment) as pilot:
        await press(pilot, "3")
        row = rows(pilot).row
        filed.clock.now = Instant(MONDAY + 60 * DAY)
        filed.answer(moment, forms.given(1, 1, 1))
        await told(pilot)
        assert "Besvarat: Mående" in shown(pilot)
        assert rows(pilot).row == row


async def test_an_event_that_was_committed_late_is_shown_in_its_place(filed: Clinic) -> None:
    moment = full(filed, 5)
    async with opened(filed, moment) as pilot:
        await press(pilot, "3")
        with filed.store.work(filed.clinician) as work:
            here = load_moment(work, moment)
            insert_event(work.db, Instant(MONDAY + 60_000), work.actor, here, EventKind.RESUMED, {})
        await told(pilot)
        assert [row.text for row in page(pilot).query_one(TimelineTab)._rows].index("Momentet återupptogs") == 4


async def test_the_last_day_there_is_can_be_asked_for(filed: Clinic) -> None:
    moment = full(filed, 5)
    async with opened(filed, moment, size=(80, 30)) as pilot:
        await press(pilot, "3", "f")
        pilot.app.screen.query_one("#last", Input).value = "9999-12-31"
        await press(pilot, "ctrl+s")
        assert "start–9999-12-31" in shown(pilot)
        assert "Steg läst: Hej" in shown(pilot)


@pytest.mark.parametrize("width", [80, 140])
def test_a_long_name_is_whole_and_the_line_as_wide_as_the_list(width: int) -> None:
    row = TimelineRow(
        MONDAY, 1, Category.FORMS, "Besvarat: " + "Mående " * 20, "Elisabeth Andersson (invånare)", "invånare", None
    )
    painted = paint_line(TimelineLine(row=row), width, is_cursor=False, has_focus=True)
    assert "Elisabeth Andersson (invånare)" in painted.plain
    assert painted.cell_length == width


def some(*places: int) -> list[TimelineRow]:
    return [TimelineRow(at, 1, Category.FORMS, "", "", "", None) for at in places]


@given(st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)), st.integers(1, 10), st.integers(0, 40))
def test_the_newest_page_over_what_is_known_leaves_no_gap(
    before: set[int], came: set[int], limit: int, known: int
) -> None:
    stored, was = sorted(before | came, reverse=True), sorted(before, reverse=True)
    newest = TimelinePage(0, tuple(some(*stored[:limit])), len(stored) > limit)
    held_rows, more = joined(newest, some(*was[:known]), more=len(was) > known)
    shown_now = [row.at for row in held_rows]
    surely = before | {row.at for row in newest.rows}  # what came late and far down waits for the next opening
    assert shown_now == sorted(set(shown_now), reverse=True)
    assert set(shown_now) <= set(stored)
    assert [at for at in shown_now if at in surely] == sorted(surely, reverse=True)[: len(shown_now)]
    assert more or surely <= set(shown_now)


def test_spans_in_words() -> None:
    assert span_words(Span()) == "Alla händelser · hela perioden"
    assert span_words(Span((Category.FORMS, Category.MODULES), None, date(2026, 3, 2))) == (
        "Formulär, Moduler · start–2026-03-02"
    )


def test_a_week_that_two_weeks_of_treatment_meet_in() -> None:
    said = week_heading(date(2026, 12, 30), date(2026, 12, 3))
    assert said == "Vecka 53 (28 dec–3 jan 2027) · behandlingsvecka 4–5"
