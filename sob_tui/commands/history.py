"""`sob visa --tidslinje` and `--journal`: what has happened in a moment."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sob_tui.commands.session import Session
from sob_tui.printing import Table, put, put_json, tell
from store.foundation.clock import STOCKHOLM, Instant, instant, iso_local, local
from store.foundation.errors import Refused

if TYPE_CHECKING:
    from store.care.moments import MomentSubject
    from store.foundation.read_transaction import ReadTransaction
    from store.views.timeline import TimelineRow


def put_journal(here: Session, moment: int, first: str | None, last: str | None, *, since_copied: bool) -> None:
    """Print the text for the record system; how it is confirmed that it has arrived there is told beside it."""
    from store.views.journal import day_given, read_journal

    with here.reading_for(read_journal, moment):
        span = day_given(first or "", "fran"), day_given(last or "", "till")
    with here.store.read(here.staff) as work:
        journal = read_journal(work, moment, *span, since_copied=since_copied)
    if here.common.json:
        put_json({"id": str(moment), "text": journal.text})
    else:
        put(journal.text.rstrip("\n"), multiline=True)
    more = " --sedan-senast" if since_copied else f" --fran {span[0]}" if span[0] else ""
    until = local(Instant(journal.until)).isoformat(timespec="milliseconds")
    tell(f"När texten finns i journalen: sob visa {moment} --journal{more} --kopierad {until}")


def offered_journal(work: "ReadTransaction", subject: "MomentSubject | None") -> str:
    """Return how the text for the record is printed; nothing where who acts may not read it from now on."""
    from store.care.drafts import WRITERS

    if subject is None or not work.actor.standing(subject) & WRITERS:
        return ""
    return f"Journalunderlaget: sob visa {subject.moment_id} --journal --sedan-senast"


def offer_journal(offered: str) -> None:
    """Print what `offered_journal` returned, beside the answer, once what was done is stored."""
    if offered:
        tell(offered)


def confirm_copied(here: Session, moment: int, first: str | None, until: str, *, since_copied: bool) -> None:
    """Note that the text until an instant has arrived in the record."""
    from store.views.journal import confirm_journal, day_given

    with here.reading_for(confirm_journal, moment):
        day, at = day_given(first or "", "fran"), _instant_given(until)
    with here.work() as work:
        confirm_journal(work, moment, at, day, since_copied=since_copied)
    said = "Noterat: texten finns i journalen. --sedan-senast börjar efter den."
    here.answer({"id": str(moment), "until": iso_local(at)}, [said])


def _instant_given(text: str) -> Instant:
    try:
        return instant(datetime.fromisoformat(text).astimezone(STOCKHOLM))
    except (ValueError, OverflowError):
        sentence = f"{text} är ingen tid. Skriv den som den står efter underlaget: 2026-11-22T10:15:00+01:00."
        raise Refused(sentence, field="kopierad") from None


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
