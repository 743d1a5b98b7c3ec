"""A resident at a glance: the latest scores, how the week was slept, the last contact, what is due (domain.md §4)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from store.care.contacts import ContactSort
from store.care.forms import answered_form
from store.care.moments import MomentStatus, MomentSubject, moment_subject
from store.care.program_files import Program
from store.care.programs import program_of
from store.foundation.access import Action, DataCategory
from store.foundation.errors import RowDamaged
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.views.diary import diaries_in, efficiency, latest_week
from store.views.form_graph import Series, series_of
from store.views.moment import SEES
from store.views.timeline import newest_events

OCCASIONS = 12
"""How many of a form's latest answers are read."""
_ENTRIES = 60
"""Entries of a diary among which the week is looked for: each morning of two months, some of them mended."""
_NEWEST = 10
"""Messages and contacts among which the last is looked for: a contact may be noted later than it was made."""


@dataclass(frozen=True)
class SleepWeek:
    """The mean of a diary's latest nights, as `latest_week` puts them together; `efficiency` in whole percent."""

    efficiency: int
    nights: int
    first: date
    last: date


@dataclass(frozen=True)
class LastContact:
    """When somebody was in touch last (UTC milliseconds), and how; `sort` is None for a message."""

    at: int
    sort: ContactSort | None = None
    actor_kind: str = ""
    """Who wrote the message, as `Event` has it: the resident, an ombud, or staff."""


class Due(NamedTuple):
    """What is to be done on a day; `what` is in words, with what somebody has written in it."""

    day: date
    what: str


@dataclass(frozen=True)
class Glance:
    """What is seen of a resident at a glance, besides what `MomentPage` has."""

    scores: tuple[Series, ...] = ()
    """Each score of each form, of the version that was answered last, with its latest occasions; none without any."""
    may_score: bool = False
    """Whether a form of the program gives a score."""
    sleep: SleepWeek | None = None
    contact: LastContact | None = None
    due: tuple[Due, ...] = ()
    """Follow-ups of plans, and the days of open flags, the earliest first; none once the moment has ended."""
    is_damaged: bool = False
    """Whether something of it can't be read: the rest is empty then."""


@operation("Öppna i korthet", may=SEES, action=Action.READ, category=DataCategory.FORMS, on=moment_subject)
def open_glance(work: ReadTransaction, moment: MomentSubject) -> Glance:
    """Return a resident at a glance; opening it is logged."""
    return _glance(work, moment)


@operation("Läsa om i korthet", may=SEES, action=None, category=DataCategory.FORMS, on=moment_subject)
def refresh_glance(work: ReadTransaction, moment: MomentSubject) -> Glance:
    """Return a resident at a glance again, as a refresh does."""
    return _glance(work, moment)


def _glance(work: ReadTransaction, moment: MomentSubject) -> Glance:
    """Read what is seen at a glance. One damaged row must not keep the page from being opened, which says so."""
    program = program_of(work.db, moment.version_id)
    try:
        return Glance(
            scores=tuple(_scores(work, moment, program)),
            may_score=any(plan.scales for plan in program.plans),
            sleep=_sleep(work, moment),
            contact=_contact(work, moment),
            due=_due(work, moment),
        )
    except (RowDamaged, ValueError):  # what is no JSON is a ValueError here, and a damaged row to who reads
        return Glance(is_damaged=True)


def _scores(work: ReadTransaction, moment: MomentSubject, program: Program) -> Iterator[Series]:
    place = _place(moment)
    for form_id in work.db.values(f"SELECT DISTINCT form FROM formanswer{_HERE} ORDER BY form", **place):
        if program.form(form_id) is not None and not program.plan(form_id).scales:
            continue
        rows = work.db.all(_Saved, _LATEST, **place, form=form_id, most=OCCASIONS)
        version = rows[0].installed_id
        form = answered_form(work, moment, form_id, version)
        saved = [(row.id, row.saved_at, row.answers) for row in reversed(rows) if row.installed_id == version]
        yield from (series for series in series_of(form, saved) if series.points)


def _sleep(work: ReadTransaction, moment: MomentSubject) -> SleepWeek | None:
    """Return the week of the program's diary; of several that have nights, of the first."""
    for diary in diaries_in(work, moment, _ENTRIES):
        if week := latest_week(diary):
            nights = [row.night for row in week.nights if row.night]
            return SleepWeek(efficiency(nights), len(nights), week.first, week.last)
    return None


def _contact(work: ReadTransaction, moment: MomentSubject) -> LastContact | None:
    found = []
    for event in newest_events(work, moment, (EventKind.MESSAGE_SENT, EventKind.CONTACT_MADE), _NEWEST):
        if event.kind is EventKind.MESSAGE_SENT:
            found.append(LastContact(event.at, actor_kind=event.actor_kind))
        else:
            facts = json.loads(event.facts)
            found.append(LastContact(facts.get("made", event.at), ContactSort(facts["sort"])))
    return max(found, key=lambda one: one.at, default=None)


def _due(work: ReadTransaction, moment: MomentSubject) -> tuple[Due, ...]:
    if moment.status is MomentStatus.ENDED:
        return ()
    plans, flags = (work.db.pairs(sql, **_place(moment)) for sql in (_FOLLOW_UPS, _FLAGS))
    found = [Due(date.fromisoformat(day), f"uppföljning av {title}") for day, title in plans]
    found += [Due(date.fromisoformat(day), f"flagga: {reason}") for day, reason in flags]
    return tuple(sorted(found, key=lambda due: due.day))


class _Saved(NamedTuple):
    id: int
    installed_id: int | None
    saved_at: int
    answers: str


_HERE = " WHERE resident_id = :resident AND moment_id = :moment"
_LATEST = (
    f"SELECT id, installed_id, saved_at, answers FROM formanswer{_HERE} AND form = :form"
    " ORDER BY saved_at DESC, id DESC LIMIT :most"
)
_FOLLOW_UPS = (
    f"SELECT follow_up_on, title FROM activityplan{_HERE} AND ended_at IS NULL AND follow_up_on <> '' ORDER BY id"
)
_FLAGS = f"SELECT due_on, reason FROM flag{_HERE} AND handled_at IS NULL AND due_on <> '' ORDER BY id"


def _place(moment: MomentSubject) -> dict[str, int]:
    return {"resident": moment.resident_id, "moment": moment.moment_id}
