"""Journalunderlag: a moment, or a period of it, as plain text to be pasted into a record system (domain.md §10).

It names nobody but staff: the record that it is pasted into knows whose it is, and a clipboard is seen by others. What
it says of flags, plans and forms stands beside this file.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import NamedTuple

from store.care.event_words import contact_words
from store.care.held_messages import HOLD
from store.care.moments import MomentStatus, MomentSubject, moment_subject
from store.foundation.access import TO_CLIPBOARD, Action, DataCategory
from store.foundation.clock import Instant, local, local_day, start_of
from store.foundation.errors import Refused
from store.foundation.events import Category, EventKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import clean, plain_dashes, shortened
from store.foundation.work import Work
from store.views.journal_flags import notes, risks
from store.views.journal_forms import forms
from store.views.journal_period import Period, copied_until, end_of
from store.views.journal_plans import plans, safety_plan
from store.views.moment import SEES, ModuleState, MomentPage, page_of_moment
from store.views.timeline import treatment_week

_STATUS = {
    MomentStatus.RUNNING: "Pågående",
    MomentStatus.MAINTENANCE: "Vidmakthållande läge",
    MomentStatus.ENDED: "Avslutat",
}
_OTHERS = {"invånare": "invånaren", "ombud": "ombud"}
NOTHING = "Inga under perioden."


@dataclass(frozen=True)
class JournalText:
    """The text. Instants are UTC milliseconds."""

    text: str
    until: int
    """Until when it tells, as `confirm_journal` takes it."""
    copied_until: int | None
    """Until when all of the moment was in the record before; None where nothing was."""


@operation("Läsa journalunderlag", may=SEES, action=Action.READ, category=DataCategory.TIMELINE, on=moment_subject)
def read_journal(
    work: ReadTransaction,
    moment: MomentSubject,
    first: date | None = None,
    last: date | None = None,
    *,
    since_copied: bool = False,
) -> JournalText:
    """Return the text; the whole moment where no days are given.

    Args:
        work: the transaction.
        moment: the moment's id.
        first: the first day; None for the moment's start.
        last: the last day; None for now.
        since_copied: begin after what somebody has confirmed to be in the record, whatever `first` is.

    Raises:
        Refused: the period ends before it begins.
    """
    if first is not None and last is not None and last < first:
        raise Refused("Perioden slutar innan den börjar. Byt plats på dagarna.", field="till")
    page = page_of_moment(work, moment)
    until = max(page.started_at, _told_until(work, moment))
    whole = Period(page.started_at, until if last is None else min(until, end_of(last)))
    period = _asked_for(work, moment, whole, first, since_copied=since_copied)
    return JournalText(_text(work, moment, page, period), period.until, copied_until(work, moment))


@operation("Kopiera journalunderlag", may=SEES, action=Action.COPIED, category=DataCategory.TIMELINE, on=moment_subject)
def copy_journal(work: ReadTransaction, moment: MomentSubject) -> None:
    """Log that the text is copied, as it was read or edited. Nobody knows whether a terminal takes it."""
    work.log(Action.COPIED, moment, TO_CLIPBOARD)


@operation(
    "Bekräfta att journalunderlaget är i journalen",
    may=SEES,
    action=Action.CHANGED,
    category=DataCategory.TIMELINE,
    event=True,
    on=moment_subject,
)
def confirm_journal(
    work: Work, moment: MomentSubject, until: int, first: date | None = None, *, since_copied: bool = False
) -> None:
    """Note that a text has arrived in the record: what comes after it is *sedan senast kopierat*.

    Args:
        work: the transaction.
        moment: the moment's id.
        until: until when the text was, as `JournalText` has it.
        first: the first day that it was asked for.
        since_copied: whether it was asked for since the latest copy.

    Raises:
        Refused: no text can be of that time.
    """
    started_at = int(work.db.value("SELECT started_at FROM moment WHERE id = :id", id=moment.moment_id))
    period = _asked_for(work, moment, Period(started_at, until), first, since_copied=since_copied)
    if not period.begins <= until <= work.now:
        raise Refused("Ingen text kan gälla den tiden. Läs underlaget och bekräfta det som står där.", field="kopierad")
    facts = {"from": period.begins, "until": until, "first": str(period.first), "last": str(period.last)}
    work.event(moment, EventKind.JOURNAL_COPIED, **facts)


def _told_until(work: ReadTransaction, moment: MomentSubject) -> int:
    """Return until when a text can tell: now, or before a message that its sender can still take back."""
    going = work.db.value(
        "SELECT min(release_at) FROM conversation"
        " WHERE resident_id = :resident AND moment_id = :moment AND release_at > :now",
        resident=moment.resident_id,
        moment=moment.moment_id,
        now=work.now,
    )
    return work.now if going is None else going - HOLD - 1


def _asked_for(
    work: ReadTransaction, moment: MomentSubject, whole: Period, first: date | None, *, since_copied: bool
) -> Period:
    """Return what is left of the whole from the day, or the copy, that a text begins with."""
    if since_copied and (done := copied_until(work, moment)) is not None:
        return Period(done + 1, whole.until)
    return whole if first is None else Period(max(whole.begins, start_of(first)), whole.until)


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
        raise Refused(
            f"{shortened(text)} är inget datum. Skriv år, månad och dag så här: 2026-11-22.", field=field
        ) from None


def _text(work: ReadTransaction, moment: MomentSubject, page: MomentPage, period: Period) -> str:
    parts = (
        _head(page, period),
        _part("RISKSVAR", risks(work, moment, period)),
        _part("KONTAKTER", _events(work, moment, period, Category.MESSAGES)),
        _part("FLAGGOR", notes(work, moment, period)),
        _part("FORMULÄR", forms(work, moment, page, period)),
        _part("PLANER", chain(safety_plan(work, moment, page, period), plans(work, moment, period))),
        _part("MODULER", _modules(page, period), "Ingen läst under perioden."),
        _part("MOMENTET", _events(work, moment, period, Category.ADMINISTRATION), "Inget under perioden."),
    )
    return "\n\n".join("\n".join(clean(line, multiline=False) for line in part) for part in parts) + "\n"


def _part(heading: str, lines: Iterator[str], nothing: str = NOTHING) -> tuple[str, ...]:
    return (heading, *(list(lines) or [nothing]))


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
    ended = local_day(Instant(page.ended_at)) if page.ended_at is not None else period.last
    first, last = (treatment_week(start, min(day, ended)) for day in (period.first, period.last))
    return str(first) if first == last else f"{first}–{last}"


def _events(work: ReadTransaction, moment: MomentSubject, period: Period, category: Category) -> Iterator[str]:
    """Yield what happened that the text tells of, of a category, in the order of time.

    A contact that was noted afterwards is told of where it was made, and in the period in which it was noted: one that
    is in the record already would not get it else.
    """
    kinds = [kind for kind in EventKind if kind.told.journal and kind.told.category is category]
    named = {f"k{place}": kind.value for place, kind in enumerate(kinds)}
    rows = work.db.all(
        _Event,
        "SELECT at, kind, actor_name, actor_kind, facts FROM event"
        " WHERE resident_id = :resident AND moment_id = :moment AND at >= :first AND (at <= :last OR kind = :contact)"
        f" AND kind IN ({', '.join(f':{name}' for name in named)}) ORDER BY at, seq",
        resident=moment.resident_id,
        moment=moment.moment_id,
        first=period.begins,
        last=period.until,
        contact=EventKind.CONTACT_MADE.value,
        **named,
    )
    told = [(facts.get("made", row.at), row, facts) for row in rows for facts in [json.loads(row.facts)]]
    for at, row, facts in sorted(told, key=lambda one: one[0]):
        if row.at in period or at in period:
            who = row.actor_name if row.actor_kind == "personal" else _OTHERS.get(row.actor_kind, row.actor_kind)
            words = {**row.kind.told.unsaid, **facts, **contact_words(facts), **_made_and_noted(row.at, at), "who": who}
            sentence = row.kind.told.journal.replace("{}", "{who}").format_map(defaultdict(str, words))
            yield f"{local_day(Instant(at))} {sentence}"


def _made_and_noted(noted: int, made: int) -> dict[str, str]:
    """Return how it is said at what time something was made, and on which other day it was noted."""
    if made == noted:
        return {}
    made_on, noted_on = local_day(Instant(made)), local_day(Instant(noted))
    return {"clock": f" {local(Instant(made)):%H.%M}", "noted": "" if made_on == noted_on else f", noterad {noted_on}"}


class _Event(NamedTuple):
    at: int
    kind: EventKind
    actor_name: str
    actor_kind: str
    facts: str


def _modules(page: MomentPage, period: Period) -> Iterator[str]:
    for module in page.modules:
        if module.opened_at is not None and _is_touched(module, period):
            number = "" if module.number is None else f"{module.number} "
            read = sum(step.read_at is not None and step.read_at <= period.until for step in module.steps)
            yield f"{number}{module.title}: läst {read} av {len(module.steps)} steg"


def _is_touched(module: ModuleState, period: Period) -> bool:
    return any(step.read_at is not None and step.read_at in period for step in module.steps)
