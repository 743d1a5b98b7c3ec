"""*I KORTHET*: scores, sleep, modules, the last contact and what is due, on a wide screen (domain.md §4)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from math import floor
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content

from screens.widgets.cells import Ink, clean, cut
from screens.widgets.painted import TONES
from screens.wording import day_and_month, days_ago, plural, short_date, short_day
from store.care.moments import MomentStatus
from store.care.questionnaire.schedule import OccasionState
from store.care.questionnaire.scoring import figure
from store.foundation.clock import Instant, local_day
from store.views.form_graph import Series
from store.views.glance import OCCASIONS, Due, Glance, LastContact, SleepWeek
from store.views.moment import ModuleState, MomentPage

HEADING = "I KORTHET"
WIDE_SCREEN = 120
"""Columns of a terminal from which on it is read and shown."""
_LEAST = WIDE_SCREEN - 3
"""Cells that it is shown in at least: the screen's less margins and scrollbar; fewer where another page is beside."""
_MOST_SCORES = 4
_LONGEST_LABEL = 24
_GAP = 2
_LEVELS = "▁▂▃▄▅▆▇█"
_DAMAGED = ("Kan inte visas", Ink("Något som hör hit är skadat i databasen.", "risk"))
Facts = tuple[tuple[str, Ink], ...]
"""Labels with what they say."""
_WRITERS = {"invånare": "invånaren", "ombud": "ombud"}
_WAITS = (OccasionState.DUE, OccasionState.PLANNED)


class GlanceText(NamedTuple):
    """What is said at a glance; nothing where it was not read."""

    scores: tuple[Series, ...] = ()
    left: Facts = ()
    right: Facts = ()


def glance_text(page: MomentPage, glance: Glance | None, now: Instant) -> GlanceText:
    """Return what is said of what was read of a moment; nothing where `glance` was not read."""
    return GlanceText(glance.scores, *facts(page, glance, now)) if glance else GlanceText()


def left_share(said: GlanceText, width: int, least: int) -> int:
    """Return how many cells the left of two columns takes: half of them, or fewer where the right needs the room.

    `least` is what it needs for what stands over this.
    """
    if not _is_shown(said, width):
        return width // 2
    wanted = _indent(label for label, _ in said.right) + _longest(said.right)
    return max(least, _label_room(said) + _longest(said.left) + _GAP, min(width // 2, width - wanted))


def lay_out(said: GlanceText, width: int, share: int, *, in_characters: bool) -> list[Content]:
    """Return the lines, an empty one first; none where there is no room.

    `share` is how wide the left column is; `in_characters`: curves are figures.
    """
    if not _is_shown(said, width):
        return []
    shown, more = said.scores[:_MOST_SCORES], len(said.scores) - _MOST_SCORES
    curves = [figures(series) if in_characters else curve(series) for series in shown]
    rows = [(clean(series.title), score(series, drawn, curves)) for series, drawn in zip(shown, curves, strict=True)]
    if more > 0:
        rows.append(("", Ink(f"och {more} till i grafen", "muted")))
    indent, right_indent = _label_room(said), _indent(label for label, _ in said.right)
    lines = [Content(""), Content.styled(HEADING, "bold")]
    lines += [_line(label, value, indent, width) for label, value in rows]
    lines += [
        _line(label, value, indent, share).append(_line(other_label, other, right_indent, width - share))
        for (label, value), (other_label, other) in zip_longest(said.left, said.right, fillvalue=("", Ink("")))
    ]
    return lines


def _is_shown(said: GlanceText, width: int) -> bool:
    return bool(said.left) and width >= _LEAST


def _label_room(said: GlanceText) -> int:
    """Return where what is said at the left begins."""
    titles = (clean(series.title) for series in said.scores[:_MOST_SCORES])
    return _indent((*titles, *(label for label, _ in said.left)))


def _indent(labels: Iterable[str]) -> int:
    """Return where what is said begins, after the labels."""
    return min(max(map(cell_len, labels), default=0), _LONGEST_LABEL) + _GAP


def _longest(facts: Facts) -> int:
    return max((cell_len(value.text) for _, value in facts), default=0)


def _line(label: str, value: Ink, indent: int, width: int) -> Content:
    """Return a label with its value, so many cells wide."""
    named, text = cut(label, indent - _GAP), cut(value.text, width - indent)
    line = Content.assemble((named, "$text-muted"), " " * (indent - cell_len(named)), (text, TONES[value.tone]))
    return line.append(" " * (width - line.cell_length))


def score(series: Series, drawn: str, curves: Iterable[str]) -> Ink:
    """Return a score: its curve, and the latest value in words with its level and day, all under each other."""
    latest = series.points[-1]
    level = series.level(latest.value)
    words = f"{series.said(latest.value)}{f', {clean(level)}' if level else ''} ({short_day(Instant(latest.at))})"
    beside = max(map(len, curves))
    return Ink(f"{drawn:<{beside}}  {words}" if beside else words)


def curve(series: Series) -> str:
    """Return a block for each occasion, as high as its value in all that the score can be; none for a single one."""
    values = [point.value for point in series.points]
    if len(values) < 2:
        return ""
    low, high = min(0.0, *values), max(series.maximum, 1.0, *values)
    levels = [floor((value - low) / (high - low) * len(_LEVELS)) for value in values]
    return "".join(_LEVELS[min(level, len(_LEVELS) - 1)] for level in levels)


def figures(series: Series) -> str:
    """Return the latest values as figures, as many as there is room for; none for a single one."""
    if len(series.points) < 2:
        return ""
    said = ""
    for point in reversed(series.points):
        longer = f"{figure(point.value)} {said}".rstrip()
        if len(longer) > OCCASIONS:
            break
        said = longer
    return said


def facts(page: MomentPage, glance: Glance, now: Instant) -> tuple[Facts, Facts]:
    """Return the left and the right of what stands under the scores; why there is nothing alone."""
    if glance.is_damaged:
        return (_DAMAGED,), ()
    left = [("Poäng", Ink("Inga poäng", "muted"))] if glance.may_score and not glance.scores else []
    left += [("Sömneffektivitet", sleep(glance.sleep))] if page.has_diary else []
    left.append(("Moduler", Ink(modules(page.modules))))
    right = [("Senaste kontakt", contact(glance.contact, now))]
    if page.status != MomentStatus.ENDED:
        right.append(("Härnäst", next_due((*glance.due, *_measured(page)), now)))
    return tuple(left), tuple(right)


def sleep(week: SleepWeek | None) -> Ink:
    """Return the mean of the latest week's nights, and which they are: `84 % (6 nätter, 14–20 mars 2026)`."""
    if week is None:
        return Ink("Inga nätter", "muted")
    first = str(week.first.day) if week.first.month == week.last.month else day_and_month(week.first)
    first = "" if week.first == week.last else f"{first}–"
    nights = plural(week.nights, "natt", "nätter")
    return Ink(f"{week.efficiency} % ({nights}, {first}{short_date(week.last)})")


def modules(states: Iterable[ModuleState]) -> str:
    """Return how many of the modules that the resident may see are read, and how many are open and not read."""
    seen = [module for module in states if not module.is_hidden]
    opened = [module for module in seen if module.opened_at is not None]
    done = sum(module.read == len(module.steps) for module in opened)
    return f"{done} av {len(seen)} lästa, {plural(len(opened) - done, 'öppen', 'öppna')}"


def contact(last: LastContact | None, now: Instant) -> Ink:
    """Return how somebody was in touch, and when: `invånaren skrev 22 nov 2026 (5 dagar sedan)`."""
    if last is None:
        return Ink("Ingen kontakt", "muted")
    at = Instant(last.at)
    how = last.sort.word if last.sort else f"{_WRITERS.get(last.actor_kind, 'vården')} skrev"
    return Ink(f"{how} {short_day(at)} {days_ago(at, now)}")


def next_due(due: Iterable[Due], now: Instant) -> Ink:
    """Return what comes first, or what has waited longest, and how many more there are."""
    ordered, today = sorted(due, key=lambda one: one.day), local_day(now)
    if not ordered:
        return Ink("Inget planerat", "muted")
    first = ordered[0]
    since = "väntar sedan " if first.day < today else ""
    more = f" (och {len(ordered) - 1} till)" if len(ordered) > 1 else ""
    return Ink(f"{since}{short_date(first.day)}{more}: {clean(first.what)}", "waiting" if since else "")


def _measured(page: MomentPage) -> list[Due]:
    """Return the measurements that are due or planned."""
    return [
        Due(local_day(occasion.due_at), measurement.title)
        for measurement in page.measurements
        for occasion in measurement.occasions
        if occasion.state in _WAITS
    ]
