"""*Gallring*: what is due on a unit, with what stops it and who has to end what still runs (domain.md §3.7)."""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from store.care.moments import MomentStatus
from store.care.purge_record import Unfinished, unfinished_purge
from store.care.purge_stops import IS_STOPPED, STOPS
from store.care.purges import decision_of
from store.care.unused_residents import registered, unused_residents, unused_until
from store.foundation.access import Action, DataCategory, Role
from store.foundation.identity import MASKED_NAME
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.people.served import serve_moments

WARNED_DAYS = 90
"""From how long before *Gallras senast* a moment stands in the list."""
MOST_LISTED = 500
"""Rows of the list; how many more there are is said."""
PLACE = "gallring"


class Due(StrEnum):
    """How near the day is."""

    OVERDUE = "försenad"
    """Its day has passed."""
    DUE = "i dag"
    SOON = "snart"
    LATER = "senare"


class Line(NamedTuple):
    """A moment in the list, or a resident without any. Of who is protected neither number nor name is told."""

    id: int
    """The moment's; 0 where there is none."""
    personnummer: str
    name: str
    program: str
    """The title; empty where there is no moment."""
    status: MomentStatus | None
    """None where there is no moment."""
    purge_by: str
    clinician: str
    """Who has to end it, where it runs."""
    due: Due
    stop: str = ""
    """The ground of a gallringsstopp that holds."""
    stop_until: str = ""
    stop_by: str = ""
    resident: int = 0
    """The id of a resident without any moment; 0 in a moment's line."""
    registered_on: str = ""
    """The day on which such a resident came into the register, an ISO date."""

    @property
    def can_be_purged(self) -> bool:
        """Whether it has ended and nothing stops it, or there is no moment."""
        return bool(self.resident) or (self.status is MomentStatus.ENDED and not self.stop_until)


class DueList(NamedTuple):
    """What is due on a unit, by *Gallras senast*."""

    lines: list[Line]
    total: int
    """How many there are, those beyond `MOST_LISTED` of moments, and of residents without any, counted."""
    alone: int
    """How many of them are residents without any moment."""
    decision: str
    """The gallringsbeslut's reference, or that there is one; empty where there is none."""
    unfinished: Unfinished | None


class _Row(NamedTuple):
    id: int
    personnummer: str
    name: str
    program: str
    status: MomentStatus
    purge_by: str
    clinician: str


class _Stop(NamedTuple):
    moment_id: int
    ground: str
    until: str
    actor_name: str


@operation("Öppna fliken Gallring", may={Role.DATA_ADMIN}, action=Action.LISTED, category=DataCategory.RECORD)
def open_purges(work: ReadTransaction) -> None:
    """Note that the list is opened: whom it hands out from now on is logged anew."""
    work.open_visit(PLACE)
    work.log(Action.LISTED, details=PLACE)


@operation("Se vad som ska gallras", may={Role.DATA_ADMIN}, action=None, category=DataCategory.RECORD)
def purge_list(work: ReadTransaction, *, all_ended: bool = False) -> DueList:
    """Return what is due within 90 days or is overdue, the oldest day first; with `all_ended` all that have ended.

    Residents without any moment stand there from their day on.
    """
    which = "m.unit_id = :unit AND (m.purge_by <= :until" + (" OR m.status = 'avslutat')" if all_ended else ")")
    asked = {"unit": work.actor.unit_id, "until": (work.today + timedelta(WARNED_DAYS)).isoformat()}
    rows = work.db.all(
        _Row,
        "SELECT m.id, CASE r.protection WHEN '' THEN r.personnummer ELSE '' END AS personnummer,"
        " CASE r.protection WHEN '' THEN r.family_name || ', ' || r.given_name ELSE :masked END"
        " AS name, v.title AS program, m.status, m.purge_by, s.given_name || ' ' || s.family_name AS clinician"
        " FROM moment m JOIN resident r ON r.id = m.resident_id JOIN programversion v ON v.id = m.version_id"
        f" JOIN staff s ON s.id = m.responsible_id WHERE {which}"
        f" ORDER BY m.purge_by, m.status, m.sort_name, m.id LIMIT {MOST_LISTED}",
        **asked,
        masked=MASKED_NAME,
    )
    total = len(rows)
    if total == MOST_LISTED:
        total = work.db.value(f"SELECT count(*) FROM moment m WHERE {which}", **asked)
    stops = {one.moment_id: one for one in _stops(work)}
    serve_moments(work, PLACE, [row.id for row in rows])
    decision = decision_of(work)
    said = decision.reference or decision.text
    lines = [_line(row, stops, work.today) for row in rows]
    alone, number = _alone(work)
    lines = sorted([*lines, *alone], key=lambda line: line.purge_by)
    return DueList(lines, total + number, number, said, unfinished_purge(work))


def _alone(work: ReadTransaction) -> tuple[list[Line], int]:
    """Return the lines of residents without any moment, and how many such residents there are."""
    found = unused_residents(work, shown=MOST_LISTED)
    people = registered(work, found[:MOST_LISTED])
    work.serve(PLACE, [one.subject for one in people])
    lines = []
    for one in people:
        number, name = (one.personnummer, one.name) if not one.protection else ("", MASKED_NAME)
        until = unused_until(one.registered_on).isoformat()
        due = due_of(until, work.today)
        lines.append(Line(0, number, name, "", None, until, "", due, resident=one.id, registered_on=one.registered_on))
    return lines, len(found)


def _line(row: _Row, stops: dict[int, _Stop], today: date) -> Line:
    stop = stops.get(row.id)
    held = ("", "", "") if stop is None else (stop.ground, stop.until, stop.actor_name)
    return Line(*row, due_of(row.purge_by, today), *held)


def due_of(purge_by: str, today: date) -> Due:
    """Return how near *Gallras senast* is, an ISO date."""
    if purge_by < today.isoformat():
        return Due.OVERDUE
    if purge_by == today.isoformat():
        return Due.DUE
    return Due.SOON if purge_by <= (today + timedelta(WARNED_DAYS)).isoformat() else Due.LATER


def _stops(work: ReadTransaction) -> list[_Stop]:
    return work.db.all(
        _Stop,
        "SELECT m.id AS moment_id, s.ground, s.until, s.actor_name FROM purgestop s"
        f" JOIN moment m ON m.resident_id = s.resident_id WHERE {STOPS} AND m.unit_id = :unit ORDER BY s.until, s.id",
        unit=work.actor.unit_id,
        today=work.today.isoformat(),
    )


@operation("Räkna vad som kan gallras", may={Role.DATA_ADMIN}, action=None)
def purgeable(work: ReadTransaction, until: date) -> list[int]:
    """Return the ended moments whose *Gallras senast* is at most that day and that nothing stops; serves nobody."""
    return work.db.values(
        "SELECT m.id FROM moment m WHERE m.unit_id = :unit AND m.purge_by <= :until AND m.status = 'avslutat'"
        f" AND NOT {IS_STOPPED} ORDER BY m.purge_by, m.id",
        unit=work.actor.unit_id,
        until=until.isoformat(),
        today=work.today.isoformat(),
    )


@operation("Räkna vilka utan moment som kan gallras", may={Role.DATA_ADMIN}, action=None)
def purgeable_residents(work: ReadTransaction) -> list[int]:
    """Return the residents who have been without any moment for 12 months; serves nobody."""
    return unused_residents(work)
