"""Which days a *Journalunderlag* is about, and how far what is in the record reaches (domain.md §10)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from store.care.moments import MomentSubject
from store.foundation.clock import Instant, local_day, start_of
from store.foundation.events import EventKind
from store.foundation.read_transaction import ReadTransaction


@dataclass(frozen=True)
class Period:
    """What a text is about: from an instant, to one; both included, UTC milliseconds."""

    begins: int
    until: int

    @property
    def first(self) -> date:
        """The first day."""
        return local_day(Instant(self.begins))

    @property
    def last(self) -> date:
        """The last day."""
        return local_day(Instant(self.until))

    def __contains__(self, at: int | None) -> bool:
        """Whether an instant falls within it; None, which is none, does not."""
        return at is not None and self.begins <= at <= self.until


def end_of(day: date) -> Instant:
    """Return the last instant of a day in Stockholm."""
    return Instant(start_of(day + timedelta(1)) - 1)


def reached(started_at: int, copies: Iterable[Period]) -> int | None:
    """Return until when all is in the record, from the start on and without a gap; None where nothing is.

    Args:
        started_at: when the moment was started.
        copies: what was confirmed to be in the record, the oldest copy first.
    """
    until: int | None = None
    for copy in copies:
        if copy.begins <= (started_at if until is None else until + 1):
            until = max(copy.until, until or 0)
    return until


def copied_until(work: ReadTransaction, moment: MomentSubject) -> int | None:
    """Return until when all of a moment is in the record, as those who copied it have confirmed; part of operations."""
    rows = work.db.all(
        _Copied,
        "SELECT facts FROM event WHERE resident_id = :resident AND moment_id = :moment AND kind = :kind"
        " ORDER BY at, seq",
        resident=moment.resident_id,
        moment=moment.moment_id,
        kind=EventKind.JOURNAL_COPIED.value,
    )
    facts = [json.loads(row.facts) for row in rows]
    started_at = work.db.value("SELECT started_at FROM moment WHERE id = :id", id=moment.moment_id)
    return reached(started_at, (Period(one["from"], one["until"]) for one in facts))


class _Copied(NamedTuple):
    facts: str
