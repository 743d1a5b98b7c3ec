"""A week of plans as text: columns from Monday to Sunday where there is room, else day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import zip_longest

from rich.cells import cell_len
from textual.content import Content

from screens.widgets.cells import Ink, Tone, cut
from screens.widgets.painted import TONES
from screens.widgets.wrapped_list import fold
from screens.wording import day_and_month, short_date
from store.care.recurrence import WEEKDAYS
from store.views.plans import DayOfPlans, PlannedActivity, WeekOfPlans
from store.views.timeline import week_of

NOTHING = "inget planerat"
COLUMNS_FROM = 112
"""From this width on the days stand beside each other."""
_GAP = 2


def week_words(day: date) -> str:
    """Return `Vecka 48 (23–29 nov 2026)`."""
    monday, sunday = week_of(day)
    first = str(monday.day) if monday.month == sunday.month else day_and_month(monday)
    return f"Vecka {monday.isocalendar().week} ({first}–{short_date(sunday)})"


def draw_week(week: WeekOfPlans, today: date, width: int) -> list[Content]:
    """Return the lines of a week."""
    lines = [Content.styled(cut(week_words(week.days[0].day), width), "bold"), *_sum(week, width), Content("")]
    if width >= COLUMNS_FROM:
        return [*lines, *_columns(week, today, width)]
    return [*lines, *(line for day in week.days for line in _day(day, today, width))]


def _sum(week: WeekOfPlans, width: int) -> Iterator[Content]:
    if week.planned:
        said = f"{week.done} av {week.planned} utförda"
        yield Content.styled(cut(said, width), TONES["done" if week.done == week.planned else ""])
    else:
        yield Content.styled(cut("Inget planerat den här veckan.", width), TONES["muted"])


def _columns(week: WeekOfPlans, today: date, width: int) -> Iterator[Content]:
    share = (width - _GAP * 6) // 7
    columns = [list(_column(day, today, share)) for day in week.days]
    for cells in zip_longest(*columns, fillvalue=Content("")):
        yield Content(" " * _GAP).join(cell.append(" " * max(0, share - cell.cell_length)) for cell in cells)


def _column(day: DayOfPlans, today: date, width: int) -> Iterator[Content]:
    yield _heading(day, today, width)
    yield Content.styled("─" * width, "$rule")
    for one in day.activities:
        yield from _activity(one, day.day, today, width)
        yield Content("")


def _day(day: DayOfPlans, today: date, width: int) -> Iterator[Content]:
    heading = _heading(day, today, width)
    if not day.activities:
        yield Content.assemble(heading, (cut(f" · {NOTHING}", width - heading.cell_length), TONES["muted"]))
        return
    yield heading
    for one in day.activities:
        yield from (Content.assemble("  ", line) for line in _activity(one, day.day, today, width - 2))
    yield Content("")


def _heading(day: DayOfPlans, today: date, width: int) -> Content:
    words = f"{WEEKDAYS[day.day.weekday()]} {day_and_month(day.day)}"
    if day.day != today:
        return Content.styled(cut(words, width), "bold")
    full = f"{words} · i dag"
    said = full if cell_len(full) <= width else f"i dag {day_and_month(day.day)}"
    return Content.styled(cut(said, width), f"bold {TONES['accent']}")


def _activity(one: PlannedActivity, day: date, today: date, width: int) -> Iterator[Content]:
    yield from (Content(line) for line in fold(f"{one.at} {one.description}".strip(), width))
    mark = mark_words(one, day, today)
    yield from (Content.styled(line, TONES[mark.tone]) for line in fold(mark.text, width) if mark.text)
    for paragraph in one.note.split("\n") if one.note else ():
        yield from (Content.assemble("  ", (line, TONES["muted"])) for line in fold(paragraph, width - 2))


def mark_words(one: PlannedActivity, day: date, today: date) -> Ink:
    """Return what has come of an activity; nothing of one whose day is not over."""
    if one.is_done is None:
        tone: Tone = "muted"
        return Ink("– inte markerad", tone) if day < today else Ink("")
    return Ink("✓ utförd", "done") if one.is_done else Ink("✗ ej utförd", "waiting")
