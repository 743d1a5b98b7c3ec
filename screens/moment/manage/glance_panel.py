"""The panel *I KORTHET*: scores, sleep, modules, the last contact and what is due, on a wide screen (domain.md §4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from math import floor

from rich.cells import cell_len
from textual.content import Content

from screens.moment.page_state import PageState
from screens.themed_app import ThemedApp
from screens.widgets.cells import Ink, clean, cut
from screens.widgets.painted import TONES, Painted, Sheet
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
_LEAST = 110
"""Cells that it is drawn in at least: fewer are left where the resident's side stands beside the page."""
_MOST_SCORES = 4
_LONGEST_LABEL = 24
_GAP = 2
_LEVELS = "▁▂▃▄▅▆▇█"
_DAMAGED = Ink("Kan inte visas: något som hör hit är skadat i databasen.", "risk")
Columns = tuple[tuple[tuple[str, Ink], ...], ...]
"""Labels with what they say, a column beside the other."""
_WAITS = (OccasionState.DUE, OccasionState.PLANNED)


class GlancePanel(Painted):
    """What is known of a resident at a glance; no line of it where there is little room."""

    def __init__(self) -> None:
        """Show nothing until there is a page."""
        super().__init__("glance")
        self._scores: tuple[Series, ...] = ()
        self._columns: Columns = ()

    def show(self, state: PageState, now: Instant) -> None:
        """Show what was read of a moment; nothing where it was not read."""
        glance = state.glance
        scores, columns = (glance.scores, facts(state.page, glance, now)) if glance else ((), ())
        if (scores, columns) != (self._scores, self._columns):
            self._scores, self._columns = scores, columns
            self.redraw()

    def draw(self, width: int) -> Sheet:
        """Draw the scores under each other, and what else there is in two columns."""
        if not self._columns or width < _LEAST:
            return Sheet()
        in_characters = isinstance(self.app, ThemedApp) and self.app.graph_curve == "tecken"
        return Sheet(lay_out(self._scores, self._columns, width, in_characters=in_characters))


def lay_out(scores: Sequence[Series], columns: Columns, width: int, *, in_characters: bool = False) -> list[Content]:
    """Return the panel's lines, an empty one first; `in_characters`: curves as figures, without blocks."""
    shown = scores[:_MOST_SCORES]
    labels = [clean(series.title) for series in shown] + [label for column in columns for label, _ in column]
    indent = min(max(map(cell_len, labels)), _LONGEST_LABEL) + _GAP
    lines = [Content(""), Content.styled(HEADING, "bold")]
    for label, series in zip(labels, shown, strict=False):
        lines.append(_line(label, score(series, in_characters=in_characters), indent, width))
    if len(scores) > len(shown):
        more = plural(len(scores) - len(shown), "poäng", "poäng")
        lines.append(_line("", Ink(f"och {more} till i grafen", "muted"), indent, width))
    for pair in zip_longest(*columns, fillvalue=("", Ink(""))):
        lines.append(Content("").join(_line(label, value, indent, width // len(columns)) for label, value in pair))
    return lines


def _line(label: str, value: Ink, indent: int, width: int) -> Content:
    """Return a label with its value, so many cells wide."""
    named, text = cut(label, indent - _GAP), cut(value.text, width - indent - _GAP)
    line = Content.assemble((named, "$text-muted"), " " * (indent - cell_len(named)), (text, TONES[value.tone]))
    return line.append(" " * max(0, width - line.cell_length))


def score(series: Series, *, in_characters: bool = False) -> Ink:
    """Return a score: its curve, and the latest value in words with its level and day."""
    latest = series.points[-1]
    level = series.level(latest.value)
    words = f"{series.said(latest.value)}{f', {clean(level)}' if level else ''} ({short_day(Instant(latest.at))})"
    drawn = figures(series) if in_characters else curve(series)
    return Ink(f"{drawn:<{OCCASIONS}}  {words}")


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


def facts(page: MomentPage, glance: Glance, now: Instant) -> Columns:
    """Return what stands under the scores, in two columns; in one, why there is nothing."""
    if glance.is_damaged:
        return ((("", _DAMAGED),),)
    left = [] if glance.scores else [("Poäng", Ink("Inga poäng än", "muted"))]
    left += [("Sömneffektivitet", sleep(glance.sleep))] if page.has_diary else []
    left.append(("Moduler", Ink(modules(page.modules))))
    right = [("Senaste kontakt", contact(glance.contact, now))]
    if page.status != MomentStatus.ENDED:
        right.append(("Härnäst", next_due((*glance.due, *_measured(page)), now)))
    return tuple(left), tuple(right)


def sleep(week: SleepWeek | None) -> Ink:
    """Return the mean of the latest week's nights, and which they are."""
    if week is None:
        return Ink("Inga nätter än", "muted")
    first = "" if week.first == week.last else f"{day_and_month(week.first)}–"
    nights = plural(week.nights, "natt", "nätter")
    return Ink(f"{week.efficiency} % ({nights}, {first}{short_date(week.last)})")


def modules(states: Iterable[ModuleState]) -> str:
    """Return how many of the modules that the resident may see are read, and how many are open and not read."""
    seen = [module for module in states if not module.is_hidden]
    opened = [module for module in seen if module.opened_at is not None]
    done = sum(module.read == len(module.steps) for module in opened)
    return f"{done} av {len(seen)} lästa, {plural(len(opened) - done, 'öppen', 'öppna')}"


def contact(last: LastContact | None, now: Instant) -> Ink:
    """Return when and how somebody was in touch."""
    if last is None:
        return Ink("Ingen kontakt än", "muted")
    written = "meddelande från invånaren" if last.is_residents else "meddelande till invånaren"
    at = Instant(last.at)
    return Ink(f"{short_day(at)} {days_ago(at, now)}, {last.sort.word if last.sort else written}")


def next_due(due: Iterable[Due], now: Instant) -> Ink:
    """Return what comes first, or what has waited longest, and how many more there are."""
    ordered, today = sorted(due, key=lambda one: one.day), local_day(now)
    if not ordered:
        return Ink("Inget planerat", "muted")
    first = ordered[0]
    since = "sedan " if first.day < today else ""
    more = f" (+{len(ordered) - 1})" if len(ordered) > 1 else ""
    return Ink(f"{since}{short_date(first.day)}{more}: {clean(first.what)}", "waiting" if since else "")


def _measured(page: MomentPage) -> list[Due]:
    """Return the measurements that are due or planned."""
    return [
        Due(local_day(occasion.due_at), measurement.title)
        for measurement in page.measurements
        for occasion in measurement.occasions
        if occasion.state in _WAITS
    ]
