"""What is counted of a whole month: by unit and program, over the moments as they stand when the month has ended."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from statistics import median
from typing import Any, NamedTuple, Self

from store.care.conversations import Sender
from store.care.forms import form_in
from store.care.questionnaire.answers import from_json
from store.care.questionnaire.change import BETTER, NOT_RELIABLE, WORSE, change_between
from store.care.questionnaire.scale import Scale
from store.care.questionnaire.scoring import score_of
from store.care.small_cells import ENDED, REASON, RUNNING, STARTED, Cell
from store.care.time_spent import week_name
from store.foundation.clock import Instant, days_between, local_day, start_of
from store.foundation.errors import Refused, RowDamaged
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import shortened

_MINUTE = 60_000
_AT_ONCE = 1000
_VERDICTS = {True: WORSE, False: BETTER, None: NOT_RELIABLE}


class Figure(StrEnum):
    """What is counted; the value is stored."""

    STARTED = STARTED
    RUNNING = RUNNING
    """At the month's end, in vidmakthållande too."""
    ENDED = ENDED
    REASON = REASON
    """Of those that ended; the detail is the reason."""
    LENGTH = "langd"
    """Days from start to end, the median of those that ended."""
    CLINICIANS = "behandlare"
    """Who had a moment that ran in the month."""
    ANSWER_TIME = "svarstid"
    """Minutes from a resident's message to the answer, the median of the answers given in the month."""
    MINUTES = "minuter"
    """Worked, in the weeks that ended in the month."""
    CHANGE = "forandring"
    """Of those that ended, from the first measurement to the last; the detail is the scale and what came of it."""


class Month(NamedTuple):
    """A whole month, in Stockholm."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str, field: str) -> Self:
        """Read `2026-11`.

        Raises:
            Refused: it is no month.
        """
        try:
            day = date.fromisoformat(f"{text.strip()}-01")
        except ValueError:
            raise Refused(f"Skriv månaden som 2026-11, inte {shortened(text)}.", field=field) from None
        return cls.of(day)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    def after(self, months: int = 1) -> "Month":
        """Return the month so many later; earlier, where they are less than none."""
        place = self.year * 12 + self.number - 1 + months
        return Month(place // 12, place % 12 + 1)


@dataclass
class Counted:
    """What was counted of a program on a unit."""

    counts: dict[Cell, int] = field(default_factory=lambda: {Cell(one): 0 for one in (STARTED, RUNNING, ENDED)})
    answered: int = 0
    """Residents whose messages were answered."""


Place = tuple[int, str]
"""A unit's id and a program's."""


def counted_in(work: ReadTransaction, month: Month) -> dict[Place, Counted]:
    """Count a month over all units; part of operations. Nobody is told apart in what comes of it."""
    found: defaultdict[Place, Counted] = defaultdict(Counted)
    times = {"begins": start_of(month.first), "ends": start_of(month.after().first)}
    for figure, sql in _COUNTS.items():
        for row in work.db.all(_Number, sql, **times):
            found[row.unit_id, row.program].counts[Cell(figure, row.detail)] = row.number
    for (unit, program), lengths in _lengths(work, times).items():
        counts = found[unit, program].counts
        counts[Cell(Figure.ENDED)] = len(lengths)
        counts[Cell(Figure.LENGTH)] = round(median(lengths))
    for place, number in _minutes(work, month):
        found[place].counts[Cell(Figure.MINUTES)] = number
    for place, (waits, residents) in _waits(work, times).items():
        found[place].counts[Cell(Figure.ANSWER_TIME)] = round(median(waits))
        found[place].answered = len(residents)
    for place, cell in _changes_or_none(work, times):
        found[place].counts[cell] = found[place].counts.get(cell, 0) + 1
    return dict(found)


class _Number(NamedTuple):
    unit_id: int
    program: str
    detail: str
    number: int


_RUNS_AT_END = "started_at < :ends AND (ended_at IS NULL OR ended_at >= :ends)"
_ENDS = "ended_at >= :begins AND ended_at < :ends"
_COUNTS = {
    Figure.STARTED: (
        "SELECT unit_id, program, '' AS detail, count(*) AS number FROM moment"
        " WHERE started_at >= :begins AND started_at < :ends GROUP BY unit_id, program"
    ),
    Figure.RUNNING: (
        "SELECT unit_id, program, '' AS detail, count(*) AS number FROM moment"
        f" WHERE {_RUNS_AT_END} GROUP BY unit_id, program"
    ),
    Figure.REASON: (
        "SELECT unit_id, program, end_reason AS detail, count(*) AS number FROM moment"
        f" WHERE {_ENDS} GROUP BY unit_id, program, end_reason"
    ),
    Figure.CLINICIANS: (
        "SELECT unit_id, program, '' AS detail, count(DISTINCT responsible_id) AS number FROM moment"
        " WHERE started_at < :ends AND (ended_at IS NULL OR ended_at >= :begins) GROUP BY unit_id, program"
    ),
}


class _Length(NamedTuple):
    unit_id: int
    program: str
    started_at: int
    ended_at: int


def _lengths(work: ReadTransaction, times: Mapping[str, int]) -> dict[Place, list[int]]:
    """Return the days of each moment that ended."""
    found: defaultdict[Place, list[int]] = defaultdict(list)
    for row in work.db.all(
        _Length, f"SELECT unit_id, program, started_at, ended_at FROM moment WHERE {_ENDS}", **times
    ):
        found[row.unit_id, row.program].append(days_between(Instant(row.started_at), Instant(row.ended_at)))
    return found


def _minutes(work: ReadTransaction, month: Month) -> Iterator[tuple[Place, int]]:
    """Yield the minutes of the weeks that ended in the month."""
    sunday = month.first + timedelta(6 - month.first.weekday())
    weeks = []
    while Month.of(sunday) == month:
        weeks.append(week_name(sunday))
        sunday += timedelta(7)
    among = ", ".join(f"'{week}'" for week in weeks)
    sql = (
        "SELECT m.unit_id, m.program, '' AS detail, sum(t.seconds) / 60 AS number"
        f" FROM timespent t JOIN moment m ON m.id = t.moment_id WHERE t.week IN ({among}) GROUP BY m.unit_id, m.program"
    )
    for row in work.db.all(_Number, sql):
        yield (row.unit_id, row.program), int(row.number)


def _waits(work: ReadTransaction, times: Mapping[str, int]) -> dict[Place, tuple[list[float], set[int]]]:
    """Return the minutes of each answer given in the month, and the residents who got one."""
    found: defaultdict[Place, tuple[list[float], set[int]]] = defaultdict(lambda: ([], set()))
    for place, resident, written in _conversations(work, times):
        since: int | None = None
        for sender, at in written:
            if sender == Sender.RESIDENT:
                since = at if since is None else since
            elif since is not None:
                if at >= times["begins"]:
                    found[place][0].append((at - since) / _MINUTE)
                    found[place][1].add(resident)
                since = None
    return found


def _conversations(
    work: ReadTransaction, times: Mapping[str, int]
) -> Iterator[tuple[Place, int, Iterable[tuple[str, int]]]]:
    """Yield the conversations in which staff wrote in the month: who wrote when, until it ended."""
    begins, ends = times["begins"], times["ends"]
    sql = (
        "SELECT m.conversation_id, m.resident_id, o.unit_id, o.program, m.sender, m.sent_at FROM message m"
        " JOIN moment o ON o.id = m.moment_id WHERE m.conversation_id IN (SELECT conversation_id FROM message"
        f" WHERE sender = '{Sender.CLINICIAN}' AND sent_at >= {begins:d} AND sent_at < {ends:d})"
        f" AND m.sent_at < {ends:d} ORDER BY m.conversation_id, m.sent_at, m.id"
    )
    for (_, resident, unit, program), rows in groupby(_streamed(work, sql), lambda one: one[:4]):
        yield (unit, program), resident, ((sender, at) for *_, sender, at in rows)


def _streamed(work: ReadTransaction, sql: str) -> Iterator[tuple[Any, ...]]:
    for portion in work.db.stream(sql, _AT_ONCE):
        yield from portion


def _changes_or_none(work: ReadTransaction, times: Mapping[str, int]) -> list[tuple[Place, Cell]]:
    """Return what came of each measured moment that ended, by scale; none of the month where an answer is damaged."""
    try:
        return list(_changes(work, times))
    except (RowDamaged, ValueError):  # `sob kontrollera` names it; all else is counted
        return []


def _changes(work: ReadTransaction, times: Mapping[str, int]) -> Iterator[tuple[Place, Cell]]:
    begins, ends = times["begins"], times["ends"]
    sql = (
        "SELECT o.unit_id, o.program, o.version_id, a.form, a.moment_id, a.answers FROM formanswer a"
        f" JOIN moment o ON o.id = a.moment_id WHERE o.ended_at >= {begins:d} AND o.ended_at < {ends:d}"
        " AND a.installed_id IS NULL ORDER BY a.moment_id, a.form, a.saved_at, a.id"
    )
    for (unit, program, version, form, _), rows in groupby(_streamed(work, sql), lambda one: one[:5]):
        answered = form_in(work, version, form, None)
        given = [from_json(answers) for *_, answers in rows]
        for scale in filter(_is_told, answered.plan.scales):
            scores = [score_of(answered.questionnaire, scale, one).value for one in given]
            known = [score for score in scores if score is not None]
            if len(known) > 1:
                verdict = _VERDICTS[change_between(scale, known[0], known[-1]).is_worse]
                yield (unit, program), Cell(Figure.CHANGE, f"{scale.title}: {verdict}")


def _is_told(scale: Scale) -> bool:
    """Whether the scale's own source says how large a change is more than chance."""
    return scale.reliable_change is not None and bool(scale.change_source)


def month_of(at: int) -> Month:
    """Return the month in which an instant falls."""
    return Month.of(local_day(Instant(at)))
