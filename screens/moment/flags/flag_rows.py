"""A moment's flags as rows: how urgent, why, since when, who has seen it, and what was done (domain.md §4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from screens.marks import SEVERITY_CELLS
from screens.moment.messages.conversation_rows import when
from screens.widgets.cells import Ink, Tone
from screens.widgets.row import Row
from screens.widgets.wrapped_list import long_row, more
from screens.wording import age, attempted, counted, day_and_month
from store.foundation.clock import Instant, local_day
from store.foundation.flag_kinds import Severity
from store.views.flags import FlagRow

NO_FLAGS = "Inga öppna flaggor."
"""Right under the caution, which says what that doesn't mean."""
OPEN, HANDLED, WAITING = "Öppna flaggor", "Hanterade flaggor", "Flaggor"
NOT_SEEN = "Inte sedd av någon behandlare än; inte hanterad."
_BY_ITSELF = "Stängdes av sig själv"
_WORD = max(len(mark.text) for mark in SEVERITY_CELLS)
"""Cells for how urgent a flag is: the texts begin under each other."""


@dataclass(frozen=True)
class FlagLine(Row):
    """A row about a flag."""

    flag: FlagRow | None = None


def row_id(flag: int | None) -> str:
    """Return the id of a flag's row."""
    return f"flagga {flag}"


def flag_rows(flags: Sequence[FlagRow], now: Instant, width: int) -> tuple[Row, ...]:
    """Return the rows of all flags, the open ones first, with what is known of each."""
    waiting = [flag for flag in flags if flag.handled_at is None]
    handled = [(flag, flag.handled_at) for flag in flags if flag.handled_at is not None]
    rows: list[Row] = [Row("", counted(OPEN, len(waiting)), is_heading=True)]
    rows += [row for flag in waiting for row in _open(flag, now, width)]
    if not waiting:
        rows.append(Row("", NO_FLAGS, tone="muted"))
    if handled:
        rows += [Row("", ""), Row("", counted(HANDLED, len(handled)), is_heading=True)]
        rows += [row for flag, handled_at in handled for row in _handled(flag, handled_at, now, width)]
    return tuple(rows)


def waiting_rows(flags: Sequence[FlagRow], now: Instant, width: int) -> tuple[Row, ...]:
    """Return the rows of the open flags, as *HANTERA HÄNDELSER* shows them; no row where there are none."""
    waiting = [
        row
        for flag in flags
        if flag.handled_at is None
        for row in (*_head(flag, now, width), *_claimed(flag, width), *_again(flag, now, width))
    ]
    return (Row("", WAITING, is_heading=True), *waiting) if waiting else ()


def _head(flag: FlagRow, now: Instant, width: int) -> Iterator[Row]:
    mark, since = SEVERITY_CELLS[flag.severity.rank], (Ink(age(Instant(min(flag.waiting_since, now)), now)),)
    line = FlagLine(row_id(flag.id), flag.reason, state=since, lead=_lead(mark.text, mark.tone), flag=flag)
    yield from long_row(line, width)


def _lead(word: str, tone: Tone) -> tuple[Ink, ...]:
    return Ink(f"{word:<{_WORD}}", tone), Ink("  ")


def _claimed(flag: FlagRow, width: int) -> Iterator[Row]:
    """Yield who is on it."""
    if flag.taken is not None:
        yield from more(f"{flag.taken.said}.", width, tone="accent")


def _again(flag: FlagRow, now: Instant, width: int) -> Iterator[Row]:
    """Yield when the resident is tried again."""
    if flag.attempts and flag.handled_at is None:
        yield from more(f"{attempted(len(flag.attempts), flag.next_attempt_at, now)}.", width, tone="waiting")


def _attempts(flag: FlagRow, now: Instant, width: int) -> Iterator[Row]:
    """Yield the attempts that did not reach the resident, and when the next is."""
    for tried in flag.attempts:
        at = "".join(when(tried.at, now))
        yield from more(f"Nådde inte {at}, {tried.made_by}: {tried.note}", width, tone="")
    yield from _again(flag, now, width)


def _open(flag: FlagRow, now: Instant, width: int) -> Iterator[Row]:
    yield from _head(flag, now, width)
    yield from _claimed(flag, width)
    yield from _attempts(flag, now, width)
    if flag.severity is Severity.PRIORITY:
        yield from more(f"{_seen(flag, now)}; inte hanterad." if flag.seen else NOT_SEEN, width)
    if origin := _origin(flag, now):
        yield from more(origin, width)


def _handled(flag: FlagRow, handled_at: int, now: Instant, width: int) -> Iterator[Row]:
    lead = _lead(SEVERITY_CELLS[flag.severity.rank].text, "muted")
    state = (Ink(f"✓ {'hanterad' if flag.handled_by else 'stängd'} {when(handled_at, now)[0]}", "done"),)
    line = FlagLine(row_id(flag.id), flag.reason, state=state, lead=lead, flag=flag)
    yield from long_row(line, width)
    at = "".join(when(handled_at, now))
    yield from _attempts(flag, now, width)
    how = f", {flag.outcome.words}" if flag.outcome else ""
    done = f"Hanterad {at} av {flag.handled_by}{how}" if flag.handled_by else f"{_BY_ITSELF} {at}"
    yield from more(f"{done}: {flag.note}", width, tone="")
    if flag.seen:
        yield from more(f"{_seen(flag, now)}.", width)
    if origin := _origin(flag, now):
        yield from more(origin, width)


def _seen(flag: FlagRow, now: Instant) -> str:
    return "Sedd av " + ", ".join(f"{name} {''.join(when(at, now))}" for name, at in flag.seen)


def _origin(flag: FlagRow, now: Instant) -> str:
    """Return who raised a flag by hand, and from when it is a matter; nothing for a flag of a rule."""
    said = []
    if flag.raised_by:
        said.append(f"Satt för hand av {flag.raised_by} {''.join(when(flag.raised_at, now))}")
    if flag.due_on and flag.handled_at is None:
        day = date.fromisoformat(flag.due_on)
        words = "Gäller från" if day > local_day(now) else "Gäller sedan"
        said.append(f"{words} {day_and_month(day)} {day.year}")
    return ". ".join(said) + "." if said else ""
