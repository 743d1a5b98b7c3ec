"""Days to come that are typed or chosen in dialogs: which day of the week, and whether it is worked on."""

from datetime import date

import pytest

from screens.dialogs.day_field import words_for
from screens.dialogs.flag import FlagDialog
from screens.dialogs.set_aside import quick_days
from tests.screens.dialogs.host import WHOM, Performed, opened, press, shown


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 12, 4), "fredag 4 dec 2026"),
        (date(2026, 12, 6), "söndag 6 dec 2026, ingen arbetsdag. Nästa är måndag 7 dec 2026"),
        (date(2026, 12, 24), "torsdag 24 dec 2026, ingen arbetsdag. Nästa är måndag 28 dec 2026"),
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


async def test_a_day_that_is_typed_is_said_under_its_field() -> None:
    async with opened(FlagDialog(Performed(), whom=WHOM)) as pilot:
        await press(pilot, "tab", "tab", *"2026-12-06")
        assert "söndag 6 dec 2026, ingen arbetsdag." in shown(pilot)
        await press(pilot, "backspace", "7")
        assert "måndag 7 dec 2026" in shown(pilot)
        assert "ingen arbetsdag" not in shown(pilot)
