"""The sömndagbok: a table by day, with what was refused among the rows, as it came and why (domain.md §6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content

from screens.store_client import StoreClient
from screens.widgets.cells import Tone, clean, cut, fit, wrap
from screens.widgets.drawn_text import DrawnText
from screens.widgets.painted import TONES
from screens.wording import day_and_month
from store.views.diary import Diary, DiaryRow, Week, diaries_of, latest_week, open_diary, summary, view_diary

NOTHING = "Inga rader än. Invånaren fyller i en rad varje morgon."
REFUSED = (
    "Raden togs inte emot. Det som skrevs står under dagen, med skälet och ett exempel. Fyll i den tillsammans med "
    "invånaren, till exempel per telefon."
)
_COMPUTED = ("I säng", "Sömn", "Effektivitet")
_DAY = 10
_GAP = 2
_HEADING = 14
"""Cells of a heading, where what stands under it needs no more: the words of a question may be a whole line."""
_LEAST = 8
"""Cells that a column is cut to at most; with fewer it is left out, and those after it."""


class _Column(NamedTuple):
    """A column of the table with its cells, of the rows that were kept."""

    heading: str
    cells: tuple[str, ...]
    width: int
    is_number: bool

    def put(self, cell: str) -> str:
        """Return a cell as wide as the column."""
        return "".join(ink.text for ink in fit(cell, self.width, right=self.is_number))


class DiaryDocument:
    """A moment's diaries. Opening their row handles what is unread of them, as with a form."""

    def __init__(
        self,
        client: StoreClient,
        moment_id: int,
        *,
        marks_read: bool,
        works_for_colleague: bool,
        was_read: Callable[[], None],
    ) -> None:
        """Show a moment's diaries.

        Args:
            client: the way to the store.
            moment_id: the moment.
            marks_read: whether their row was opened.
            works_for_colleague: whether they are read for a colleague.
            was_read: told when rows of theirs became read.
        """
        self.is_marked = False
        """Whether the rows have been marked as read from here."""
        self._marks_read = marks_read
        self._client = client
        self._moment_id = moment_id
        self._works_for_colleague = works_for_colleague
        self._was_read = was_read
        self._is_news = False
        """Whether rows have become read by the latest reading."""
        self._is_opened = False
        self._diaries: tuple[Diary, ...] = ()
        self._text = DrawnText()

    @property
    def title(self) -> tuple[str, ...]:
        """The names of the diaries."""
        return tuple(diary.title for diary in self._diaries)

    @property
    def widgets(self) -> tuple[DrawnText]:
        """The tables, as one text."""
        return (self._text,)

    async def read(self) -> None:
        """Read the rows; the first time they are opened, and by that handled where their row was."""
        if not self._is_opened and self._marks_read:
            await self.mark_read()
        elif not self._is_opened:
            await self._client.read(view_diary, self._moment_id)
        self._is_opened = True
        self._diaries = await self._client.read(diaries_of, self._moment_id)

    async def mark_read(self) -> None:
        """Mark the unread rows as read.

        Raises:
            DomainError: what the store refuses.
        """
        covers = self._works_for_colleague
        self._is_news = await self._client.write(open_diary, self._moment_id, covers=covers)
        self.is_marked = True

    def show(self) -> None:
        """Show the rows that were read last."""
        if self._is_news:
            self._is_news = False
            self._was_read()
        self._text.show(partial(draw_diaries, self._diaries))


def draw_diaries(diaries: tuple[Diary, ...], width: int) -> list[Content]:
    """Return the lines of all diaries."""
    return [line for diary in diaries for line in _draw(diary, width)]


def _draw(diary: Diary, width: int) -> Iterator[Content]:
    yield Content.styled(cut(clean(diary.title), width), "bold")
    yield from _wrapped(diary.caution, width, "muted")
    if week := latest_week(diary):
        yield from _wrapped(_week(week), width, "")
        yield from _wrapped(diary.method, width, "muted")
    if any(row.fault and not row.is_mended for row in diary.rows):
        for at, line in enumerate(wrap(REFUSED, max(1, width - _GAP))):
            yield Content.styled(f"{' ' if at else '✗'} {line}", TONES["waiting"])
    yield Content("")
    if not diary.rows:
        yield Content.styled(cut(NOTHING, width), TONES["muted"])
        return
    columns = tuple(_columns(diary, width))
    yield Content.styled(_line(columns, [column.heading for column in columns]), "bold")
    lines = zip(*(column.cells for column in columns), strict=True)
    for row in diary.rows:
        yield from _refused(row, width) if row.fault else _kept(row, _line(columns, next(lines)), width)


def _week(week: Week) -> str:
    """Return a week's mean with which nights it holds."""
    days = day_and_month(week.last)
    if week.first != week.last:
        days = f"{day_and_month(week.first)} – {days}"
    said = f"Morgnarna {days} ({len(week.nights)} av {week.days} ifyllda). " if week.days > 1 else f"Morgonen {days}. "
    return f"{said}{summary(week.nights)}. {week.why_short}".rstrip()


def _kept(row: DiaryRow, line: str, width: int) -> Iterator[Content]:
    yield Content(line)
    for line in wrap(row.note, max(1, width - _DAY - _GAP)) if row.note else ():
        yield Content.styled(" " * (_DAY + _GAP) + line, TONES["waiting" if row.doubt else "muted"])


def _refused(row: DiaryRow, width: int) -> Iterator[Content]:
    tone: Tone = "muted" if row.is_mended else "waiting"
    mark = "✓ rättad senare" if row.is_mended else "✗ togs inte emot"
    yield Content.styled(cut(f"{row.day}  {mark}", width), TONES[tone])
    room = max(1, width - _DAY - _GAP)
    for line in (*wrap(row.words, room), *wrap(row.why, room)):
        yield Content.styled(" " * (_DAY + _GAP) + line, TONES[tone])


def _computed(row: DiaryRow) -> tuple[str, str, str]:
    """Return time in bed, time asleep and sleep efficiency; dashes where an answer that they need is missing."""
    night = row.night
    if night is None:
        return ("–", "–", "–")
    return (_hours(night.in_bed_minutes), _hours(night.asleep_minutes), f"{round(night.efficiency * 100)} %")


def _hours(minutes: int) -> str:
    """Return `7 h 05`."""
    return f"{minutes // 60} h {minutes % 60:02d}"


def _columns(diary: Diary, width: int) -> Iterator[_Column]:
    """Yield the columns that something stands in, as wide as that; with little room the last are cut or left out."""
    rows = [(row.day, *_computed(row), *row.values) for row in diary.rows if not row.fault]
    for at, (heading, *cells) in enumerate(zip(("Morgon", *_COMPUTED, *diary.headings), *rows, strict=True)):
        if at and not any(cells):
            continue
        wanted = max([min(cell_len(clean(heading)), _HEADING), *(cell_len(clean(cell)) for cell in cells)])
        room = max(0, min(wanted, width))
        if at and room < min(wanted, _LEAST):
            return
        is_number = 0 < at <= len(_COMPUTED) or all(cell.replace(",", "").isdecimal() for cell in cells if cell)
        yield _Column(heading, tuple(cells), room, is_number)
        width -= room + _GAP


def _line(columns: Iterable[_Column], cells: Sequence[str]) -> str:
    return (" " * _GAP).join(column.put(cell) for column, cell in zip(columns, cells, strict=True)).rstrip()


def _wrapped(text: str, width: int, tone: Tone) -> Iterator[Content]:
    for line in wrap(text, width) if text else ():
        yield Content.styled(line, TONES[tone])
