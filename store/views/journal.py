"""Journalunderlag: a moment, or a period of it, as plain text to be pasted into a record system (domain.md §10).

It names nobody but staff: the record that it is pasted into knows whose it is, and a clipboard is seen by others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from store.care.moments import MomentStatus, MomentSubject, moment_subject
from store.care.questionnaire.plan import FormKind
from store.care.questionnaire.schedule import OccasionState
from store.foundation.access import TO_CLIPBOARD, Action, DataCategory
from store.foundation.clock import Instant, local_day, start_of
from store.foundation.errors import Refused
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.text import clean, plain_dashes
from store.foundation.work import ReadTransaction
from store.views.diary import diaries_in, summary
from store.views.form_pages import FormPage, page_of
from store.views.moment import SEES, ModuleState, MomentPage, page_of_moment

_STATUS = {
    MomentStatus.RUNNING: "Pågående",
    MomentStatus.MAINTENANCE: "Vidmakthållande läge",
    MomentStatus.ENDED: "Avslutat",
}
_CONTACTS = [kind for kind in EventKind if kind.told.journal]
_OTHERS = {"invånare": "invånaren", "ombud": "ombud"}
_DAY = 86_400_000
_LISTED = 4
"""Missing measurements that are listed by their days at most."""


@dataclass(frozen=True)
class Period:
    """Days, both included."""

    first: date
    last: date

    def __contains__(self, at: int) -> bool:
        """Whether an instant (UTC milliseconds) falls within it."""
        return self.first <= local_day(Instant(at)) <= self.last


@operation("Läsa journalunderlag", may=SEES, action=Action.READ, category=DataCategory.TIMELINE, on=moment_subject)
def read_journal(
    work: ReadTransaction, moment: MomentSubject, first: date | None = None, last: date | None = None
) -> str:
    """Return the text; the whole moment where no days are given.

    Raises:
        Refused: the period ends before it begins.
    """
    return _text(work, moment, first, last)


@operation("Kopiera journalunderlag", may=SEES, action=Action.COPIED, category=DataCategory.TIMELINE, on=moment_subject)
def copy_journal(
    work: ReadTransaction, moment: MomentSubject, first: date | None = None, last: date | None = None
) -> str:
    """Return the same text, to be copied; see `read_journal`. Nobody knows whether a terminal takes it."""
    work.log(Action.COPIED, moment, TO_CLIPBOARD)
    return _text(work, moment, first, last)


def day_given(text: str, field: str) -> date | None:
    """Return the day that somebody has typed, None for nothing.

    Raises:
        Refused: it is no day.
    """
    if not text.strip():
        return None
    try:
        return date.fromisoformat(plain_dashes(text).strip())
    except ValueError:
        raise Refused(f"{text} är inget datum. Skriv år, månad och dag så här: 2026-11-22.", field=field) from None


def _text(work: ReadTransaction, moment: MomentSubject, first: date | None, last: date | None) -> str:
    page = page_of_moment(work, moment)
    started, until = local_day(Instant(page.started_at)), local_day(Instant(page.ended_at or work.now))
    period = Period(first or started, last or max(started, until))
    if period.last < period.first:
        raise Refused("Perioden slutar innan den börjar. Byt plats på dagarna.", field="till")
    parts = (
        _head(page, period),
        ("KONTAKTER", *(list(_contacts(work, moment, period)) or ["Inga under perioden."])),
        ("FORMULÄR", *(list(_forms(work, moment, page, period)) or ["Inga under perioden."])),
        ("MODULER", *(list(_modules(page, period)) or ["Ingen läst under perioden."])),
    )
    return "\n\n".join("\n".join(clean(line, multiline=False) for line in part) for part in parts) + "\n"


def _head(page: MomentPage, period: Period) -> tuple[str, ...]:
    started = local_day(Instant(page.started_at))
    status = f"{_STATUS[MomentStatus(page.status)]}. Startat {started}"
    if page.ended_at is not None:
        status += f", avslutat {local_day(Instant(page.ended_at))}: {page.end_reason}"
    active = "Ingen aktivitet" if page.last_active_at is None else str(local_day(Instant(page.last_active_at)))
    return (
        f"Stöd och behandling (1177): {page.program_title}",
        f"Period: {period.first}–{period.last}, behandlingsvecka {_week(page, period)}",
        f"{status}.",
        f"Ansvarig behandlare: {page.clinician_name}. Invånaren senast aktiv: {active}.",
    )


def _week(page: MomentPage, period: Period) -> str:
    start = local_day(Instant(page.started_at))
    weeks = [max(0, (day - start).days) // 7 + 1 for day in (period.first, period.last)]
    return str(weeks[0]) if weeks[0] == weeks[1] else f"{weeks[0]}–{weeks[1]}"


def _contacts(work: ReadTransaction, moment: MomentSubject, period: Period) -> Iterator[str]:
    kinds = ", ".join(f":k{place}" for place in range(len(_CONTACTS)))
    rows = work.db.all(
        _Contact,
        "SELECT at, kind, actor_name, actor_kind FROM event WHERE resident_id = :resident AND moment_id = :moment"
        f" AND at >= :first AND at < :last AND kind IN ({kinds}) ORDER BY at, seq",
        resident=moment.resident_id,
        moment=moment.moment_id,
        first=start_of(period.first),
        last=start_of(period.last) + 2 * _DAY,
        **{f"k{place}": kind.value for place, kind in enumerate(_CONTACTS)},
    )
    for row in rows:
        if row.at in period:
            who = row.actor_name if row.actor_kind == "personal" else _OTHERS.get(row.actor_kind, row.actor_kind)
            yield f"{local_day(Instant(row.at))} {row.kind.told.journal.format(who)}"


class _Contact(NamedTuple):
    at: int
    kind: EventKind
    actor_name: str
    actor_kind: str


class _Saved(NamedTuple):
    form: str
    installed_id: int | None
    id: int
    saved_at: int


def _forms(work: ReadTransaction, moment: MomentSubject, page: MomentPage, period: Period) -> Iterator[str]:
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
    for risk in page.risks:
        yield f"  Risksvar: {risk.text} {', '.join(risk.values)}"
    for score in page.scores:
        title = "" if score.title == page.title else f"{score.title}: "
        yield f"  {title}{score.sentence}"
        for change in score.changes:
            yield f"  {change}"


def _modules(page: MomentPage, period: Period) -> Iterator[str]:
    for module in page.modules:
        if module.opened_at is not None and _is_touched(module, period):
            number = "" if module.number is None else f"{module.number} "
            yield f"{number}{module.title}: läst {module.read} av {len(module.steps)} steg"


def _is_touched(module: ModuleState, period: Period) -> bool:
    return any(step.read_at is not None and step.read_at in period for step in module.steps)
