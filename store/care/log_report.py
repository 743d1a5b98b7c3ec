"""The report of a signed review of the log: when, by whom, what was drawn, which verdicts (domain.md §8)."""

from collections.abc import Iterator

from store.care.log_draw import DrawKind
from store.care.log_review_rows import Review, ReviewRow
from store.care.log_reviews import VERDICTS, WITH, WITHOUT
from store.foundation.clock import Instant, local
from store.foundation.text import clean

TITLE = "Logguppföljning"


def report_lines(review: Review, unit: str) -> list[str]:
    """Return the report's lines; of residents only those in rows with a remark, protected ones masked.

    Args:
        review: as `print_review` returns it.
        unit: the unit's name and HSA-id.
    """
    return [clean(line, multiline=False) for line in _lines(review, unit)]


def _lines(review: Review, unit: str) -> Iterator[str]:
    line = review.line
    yield f"{unit}"
    yield f"Granskning {line.id} av loggen från {line.period}"
    yield f"Dragen {_minute(line.drawn_at)} av {line.drawn_by}"
    if line.kind is DrawKind.TARGETED:
        yield f"Riktad kontroll: {review.reason}"
    else:
        yield f"Stickprov: {line.asked}; slag {line.kind}, frö {line.seed}"
        yield f"Drogs: {drawn_words(line.drawn)}"
        yield "Regler har pekat ut rader vid sidan av det som drogs."
    if line.listed:
        yield f"Utelämnat: {line.listed} gånger då invånaren bara stod i en lista"
    yield ""
    left = line.left
    well = line.rows - line.remarks - left
    yield f"Rader: {line.rows}, varav {well} {VERDICTS[WITHOUT]} och {line.remarks} {VERDICTS[WITH]}"
    if left:
        yield f"Inte bedömda: {left}. De handlar om den som har signerat, och ingen annan har bedömt dem."
    for row in review.rows:
        yield ""
        yield from _remark(line.id, row)
    yield ""
    if line.signed_at is not None:
        yield f"Signerad {_minute(line.signed_at)} av {line.signed_by}"


def _remark(review: int, row: ReviewRow) -> Iterator[str]:
    yield f"Rad {review}.{row.number}, {VERDICTS[WITH]}"
    resident = f"{row.resident} {row.number_of}".strip()
    yield f"  {row.day}: {row.actor_name} ({row.actor_hsa_id}) {row.what}, invånare {resident}"
    yield f"  Därför i granskningen: {', '.join(row.why)}"
    yield f"  Kommentar av {row.judged_by}: {' '.join(row.comment.split())}"


def drawn_words(drawn: str) -> str:
    """Return what was drawn, as a review keeps it, in words: HSA-ids or a day, and how many residents."""
    residents = [one for one in drawn.split() if one.startswith("+")]
    named = [one for one in drawn.split() if not one.startswith("+")]
    return ", ".join([*named, *(f"{one[1:]} invånare" for one in residents)]) or "ingen"


def _minute(at: int) -> str:
    return f"{local(Instant(at)):%Y-%m-%d %H.%M}"
