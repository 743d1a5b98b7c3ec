"""Statistik: figures of whole months, counted once when the month has ended, in which there are no persons.

What is published has its small counts hidden (`store.care.small_cells`) and is rounded to five; the unit's
invånaradministratör sees exact figures. Who works how much is hidden from everybody where fewer than five clinicians
work with a program (domain.md §11).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.care.month_counting import Counted, Figure, Month, Place, counted_in, month_of
from store.care.small_cells import Cell, MonthCells, hidden_cells, is_small
from store.foundation.access import Actor, Role, Standing
from store.foundation.errors import Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.store import Store
from store.foundation.work import Work

ROUNDED_TO = 5
LEAST_CLINICIANS = 5
"""Fewer, and what they do would say what each of them does."""
MOST_MONTHS = 60
SEES = frozenset({Role.RESIDENT_ADMIN, Role.CLINICIAN, Role.ACCESS_ADMIN, Role.DATA_ADMIN})
SEES_EXACT = Role.RESIDENT_ADMIN
_RUNNERS = frozenset({Standing.SYSTEM, Standing.OPERATOR})
_SUMMED = (Figure.STARTED, Figure.RUNNING, Figure.ENDED, Figure.REASON)
_OF_STAFF = (Figure.MINUTES, Figure.ANSWER_TIME)


class Hidden(IntEnum):
    """From whom a figure is hidden; the value is stored."""

    FROM_NOBODY = 0
    WHERE_PUBLISHED = 1
    FROM_ALL = 2


class MonthFigure(SQLModel, table=True):
    """A figure of a program on a unit in a month. Of nobody: neither residents nor staff are named."""

    __table_args__ = {"sqlite_with_rowid": False}

    unit_id: int = Field(primary_key=True)
    program: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    """`2026-11`."""
    figure: str = Field(primary_key=True)
    detail: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    hidden: int


class Shown(NamedTuple):
    """A figure as it is shown; `number` is None where there is none, or it is hidden."""

    number: int | None
    is_hidden: bool = False


@dataclass(frozen=True)
class Line:
    """A figure over the months that were asked for."""

    figure: Figure
    detail: str
    months: tuple[Shown, ...]


@dataclass(frozen=True)
class Statistics:
    """A program's figures on the unit."""

    program: str
    title: str
    months: tuple[Month, ...]
    """Those that are counted, of those that were asked for."""
    lines: tuple[Line, ...]
    threshold: int
    """Counts below it are hidden where they are published."""
    is_exact: bool


def count_whole_months(store: Store, actor: Actor, *, most: int = MOST_MONTHS) -> int:
    """Count the months that have ended and are not counted yet, the oldest first; returns how many they were.

    Before anything of them is purged: what is purged was counted, and no counted month changes.
    """
    number = 0
    while number < most:
        with store.read(actor) as work:
            counted = count_month(work)
        if counted is None:
            break
        with store.work(actor, is_long=True) as keeping:
            keep_month(keeping, *counted)
        number += 1
    return number


@operation("Räkna en månads statistik", may=_RUNNERS, action=None)
def count_month(work: ReadTransaction) -> tuple[Month, dict[Place, Counted]] | None:
    """Count the first whole month that is not counted; None where there is none. Nobody is told apart in it."""
    latest = work.db.value("SELECT max(month) FROM monthfigure")
    month: Month | None
    if latest:
        month = Month.parse(str(latest), "").after()
    else:
        first = work.db.value("SELECT min(started_at) FROM moment")
        month = None if first is None else month_of(first)
    while month is not None and month < Month.of(work.today):
        if found := counted_in(work, month):
            return month, found
        month = month.after()  # nothing was there, and nothing is to be kept
    return None


@operation("Spara en månads statistik", may=_RUNNERS, action=None)
def keep_month(work: Work, month: Month, counted: Mapping[Place, Counted]) -> int:
    """Keep what was counted, and what of it is hidden; a month that is kept is let be. Returns how many figures."""
    work.serialize("statistics")
    if work.db.value("SELECT count(*) FROM monthfigure WHERE month = :month", month=str(month)):
        return 0
    thresholds = _thresholds(work)
    before = _months_before(work, month)
    rows = [
        {"unit_id": unit, "program": program, "month": str(month), "figure": cell.figure, "detail": cell.detail}
        | {"number": one.counts[cell], "hidden": int(hidden)}
        for (unit, program), one in counted.items()
        for cell, hidden in _hiding(one, before.get((unit, program), ()), thresholds[unit]).items()
    ]
    work.db.insert("monthfigure", rows)
    return len(rows)


def _thresholds(work: ReadTransaction) -> dict[int, int]:
    """Return the threshold of each unit's care provider."""
    return dict(
        work.db.pairs("SELECT u.id, c.statistics_threshold FROM unit u JOIN careprovider c ON c.id = u.provider_id")
    )


class _Kept(NamedTuple):
    unit_id: int
    program: str
    month: str
    figure: Figure
    detail: str
    number: int
    hidden: int


def _months_before(work: ReadTransaction, month: Month) -> dict[Place, list[MonthCells]]:
    """Return the months right before, as long as those who ran at their end are hidden: those hang together with it."""
    among = ", ".join(f"'{figure}'" for figure in _SUMMED)
    rows = work.db.all(
        _Kept,
        "SELECT f.unit_id, f.program, f.month, f.figure, f.detail, f.number, f.hidden FROM monthfigure f"
        " JOIN monthfigure p ON p.unit_id = f.unit_id AND p.program = f.program AND p.month = :before"
        f" AND p.figure = '{Figure.RUNNING}' AND p.detail = '' AND p.hidden > 0 WHERE f.figure IN ({among})",
        before=str(month.after(-1)),
    )
    found: defaultdict[Place, dict[str, list[_Kept]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row.unit_id, row.program][row.month].append(row)
    return {place: _chain(months, month) for place, months in found.items()}


def _chain(months: Mapping[str, Sequence[_Kept]], month: Month) -> list[MonthCells]:
    """Return the months before one, the oldest first, back to one whose running are shown, or that is not there."""
    chain: list[MonthCells] = []
    while (kept := months.get(str(month := month.after(-1)))) is not None:
        counts = {Cell(row.figure, row.detail): row.number for row in kept}
        hidden = frozenset(Cell(row.figure, row.detail) for row in kept if row.hidden)
        if Cell(Figure.RUNNING) not in hidden:
            break
        chain.insert(0, MonthCells(counts, hidden))
    return chain


def _hiding(counted: Counted, before: Sequence[MonthCells], threshold: int) -> dict[Cell, Hidden]:
    """Return each figure, and from whom it is hidden."""
    counts = counted.counts
    summed = {cell: number for cell, number in counts.items() if cell.figure in _SUMMED}
    hidden = set(hidden_cells(before, summed, threshold)) | _small_changes(counts, threshold)
    if is_small(counts.get(clinicians := Cell(Figure.CLINICIANS), 0), threshold):
        hidden.add(clinicians)
    if is_small(counts[Cell(Figure.ENDED)], threshold):
        hidden.add(Cell(Figure.LENGTH))
    if is_small(counted.answered, threshold):
        hidden.add(Cell(Figure.ANSWER_TIME))
    are_few = counts.get(clinicians, 0) < LEAST_CLINICIANS
    return {
        cell: Hidden.FROM_ALL
        if are_few and cell.figure in _OF_STAFF
        else Hidden.WHERE_PUBLISHED
        if cell in hidden
        else Hidden.FROM_NOBODY
        for cell in counts
    }


def _small_changes(counts: Mapping[Cell, int], threshold: int) -> set[Cell]:
    """Return what is hidden of the measured changes: of a scale a small count, and the least other with it."""
    scales: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in counts:
        if cell.figure == Figure.CHANGE:
            scales[cell.detail.rpartition(":")[0]].append(cell)
    hidden: set[Cell] = set()
    for cells in scales.values():
        small = [cell for cell in cells if is_small(counts[cell], threshold)]
        others = sorted((cell for cell in cells if cell not in small), key=lambda cell: counts[cell])
        hidden.update(small, others[:1] if len(small) == 1 else ())
    return hidden


@operation("Se enhetens statistik", may=SEES, action=None)
def see_statistics(
    work: ReadTransaction, program: str, first: Month, last: Month, *, is_published: bool = True
) -> Statistics:
    """Return a program's figures on the unit, from one month to another.

    Args:
        work: the transaction.
        program: its id.
        first: the first month.
        last: the last month.
        is_published: whether they leave the screen: then they are hidden and rounded for everybody.

    Raises:
        Refused: the store has no such program, or the months are in the wrong order.
    """
    if last < first:
        raise Refused(f"Perioden slutar ({last}) före den börjar ({first}). Byt plats på månaderna.", field="till")
    unit = work.actor.unit_id or 0
    rows = work.db.all(
        _Kept,
        "SELECT unit_id, program, month, figure, detail, number, hidden FROM monthfigure"
        " WHERE unit_id = :unit AND program = :program AND month >= :first AND month <= :last ORDER BY detail, month",
        unit=unit,
        program=program,
        first=str(first),
        last=str(last),
    )
    months = tuple(Month.parse(name, "") for name in sorted({row.month for row in rows}))
    is_exact = not is_published and SEES_EXACT in work.actor.standing(None)
    return Statistics(
        program,
        _title(work, program),
        months,
        tuple(_lines(rows, months, is_exact=is_exact)),
        _thresholds(work).get(unit, LEAST_CLINICIANS),
        is_exact,
    )


@operation("Se vilka program som har statistik", may=SEES, action=None)
def counted_programs(work: ReadTransaction) -> list[tuple[str, str]]:
    """Return id and title of the programs that the unit has figures of."""
    ids = work.db.values(
        "SELECT DISTINCT program FROM monthfigure WHERE unit_id = :unit ORDER BY program", unit=work.actor.unit_id
    )
    return [(program, _title(work, program)) for program in ids]


def _title(work: ReadTransaction, program: str) -> str:
    title = work.db.value(
        "SELECT title FROM programversion WHERE program = :program ORDER BY id DESC LIMIT 1", program=program
    )
    if title is None:
        known = work.db.values("SELECT DISTINCT program FROM programversion ORDER BY program")
        raise Refused(
            f"Programmet {program} finns inte. De som finns är: {', '.join(known) or 'inga'}.", field="program"
        )
    return str(title)


def _lines(rows: Sequence[_Kept], months: Sequence[Month], *, is_exact: bool) -> Iterator[Line]:
    """Yield the figures in the order of `Figure`, each over all months; a count that is not there is nought."""
    found: defaultdict[tuple[Figure, str], dict[str, Shown]] = defaultdict(dict)
    for row in rows:
        is_hidden = row.hidden > (Hidden.WHERE_PUBLISHED if is_exact else Hidden.FROM_NOBODY)
        number = None if is_hidden else row.number if is_exact else rounded(row.number)
        found[row.figure, row.detail][row.month] = Shown(number, is_hidden)
    for figure in Figure:
        missing = Shown(0 if figure in (*_SUMMED, Figure.CHANGE) else None)
        for (kind, detail), shown in found.items():
            if kind is figure:
                yield Line(figure, detail, tuple(shown.get(str(month), missing) for month in months))


def rounded(number: int) -> int:
    """Return a published number: to the nearest five, upwards from the middle."""
    return (2 * number + ROUNDED_TO) // (2 * ROUNDED_TO) * ROUNDED_TO
