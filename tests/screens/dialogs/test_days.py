"""Days to come that are typed or chosen in dialogs: which day of the week, and whether it is worked on."""

import re
from datetime import date

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from screens.dialogs.calendar import CalendarDialog, weeks_of, words_for
from screens.dialogs.flag import FlagDialog
from screens.dialogs.set_aside import SetAsideDialog, quick_days
from screens.dialogs.stand_in import StandInDialog
from store.foundation.clock import start_of
from tests.screens.dialogs.host import COLLEAGUES, TODAY, WHOM, Performed, focus, given, lines, opened, press, shown


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 12, 4), "fredag 4 dec 2026"),
        (date(2026, 12, 6), "söndag 6 dec, ingen arbetsdag. Nästa är måndag 7 dec"),
        (date(2026, 12, 24), "torsdag 24 dec, ingen arbetsdag. Nästa är måndag 28 dec"),
        (date(2026, 12, 31), "torsdag 31 dec 2026, ingen arbetsdag. Nästa är måndag 4 jan 2027"),
    ],
)
def test_a_day_is_said_and_where_nobody_works_the_next_one(day: date, words: str) -> None:
    assert words_for(day) == words


def test_what_can_be_chosen_at_once_says_the_weekday_and_offers_a_working_day() -> None:
    sunday = quick_days(date(2026, 11, 29))
    assert [words.replace("\xa0", " ") for words, _ in sunday.values()] == [
        "I morgon (måndag)",
        "Om en vecka (söndag)",
        "Måndag 7 dec",
    ]
    assert [day for _, day in sunday.values()] == [date(2026, 11, 30), date(2026, 12, 6), date(2026, 12, 7)]


def test_on_working_days_nothing_more_is_offered() -> None:
    assert [day for _, day in quick_days(date(2026, 11, 30)).values()] == [date(2026, 12, 1), date(2026, 12, 7)]


def test_months_are_whole_weeks_from_monday_on_to_the_ends_of_time() -> None:
    assert [(week[0], week[-1]) for week in weeks_of(date(2026, 2, 10))][:1] == [(date(2026, 1, 26), date(2026, 2, 1))]
    assert len(list(weeks_of(date(2026, 2, 10)))) == 5
    assert list(weeks_of(date.max))[-1][4] == date.max
    assert next(iter(weeks_of(date.min)))[0] == date.min


async def test_a_day_is_chosen_in_a_calendar_by_days_weeks_and_months(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screens.dialogs.calendar.wall_clock", lambda: start_of(date(2026, 11, 29)))
    async with opened(FlagDialog(Performed(), whom=WHOM)) as pilot:
        await press(pilot, "tab", "tab", *"2026-12-06", "down")
        text = shown(pilot)
        assert "december 2026 v. må ti on to fr lö sö 49 1 2 3 4 5 [ 6]" in text
        assert "53 28 29 30 31" in text
        assert "söndag 6 dec, ingen arbetsdag. Nästa är måndag 7 dec" in text
        await press(pilot, "right", "down", "pagedown", "pagedown", "left", "up")
        assert "februari 2027" in shown(pilot)
        assert "lördag 6 feb, ingen arbetsdag." in shown(pilot)
        await press(pilot, "enter")
        assert "2027-02-06" in shown(pilot)
        assert focus(pilot) == "day"
        await press(pilot, "down", "pageup", "escape")
        assert "2027-02-06" in shown(pilot)


async def test_from_the_31st_a_shorter_month_ends_on_its_last_day_and_a_click_chooses() -> None:
    async with opened(CalendarDialog("Till", date(2027, 1, 31), date(2027, 1, 29), whom=WHOM)) as pilot:
        assert "›29" in shown(pilot)
        await press(pilot, "pagedown")
        assert "söndag 28 feb, ingen arbetsdag." in shown(pilot)
        await press(pilot, "home")
        assert "I dag, fredag 29 jan 2027" in shown(pilot)
        at = next(number for number, line in enumerate(lines(pilot)) if " 20 " in line)
        place = lines(pilot)[at].index(" 20 ") + 1
        await pilot.click(offset=(place, at))
        await pilot.click(offset=(place, at))
        await press(pilot)
        assert given(pilot) == [date(2027, 1, 20)]


def struck(pilot: Pilot[None]) -> str:
    """What is struck out on the screen."""
    parts = (part for strip in pilot.app.screen._compositor.render_strips() for part in strip)
    return " ".join(part.text for part in parts if part.style and part.style.strike)


async def test_a_day_that_the_field_cannot_have_is_struck_out_and_stays_unchosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The store's own sentence stands there; the first day that will do has the cursor."""
    monkeypatch.setattr("screens.dialogs.calendar.wall_clock", lambda: start_of(date(2026, 11, 27)))
    dialog = SetAsideDialog("Väntar", date(2026, 11, 27), Performed(), whom=WHOM)
    async with opened(dialog) as pilot:
        dialog.query_one("#day").focus()
        await press(pilot, "down")
        assert "I morgon, lördag 28 nov, ingen arbetsdag." in shown(pilot)
        assert re.findall(r"\b(2[678])\b", struck(pilot)) == ["26", "27"]
        await press(pilot, "left", "enter")
        assert "I dag, fredag 27 nov 2026 ! Ange en dag efter i dag." in shown(pilot)
        await press(pilot, "right", "right", "right", "enter")
        assert "2026-11-30" in shown(pilot)


async def test_a_last_day_goes_with_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screens.dialogs.calendar.wall_clock", lambda: start_of(TODAY))
    dialog = StandInDialog("Lind, Karin", COLLEAGUES, (), Performed(), today=TODAY, may_write=False)
    async with opened(dialog) as pilot:
        dialog.query_one("#first", Input).value = "2026-12-10"
        dialog.query_one("#last", Input).value = "2026-12-11"
        dialog.query_one("#last").focus()
        await press(pilot, "down", "left", "left")
        assert "onsdag 9 dec 2026 ! Den sista dagen är före den första." in shown(pilot)


async def test_a_day_that_is_typed_is_said_under_its_field() -> None:
    async with opened(FlagDialog(Performed(), whom=WHOM)) as pilot:
        await press(pilot, "tab", "tab", *"2026-12-06")
        assert "söndag 6 dec, ingen arbetsdag." in shown(pilot)
        await press(pilot, "backspace", "7")
        assert "måndag 7 dec 2026" in shown(pilot)
        assert "ingen arbetsdag" not in shown(pilot)
