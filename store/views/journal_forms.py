"""What *Journalunderlag* says of forms: scores with their change, the scale's caution, and what is missing."""

from collections.abc import Iterator
from typing import NamedTuple

from store.care.moments import MomentSubject
from store.care.questionnaire.plan import FormKind
from store.care.questionnaire.schedule import OccasionState
from store.foundation.clock import Instant, local_day
from store.foundation.read_transaction import ReadTransaction
from store.views.diary import diaries_in, summary
from store.views.form_pages import FormPage, page_of
from store.views.journal_period import Period
from store.views.moment import MomentPage

_LISTED = 4
"""Missing measurements that are listed by their days at most."""


class _Saved(NamedTuple):
    form: str
    installed_id: int | None
    id: int
    saved_at: int


def forms(work: ReadTransaction, moment: MomentSubject, page: MomentPage, period: Period) -> Iterator[str]:
    """Yield each form that was answered, the latest occasion; then diaries, and measurements that are missing."""
    rows = work.db.all(
        _Saved,
        "SELECT form, installed_id, id, saved_at FROM formanswer"
        " WHERE resident_id = :resident AND moment_id = :moment ORDER BY saved_at, id",
        resident=moment.resident_id,
        moment=moment.moment_id,
    )
    given: dict[tuple[str, int | None], list[int]] = {}
    for row in rows:
        if row.saved_at in period:
            given.setdefault((row.form, row.installed_id), []).append(row.id)
    for answers in given.values():
        found = page_of(work, moment, answers[-1])
        if found.kind != FormKind.DIARY:
            yield from _form(found, len(answers))
    for diary in diaries_in(work, moment):
        if nights := summary(row for row in diary.rows if row.at in period):
            yield f"{diary.title}. {nights}."
    for measurement in page.measurements:
        missing = [one for one in measurement.in_state(OccasionState.MISSING) if one.due_at in period]
        if missing:
            days = [local_day(one.due_at).isoformat() for one in missing]
            often = f"{len(days)} gånger, senast för {days[-1]}" if len(days) > _LISTED else f"för {', '.join(days)}"
            yield f"{measurement.title}: saknas {often}."


def _form(page: FormPage, times: int) -> Iterator[str]:
    often = "" if times == 1 else f" (besvarat {times} gånger under perioden, det senaste här)"
    yield f"{local_day(Instant(page.saved_at))} {page.title}{often}"
    for score in page.scores:
        title = "" if score.title == page.title else f"{score.title}: "
        yield f"  {title}{score.sentence}"
        for change in score.changes:
            yield f"  {change}"
    if page.scores and page.caution:
        yield f"  {page.caution}"
