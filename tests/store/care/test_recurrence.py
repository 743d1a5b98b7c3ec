"""When activities fall, how it is said and how it is understood."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.care.plan_rules import NewActivity, NewPlan, checked_plan
from store.care.plan_words import activity_from_words
from store.care.recurrence import EVERY_DAY, Recurrence, days_of, first_on, in_words
from store.foundation.errors import Refused

MONDAY = date(2026, 3, 2)
YULE = date(2026, 12, 24)
SOME_DAYS = st.dates(MONDAY, MONDAY + timedelta(700))
WEEKDAYS = st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(lambda days: tuple(sorted(days)))


@given(WEEKDAYS, st.integers(1, 52), st.none() | SOME_DAYS, SOME_DAYS, SOME_DAYS, SOME_DAYS)
def test_days_lie_within_the_limits_on_the_weekdays_of_every_nth_week(
    weekdays: tuple[int, ...], every: int, until: date | None, start: date, first: date, last: date
) -> None:
    starts_on = first_on(weekdays, start)
    repeats = Recurrence(weekdays, every, until).as_text(starts_on)
    week = starts_on - timedelta(starts_on.weekday())
    assert days_of(starts_on, repeats, first, last) == [
        day
        for day in (first + timedelta(number) for number in range((last - first).days + 1))
        if starts_on <= day <= (until or last)
        and day.weekday() in weekdays
        and (day - timedelta(day.weekday()) - week).days // 7 % every == 0
    ]


@given(st.lists(SOME_DAYS, min_size=1, max_size=12), SOME_DAYS, SOME_DAYS)
def test_named_days_are_those_days(dates: list[date], first: date, last: date) -> None:
    repeats = Recurrence(dates=tuple(dates)).as_text(min(dates))
    assert days_of(min(dates), repeats, first, last) == sorted({day for day in dates if first <= day <= last})


def test_one_day_is_kept_as_nothing() -> None:
    assert (Recurrence().as_text(MONDAY), Recurrence(dates=(MONDAY,)).as_text(MONDAY)) == ("", "")
    assert days_of(MONDAY, "", MONDAY, date.max) == [MONDAY]
    assert days_of(MONDAY, "", MONDAY + timedelta(1), date.max) == []


@pytest.mark.parametrize(
    ("recurrence", "kept", "words"),
    [
        (Recurrence((0, 2)), "RRULE:FREQ=WEEKLY;BYDAY=MO,WE", "mån, ons"),
        (Recurrence(EVERY_DAY), "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "varje dag"),
        (
            Recurrence((4,), 2, date(2026, 12, 24)),
            "RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20261224T000000;BYDAY=FR",
            "fre varannan vecka till 2026-12-24",
        ),
        (Recurrence((4,), 3), "RRULE:FREQ=WEEKLY;INTERVAL=3;BYDAY=FR", "fre var tredje vecka"),
        (
            Recurrence(dates=(date(2026, 3, 9), date(2026, 3, 4))),
            "RDATE:20260304T000000,20260309T000000",
            "2026-03-04, 2026-03-09",
        ),
        (Recurrence(), "", "2026-03-02"),
    ],
)
def test_it_is_kept_as_icalendar_and_said_in_swedish(recurrence: Recurrence, kept: str, words: str) -> None:
    assert recurrence.as_text(MONDAY) == kept
    assert in_words(MONDAY, kept) == words


@given(WEEKDAYS, st.integers(1, 52), st.none() | SOME_DAYS)
def test_what_is_said_is_understood(weekdays: tuple[int, ...], every: int, until: date | None) -> None:
    recurrence = Recurrence(weekdays, every, until)
    said = in_words(MONDAY, recurrence.as_text(MONDAY)) if (until or MONDAY) >= MONDAY else ""
    assert activity_from_words(f"Gå | {said}").recurrence == recurrence


@pytest.mark.parametrize(
    ("line", "recurrence", "at", "starts_on"),
    [
        ("Gå", Recurrence(EVERY_DAY), "", None),
        ("Gå |  ", Recurrence(EVERY_DAY), "", None),
        ("Gå | 9:30", Recurrence(EVERY_DAY), "09:30", None),
        (
            "Gå | mån,ons 09:00 | varje 2 veckor | till 2026-12-24",
            Recurrence((0, 2), 2, date(2026, 12, 24)),
            "09:00",
            None,
        ),
        ("Gå | Måndag och LÖRDAGAR kl. 18:00", Recurrence((0, 5)), "18:00", None),
        ("Gå | son, man", Recurrence((0, 6)), "", None),
        ("Gå | varannan tisdag", Recurrence((1,), 2), "", None),
        ("Gå | varje tors | från 2026-03-05", Recurrence((3,)), "", date(2026, 3, 5)),
        ("Gå | vardagar | var tredje vecka", Recurrence((0, 1, 2, 3, 4), 3), "", None),
        ("Gå | 2026-03-09, 2026-03-04 13:00", Recurrence(dates=(date(2026, 3, 4), date(2026, 3, 9))), "13:00", None),
    ],
)
def test_a_line_is_understood(line: str, recurrence: Recurrence, at: str, starts_on: date | None) -> None:
    assert activity_from_words(line) == NewActivity("Gå", recurrence, at, starts_on)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Gå | ibland", '"ibland" går inte att förstå'),
        ("Gå | 25:00", '"25:00" går inte att förstå'),
        ("Gå | till", "Ett datum saknas"),
        ("Gå | till 2026-02-30", "2026-02-30 finns inte i kalendern"),
        ("Gå | varje", '"varje" går inte'),
        ("Gå | varje 2 dagar", '"dagar" går inte'),
        (f"Gå | varje {'9' * 5000} veckor", "går inte att förstå"),
    ],
)
def test_what_is_not_understood_is_named(line: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        activity_from_words(line)
    assert refused.value.field == "aktivitet"


@given(st.text(alphabet="aåö09-:|, \x1b[/]måndagtilvrje", max_size=60))
def test_any_line_is_understood_or_refused(line: str) -> None:
    with suppress(Refused):
        checked_plan(NewPlan("Plan", (activity_from_words(line),)), MONDAY)
