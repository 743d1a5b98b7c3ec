"""The sömndagbok: a table by day, with what was refused among the rows, as it came and why (domain.md §6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from rich.cells import cell_len
from textual.content import Content

from screens.store_client import StoreClient
from screens.widgets.cells import Tone, clean, cut, wrap
from screens.widgets.drawn_text import DrawnText
from screens.widgets.painted import TONES
from screens.wording import day_and_month
from store.views.diary import Diary, DiaryRow, Week, diaries_of, latest_week, open_diary, summary, view_diary

NOTHING = "Inga rader än. Invånaren fyller i en rad varje morgon."
REFUSED = (
    "✗ Raden togs inte emot. Det som skrevs står under dagen, med skälet och ett exempel. Fyll i den tillsammans med "
    "invånaren, till exempel per telefon."
)
_COMPUTED = ("I säng", "Sömn", "Effektivitet")
_DAY = 10
_GAP = 2
_HEADING = 14
"""Cells of a heading, where what stands under it needs no more: the words of a question may be a whole line."""


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
        yield from _wrapped(REFUSED, width, "waiting")
    yield Content("")
    if not diary.rows:
        yield Content.styled(cut(NOTHING, width), TONES["muted"])
        return
    widths = _widths(diary, width)
    yield Content.styled(_line(("Morgon", *_COMPUTED, *diary.headings), widths, width), "bold")
    for row in diary.rows:
        yield from _refused(row, width) if row.fault else _kept(row, widths, width)


def _week(week: Week) -> str:
    """Return a week's mean with which nights it holds."""
    days = day_and_month(week.last)
    if week.first != week.last:
        days = f"{day_and_month(week.first)} – {days}"
    said = f"Morgnarna {days} ({len(week.nights)} av {week.days} ifyllda). " if week.days > 1 else f"Morgonen {days}. "
    return f"{said}{summary(week.nights)}. {week.why_short}".rstrip()


def _kept(row: DiaryRow, widths: list[int], width: int) -> Iterator[Content]:
    yield Content(_line((row.day, *_computed(row), *row.values), widths, width))
    for line in wrap(row.note, max(1, width - _DAY - _GAP)) if row.note else ():
        yield Content.styled(" " * (_DAY + _GAP) + line, TONES["waiting" if row.doubt else "muted"])


def _refused(row: DiaryRow, width: int) -> Iterator[Content]:
    tone: Tone = "muted" if row.is_mended else "waiting"
    mark = "✓ rättad senare" if row.is_mended else "✗ togs inte emot"
    yield Content.styled(cut(f"{row.day}  {mark}", width), TONES[tone])
    room = max(1, width - _DAY - _GAP)
    for line in (*wrap(row.words, room), *wrap(row.fault, room)):
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


def _widths(diary: Diary, width: int) -> list[int]:
    """Return the columns' widths: as wide as what stands in each; where there is little room the last are cut first."""
    rows = [(row.day, *_computed(row), *row.values) for row in diary.rows if not row.fault]
    heads = ("Morgon", *_COMPUTED, *diary.headings)
    wanted = [
        max([min(cell_len(clean(head)), _HEADING), *(cell_len(clean(cell)) for cell in cells)])
        for head, *cells in zip(heads, *rows, strict=True)
    ]
    spare = width
    found = []
    for want in wanted:
        found.append(max(0, min(want, spare)))
        spare -= found[-1] + _GAP
    return found


def _line(cells: tuple[str, ...], widths: list[int], width: int) -> str:
    padded = [cut(clean(cell), room) for cell, room in zip(cells, widths, strict=True) if room]
    shown = [cell + " " * (room - cell_len(cell)) for cell, room in zip(padded, filter(None, widths), strict=True)]
    return cut((" " * _GAP).join(shown), width).rstrip()


def _wrapped(text: str, width: int, tone: Tone) -> Iterator[Content]:
    for line in wrap(text, width) if text else ():
        yield Content.styled(line, TONES[tone])
