"""The timeline as lines: rows under their weeks, and how each is written (domain.md §4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rich.cells import cell_len
from textual.content import Content

from screens.widgets.cells import clean, cut
from screens.widgets.list_painter import BLURRED_MARKS, FOCUSED_MARKS
from screens.widgets.painted import TONES
from screens.widgets.row_list import BLURRED, FOCUSED
from screens.wording import day_and_month, list_time, short_date
from store.foundation.clock import Instant, local_day
from store.foundation.events import Category
from store.views.timeline import Span, TimelinePage, TimelineRow, treatment_week, week_of

MARKS = {
    Category.FORMS: "▤",
    Category.MESSAGES: "✉",
    Category.MODULES: "▸",
    Category.FLAGS: "▲",
    Category.PLANS: "☐",
    Category.ADMINISTRATION: "·",
}
_GAP = "  "
_CATEGORY_FROM = 99
"""From this width on, in a window of 100, the kind stands as a word beside its mark."""
_LEAST_TEXT = 24
"""Cells that the sentence keeps beside a long name; the name itself is cut last."""


@dataclass(frozen=True)
class TimelineLine:
    """A week's heading, or a row."""

    heading: str = ""
    row: TimelineRow | None = None


def lines_of(rows: Sequence[TimelineRow], started: date) -> list[TimelineLine]:
    """Return the rows with a heading over each week."""
    return list(_lines(rows, started))


def _lines(rows: Sequence[TimelineRow], started: date) -> Iterator[TimelineLine]:
    week: date | None = None
    for row in rows:
        monday, _ = week_of(local_day(Instant(row.at)))
        if monday != week:
            if week is not None:
                yield TimelineLine()
            week = monday
            yield TimelineLine(week_heading(monday, started))
        yield TimelineLine(row=row)


def place_of(row: TimelineRow) -> tuple[int, int]:
    """Return where a row stands among all."""
    return row.at, row.seq


def joined(newest: TimelinePage, known: Sequence[TimelineRow], *, more: bool) -> tuple[list[TimelineRow], bool]:
    """Return the newest page with the known rows under it, and whether older ones follow those (`more`).

    Known rows that begin below the page's end are let go: what lies between is not known.
    """
    if not newest.more or not known or place_of(known[0]) < place_of(newest.rows[-1]):
        return list(newest.rows), newest.more
    oldest = place_of(newest.rows[-1])
    older = [row for row in known if place_of(row) < oldest]
    return [*newest.rows, *older], more or not older


def week_heading(day: date, started: date) -> str:
    """Return `Vecka 48 (23–29 nov 2026) · behandlingsvecka 4`."""
    monday, sunday = week_of(day)
    first = str(monday.day) if monday.month == sunday.month else day_and_month(monday)
    weeks = [treatment_week(started, end) for end in (max(monday, started), sunday)]
    treated = str(weeks[0]) if weeks[0] == weeks[1] else f"{weeks[0]}–{weeks[1]}"
    return f"Vecka {monday.isocalendar().week} ({first}–{short_date(sunday)}) · behandlingsvecka {treated}"


def span_words(span: Span) -> str:
    """Return what is shown: `Formulär, Moduler · 2026-11-01–2026-11-22`."""
    kinds = ", ".join(span.categories) or "Alla händelser"
    if span.first is None and span.last is None:
        return f"{kinds} · hela perioden"
    first, last = span.first or "start", span.last or "nu"
    return f"{kinds} · {first}–{last}"


def paint_line(line: TimelineLine, width: int, *, is_cursor: bool, has_focus: bool) -> Content:
    """Return a line as wide as the list."""
    if line.row is None:
        return Content.styled(cut(f" {line.heading}", width), "bold")
    left, right = (FOCUSED_MARKS if has_focus else BLURRED_MARKS) if is_cursor else (" ", " ")
    at, kind, text, actor = _cells(line.row, width - 2)
    if is_cursor:
        return Content.styled(left + at + kind + text + actor + right, FOCUSED if has_focus else BLURRED)
    opens = "" if line.row.source else TONES["muted"]
    muted = TONES["muted"]
    return Content.assemble(left, (at + kind, muted), (text, opens), (actor, muted), right)


def _cells(row: TimelineRow, width: int) -> tuple[str, str, str, str]:
    at = list_time(Instant(row.at)) + _GAP
    is_wide = width + 2 >= _CATEGORY_FROM
    kind = f"{MARKS[row.category]} " + (f"{row.category:<18}" if is_wide else "")
    beside = max(0, width - cell_len(at) - cell_len(kind) - len(_GAP))
    actor = cut(clean(row.actor), max(0, beside - _LEAST_TEXT))
    room = beside - cell_len(actor)
    text = cut(clean(row.text), room)
    return at, kind, text + " " * (room - cell_len(text)) + _GAP, actor
