"""The timeline: all that has happened in a moment, the newest first, a page at a time (domain.md §4)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from store.care.event_words import EventWords
from store.care.installed_forms import installed_on
from store.care.moments import MomentSubject, moment_subject
from store.care.programs import program_of
from store.foundation.access import Action, DataCategory
from store.foundation.clock import start_of
from store.foundation.connection import columns
from store.foundation.events import Category, EventKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.views.moment import SEES

PAGE = 100
"""Rows that are read at a time."""


@dataclass(frozen=True)
class Span:
    """What is shown of a timeline: categories, none for all; ISO days, both included, None for no limit."""

    categories: tuple[Category, ...] = ()
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Source:
    """What a row tells of: a form's answer, the diary (no answer), a module, a conversation."""

    kind: Category
    answer: int | None = None
    module: str = ""
    conversation: int | None = None


@dataclass(frozen=True)
class TimelineRow:
    """Something that happened. `at` is in UTC milliseconds; (at, seq) is its place."""

    at: int
    seq: int
    category: Category
    text: str
    actor: str
    """Who did it, by name; of the resident's side also what the person is."""
    role: str
    """What the actor is: `behandlare`, `invånare`, `ombud` …"""
    source: Source | None


@dataclass(frozen=True)
class TimelinePage:
    """Some rows, the newest first; `more` where older ones follow. `started_at`: the moment's."""

    started_at: int
    rows: tuple[TimelineRow, ...]
    more: bool


@operation("Öppna tidslinjen", may=SEES, action=Action.READ, category=DataCategory.TIMELINE, on=moment_subject)
def open_timeline(work: ReadTransaction, moment: MomentSubject, span: Span = Span(), limit: int = PAGE) -> TimelinePage:
    """Return the newest rows of a span; opening it, or another span, is logged."""
    return _page(work, moment, span, limit)


@operation("Läsa vidare i en öppen tidslinje", may=SEES, action=None, category=DataCategory.TIMELINE, on=moment_subject)
def timeline_page(
    work: ReadTransaction,
    moment: MomentSubject,
    span: Span = Span(),
    limit: int = PAGE,
    *,
    before: tuple[int, int] | None = None,
) -> TimelinePage:
    """Return the rows of a span that came before a place (at, seq); the newest, where there is none."""
    return _page(work, moment, span, limit, before)


def week_of(day: date) -> tuple[date, date]:
    """Return the Monday and the Sunday of a day's ISO week."""
    monday = day - timedelta(day.weekday())
    return monday, monday + timedelta(6)


def treatment_week(started: date, day: date) -> int:
    """Return the week of treatment, 1 for the first seven days from the start."""
    return max(0, (day - started).days) // 7 + 1


def _page(
    work: ReadTransaction,
    moment: MomentSubject,
    span: Span,
    limit: int,
    before: tuple[int, int] | None = None,
) -> TimelinePage:
    started_at = work.db.value("SELECT started_at FROM moment WHERE id = :id", id=moment.moment_id)
    sql, parameters = _query(moment, span, limit + 1, before)
    found = work.db.all(Event, sql, **parameters)
    words = EventWords(program_of(work.db, moment.version_id), installed_on(work, moment.unit_id))
    rows = tuple(_row(words, event) for event in found[:limit])
    return TimelinePage(started_at, rows, len(found) > limit)


class Event(NamedTuple):
    """An event as it is stored; `facts` is JSON, `at` UTC milliseconds."""

    at: int
    seq: int
    kind: EventKind
    actor_name: str
    actor_kind: str
    facts: str


def newest_events(work: ReadTransaction, moment: MomentSubject, kinds: Sequence[EventKind], limit: int) -> list[Event]:
    """Return the newest events of some kinds, the newest first; part of operations."""
    parameters = _place(moment) | {"limit": limit} | _named(kinds)
    return work.db.all(Event, _of_kinds(_HERE, len(kinds)), **parameters)


def _row(words: EventWords, event: Event) -> TimelineRow:
    facts = json.loads(event.facts)
    who = event.actor_name
    if event.actor_kind in ("ombud", "invånare"):
        who = f"{who} ({event.actor_kind})"
    return TimelineRow(
        at=event.at,
        seq=event.seq,
        category=event.kind.told.category,
        text=words.sentence(event.kind, facts),
        actor=who,
        role=event.actor_kind,
        source=_source(event.kind, facts),
    )


_COLUMNS = columns(Event)
_HERE = "resident_id = :resident AND moment_id = :moment"
_NEWEST = " ORDER BY at DESC, seq DESC LIMIT :limit"


def _query(moment: MomentSubject, span: Span, limit: int, before: tuple[int, int] | None) -> tuple[str, dict[str, Any]]:
    """One index range; with a filter one for each kind, so that a rare kind is found without looking through all."""
    where, parameters = _limits(span, before)
    parameters |= _place(moment) | {"limit": limit}
    kinds = [kind for kind in EventKind if kind.told.category in span.categories]
    if not span.categories:
        return f"SELECT {_COLUMNS} FROM event WHERE {where}{_NEWEST}", parameters
    if not kinds:
        return f"SELECT {_COLUMNS} FROM event WHERE 1 = 0", {}
    return _of_kinds(where, len(kinds)), parameters | _named(kinds)


def _place(moment: MomentSubject) -> dict[str, Any]:
    return {"resident": moment.resident_id, "moment": moment.moment_id}


def _named(kinds: Sequence[EventKind]) -> dict[str, str]:
    return {f"k{place}": kind.value for place, kind in enumerate(kinds)}


def _limits(span: Span, before: tuple[int, int] | None) -> tuple[str, dict[str, Any]]:
    where, parameters = _HERE, dict[str, Any]()
    if span.first is not None:
        where += " AND at >= :first"
        parameters["first"] = start_of(span.first)
    if span.last is not None and span.last < date.max:
        where += " AND at < :beyond"
        parameters["beyond"] = start_of(span.last + timedelta(1))
    if before is not None:
        where += " AND (at, seq) < (:at, :seq)"
        parameters |= {"at": before[0], "seq": before[1]}
    return where, parameters


def _of_kinds(where: str, number: int) -> str:
    """Find the places in `event_kind` alone, then their rows.

    Asked for whole rows, SQLite without statistics walks the primary key. CROSS JOIN: it keeps this order there, and
    is any join on PostgreSQL.
    """
    places = " UNION ALL ".join(
        f"SELECT * FROM (SELECT at, seq FROM event WHERE {where} AND kind = :k{place}{_NEWEST}) AS r{place}"
        for place in range(number)
    )
    newest = f"SELECT at AS found_at, seq AS found_seq FROM ({places}) AS every{_NEWEST}"
    return (
        f"SELECT {_COLUMNS} FROM ({newest}) AS newest CROSS JOIN event"
        f" WHERE {_HERE} AND at = found_at AND seq = found_seq ORDER BY at DESC, seq DESC"
    )


def _source(kind: EventKind, facts: Mapping[str, Any]) -> Source | None:
    category = kind.told.category
    if category is Category.FORMS:
        is_somewhere = "answer" in facts or kind is EventKind.FORM_REFUSED
        return Source(Category.FORMS, facts.get("answer")) if is_somewhere else None
    if kind in (EventKind.MODULE_OPENED, EventKind.MODULE_SHOWN, EventKind.MODULE_HIDDEN):
        return Source(Category.MODULES, module=facts["module"])
    if category in (Category.FLAGS, Category.PLANS, Category.SAFETY_PLAN):
        return Source(category)
    if "conversation" in facts:
        return Source(Category.MESSAGES, conversation=facts["conversation"])
    return None
