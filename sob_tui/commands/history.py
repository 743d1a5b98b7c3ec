"""`sob visa --tidslinje` and `--journal`: what has happened in a moment."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sob_tui.commands.session import Session
from sob_tui.printing import Table, put, put_json
from store.foundation.clock import Instant, iso_local, local

if TYPE_CHECKING:
    from store.views.timeline import TimelineRow


def put_journal(here: Session, moment: int, first: str | None, last: str | None) -> None:
    """Print the text for the record system."""
    from store.views.journal import day_given, read_journal

    with here.reading_for(read_journal, moment):
        span = day_given(first or "", "fran"), day_given(last or "", "till")
    with here.store.read(here.staff) as work:
        text = read_journal(work, moment, *span)
    if here.common.json:
        put_json({"id": str(moment), "text": text})
    else:
        put(text.rstrip("\n"), multiline=True)


def put_timeline(here: Session, moment: int, first: str | None, last: str | None) -> None:
    """Print all that has happened, the newest first."""
    from store.views.journal import day_given
    from store.views.timeline import open_timeline

    with here.reading_for(open_timeline, moment):
        span = day_given(first or "", "fran"), day_given(last or "", "till")
    rows = _rows(here, moment, *span)
    if here.common.json:
        put_json([_row_json(row) for page in rows for row in page])
        return
    table = Table("Tid", "Slag", "Händelse", "Av")
    for number, page in enumerate(rows):
        table.put([_cells(row) for row in page], heading=number == 0)


def _rows(here: Session, moment: int, first: date | None, last: date | None) -> "Iterator[Sequence[TimelineRow]]":
    from store.views.timeline import Span, open_timeline, timeline_page

    span = Span((), first, last)
    with here.store.read(here.staff) as work:
        page = open_timeline(work, moment, span)
        yield page.rows
        while page.more:
            page = timeline_page(work, moment, span, before=(page.rows[-1].at, page.rows[-1].seq))
            yield page.rows


def _by(row: "TimelineRow") -> str:
    """Return who did it; of the resident's side only what the person is, as a print is masked."""
    return row.role if row.role in ("invånare", "ombud") else row.actor


def _cells(row: "TimelineRow") -> tuple[str, ...]:
    return (f"{local(Instant(row.at)):%Y-%m-%d %H:%M}", row.category.value, row.text, _by(row))


def _row_json(row: "TimelineRow") -> dict[str, Any]:
    answer = row.source.answer if row.source else None
    return {
        "at": iso_local(Instant(row.at)),
        "category": row.category.value.lower(),
        "text": row.text,
        "by": _by(row),
        "answer": None if answer is None else str(answer),
    }
